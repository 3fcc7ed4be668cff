#include "core/download/archiveentry.h"

#include <QFileInfo>
#include <QStringList>

#include <array>

namespace core {

using namespace Qt::StringLiterals;

Result<QString> entryPath(const QString &name)
{
    const auto refuse = [&name](const char *why) {
        return fail(ErrorCode::Unsupported,
                    u"the entry \"%1\" %2"_s.arg(name, QLatin1StringView(why)));
    };
    if (name.isEmpty())
        return refuse("has no name");
    if (name.contains(QChar::Null))
        return refuse("has a NUL in its name");
    if (name.startsWith(u'/'))
        return refuse("is an absolute path");
    QStringList path;
    for (const QString &part : name.split(u'/', Qt::SkipEmptyParts)) {
        if (part == ".."_L1)
            return refuse("leads out of the folder");
        if (part != "."_L1)
            path.append(part);
    }
    return path.join(u'/');
}

bool isLinkInside(const QString &path, const QString &target)
{
    if (target.isEmpty() || target.startsWith(u'/') || target.contains(QChar::Null))
        return false;
    qsizetype depth = path.count(u'/'); // of the folder the link is in
    bool isGoingUp = true;
    for (const QString &part : target.split(u'/', Qt::SkipEmptyParts)) {
        const bool isUp = part == ".."_L1;
        // Behind a name, which may be a link itself, ".." may be anywhere.
        if (isUp && (!isGoingUp || --depth < 0))
            return false;
        isGoingUp = isUp || (isGoingUp && part == "."_L1);
    }
    return true;
}

QString unpackedName(const QString &archiveName)
{
    constexpr std::array Packings = std::to_array<QLatin1StringView>(
        {".gz"_L1, ".bz2"_L1, ".xz"_L1, ".zst"_L1, ".lz4"_L1, ".lzma"_L1, ".Z"_L1});
    QString name = archiveName;
    for (const QLatin1StringView packing : Packings)
        if (name.endsWith(".tar"_L1 + packing))
            return name.chopped(packing.size() + 4);
    const QString base = QFileInfo(name).completeBaseName();
    return base.isEmpty() ? name : base;
}

} // namespace core
