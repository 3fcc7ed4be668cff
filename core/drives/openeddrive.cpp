#include "core/drives/openeddrive.h"

#include <linux/fs.h>
#include <sys/file.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>

#include <cerrno>
#include <condition_variable>
#include <mutex>

namespace core {

using namespace Qt::StringLiterals;

namespace {

#ifndef BLKGETDISKSEQ
#define BLKGETDISKSEQ _IOR(0x12, 128, __u64) // Linux 5.15
#endif

QString described(const DriveIdentity &identity)
{
    return u"%1 (serial %2, %3 bytes, medium %4, at %5)"_s.arg(
        identity.id, identity.serial, QString::number(identity.size),
        QString::number(identity.diskseq), identity.place);
}

Result<QByteArray> devnumOf(const FileDescriptor &fd, const QString &id)
{
    struct stat found = {};
    if (::fstat(fd.get(), &found) != 0)
        return fail(fileError(errno, id));
    if (!S_ISBLK(found.st_mode))
        return fail(ErrorCode::Unsupported, u"%1 is no block device"_s.arg(id));
    return QByteArray::number(uint(major(found.st_rdev))) + ':'
        + QByteArray::number(uint(minor(found.st_rdev)));
}

/// Replaces what sysfs said of `drive` by what the descriptor says. An old kernel leaves it as it is.
Result<void> askDescriptor(const FileDescriptor &fd, Drive &drive)
{
    quint64 bytes = 0;
    int blockBytes = 0;
    int isReadOnly = 0;
    if (::ioctl(fd.get(), BLKGETSIZE64, &bytes) != 0
        || ::ioctl(fd.get(), BLKSSZGET, &blockBytes) != 0
        || ::ioctl(fd.get(), BLKROGET, &isReadOnly) != 0)
        return fail(ErrorCode::DeviceGone, fileError(errno, drive.path).context);
    drive.size = qint64(bytes);
    drive.blockBytes = blockBytes;
    drive.isReadOnly = isReadOnly != 0;
    quint64 diskseq = 0;
    if (::ioctl(fd.get(), BLKGETDISKSEQ, &diskseq) == 0)
        drive.diskseq = diskseq;
    return {};
}

} // namespace

Result<void> lockDrive(const FileDescriptor &fd, const QString &path, const std::stop_token &stop)
{
    constexpr std::chrono::milliseconds Step{50};
    std::mutex mutex;
    std::unique_lock lock(mutex);
    std::condition_variable_any stopped;
    for (auto waited = Step * 0; waited < LockPatience; waited += Step) {
        if (::flock(fd.get(), LOCK_EX | LOCK_NB) == 0)
            return {};
        if (errno != EWOULDBLOCK && errno != EINTR)
            return fail(fileError(errno, path));
        // flock(2) knows no time limit.
        stopped.wait_for(lock, stop, Step, [] { return false; });
        if (stop.stop_requested())
            return fail(ErrorCode::InvalidState, u"locking %1 was stopped"_s.arg(path));
    }
    return fail(ErrorCode::DeviceBusy, u"%1 is locked by another program"_s.arg(path));
}

Result<Drive> provenDrive(const FileDescriptor &fd,
                          DriveAccess access,
                          const DriveIdentity &expected,
                          const SysfsDrives &reader)
{
    const auto devnum = devnumOf(fd, expected.id);
    if (!devnum)
        return fail(devnum.error());
    auto drive = reader.driveWithDevnum(*devnum);
    if (!drive)
        return fail(ErrorCode::DeviceGone, u"%1 is gone"_s.arg(expected.id));
    if (const auto asked = askDescriptor(fd, *drive); !asked)
        return fail(asked.error());
    if (!drive->identity().isSameMedium(expected))
        return fail(
            ErrorCode::DeviceGone,
            u"%1 is in the place of %2"_s.arg(described(drive->identity()), described(expected)));
    if (drive->isReadOnly && access == DriveAccess::Write)
        return fail(ErrorCode::Forbidden, u"%1 is read-only"_s.arg(drive->path));
    return *drive;
}

} // namespace core
