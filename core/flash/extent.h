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

/// 128 bits (XXH3) that tell whether bytes are the ones that were written. Against damage, not
/// against forgery.
struct ExtentDigest {
    quint64 low = 0;
    quint64 high = 0;
    [[nodiscard]] static ExtentDigest of(std::span<const char> bytes);
    friend bool operator==(const ExtentDigest &, const ExtentDigest &) = default;
};

/// One extent of an image, read and ready to be written.
struct Extent {
    qint64 offset = 0;
    /// Of the image; zeros follow up to the buffer's end.
    qint64 bytes = 0;
    ExtentDigest digest;
    std::shared_ptr<const AlignedBuffer> buffer;
};

/// What an image was when it was written: its length and the digest of every extent.
struct ExtentMap {
    qint64 bytes = 0;
    std::vector<ExtentDigest> digests;

    void add(const Extent &extent)
    {
        bytes += extent.bytes;
        digests.push_back(extent.digest);
    }
    [[nodiscard]] size_t count() const { return digests.size(); }
    /// Where the extent begins; the image's end for the one after the last.
    [[nodiscard]] qint64 offsetOf(size_t index) const
    {
        return std::min(bytes, qint64(index) * ExtentBytes);
    }
    [[nodiscard]] qint64 bytesOf(size_t index) const
    {
        return std::min(ExtentBytes, bytes - qint64(index) * ExtentBytes);
    }
};

} // namespace core
