#pragma once
#include "core/base/byteranges.h"
#include "core/download/partfile.h"

namespace core {

/// Bytes before a gap that are asked for again, to compare them with those that are here.
struct Overlap {
    static constexpr qint64 Bytes = qint64(64) << 10;

    qint64 bytes = 0;
    /// Equal bytes prove that the answer is of the file that is here: they are Bytes, or all there is.
    bool proves = false;
};

/// The overlap before `position`, where the bytes `done` of `part` are here. One byte over and over
/// (zeros of an image) proves nothing: it is the same in many files.
[[nodiscard]] Overlap overlapBefore(const PartFile &part, const ByteRanges &done, qint64 position);

} // namespace core
