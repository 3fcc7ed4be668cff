#pragma once
#include "core/drives/drive.h"
#include "core/drives/sysfsdrives.h"
#include "core/drives/udisks2.h"

namespace core {

/// Makes a drive unused: unmounts what is mounted from it, what is mounted below it first, and locks what was
/// unlocked on it. Never lazily and never by force: what is in use stays as it is.
///
///   anything mounted? ─► UDisks2 Unmount; does not know it? umount(2) ─► look again
///   LUKS open on it?  ─► UDisks2 Lock ─► anything else stacked on it? DeviceBusy
class DriveUnmounter
{
public:
    DriveUnmounter(const SysfsDrives &reader, const UDisks2 &udisks)
        : m_reader(reader)
        , m_udisks(udisks)
    { }

    /// Fails with `DeviceBusy` naming the mount point and who uses it, or the stacked device, `Forbidden`, or
    /// `DeviceGone`; `stop` as in UDisks2::call.
    [[nodiscard]] Result<void> makeUnused(const Drive &drive, const std::stop_token &stop) const;

private:
    [[nodiscard]] Result<void> unmount(const DriveMount &mount, const std::stop_token &stop) const;
    [[nodiscard]] Result<void> tryToUnmount(const DriveMount &mount,
                                            const std::stop_token &stop) const;
    [[nodiscard]] Result<void> unmountAll(const QString &path, const std::stop_token &stop) const;
    [[nodiscard]] Result<void> lock(const Drive &drive, const std::stop_token &stop) const;
    [[nodiscard]] Result<Drive> driveAt(const QString &path) const;

    const SysfsDrives &m_reader;
    const UDisks2 &m_udisks;
};

} // namespace core
