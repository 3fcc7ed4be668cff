#pragma once
#include "core/download/byteranges.h"

#include <algorithm>

namespace core {

/// Bytes before a gap that are asked for again, to compare them with those that are here.
struct Overlap {
    static constexpr qint64 Bytes = qint64(64) << 10;

    qint64 bytes = 0;
    /// Equal bytes prove that the answer is of the file that is here: they are Bytes, or all there is.
    bool proves = false;
};

/// The overlap before `position`, where the bytes `done` are here.
[[nodiscard]] inline Overlap overlapBefore(const ByteRanges &done, qint64 position)
{
    const qint64 bytes = std::min(done.bytesBefore(position), Overlap::Bytes);
    return {bytes, bytes == Overlap::Bytes || bytes == done.bytes()};
}

} // namespace core
