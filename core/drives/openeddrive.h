#pragma once
#include "core/base/files.h"
#include "core/drives/drive.h"
#include "core/drives/sysfsdrives.h"

#include <stop_token>

namespace core {

/// What a drive is opened for.
enum class DriveAccess { Read, Write };

/// A drive that is open, alone (O_EXCL: nothing of it can be mounted) and locked (flock:
/// udev leaves it alone), and proven to be the one that was agreed to. Closing the descriptor frees it
/// and lets udev look at what was written.
struct OpenedDrive {
    FileDescriptor fd;
    Drive drive; ///< as it was found on the open descriptor
    bool isDirect = false; ///< reads and writes go past the page cache
};

/// Locks the open descriptor, as systemd asks of programs that write whole devices
/// (systemd.io/BLOCK_DEVICE_LOCKING). udevd holds its own lock for moments: it is waited for up to
/// `LockPatience`. Fails with `DeviceBusy`, or `InvalidState` when `stop` is requested.
[[nodiscard]] Result<void>
lockDrive(const FileDescriptor &fd, const QString &path, const std::stop_token &stop);
inline constexpr std::chrono::milliseconds LockPatience{5000};

/// The drive behind the open descriptor when that is `expected`: by number, id, serial, size and the
/// kernel's count of media, asked of the descriptor itself where the kernel can. Fails with `DeviceGone`
/// and both identities when it is another, `Unsupported` when it is no drive, `Forbidden` when it is
/// read-only and shall be written.
[[nodiscard]] Result<Drive> provenDrive(const FileDescriptor &fd,
                                        DriveAccess access,
                                        const DriveIdentity &expected,
                                        const SysfsDrives &reader);

} // namespace core
