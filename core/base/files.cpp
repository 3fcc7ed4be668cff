#include "core/base/files.h"

#include <QDir>
#include <QFile>
#include <QFileInfo>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

namespace core {

using namespace Qt::StringLiterals;

FileDescriptor::~FileDescriptor()
{
    if (m_fd >= 0)
        ::close(m_fd);
}

FileDescriptor::FileDescriptor(FileDescriptor &&other) noexcept
    : m_fd(std::exchange(other.m_fd, -1))
{ }

FileDescriptor &FileDescriptor::operator=(FileDescriptor &&other) noexcept
{
    std::swap(m_fd, other.m_fd);
    return *this;
}

Error fileError(int errnoValue, const QString &path)
{
    const QString context =
        u"%1: %2"_s.arg(path, QString::fromLocal8Bit(std::strerror(errnoValue)));
    if (errnoValue == ENOSPC || errnoValue == EDQUOT)
        return {ErrorCode::NoSpace, context};
    return {errnoValue == EEXIST ? ErrorCode::FileExists : ErrorCode::FileAccess, context};
}

Result<void> makeFolder(const QString &path)
{
    QStringList parents; // of what is made, whose names have to last
    for (QFileInfo folder(QDir::cleanPath(path)); !folder.exists() && !folder.isRoot();
         folder.setFile(folder.path()))
        parents.prepend(folder.path());
    errno = 0;
    if (!QDir().mkpath(path))
        return fail(fileError(errno != 0 ? errno : ENOTDIR, path));
    for (const QString &parent : parents)
        if (const auto synced = syncFolder(parent); !synced)
            return synced;
    if (::access(QFile::encodeName(path).constData(), W_OK | X_OK) != 0)
        return fail(fileError(errno, path));
    return {};
}

Result<FileDescriptor> openFile(const QString &path, int flags, mode_t mode)
{
    const int fd = ::open(QFile::encodeName(path).constData(), flags | O_CLOEXEC, mode);
    if (fd < 0)
        return fail(fileError(errno, path));
    return FileDescriptor(fd);
}

Result<void> syncFile(const QString &path)
{
    const auto fd = openFile(path, O_RDONLY);
    if (!fd)
        return fail(fd.error());
    if (::fdatasync(fd->get()) != 0)
        return fail(fileError(errno, path));
    return {};
}

Result<void> syncFileSystem(const QString &folder)
{
    const auto fd = openFile(folder, O_RDONLY | O_DIRECTORY);
    if (!fd)
        return fail(fd.error());
    if (::syncfs(fd->get()) != 0)
        return fail(fileError(errno, folder));
    return {};
}

Result<void> syncFolder(const QString &folder)
{
    const auto fd = openFile(folder, O_RDONLY | O_DIRECTORY);
    if (!fd)
        return fail(fd.error());
    // Some file systems (FUSE, SMB) cannot sync folders and answer EINVAL; there is nothing better.
    if (::fsync(fd->get()) != 0 && errno != EINVAL)
        return fail(fileError(errno, folder));
    return {};
}

namespace {

Result<void> writeAll(int fd, QByteArrayView bytes, const QString &path)
{
    while (!bytes.isEmpty()) {
        const ssize_t written = ::write(fd, bytes.data(), size_t(bytes.size()));
        if (written < 0 && errno == EINTR)
            continue;
        if (written < 0)
            return fail(fileError(errno, path));
        bytes = bytes.sliced(written);
    }
    return {};
}

Result<void> writeAndSync(const QString &path, const QByteArray &bytes, mode_t mode)
{
    const auto fd = openFile(path, O_WRONLY | O_CREAT | O_TRUNC, mode);
    if (!fd)
        return fail(fd.error());
    // The mode of open(2) counts only on creation and is cut by the umask.
    if (::fchmod(fd->get(), mode) != 0)
        return fail(fileError(errno, path));
    if (const auto written = writeAll(fd->get(), bytes, path); !written)
        return written;
    if (::fsync(fd->get()) != 0)
        return fail(fileError(errno, path));
    return {};
}

} // namespace

Result<void> writeFileAtomically(const QString &path, const QByteArray &bytes, mode_t mode)
{
    const QString temporary = path + u".tmp"_s;
    if (const auto written = writeAndSync(temporary, bytes, mode); !written) {
        ::unlink(QFile::encodeName(temporary).constData());
        return written;
    }
    if (::rename(QFile::encodeName(temporary).constData(), QFile::encodeName(path).constData())
        != 0)
        return fail(fileError(errno, path));
    return syncFolder(QFileInfo(path).absolutePath());
}

Result<void> renameNoReplace(const QString &from, const QString &to)
{
    const QByteArray source = QFile::encodeName(from);
    const QByteArray target = QFile::encodeName(to);
    if (::renameat2(AT_FDCWD, source.constData(), AT_FDCWD, target.constData(), RENAME_NOREPLACE)
        == 0)
        return {};
    if (errno != EINVAL && errno != ENOSYS)
        return fail(fileError(errno, to));
    if (::link(source.constData(), target.constData()) != 0)
        return fail(fileError(errno, to));
    if (::unlink(source.constData()) != 0)
        return fail(fileError(errno, from));
    return {};
}

} // namespace core
