#include "core/drives/driveids.h"

#include <QFileInfo>

#include <algorithm>

namespace core {
namespace {

/// Whether `drive`, with the id of its hardware, is plugged in where `earlier` was.
bool isSamePlug(const Drive &drive, const Drive &earlier)
{
    return drive.path == earlier.path && drive.port == earlier.port
        && drive.id == earlier.identity().hardwareId();
}

/// By the kernel's name where there is no port: no two drives have one name.
QString freeId(const Drive &drive, const QStringList &taken)
{
    const QString byPort = drive.id + DriveIdentity::PortMark + drive.port;
    if (!taken.contains(drive.id))
        return drive.id;
    return !drive.port.isEmpty() && !taken.contains(byPort)
        ? byPort
        : drive.id + DriveIdentity::PortMark + QFileInfo(drive.path).fileName();
}

} // namespace

void makeIdsUnique(QList<Drive> &drives, const QList<Drive> &before)
{
    QStringList taken;
    QList<Drive *> unnamed;
    for (Drive &drive : drives) {
        const auto known = std::ranges::find_if(
            before, [&drive](const Drive &earlier) { return isSamePlug(drive, earlier); });
        if (known == before.end()) {
            unnamed.append(&drive);
            continue;
        }
        drive.id = known->id;
        taken.append(drive.id);
    }
    std::ranges::stable_sort(unnamed, {}, &Drive::diskseq);
    for (Drive *drive : unnamed) {
        drive->id = freeId(*drive, taken);
        taken.append(drive->id);
    }
}

} // namespace core
