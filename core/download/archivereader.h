#pragma once
#include "core/base/result.h"

#include <QString>

#include <memory>

struct archive;
struct archive_entry;

namespace core {

/// Reads an archive from its first entry to its last (libarchive: tar, zip, 7z, rar, cab, cpio, iso9660;
/// packed by gzip, bzip2, xz, zstd, lz4). Names are read as UTF-8.
/// Threads: used on one.
class ArchiveReader
{
public:
    /// Fails with `Unsupported` when the file is no archive this knows, else as fileError says.
    [[nodiscard]] static Result<ArchiveReader> open(const QString &path);

    /// The next entry; null after the last. Valid until the next call.
    /// Fails with `ChecksumMismatch` when the archive is damaged.
    [[nodiscard]] Result<archive_entry *> next();
    /// Writes the bytes of the entry to `disk` (archive_write_disk); one block. False after the last.
    [[nodiscard]] Result<bool> copyBlock(archive *disk);
    /// Bytes that copyBlock() wrote, of all entries.
    [[nodiscard]] qint64 copied() const { return m_copied; }
    /// Bytes of the archive's file that were read.
    [[nodiscard]] qint64 position() const;

private:
    struct Free {
        void operator()(archive *reader) const;
    };
    ArchiveReader(archive *reader, QString path)
        : m_reader(reader)
        , m_path(std::move(path))
    { }
    [[nodiscard]] tl::unexpected<Error> damaged() const;

    std::unique_ptr<archive, Free> m_reader;
    QString m_path;
    qint64 m_copied = 0;
};

} // namespace core
