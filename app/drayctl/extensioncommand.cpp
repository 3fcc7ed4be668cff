#include "app/drayctl/command.h"
#include "app/drayctl/printing.h"
#include "app/extensionexport.h"
#include "ui/text/extensiontext.h"

#include <QDir>
#include <QJsonObject>

namespace app {

using namespace Qt::StringLiterals;

namespace {

void printSteps(const QString &folder, QTextStream &out)
{
    out << ui::extensionStaysText(folder) << '\n';
    for (const ui::LoadSteps &way : ui::extensionSteps(folder))
        out << '\n' << way.browsers << ":\n" << ui::numberedLines(way.steps, u"  "_s) << '\n';
}

CommandResult runExtension(const Invocation &call, Terminal &terminal)
{
    if (call.arguments.size() != 1 || call.arguments.first().startsWith(u'-'))
        return usageError(u"drayctl extension: name one folder"_s);
    const QString folder = QDir(call.arguments.first()).absolutePath();
    if (const auto done = exportExtension(folder); !done)
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
             runExtension}};
}

} // namespace app
