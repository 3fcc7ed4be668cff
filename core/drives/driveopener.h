#pragma once
#include "core/drives/drivepolicy.h"
#include "core/drives/openeddrive.h"
#include "core/drives/udisks2.h"

namespace core {

/// Opens a drive to be written, or to be read as a whole while nobody else writes it.
///
///   found by its id?      DeviceGone
///   identity as agreed?   DeviceGone, before anything is unmounted
///   policy allows it?     Forbidden, with the policy's reason
///   unmounted, unlocked   DriveUnmounter
///   opened alone          O_EXCL | O_DIRECT, by us where that is permitted, else by UDisks2;
///                         in use: DeviceBusy, never opened otherwise
///   locked, proven again  on the descriptor itself: OpenedDrive
///
/// Threads: open() is called on the job's thread and blocks for as long as a person takes to type a
/// password.
class DriveOpener
{
public:
    /// Through UDisks2 also where we could open it ourselves; for tests.
    enum class Way { DirectlyIfPermitted, UDisks2 };

    DriveOpener(SysfsDrives reader,
                DrivePolicy policy,
                QDBusConnection bus,
                Way way = Way::DirectlyIfPermitted);

    /// For the drives of this computer and its system bus.
    [[nodiscard]] static DriveOpener forThisComputer(DrivePolicy policy)
    {
        return {SysfsDrives(), policy, QDBusConnection::systemBus()};
    }

    /// Also fails with `InvalidState` when `stop` is requested meanwhile.
    [[nodiscard]] Result<OpenedDrive> open(const DriveIdentity &expected,
                                           const std::stop_token &stop) const;
    /// The same, with a descriptor that cannot write; the drive may be read-only. What was mounted is
    /// not mounted afterwards.
    [[nodiscard]] Result<OpenedDrive> openForReading(const DriveIdentity &expected,
                                                     const std::stop_token &stop) const;

private:
    [[nodiscard]] Result<OpenedDrive>
    openFor(DriveAccess access, const DriveIdentity &expected, const std::stop_token &stop) const;
    [[nodiscard]] Result<Drive> find(const DriveIdentity &expected) const;
    [[nodiscard]] Result<void> checkAllowed(DriveAccess access, const Drive &drive) const;
    [[nodiscard]] Result<OpenedDrive>
    openAlone(DriveAccess access, const Drive &drive, const std::stop_token &stop) const;
    /// `flags` beside that of the access.
    [[nodiscard]] Result<FileDescriptor>
    openWith(int flags, DriveAccess access, const Drive &drive, const std::stop_token &stop) const;

    const SysfsDrives m_reader;
    const DrivePolicy m_policy;
    const UDisks2 m_udisks;
    const Way m_way;
};

} // namespace core
