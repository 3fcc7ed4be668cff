#include "core/flash/extent.h"

#include <xxhash.h>

#include <iterator>
#include <numeric>

namespace core {

namespace {

struct FreeHash {
    void operator()(XXH3_state_t *state) const { XXH3_freeState(state); }
};

} // namespace

qint64 bytesOf(const Pieces &pieces)
{
    return std::accumulate(
        pieces.begin(), pieces.end(), qint64(0),
        [](qint64 sum, const Piece &piece) { return sum + piece.end - piece.begin; });
}

ExtentDigest ExtentDigest::of(std::span<const char> bytes)
{
    const XXH128_hash_t hash = XXH3_128bits(bytes.data(), bytes.size());
    return {hash.low64, hash.high64};
}

ExtentDigest ExtentDigest::of(std::span<const char> extent, const Pieces &pieces)
{
    if (pieces.size() == 1)
        return of(extent.subspan(size_t(pieces[0].begin), size_t(bytesOf(pieces))));
    const std::unique_ptr<XXH3_state_t, FreeHash> state(XXH3_createState());
    XXH3_128bits_reset(state.get());
    for (const Piece &piece : pieces)
        XXH3_128bits_update(state.get(), extent.data() + piece.begin,
                            size_t(piece.end - piece.begin));
    const XXH128_hash_t hash = XXH3_128bits_digest(state.get());
    return {hash.low64, hash.high64};
}

void ExtentMap::add(const Extent &extent)
{
    if (extent.hasZeroSector)
        zeroed.push_back(count());
    hasGaps = hasGaps || bytesOf(extent.pieces) != extent.bytes;
    bytes += extent.bytes;
    digests.push_back(extent.digest);
    pieces.push_back(extent.pieces);
}

qint64 ExtentMap::pieceBytesFrom(size_t index) const
{
    qint64 sum = 0;
    for (; index < count(); ++index)
        sum += bytesOf(pieces[index]);
    return sum;
}

std::vector<size_t> ExtentMap::atRiskFromFirst() const
{
    std::vector<size_t> found;
    if (hasGaps) {
        std::ranges::copy_if(zeroed, std::back_inserter(found), [](size_t i) { return i > 0; });
        return found;
    }
    // What of the image lands beyond the first extent has overwritten the second, and that was read
    // since; unless both are zeros, and so on. Where the drive really ends need not be an extent's end.
    const ExtentDigest zeros = ExtentDigest::of(AlignedBuffer(ExtentBytes).first(ExtentBytes));
    size_t unseen = 1;
    while (unseen < count() && digests[unseen] == zeros)
        ++unseen;
    for (size_t i = unseen + 2 > count() ? 1 : count() - unseen - 1; i < count(); ++i)
        found.push_back(i);
    return found;
}

} // namespace core
