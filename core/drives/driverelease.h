#pragma once
#include "core/drives/drivepolicy.h"
#include "core/drives/sysfsdrives.h"
#include "core/drives/udisks2.h"

namespace core {

/// What is done with a drive after work on it: what was written is made known, or it is made safe to
/// pull out.
/// Threads: calls block; made on a job's thread.
class DriveRelease
{
public:
    enum class Ending { Unmounted, Ejected, PoweredOff };

    DriveRelease(SysfsDrives reader, DrivePolicy policy, QDBusConnection bus);

    /// For the drives of this computer and its system bus.
    [[nodiscard]] static DriveRelease forThisComputer(DrivePolicy policy)
    {
        return {SysfsDrives(), policy, QDBusConnection::systemBus()};
    }

    /// Makes the kernel read the partition table of the drive at `path`, whose descriptor must be
    /// closed: by ioctl(2) where we may, else through UDisks2. A device without partitions is no error.
    /// Fails with `DeviceBusy` when something of it is mounted, else as udisks2Error.
    [[nodiscard]] Result<void> rereadPartitions(const QString &path,
                                                const std::stop_token &stop) const;

    /// Unmounts the drive, then ejects its medium, or powers it off where it has none to eject and no
    /// other drive shares its plug. `Unmounted` when the hardware can do neither: it may be pulled out
    /// all the same. Fails with `DeviceGone`, `Forbidden` for drives of the system, else as
    /// DriveUnmounter and udisks2Error.
    [[nodiscard]] Result<Ending> eject(const DriveIdentity &drive,
                                       const std::stop_token &stop) const;

private:
    [[nodiscard]] bool isTrue(const QString &object, const QString &property) const;
    [[nodiscard]] bool mayShareItsPlug(const Drive &drive) const;

    const SysfsDrives m_reader;
    const DrivePolicy m_policy;
    const UDisks2 m_udisks;
};

} // namespace core
