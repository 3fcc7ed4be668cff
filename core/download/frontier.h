#pragma once
#include "core/base/byteranges.h"
#include "core/download/partfile.h"

namespace core {

/// The last block before the end of bytes that are done: what a lost or foreign write would differ in.
struct Frontier {
    static constexpr qint64 BlockBytes = qint64(64) << 10;

    qint64 end = 0;
    /// SHA-256 in hexadecimal of the block, which is shorter when the range is.
    QByteArray digest;
    friend bool operator==(const Frontier &, const Frontier &) = default;
};

/// The frontier of each range of `done`. Fails when the part cannot be read or is too short.
[[nodiscard]] Result<QList<Frontier>> frontiersOf(const PartFile &part, const ByteRanges &done);

/// `done` without the ranges whose frontier reads otherwise than recorded.
[[nodiscard]] Result<ByteRanges>
provenRanges(const PartFile &part, const ByteRanges &done, const QList<Frontier> &recorded);

} // namespace core
