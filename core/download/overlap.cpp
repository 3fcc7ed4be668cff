#include "core/download/overlap.h"

#include <algorithm>
#include <vector>

namespace core {
namespace {

bool isTelling(const PartFile &part, ByteRange range)
{
    std::vector<char> bytes(size_t(range.size()));
    const auto count = part.read(range.begin, bytes);
    if (!count || *count != range.size())
        return false;
    return bytes.empty()
        || std::ranges::any_of(bytes, [&bytes](char byte) { return byte != bytes[0]; });
}

} // namespace

Overlap overlapBefore(const PartFile &part, const ByteRanges &done, qint64 position)
{
    const qint64 bytes = std::min(done.bytesBefore(position), Overlap::Bytes);
    const bool isEnough = bytes == Overlap::Bytes || bytes == done.bytes();
    return {bytes, isEnough && isTelling(part, {position - bytes, position})};
}

} // namespace core
