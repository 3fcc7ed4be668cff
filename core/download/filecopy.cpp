#include "core/download/filecopy.h"

#include "core/base/digest.h"
#include "core/base/files.h"
#include "core/download/filedigest.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <vector>

namespace core {

using namespace Qt::StringLiterals;

namespace {

constexpr size_t BlockBytes = size_t(1) << 20;
constexpr mode_t RightsMask = 0777; // no set-user-id

struct Ends {
    int from;
    int to;
};

Result<void> writeAll(int fd, std::span<const char> bytes, const QString &path)
{
    while (!bytes.empty()) {
        const ssize_t written = ::write(fd, bytes.data(), bytes.size());
        if (written < 0 && errno != EINTR)
            return fail(fileError(errno, path));
        if (written > 0)
            bytes = bytes.subspan(size_t(written));
    }
    return {};
}

/// Takes the room first, where that costs nothing: a full drive is known at once.
Result<void> reserve(int fd, qint64 bytes, const QString &path)
{
    if (bytes <= 0 || ::fallocate(fd, 0, 0, bytes) == 0 || (errno != ENOSPC && errno != EDQUOT))
        return {};
    return fail(fileError(errno, path));
}

/// The last step before the bytes are durable: writing would change the time again.
Result<void> takeOver(const struct stat &from, int fd, const QString &path)
{
    const timespec times[2] = {from.st_atim, from.st_mtim};
    // Some file systems (FAT) have no rights.
    if (::fchmod(fd, from.st_mode & RightsMask) != 0 && errno != EPERM)
        return fail(fileError(errno, path));
    if (::futimens(fd, times) != 0 && errno != EPERM)
        return fail(fileError(errno, path));
    if (::fsync(fd) != 0)
        return fail(fileError(errno, path));
    ::posix_fadvise(fd, 0, 0, POSIX_FADV_DONTNEED); // what is read back comes from the drive
    return {};
}

/// Empty when `stop` came first.
Result<QByteArray> copyBytes(const Ends &fds,
                             const std::pair<QString, QString> &paths,
                             const std::stop_token &stop,
                             const std::function<void(qint64)> &onBytes)
{
    Sha256 digest;
    std::vector<char> block(BlockBytes);
    for (qint64 bytes = 0; !stop.stop_requested();) {
        const ssize_t count = ::read(fds.from, block.data(), block.size());
        if (count < 0 && errno != EINTR)
            return fail(fileError(errno, paths.first));
        if (count == 0)
            return digest.finish();
        if (count < 0)
            continue;
        const std::span<const char> got(block.data(), size_t(count));
        digest.add(got);
        if (const auto written = writeAll(fds.to, got, paths.second); !written)
            return fail(written.error());
        onBytes(bytes += count);
    }
    return QByteArray();
}

} // namespace

Result<QString> copyDurably(const QString &from,
                            const QString &to,
                            const std::stop_token &stop,
                            const std::function<void(qint64)> &onBytes)
{
    constexpr mode_t OwnerOnly = 0600;
    const auto source = openFile(from, O_RDONLY | O_NOFOLLOW);
    if (!source)
        return fail(source.error());
    struct stat facts = {};
    if (::fstat(source->get(), &facts) != 0)
        return fail(fileError(errno, from));
    const auto target = openFile(to, O_WRONLY | O_CREAT | O_EXCL, OwnerOnly);
    if (!target)
        return fail(target.error());
    if (const auto reserved = reserve(target->get(), facts.st_size, to); !reserved)
        return fail(reserved.error());
    const auto copied = copyBytes({source->get(), target->get()}, {from, to}, stop, onBytes);
    if (!copied)
        return fail(copied.error());
    if (copied->isEmpty())
        return QString();
    if (const auto taken = takeOver(facts, target->get(), to); !taken)
        return fail(taken.error());
    const auto found = fileDigest(to, stop);
    if (!found || found->isEmpty())
        return found;
    const QString digest = QString::fromLatin1(copied->toHex());
    if (*found != digest)
        return fail(ErrorCode::ChecksumMismatch,
                    u"%1: %2 was written, %3 came back"_s.arg(to, digest, *found));
    return digest;
}

} // namespace core
