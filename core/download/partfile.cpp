#include "core/download/partfile.h"

#include <fcntl.h>
#include <linux/magic.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/vfs.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>

namespace core {
namespace {

using namespace Qt::StringLiterals;

constexpr qint64 StatBlock = 512; // unit of st_blocks, stat(2)
constexpr mode_t PartMode = 0666; // cut by the user's umask, as for any file a program saves

/// File systems on which fallocate(2) only notes extents. Others write or hold zeros for it.
constexpr std::array InstantAllocators = std::to_array<unsigned long>(
    {EXT4_SUPER_MAGIC, XFS_SUPER_MAGIC, BTRFS_SUPER_MAGIC, F2FS_SUPER_MAGIC});

bool isAllocationInstant(int fd)
{
    struct statfs facts = {};
    return ::fstatfs(fd, &facts) == 0
        && std::ranges::find(InstantAllocators, static_cast<unsigned long>(facts.f_type))
        != InstantAllocators.end();
}

Result<void> lock(const FileDescriptor &fd, const QString &path)
{
    if (::flock(fd.get(), LOCK_EX | LOCK_NB) == 0 || errno == EOPNOTSUPP || errno == ENOLCK)
        return {};
    if (errno == EWOULDBLOCK)
        return fail(ErrorCode::Busy, u"%1 is being written by another download"_s.arg(path));
    return fail(fileError(errno, path));
}

} // namespace

Result<PartFile> PartFile::create(const QString &target)
{
    const QString path = pathFor(target);
    auto fd = openFile(path, O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW, PartMode);
    if (!fd)
        return fail(fd.error());
    if (const auto locked = lock(*fd, path); !locked)
        return fail(ErrorCode::FileExists, locked.error().context);
    return PartFile(std::move(*fd), path);
}

Result<PartFile> PartFile::open(const QString &target)
{
    const QString path = pathFor(target);
    auto fd = openFile(path, O_RDWR | O_NOFOLLOW);
    if (!fd)
        return fail(fd.error());
    if (const auto locked = lock(*fd, path); !locked)
        return fail(locked.error());
    struct stat facts = {};
    if (::fstat(fd->get(), &facts) != 0)
        return fail(fileError(errno, path));
    if (facts.st_nlink == 0)
        return fail(ErrorCode::FileAccess, u"%1 was removed meanwhile"_s.arg(path));
    return PartFile(std::move(*fd), path);
}

Result<qint64> PartFile::size() const
{
    struct stat facts = {};
    if (::fstat(m_fd.get(), &facts) != 0)
        return fail(fileError(errno, m_path));
    return facts.st_size;
}

Result<void> PartFile::reserve(qint64 bytes) const
{
    struct statvfs space = {};
    struct stat facts = {};
    if (::fstatvfs(m_fd.get(), &space) != 0 || ::fstat(m_fd.get(), &facts) != 0)
        return fail(fileError(errno, m_path));
    const qint64 need = bytes - facts.st_blocks * StatBlock;
    const qint64 free = qint64(space.f_bavail) * qint64(space.f_frsize);
    if (need > free)
        return fail(ErrorCode::NoSpace,
                    u"%1 needs %2 bytes, %3 are free"_s.arg(m_path, QString::number(need),
                                                            QString::number(free)));
    if (bytes == 0 || !isAllocationInstant(m_fd.get()))
        return {};
    if (::fallocate(m_fd.get(), 0, 0, bytes) != 0 && errno != EOPNOTSUPP && errno != ENOSYS)
        return fail(fileError(errno, m_path));
    return {};
}

Result<void> PartFile::truncate(qint64 bytes) const
{
    if (::ftruncate(m_fd.get(), bytes) != 0)
        return fail(fileError(errno, m_path));
    return {};
}

Result<void> PartFile::write(qint64 offset, std::span<const char> bytes) const
{
    while (!bytes.empty()) {
        const ssize_t written = ::pwrite(m_fd.get(), bytes.data(), bytes.size(), offset);
        if (written < 0 && errno == EINTR)
            continue;
        if (written < 0)
            return fail(fileError(errno, m_path));
        bytes = bytes.subspan(size_t(written));
        offset += written;
    }
    return {};
}

Result<qint64> PartFile::read(qint64 offset, std::span<char> buffer) const
{
    qint64 sum = 0;
    while (!buffer.empty()) {
        const ssize_t count = ::pread(m_fd.get(), buffer.data(), buffer.size(), offset + sum);
        if (count < 0 && errno == EINTR)
            continue;
        if (count < 0)
            return fail(fileError(errno, m_path));
        if (count == 0)
            break;
        buffer = buffer.subspan(size_t(count));
        sum += count;
    }
    return sum;
}

Result<void> PartFile::sync() const
{
    if (::fdatasync(m_fd.get()) != 0)
        return fail(fileError(errno, m_path));
    return {};
}

Result<void> PartFile::setModificationTime(const QDateTime &time) const
{
    const std::array<timespec, 2> times = {timespec{0, UTIME_OMIT},
                                           timespec{time.toSecsSinceEpoch(), 0}};
    if (::futimens(m_fd.get(), times.data()) != 0)
        return fail(fileError(errno, m_path));
    return {};
}

} // namespace core
