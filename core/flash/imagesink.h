#pragma once
#include "core/flash/drivereadahead.h"
#include "core/flash/imagetarget.h"

namespace core {

/// Puts the bytes of a drive into an image's file, in the file's format.
/// Threads: used by one thread at a time.
class ImageSink
{
public:
    virtual ~ImageSink() = default;

    /// Called first, with the bytes of the whole drive. Fails with `NoSpace` before anything is written
    /// where that can be known, else as fileError says, as do the others.
    [[nodiscard]] virtual Result<void> begin(qint64 bytes) = 0;
    /// Called with each piece, in order.
    [[nodiscard]] virtual Result<void> write(const DrivePiece &piece) = 0;
    /// Ends the format; the SHA-256 of the file, 32 raw bytes.
    [[nodiscard]] virtual Result<QByteArray> finish() = 0;
};

} // namespace core
