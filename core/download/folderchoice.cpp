#include "core/download/folderchoice.h"

namespace core {

using namespace Qt::StringLiterals;

QString firstTitle(const DownloadSpec &spec)
{
    if (!spec.name.isEmpty())
        return spec.name;
    const QString fromPath = spec.url.fileName(QUrl::FullyDecoded);
    return fromPath.isEmpty() ? spec.url.host() : fromPath;
}

Result<void> FolderChoice::choose(DownloadSpec &spec) const
{
    const QStringList names = rules.names();
    const Category *category = spec.category.isEmpty() ? rules.match(spec.url, firstTitle(spec))
                                                       : rules.find(spec.category);
    if (!category && !spec.category.isEmpty())
        return fail(
            ErrorCode::InvalidArgument,
            names.isEmpty()
                ? u"category: there is no \"%1\", nor any other"_s.arg(spec.category)
                : u"category: \"%1\" is none of %2"_s.arg(spec.category, names.join(u", "_s)));
    if (!spec.to.isEmpty())
        return {};
    spec.category = category ? category->name : QString();
    spec.to = category ? folderOf(*category, downloadFolder) : downloadFolder;
    return {};
}

} // namespace core
