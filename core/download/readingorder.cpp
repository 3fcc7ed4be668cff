#include "core/download/readingorder.h"

#include "core/base/units.h"

#include <algorithm>

namespace core {
namespace {

constexpr qint64 EndBytes = 1_MiB;
constexpr qint64 UrgentBytes = 1_MiB;
constexpr qint64 OrderedBytes = 4_MiB;
/// The end of a smaller file is there soon anyway.
constexpr qint64 SmallestWithEnd = 4_MiB;

} // namespace

QList<ByteRange> ReadingOrder::urgent() const
{
    const GrowingFile *reader = m_assembly.reader();
    const RangePlanner &planner = m_assembly.planner();
    if (!reader || !planner.isSizeKnown())
        return {};
    QList<ByteRange> ranges = reader->wanted();
    if (planner.size() >= SmallestWithEnd)
        ranges.append({planner.size() - EndBytes, planner.size()});
    ranges.removeIf([&planner](ByteRange range) { return !planner.hasFree(range); });
    return ranges;
}

std::optional<RangePlanner::Lease> ReadingOrder::takeUrgent()
{
    for (const ByteRange range : urgent())
        return m_assembly.planner().leaseWithin(range, UrgentBytes);
    return std::nullopt;
}

bool ReadingOrder::isUrgent() const
{
    return !urgent().isEmpty();
}

qint64 ReadingOrder::leaseBytes(qint64 usual) const
{
    if (!m_assembly.reader())
        return usual;
    return std::min(usual, isUrgent() ? UrgentBytes : OrderedBytes);
}

void ReadingOrder::makeWay()
{
    RangePlanner &planner = m_assembly.planner();
    const auto &leases = planner.leases();
    if (leases.isEmpty() || !isUrgent())
        return;
    const auto last = std::ranges::max_element(leases, {}, &RangePlanner::Lease::position);
    if (last->remaining() > UrgentBytes) // a smaller one may be fetched twice, and stays as it is
        planner.shrink(last->id, UrgentBytes / 4);
}

} // namespace core
