#include "core/flash/linuxblockdevice.h"

#include <QFile>

#include <fcntl.h>
#include <linux/fs.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

namespace core {

using namespace Qt::StringLiterals;

namespace {

#ifndef BLKGETDISKSEQ
#define BLKGETDISKSEQ _IOR(0x12, 128, __u64) // Linux 5.15
#endif

tl::unexpected<Error> systemError(ErrorCode code, const QString &name)
{
    return fail(code, u"%1: %2"_s.arg(name, QString::fromLocal8Bit(std::strerror(errno))));
}

/// What direct reads and writes of the file must be aligned to; 0 when they are impossible or the
/// file system does not say.
qint64 directAlignment(int fd)
{
    struct statx found = {};
    if (::statx(fd, "", AT_EMPTY_PATH, STATX_DIOALIGN, &found) != 0
        || (found.stx_mask & STATX_DIOALIGN) == 0)
        return 0;
    return qint64(found.stx_dio_offset_align);
}

} // namespace

LinuxBlockDevice::LinuxBlockDevice(FileDescriptor fd, QString name, int writeDepth)
    : m_fd(std::move(fd))
    , m_name(std::move(name))
    , m_writeDepth(writeDepth)
{ }

Result<std::unique_ptr<LinuxBlockDevice>>
LinuxBlockDevice::fromDescriptor(FileDescriptor fd, QString name, int writeDepth)
{
    std::unique_ptr<LinuxBlockDevice> device(
        new LinuxBlockDevice(std::move(fd), std::move(name), writeDepth));
    if (const auto measured = device->measure(); !measured)
        return fail(measured.error());
    return device;
}

Result<void> LinuxBlockDevice::measure()
{
    struct stat found = {};
    if (::fstat(m_fd.get(), &found) != 0)
        return systemError(ErrorCode::DeviceFailed, m_name);
    m_isDrive = S_ISBLK(found.st_mode);
    if (!m_isDrive && !S_ISREG(found.st_mode))
        return fail(ErrorCode::Unsupported,
                    u"%1 is neither a drive nor a plain file"_s.arg(m_name));
    if (m_isDrive) {
        if (const auto measured = measureDrive(); !measured)
            return measured;
    } else {
        measureFile(found.st_size);
    }
    const int flags = ::fcntl(m_fd.get(), F_GETFL);
    const bool canBeDirect = m_isDrive || directAlignment(m_fd.get()) > 0;
    m_isDirect = (flags & O_DIRECT) != 0
        || (canBeDirect && flags >= 0 && ::fcntl(m_fd.get(), F_SETFL, flags | O_DIRECT) == 0);
    return {};
}

Result<void> LinuxBlockDevice::measureDrive()
{
    quint64 bytes = 0;
    int block = 0;
    if (::ioctl(m_fd.get(), BLKGETSIZE64, &bytes) != 0
        || ::ioctl(m_fd.get(), BLKSSZGET, &block) != 0)
        return systemError(ErrorCode::DeviceFailed, m_name);
    if (bytes == 0)
        return fail(ErrorCode::DeviceGone, u"%1 holds no medium"_s.arg(m_name));
    if (block > MemoryAlignment)
        return fail(ErrorCode::Unsupported,
                    u"%1 has blocks of %2 bytes; 4096 are the most"_s.arg(m_name).arg(block));
    m_medium = medium();
    m_blockBytes = block;
    m_size = qint64(bytes) - qint64(bytes) % m_blockBytes;
    return {};
}

quint64 LinuxBlockDevice::medium() const
{
    quint64 count = 0;
    return ::ioctl(m_fd.get(), BLKGETDISKSEQ, &count) == 0 ? count : 0;
}

void LinuxBlockDevice::measureFile(qint64 size)
{
    m_blockBytes = std::max<qint64>(512, directAlignment(m_fd.get()));
    m_size = size - size % m_blockBytes;
}

qint64 LinuxBlockDevice::readSome(qint64 offset, std::span<char> bytes)
{
    const ssize_t count = ::pread(m_fd.get(), bytes.data(), bytes.size(), offset);
    if (count < 0)
        return -errno;
    return m_isDrive && medium() != m_medium ? -ENODEV : count; // asked last: it was this one
}

qint64 LinuxBlockDevice::writeSome(qint64 offset, std::span<const char> bytes)
{
    if (m_isDrive && medium() != m_medium)
        return -ENODEV;
    const ssize_t count = ::pwrite(m_fd.get(), bytes.data(), bytes.size(), offset);
    return count < 0 ? -errno : count;
}

int LinuxBlockDevice::flushOnce()
{
    return ::fdatasync(m_fd.get()) == 0 ? 0 : -errno;
}

bool LinuxBlockDevice::isGone() const
{
    struct stat found = {};
    quint64 bytes = 0;
    if (!m_isDrive || ::fstat(m_fd.get(), &found) != 0)
        return false;
    // Kernels before 5.16 keep the size of a drive that was pulled out, but forget its name.
    const QString known =
        u"/sys/dev/block/%1:%2"_s.arg(major(found.st_rdev)).arg(minor(found.st_rdev));
    return ::ioctl(m_fd.get(), BLKGETSIZE64, &bytes) != 0 || bytes == 0 || medium() != m_medium
        || !QFile::exists(known);
}

void LinuxBlockDevice::dropCache()
{
    // Advice only: a file system may keep what it likes, and direct reads do not need it.
    static_cast<void>(::posix_fadvise(m_fd.get(), 0, 0, POSIX_FADV_DONTNEED));
}

} // namespace core
