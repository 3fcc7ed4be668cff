#include "core/base/openfile.h"

#include <fcntl.h>
#include <linux/magic.h>
#include <sys/stat.h>
#include <sys/vfs.h>

#include <cerrno>

namespace core {

namespace {

bool isOnTmpfs(const FileDescriptor &file)
{
    struct statfs system = {};
    return ::fstatfs(file.get(), &system) == 0 && system.f_type == TMPFS_MAGIC;
}

} // namespace

Result<OpenFile> openRegularFile(const QString &path)
{
    // Not blocking: a FIFO of that name must not keep the thread.
    auto file = openFile(path, O_RDONLY | O_NONBLOCK);
    if (!file)
        return fail(ErrorCode::NotFound, file.error().context);
    struct stat status = {};
    if (::fstat(file->get(), &status) != 0)
        return fail(fileError(errno, path));
    if (!S_ISREG(status.st_mode))
        return fail(ErrorCode::NotFound, path);
    const bool isInMemory = isOnTmpfs(*file);
    return OpenFile{.descriptor = std::move(*file),
                    .path = path,
                    .size = qint64(status.st_size),
                    .modifiedAt = std::chrono::seconds(status.st_mtim.tv_sec)
                        + std::chrono::nanoseconds(status.st_mtim.tv_nsec),
                    .inode = quint64(status.st_ino),
                    .isInMemory = isInMemory};
}

} // namespace core
