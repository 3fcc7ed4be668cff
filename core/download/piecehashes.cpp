#include "core/download/piecehashes.h"

#include "core/base/digest.h"

#include <algorithm>
#include <vector>

namespace core {
namespace {

constexpr qint64 ReadBytes = qint64(1) << 20;

/// The digest of `range`, of what can be read of it.
Result<QByteArray>
digestOf(ByteRange range, Digest &digest, const ReadAt &read, std::vector<char> &buffer)
{
    for (qint64 at = range.begin; at < range.end;) {
        const auto room = size_t(std::min(ReadBytes, range.end - at));
        const auto count = read(at, std::span(buffer).first(room));
        if (!count)
            return fail(count.error());
        if (*count == 0)
            break;
        digest.add(std::span(buffer).first(size_t(*count)));
        at += *count;
    }
    return digest.finish();
}

} // namespace

bool PieceHashes::fit(qint64 size) const
{
    return pieceBytes > 0 && count() == size / pieceBytes + (size % pieceBytes == 0 ? 0 : 1);
}

Result<ByteRanges> damagedPieces(const PieceHashes &pieces,
                                 qint64 size,
                                 const ReadAt &read,
                                 const std::stop_token &stop)
{
    ByteRanges damaged;
    const qsizetype width = digestBytes(pieces.algorithm);
    Digest digest(pieces.algorithm);
    std::vector<char> buffer((size_t(ReadBytes)));
    for (qint64 piece = 0; piece < pieces.count() && !stop.stop_requested(); ++piece) {
        const qint64 begin = piece * pieces.pieceBytes;
        const ByteRange range{begin, std::min(begin + pieces.pieceBytes, size)};
        const auto found = digestOf(range, digest, read, buffer);
        if (!found)
            return fail(found.error());
        if (*found != pieces.digests.sliced(piece * width, width))
            damaged.add(range);
    }
    return damaged;
}

} // namespace core
