#include "core/drives/drivetrace.h"

#include "core/base/files.h"
#include "core/drives/blockstack.h"

#include <algorithm>

namespace core {

using namespace Qt::StringLiterals;

namespace {

constexpr qsizetype WriteSectors = 6; // of the figures, from 0

QString contentsOf(const Drive &drive)
{
    QStringList contents;
    for (const DriveContent &content : drive.contents) {
        const bool isOnlyUsed = content.path == drive.path && content.fileSystem.isEmpty();
        if (!isOnlyUsed) // mounted or held, which is told nowhere here
            contents.append(u"%1 %2 %3 %4"_s.arg(content.path, QString::number(content.size),
                                                 content.fileSystem, content.label));
    }
    return contents.join(u'\n');
}

} // namespace

DriveTrace traceOf(const Drive &drive, const SystemRoots &roots)
{
    return {.id = drive.id,
            .contents = contentsOf(drive),
            .writtenSectors = writtenSectors(drive.path, roots)};
}

DriveTrace syncedTraceOf(const Drive &drive, const SystemRoots &roots)
{
    const QList<DriveMount> mounts = drive.mounts();
    const bool isSynced = std::ranges::all_of(
        mounts, [](const DriveMount &mount) { return syncFileSystem(mount.point).has_value(); });
    DriveTrace trace = traceOf(drive, roots);
    if (!isSynced)
        trace.writtenSectors.reset();
    return trace;
}

std::optional<qint64> writtenSectors(const QString &path, const SystemRoots &roots)
{
    // Slashes in device names are exclamation marks in sysfs (cciss!c0d0).
    const QString folder = roots.sys + u"/block/"_s + path.mid(5).replace(u'/', u'!');
    if (smallFile(folder + u"/queue/iostats"_s) != "1") // the kernel was told not to count
        return std::nullopt;
    const QList<QByteArray> figures = smallFile(folder + u"/stat"_s).simplified().split(' ');
    bool isNumber = false;
    const qint64 sectors = figures.value(WriteSectors).toLongLong(&isNumber);
    return isNumber ? std::optional(sectors) : std::nullopt;
}

} // namespace core
