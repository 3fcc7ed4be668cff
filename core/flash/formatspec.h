#pragma once
#include "core/drives/newfilesystem.h"

#include <QStringList>

namespace core {

/// What the user asked to make of a drive: an empty one for everyday use (PROTOCOL.md §1, specs).
struct FormatSpec {
    /// Id of the drive.
    QString drive;
    NewFileSystem fileSystem;
    /// Ids or serials of the drives that the asker knows to be erased.
    QStringList erase;
    friend bool operator==(const FormatSpec &, const FormatSpec &) = default;
};

} // namespace core
