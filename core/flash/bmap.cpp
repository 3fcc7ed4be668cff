#include "core/flash/bmap.h"

#include <algorithm>

namespace core {

Pieces Bmap::piecesOf(qint64 offset, qint64 bytes) const
{
    constexpr qint64 Unit = BlockDevice::MemoryAlignment; // no drive's blocks are larger
    if (offset == 0)
        return {{0, bytes}};
    Pieces pieces;
    auto range = std::ranges::upper_bound(ranges, offset, {}, &Range::end);
    for (; range != ranges.end() && range->begin < offset + bytes; ++range) {
        const qint64 begin = std::max<qint64>(range->begin - offset, 0) / Unit * Unit;
        const qint64 end = std::min(roundedUp(std::min(range->end - offset, bytes), Unit), bytes);
        if (!pieces.empty() && begin <= pieces.back().end)
            pieces.back().end = end;
        else
            pieces.push_back({begin, end});
    }
    return pieces;
}

qint64 Bmap::writtenBytes() const
{
    qint64 sum = 0;
    for (qint64 offset = 0; offset < imageBytes; offset += ExtentBytes)
        sum += bytesOf(piecesOf(offset, std::min(ExtentBytes, imageBytes - offset)));
    return sum;
}

} // namespace core
