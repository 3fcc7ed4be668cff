#include "core/base/byteranges.h"

#include <algorithm>

namespace core {

ByteRanges::ByteRanges(const QList<ByteRange> &ranges)
{
    for (const ByteRange range : ranges)
        add(range);
}

void ByteRanges::add(ByteRange range)
{
    if (range.isEmpty())
        return;
    // [first, last) are the ranges that touch or overlap the added one.
    const auto first =
        std::ranges::find_if(m_ranges, [range](ByteRange r) { return r.end >= range.begin; });
    auto last = first;
    while (last != m_ranges.end() && last->begin <= range.end) {
        range = {std::min(range.begin, last->begin), std::max(range.end, last->end)};
        ++last;
    }
    m_ranges.insert(m_ranges.erase(first, last), range);
}

void ByteRanges::remove(ByteRange range)
{
    if (range.isEmpty())
        return;
    QList<ByteRange> kept;
    for (const ByteRange r : std::as_const(m_ranges)) {
        const ByteRange before{r.begin, std::min(r.end, range.begin)};
        const ByteRange after{std::max(r.begin, range.end), r.end};
        if (!before.isEmpty())
            kept.append(before);
        if (!after.isEmpty())
            kept.append(after);
    }
    m_ranges = std::move(kept);
}

bool ByteRanges::contains(ByteRange range) const
{
    return range.isEmpty() || std::ranges::any_of(m_ranges, [range](ByteRange r) {
               return r.begin <= range.begin && range.end <= r.end;
           });
}

qint64 ByteRanges::bytes() const
{
    qint64 sum = 0;
    for (const ByteRange range : m_ranges)
        sum += range.size();
    return sum;
}

qint64 ByteRanges::bytesBefore(qint64 position) const
{
    const auto found = std::ranges::find_if(m_ranges, [position](ByteRange range) {
        return range.begin < position && position <= range.end;
    });
    return found == m_ranges.end() ? 0 : position - found->begin;
}

qint64 ByteRanges::prefixEnd() const
{
    return m_ranges.isEmpty() || m_ranges.first().begin > 0 ? 0 : m_ranges.first().end;
}

} // namespace core
