#pragma once
#include "core/base/byteranges.h"
#include "core/base/checksum.h"

#include <functional>
#include <span>
#include <stop_token>

namespace core {

/// What each piece of a file hashes to (RFC 5854 §4.2.13): pieces follow each other from byte 0, all of
/// `pieceBytes` but for the last one, which ends with the file.
struct PieceHashes {
    static constexpr qint64 MostPieces = 65'536;
    static constexpr qint64 LeastPieceBytes = 1024;

    DigestAlgorithm algorithm = DigestAlgorithm::Sha256;
    qint64 pieceBytes = 0;
    /// The digests of all pieces in their order, digestBytes() raw bytes each.
    QByteArray digests;

    [[nodiscard]] qint64 count() const { return digests.size() / digestBytes(algorithm); }
    /// Whether they are of a file of `size` bytes.
    [[nodiscard]] bool fit(qint64 size) const;
    friend bool operator==(const PieceHashes &, const PieceHashes &) = default;
};

/// Reads up to `buffer.size()` bytes at `offset`, fewer only at the end of the file.
using ReadAt = std::function<Result<qint64>(qint64 offset, std::span<char> buffer)>;

/// The bytes of the pieces of a file of `size` bytes, which must fit, that do not hash to what they
/// should; those found so far when `stop` came first. Fails as `read` does.
[[nodiscard]] Result<ByteRanges> damagedPieces(const PieceHashes &pieces,
                                               qint64 size,
                                               const ReadAt &read,
                                               const std::stop_token &stop);

} // namespace core
