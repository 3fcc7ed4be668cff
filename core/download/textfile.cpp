#include "core/download/textfile.h"

#include "core/base/files.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>

namespace core {

using namespace Qt::StringLiterals;

namespace {

Result<void>
checkFile(const struct stat &status, const QString &path, qint64 mostBytes, ReadableBy readableBy)
{
    if (!S_ISREG(status.st_mode))
        return fail(ErrorCode::FileAccess, u"%1 is not a regular file"_s.arg(path));
    if (status.st_size > mostBytes)
        return fail(ErrorCode::FileAccess,
                    u"%1 has more than %2 bytes"_s.arg(path, QString::number(mostBytes)));
    if (readableBy == ReadableBy::OwnerOnly && (status.st_mode & (S_IRWXG | S_IRWXO)) != 0)
        return fail(
            ErrorCode::FileAccess,
            u"others may read the passwords in %1; close it with: chmod 600 %1"_s.arg(path));
    return {};
}

} // namespace

Result<QByteArray> readSmallFile(const QString &path, qint64 mostBytes, ReadableBy readableBy)
{
    const auto fd = openFile(path, O_RDONLY | O_NONBLOCK | O_NOCTTY);
    if (!fd)
        return fail(fd.error());
    struct stat status = {};
    if (::fstat(fd->get(), &status) != 0)
        return fail(fileError(errno, path));
    if (const auto checked = checkFile(status, path, mostBytes, readableBy); !checked)
        return fail(checked.error());
    QByteArray bytes(status.st_size, Qt::Uninitialized);
    qint64 have = 0;
    while (have < bytes.size()) {
        const ssize_t count = ::read(fd->get(), bytes.data() + have, size_t(bytes.size() - have));
        if (count < 0 && errno != EINTR)
            return fail(fileError(errno, path));
        if (count == 0)
            break;
        have += std::max<ssize_t>(0, count);
    }
    bytes.truncate(have);
    return bytes;
}

} // namespace core
