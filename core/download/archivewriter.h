#pragma once
#include "core/base/result.h"

#include <QString>

#include <memory>

struct archive;
struct archive_entry;

namespace core {

class ArchiveReader;

/// Makes the entries of an archive below one folder, and nothing outside of it.
/// Threads: used on one.
class ArchiveWriter
{
public:
    /// `folder` exists, is empty and belongs to the caller.
    explicit ArchiveWriter(const QString &folder);

    /// Begins an entry. Fails with `Unsupported`, naming it, when it may not be made.
    [[nodiscard]] Result<void> begin(archive_entry *entry);
    /// Writes one block of the entry's bytes. False when there are none left.
    [[nodiscard]] Result<bool> copyBlock(ArchiveReader &reader);
    [[nodiscard]] Result<void> finishEntry();
    /// Sets the times and rights of folders, which had to wait. Call once, after the last entry.
    [[nodiscard]] Result<void> close();

private:
    struct Free {
        void operator()(archive *disk) const;
    };
    [[nodiscard]] Result<void> redirectLinks(archive_entry *entry, const QString &path) const;
    [[nodiscard]] tl::unexpected<Error> failure(const QString &path) const;

    QString m_folder;
    QString m_path; ///< of the entry that was begun
    std::unique_ptr<archive, Free> m_disk;
};

} // namespace core
