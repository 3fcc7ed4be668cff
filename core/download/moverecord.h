#pragma once
#include "core/base/result.h"

#include <optional>

namespace core {

/// Tells whether a path leads to the same file as before, untouched.
struct FileStamp {
    quint64 device = 0;
    quint64 inode = 0;
    qint64 bytes = 0;
    qint64 modifiedAt = 0; ///< nanoseconds since 1970
    friend bool operator==(const FileStamp &, const FileStamp &) = default;
};

/// Of a plain file; nullopt for anything else, a link too.
[[nodiscard]] std::optional<FileStamp> stampOf(const QString &path);

/// As a record keeps it.
[[nodiscard]] QString stampText(const FileStamp &stamp);

/// Which file gets which name by a move. On disk before it happens, until its success is stored.
struct MoveRecord {
    QString path; ///< the name it gets
    FileStamp source; ///< of the file that is moved
    FileStamp placed; ///< of what is renamed to `path`: that file, or a copy of it
    /// Lower-case hexadecimal; empty: not known.
    QString sha256;
    friend bool operator==(const MoveRecord &, const MoveRecord &) = default;
};

/// Fails as fileError says.
[[nodiscard]] Result<void> writeMoveRecord(const QString &file, const MoveRecord &record);
/// nullopt when there is none that can be understood.
[[nodiscard]] std::optional<MoveRecord> readMoveRecord(const QString &file);

} // namespace core
