#include "core/drives/drivelist.h"

#include <algorithm>

namespace core {
namespace {

/// The drive of `drives` with the same medium in it; nullptr: it is gone.
const JudgedDrive *findSame(const QList<JudgedDrive> &drives, const Drive &drive)
{
    const auto found = std::ranges::find_if(drives, [&drive](const JudgedDrive &other) {
        return other.drive.id == drive.id && other.drive.diskseq == drive.diskseq;
    });
    return found == drives.end() ? nullptr : &*found;
}

} // namespace

void DriveList::update(const QList<Drive> &drives)
{
    QList<JudgedDrive> judged;
    for (const Drive &drive : drives)
        judged.append({drive, m_policy.judge(drive)});
    const QList<JudgedDrive> before = std::exchange(m_drives, judged);
    DriveEvents events;
    for (const JudgedDrive &old : before)
        if (!findSame(judged, old.drive))
            events.append(DriveRemoved{old.drive.id});
    for (const JudgedDrive &seen : std::as_const(judged)) {
        const JudgedDrive *old = findSame(before, seen.drive);
        if (!old)
            events.append(DriveAdded{seen});
        else if (*old != seen)
            events.append(DriveChanged{*old, seen});
    }
    if (!events.isEmpty())
        emit changed(events);
}

} // namespace core
