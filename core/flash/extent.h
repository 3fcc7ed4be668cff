#pragma once
#include "core/base/units.h"
#include "core/flash/alignedbuffer.h"

#include <algorithm>
#include <memory>
#include <vector>

namespace core {

/// An image is read, written and verified in extents of this many bytes; its last may be shorter.
constexpr qint64 ExtentBytes = 1_MiB;

/// `bytes` as far as it fills whole units: what a tail is padded to.
[[nodiscard]] constexpr qint64 roundedUp(qint64 bytes, qint64 unit)
{
    return (bytes + unit - 1) / unit * unit;
}

/// Bytes `[begin, end)` of an extent, from its beginning on. It begins at a multiple of
/// BlockDevice::MemoryAlignment and ends at one, or where the image ends.
struct Piece {
    qint64 begin = 0;
    qint64 end = 0;
    friend bool operator==(const Piece &, const Piece &) = default;
};
/// What of an extent is written and verified: ascending, apart.
using Pieces = std::vector<Piece>;

[[nodiscard]] qint64 bytesOf(const Pieces &pieces);

/// The bytes of an extent that the piece is, up to the end of a whole block of the drive.
template<typename Char>
[[nodiscard]] std::span<Char>
blocksOf(std::span<Char> extent, const Piece &piece, qint64 blockBytes)
{
    return extent.subspan(size_t(piece.begin),
                          size_t(roundedUp(piece.end - piece.begin, blockBytes)));
}

/// 128 bits (XXH3) that tell whether bytes are the ones that were written. Against damage, not
/// against forgery.
struct ExtentDigest {
    quint64 low = 0;
    quint64 high = 0;
    [[nodiscard]] static ExtentDigest of(std::span<const char> bytes);
    /// Of the pieces of an extent that begins with these bytes, joined.
    [[nodiscard]] static ExtentDigest of(std::span<const char> extent, const Pieces &pieces);
    friend bool operator==(const ExtentDigest &, const ExtentDigest &) = default;
};

/// One extent of an image, read and ready to be written.
struct Extent {
    qint64 offset = 0;
    /// Of the image; zeros follow up to the buffer's end.
    qint64 bytes = 0;
    /// Of its pieces.
    ExtentDigest digest;
    std::shared_ptr<const AlignedBuffer> buffer;
    /// None: nothing of it is written, and its digest is that of nothing.
    Pieces pieces;
    /// In an image with a bmap: whether a sector of the pieces is zero.
    bool hasZeroSector = false;
};

/// What an image was when it was written: its length, and of every extent pieces and digest.
struct ExtentMap {
    qint64 bytes = 0;
    std::vector<ExtentDigest> digests;
    std::vector<Pieces> pieces;
    /// Extents with a sector of zeros, in an image with a bmap.
    std::vector<size_t> zeroed;
    bool hasGaps = false;

    void add(const Extent &extent);
    [[nodiscard]] size_t count() const { return digests.size(); }
    /// Where the extent begins; the image's end for the one after the last.
    [[nodiscard]] qint64 offsetOf(size_t index) const
    {
        return std::min(bytes, qint64(index) * ExtentBytes);
    }
    /// Of the pieces of all extents from that one on.
    [[nodiscard]] qint64 pieceBytesFrom(size_t index) const;
    /// The extents, but for the first, that a drive which is smaller than it says may lose to a write
    /// of the first one although that read as zeros until then.
    [[nodiscard]] std::vector<size_t> atRiskFromFirst() const;
};

} // namespace core
