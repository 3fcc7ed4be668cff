#pragma once
#include "core/base/result.h"

#include <QByteArray>

#include <sys/types.h>

namespace core {

/// An owned file descriptor; -1 when empty. Closing errors are not seen here: sync first.
class FileDescriptor
{
public:
    FileDescriptor() = default;
    explicit FileDescriptor(int fd)
        : m_fd(fd)
    { }
    ~FileDescriptor();
    FileDescriptor(FileDescriptor &&other) noexcept;
    FileDescriptor &operator=(FileDescriptor &&other) noexcept;
    FileDescriptor(const FileDescriptor &) = delete;
    FileDescriptor &operator=(const FileDescriptor &) = delete;

    [[nodiscard]] int get() const { return m_fd; }
    [[nodiscard]] bool isOpen() const { return m_fd >= 0; }

private:
    int m_fd = -1;
};

/// The failure that `errnoValue` means for `path`: NoSpace for ENOSPC and EDQUOT, FileExists for
/// EEXIST, FileAccess else. The context is "path: what the system said".
[[nodiscard]] Error fileError(int errnoValue, const QString &path);

/// Makes the folder `path` with all above it where they are missing, durably. Fails as fileError says, also
/// when nothing can be made in it.
[[nodiscard]] Result<void> makeFolder(const QString &path);

/// open(2) with O_CLOEXEC added. Fails as fileError says.
[[nodiscard]] Result<FileDescriptor> openFile(const QString &path, int flags, mode_t mode = 0644);

/// Makes the bytes of the file at `path` durable (fdatasync).
[[nodiscard]] Result<void> syncFile(const QString &path);

/// Makes everything durable that was written to the file system of `folder` (syncfs).
[[nodiscard]] Result<void> syncFileSystem(const QString &folder);

/// Makes the names in `folder` durable (fsync of the folder, needed after create and rename).
[[nodiscard]] Result<void> syncFolder(const QString &folder);

/// Replaces `path` by `bytes` so that a crash leaves the old or the new content, never a mixture:
/// temporary file, fsync, rename, fsync of the folder.
[[nodiscard]] Result<void>
writeFileAtomically(const QString &path, const QByteArray &bytes, mode_t mode = 0644);

/// Renames without replacing (renameat2(2), RENAME_NOREPLACE; link(2) + unlink where the file system
/// has no such rename). Fails with `FileExists` when `to` is there.
[[nodiscard]] Result<void> renameNoReplace(const QString &from, const QString &to);

} // namespace core
