#pragma once
#include "core/base/checksum.h"
#include "core/flash/extent.h"

#include <vector>

namespace core {

/// Which bytes of an image mean something: what a bmap file (bmap-tools) says, once it was checked.
///
/// The rest is neither written nor verified, as with bmaptool: a drive keeps there what it held. Only
/// the first extent is written whole, because it was wiped; and the wiping of both ends stands.
struct Bmap {
    /// Bytes `[begin, end)` of the image.
    struct Range {
        qint64 begin = 0;
        qint64 end = 0;
        QByteArray digest; ///< raw bytes; empty: none is known
    };

    QString path; ///< of the file, for messages
    qint64 imageBytes = 0;
    DigestAlgorithm algorithm = DigestAlgorithm::Sha256;
    std::vector<Range> ranges; ///< ascending, apart, inside the image

    /// What of the extent at `offset`, which has that many bytes, is written and verified. It begins
    /// and ends where a drive's blocks do; some bytes of the image more, where those of the bmap are
    /// smaller.
    [[nodiscard]] Pieces piecesOf(qint64 offset, qint64 bytes) const;
    /// The bytes of all pieces.
    [[nodiscard]] qint64 writtenBytes() const;
};

} // namespace core
