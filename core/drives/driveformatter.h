#pragma once
#include "core/drives/newfilesystem.h"
#include "core/drives/sysfsdrives.h"
#include "core/drives/udisks2.h"

namespace core {

/// Gives a drive a partition table with one partition over all of it, and a file system in that.
///
///   drive still the one that was agreed to? ─► UDisks2 Format (the table: MBR up to 2 TiB, which
///   everything reads, else GPT) ─► CreatePartitionAndFormat
///
/// Threads: calls block, as long as a person types a password and a slow drive takes.
class DriveFormatter
{
public:
    DriveFormatter(SysfsDrives reader, QDBusConnection bus);

    /// For the drives of this computer and its system bus.
    [[nodiscard]] static DriveFormatter forThisComputer()
    {
        return {SysfsDrives(), QDBusConnection::systemBus()};
    }

    /// Whether UDisks2 and the program that makes the file system are there, so that no drive is wiped in
    /// vain. Fails with `Unsupported` naming what is missing.
    [[nodiscard]] Result<void> checkPossible(NewFileSystem::Kind kind) const;

    /// `drive` must be closed, unmounted and wiped. When `stop` is requested it gives up waiting
    /// (`InvalidState`); what UDisks2 has begun it ends. Fails with `DeviceGone` for another medium,
    /// else as udisks2Error.
    [[nodiscard]] Result<void> format(const DriveIdentity &drive,
                                      const NewFileSystem &fileSystem,
                                      const std::stop_token &stop) const;

private:
    [[nodiscard]] Result<QString> pathOf(const DriveIdentity &drive) const;
    /// Udev looks at a drive that was just closed, and keeps it busy for moments.
    [[nodiscard]] Result<void> callPatiently(const UDisks2::Call &call,
                                             const std::stop_token &stop) const;

    const SysfsDrives m_reader;
    const UDisks2 m_udisks;
};

} // namespace core
