#pragma once
#include <QString>

namespace core {

/// What the user asked to read from a drive into a file (PROTOCOL.md §1, specs).
struct ReadSpec {
    /// Id of the drive.
    QString drive;
    /// Absolute path of the image; it is packed with zstd when this ends in ".zst".
    QString to;
    friend bool operator==(const ReadSpec &, const ReadSpec &) = default;
};

/// The ending of images that are packed with zstd.
inline constexpr QLatin1StringView PackedEnding(".zst");

} // namespace core
