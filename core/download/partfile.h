#pragma once
#include "core/base/files.h"

#include <QDateTime>

#include <span>

namespace core {

/// The file "<target>.part" while it is filled. Locked (flock) as long as it is open, so that no
/// second job and no second program writes to it.
/// Threads: write(), read() and sync() may be called from several threads at once.
class PartFile
{
public:
    [[nodiscard]] static QString pathFor(const QString &target)
    {
        return target + QLatin1StringView(".part");
    }

    /// Makes the part file of `target`. Fails with `FileExists` when there is one or when another
    /// process got it first, else as fileError says.
    [[nodiscard]] static Result<PartFile> create(const QString &target);
    /// Opens the part file of `target`. Fails with `Busy` while somebody else has it open.
    [[nodiscard]] static Result<PartFile> open(const QString &target);

    [[nodiscard]] const QString &path() const { return m_path; }
    /// Length as the file system has it, whatever was written to it.
    [[nodiscard]] Result<qint64> size() const;
    /// Checks that the whole file of `bytes` fits (`NoSpace` names need and free) and allocates it
    /// where that is instant. Nothing is ever filled with zeros.
    [[nodiscard]] Result<void> reserve(qint64 bytes) const;
    [[nodiscard]] Result<void> truncate(qint64 bytes) const;
    [[nodiscard]] Result<void> write(qint64 offset, std::span<const char> bytes) const;
    /// Reads up to `buffer.size()` bytes, fewer only at the end of the file.
    [[nodiscard]] Result<qint64> read(qint64 offset, std::span<char> buffer) const;
    /// fdatasync(2): what was written before is on the medium.
    [[nodiscard]] Result<void> sync() const;
    [[nodiscard]] Result<void> setModificationTime(const QDateTime &time) const;

private:
    PartFile(FileDescriptor fd, QString path)
        : m_fd(std::move(fd))
        , m_path(std::move(path))
    { }

    FileDescriptor m_fd;
    QString m_path;
};

} // namespace core
