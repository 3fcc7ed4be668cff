#include "app/drayctl/command.h"
#include "app/drayctl/printing.h"
#include "core/base/files.h"
#include "resources/extension.h"

#include <QDirIterator>
#include <QFile>
#include <QJsonObject>

namespace app {

using namespace Qt::StringLiterals;

namespace {

core::Result<void> exportFile(const QString &embedded, const QString &target)
{
    QFile file(embedded);
    if (!file.open(QIODevice::ReadOnly))
        return core::fail(core::ErrorCode::Internal, embedded);
    if (const auto made = core::makeFolder(QFileInfo(target).absolutePath()); !made)
        return core::fail(made.error());
    return core::writeFileAtomically(target, file.readAll());
}

/// All embedded files below `:/extension`, to the same names below `folder`.
core::Result<void> exportTo(const QString &folder)
{
    const QString root = u":/extension"_s;
    QDirIterator files(root, QDir::Files, QDirIterator::Subdirectories);
    while (files.hasNext()) {
        const QString embedded = files.next();
        const QString target = folder + embedded.sliced(root.size());
        if (const auto written = exportFile(embedded, target); !written)
            return core::fail(written.error());
    }
    return {};
}

void printSteps(const QString &folder, QTextStream &out)
{
    out << u"The extension is in %1. Keep it there: browsers read it at every start.\n\n"
           "Chromium, Chrome, Edge: open chrome://extensions, switch on \"Developer mode\", press\n"
           "  \"Load unpacked\" and choose %1/chromium\n"
           "Firefox: open about:debugging#/runtime/this-firefox, press \"Load Temporary Add-on\"\n"
           "  and choose %1/firefox/manifest.json\n\n"
           "Then press Dray's icon in the browser and pair it.\n"_s.arg(folder);
}

CommandResult exportExtension(const Invocation &call, Terminal &terminal)
{
    if (call.arguments.size() != 1 || call.arguments.first().startsWith(u'-'))
        return usageError(u"drayctl extension: name one folder"_s);
    const QString folder = QDir(call.arguments.first()).absolutePath();
    resources::initExtension();
    if (const auto done = exportTo(folder); !done)
        return tl::unexpected(Complaint{ExitCode::Failed, done.error().context});
    if (call.json)
        printJson(terminal,
                  QJsonObject{{u"chromium"_s, folder + "/chromium"_L1},
                              {u"firefox"_s, folder + "/firefox"_L1}});
    else
        printSteps(folder, terminal.out);
    return ExitCode::Done;
}

} // namespace

QList<CommandEntry> extensionCommands()
{
    return {{u"extension"_s, u"DIR"_s,
             u"put the companion extension for browsers into a folder, and say how to load it"_s,
             exportExtension}};
}

} // namespace app
