#include "core/download/verifyworker.h"

#include "core/base/digest.h"
#include "core/base/files.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <vector>

namespace core {

using namespace Qt::StringLiterals;

namespace {

constexpr size_t PieceBytes = 1 << 20;

/// Bytes of the plain file behind `fd`.
Result<qint64> sizeOf(const FileDescriptor &fd, const QString &path)
{
    struct stat found = {};
    if (::fstat(fd.get(), &found) != 0)
        return fail(fileError(errno, path));
    if (!S_ISREG(found.st_mode))
        return fail(ErrorCode::FileAccess, u"%1 is not a plain file"_s.arg(path));
    return qint64(found.st_size);
}

} // namespace

VerifyWorker::VerifyWorker(VerifySpec spec)
    : m_spec(std::move(spec))
{ }

Result<Outcome> VerifyWorker::run(std::stop_token stop, ProgressCell &progress)
{
    progress.enter(Stage::Hashing);
    if (progress.read().done > 0)
        progress.beginAgain();
    const auto sha256 = digest(stop, progress);
    if (!sha256)
        return fail(sha256.error());
    if (sha256->isEmpty())
        return Outcome::Stopped;
    const QString found = QString::fromLatin1(sha256->toHex());
    if (found != m_spec.sha256)
        return fail(ErrorCode::ChecksumMismatch,
                    u"%1 has SHA-256 %2, not %3"_s.arg(m_spec.file, found, m_spec.sha256));
    progress.edit([&found](JobDetails &details) { details.sha256 = found; });
    return Outcome::Completed;
}

/// Empty when `stop` came first.
Result<QByteArray> VerifyWorker::digest(const std::stop_token &stop, ProgressCell &progress) const
{
    const auto fd = openFile(m_spec.file, O_RDONLY | O_NONBLOCK); // no pipe holds us up
    if (!fd)
        return fail(fd.error());
    const auto size = sizeOf(*fd, m_spec.file);
    if (!size)
        return fail(size.error());
    progress.setTotal(*size);
    Sha256 hash;
    std::vector<char> piece(PieceBytes);
    for (qint64 position = 0; !stop.stop_requested();) {
        const ssize_t count = ::read(fd->get(), piece.data(), piece.size());
        if (count < 0 && errno != EINTR)
            return fail(fileError(errno, m_spec.file));
        if (count == 0)
            return hash.finish();
        hash.add(std::span(piece).first(size_t(std::max<ssize_t>(count, 0))));
        progress.setDone(position += std::max<ssize_t>(count, 0));
    }
    return QByteArray();
}

} // namespace core
