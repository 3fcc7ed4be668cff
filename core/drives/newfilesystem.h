#pragma once
#include "core/base/result.h"

#include <optional>

namespace core {

/// The file system that an emptied drive gets.
struct NewFileSystem {
    enum class Kind { ExFat, Fat32 };

    Kind kind = Kind::ExFat;
    /// What file managers call the drive; empty: nothing.
    QString label;
    friend bool operator==(const NewFileSystem &, const NewFileSystem &) = default;
};

/// The name of `kind` on the wire: "exfat", "fat32".
[[nodiscard]] QLatin1StringView newFileSystemName(NewFileSystem::Kind kind);
/// Knows "vfat", as udev and UDisks2 call FAT32, too.
[[nodiscard]] std::optional<NewFileSystem::Kind> newFileSystemFromName(QStringView name);

/// Whether the file system can have its label. Fails with `InvalidArgument`. Rules: exFAT
/// specification 7.3 and Microsoft's FAT specification 6.1, with what both Windows and Linux show.
[[nodiscard]] Result<void> checkLabel(const NewFileSystem &fileSystem);

} // namespace core
