#include "app/extensionexport.h"

#include "core/base/files.h"
#include "resources/extension.h"

#include <QDirIterator>
#include <QFile>

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

} // namespace

core::Result<void> exportExtension(const QString &folder)
{
    resources::initExtension();
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

} // namespace app
