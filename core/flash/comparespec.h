#pragma once
#include <QString>

namespace core {

/// What the user asked to compare: a drive with an image (PROTOCOL.md §1, specs).
struct CompareSpec {
    /// Id of the drive.
    QString drive;
    /// Absolute path of the image's file.
    QString image;
    /// SHA-256 of the image or of its file, lower-case hexadecimal; empty: none is known.
    QString sha256;
    friend bool operator==(const CompareSpec &, const CompareSpec &) = default;
};

} // namespace core
