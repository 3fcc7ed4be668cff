#include "core/finishedfile.h"

#include "core/base/digest.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <vector>

namespace core {

using namespace Qt::StringLiterals;

namespace {

constexpr size_t PieceBytes = 1 << 20;

/// Empty when `stop` came first.
Result<QByteArray>
digestOf(const FileDescriptor &fd, const QString &path, const std::stop_token &stop)
{
    Sha256 hash;
    std::vector<char> piece(PieceBytes);
    qint64 position = 0;
    while (!stop.stop_requested()) {
        const ssize_t count = ::pread(fd.get(), piece.data(), piece.size(), position);
        if (count < 0 && errno == EINTR)
            continue;
        if (count < 0)
            return fail(fileError(errno, path));
        if (count == 0)
            return hash.finish();
        hash.add(std::span(piece).first(size_t(count)));
        position += count;
    }
    return QByteArray();
}

struct Proven {
    FileDescriptor fd;
    qint64 bytes = 0;
    QByteArray sha256;
};

Result<Proven> prove(const FinishedFile &finished, const std::stop_token &stop)
{
    auto fd = openFile(finished.path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK); // no pipe holds us up
    if (!fd)
        return fail(fd.error());
    struct stat found = {};
    if (::fstat(fd->get(), &found) != 0)
        return fail(fileError(errno, finished.path));
    if (!S_ISREG(found.st_mode))
        return fail(ErrorCode::FileAccess, u"%1 is not a plain file"_s.arg(finished.path));
    const auto sha256 = digestOf(*fd, finished.path, stop);
    if (!sha256)
        return fail(sha256.error());
    const QByteArray expected = QByteArray::fromHex(finished.sha256.toLatin1());
    if (!stop.stop_requested() && (expected.isEmpty() || *sha256 != expected))
        return fail(ErrorCode::ChecksumMismatch,
                    u"%1 is not what was downloaded any more"_s.arg(finished.path));
    return Proven{std::move(*fd), found.st_size, *sha256};
}

} // namespace

bool readFinished(const FinishedFile &finished, GrowingFile &reader, const std::stop_token &stop)
{
    auto proven = prove(finished, stop);
    if (stop.stop_requested())
        return false;
    if (!proven) {
        reader.fail({proven.error().code,
                     u"%1; retry to download it once more"_s.arg(proven.error().context)});
        return false;
    }
    ByteRanges whole;
    whole.add({0, proven->bytes});
    reader.begin(std::move(proven->fd), finished.path, proven->bytes, whole);
    reader.succeed(proven->sha256);
    return true;
}

} // namespace core
