#include "core/download/rangeplanner.h"

#include <algorithm>

namespace core {

RangePlanner::RangePlanner(qint64 size, const ByteRanges &done)
    : m_size(size)
    , m_done(done)
{
    m_done.remove({size, UnknownSize});
    m_free.add({0, size});
    for (const ByteRange range : m_done.list())
        m_free.remove(range);
}

std::optional<RangePlanner::Lease> RangePlanner::lease(qint64 maxBytes)
{
    if (m_free.isEmpty() || maxBytes <= 0)
        return std::nullopt;
    ByteRange range = m_free.list().first();
    range.end = range.begin + std::min(range.size(), maxBytes);
    m_free.remove(range);
    return addLease(range);
}

std::optional<RangePlanner::Lease> RangePlanner::leaseWithin(ByteRange wanted, qint64 maxBytes)
{
    for (ByteRange range : m_free.list()) {
        range = {std::max(range.begin, wanted.begin), std::min(range.end, wanted.end)};
        if (range.isEmpty() || maxBytes <= 0)
            continue;
        range.end = range.begin + std::min(range.size(), maxBytes);
        m_free.remove(range);
        return addLease(range);
    }
    return std::nullopt;
}

bool RangePlanner::hasFree(ByteRange range) const
{
    return std::ranges::any_of(m_free.list(), [range](ByteRange free) {
        return free.begin < range.end && range.begin < free.end;
    });
}

std::optional<RangePlanner::Lease> RangePlanner::split(LeaseId id, qint64 at)
{
    const auto it = m_leases.find(id);
    if (it == m_leases.end() || at <= it->position || at >= it->end)
        return std::nullopt;
    const ByteRange range{at, it->end};
    it->end = at;
    return addLease(range);
}

qint64 RangePlanner::extend(LeaseId id, qint64 maxBytes)
{
    const auto it = m_leases.find(id);
    if (it == m_leases.end())
        return 0;
    for (const ByteRange range : m_free.list()) {
        if (range.begin != it->end)
            continue;
        const qint64 bytes = std::min(range.size(), maxBytes);
        m_free.remove({range.begin, range.begin + bytes});
        it->end += bytes;
        return bytes;
    }
    return 0;
}

void RangePlanner::shrink(LeaseId id, qint64 bytes)
{
    const auto it = m_leases.find(id);
    if (it == m_leases.end() || it->remaining() <= bytes)
        return;
    const qint64 end = it->position + std::max<qint64>(0, bytes);
    m_free.add({end, it->end});
    it->end = end;
    if (it->remaining() == 0)
        m_leases.erase(it);
}

void RangePlanner::shrinkAll(qint64 bytes)
{
    const QList<LeaseId> ids = m_leases.keys();
    for (const LeaseId id : ids)
        shrink(id, bytes);
}

void RangePlanner::complete(LeaseId id, qint64 bytes)
{
    const auto it = m_leases.find(id);
    if (it == m_leases.end())
        return;
    Q_ASSERT(bytes >= 0 && bytes <= it->remaining());
    m_done.add({it->position, it->position + bytes});
    it->position += bytes;
    if (it->remaining() == 0)
        m_leases.erase(it);
}

void RangePlanner::release(LeaseId id)
{
    const auto it = m_leases.find(id);
    if (it == m_leases.end())
        return;
    m_free.add({it->position, it->end});
    m_leases.erase(it);
}

void RangePlanner::settleSize(qint64 size)
{
    Q_ASSERT(!isSizeKnown() && m_done.prefixEnd() == size);
    m_size = size;
    m_leases.clear();
    m_free.clear();
}

std::optional<RangePlanner::Lease> RangePlanner::find(LeaseId id) const
{
    const auto it = m_leases.find(id);
    return it == m_leases.end() ? std::nullopt : std::optional(*it);
}

bool RangePlanner::isComplete() const
{
    return m_done.prefixEnd() == m_size;
}

RangePlanner::Lease RangePlanner::addLease(ByteRange range)
{
    const Lease lease{m_nextId++, range.begin, range.end};
    m_leases.insert(lease.id, lease);
    return lease;
}

} // namespace core
