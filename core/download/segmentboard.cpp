#include "core/download/segmentboard.h"

namespace core {

SegmentBoard::SegmentBoard(DownloadSource &source,
                           FileAssembly &assembly,
                           const TransferTuning &tuning,
                           const QElapsedTimer &clock)
    : m_source(source)
    , m_assembly(assembly)
    , m_clock(clock)
    , m_plan(tuning)
    , m_tails(m_source, m_plan, m_clock)
{ }

SegmentBoard::~SegmentBoard() = default;

std::chrono::milliseconds SegmentBoard::now() const
{
    return std::chrono::milliseconds(m_clock.elapsed());
}

void SegmentBoard::adopt(Segment segment)
{
    const int connection = segment.connection;
    m_plan.onAdopted(connection, segment.lease, now());
    attach(m_segments.emplace(connection, std::move(segment)).first->second);
}

void SegmentBoard::attach(Segment &segment)
{
    const int connection = segment.connection;
    HttpFetch *fetch = segment.fetch.get();
    connect(fetch, &HttpFetch::headReady, this,
            [this, connection](const ResponseHead &head) { emit headReady(connection, head); });
    connect(fetch, &HttpFetch::bytesReady, this,
            [this, connection] { emit bytesReady(connection); });
    connect(fetch, &HttpFetch::ended, this,
            [this, connection](const FetchEnd &end) { emit ended(connection, end); });
}

bool SegmentBoard::startNext(const Mode &mode)
{
    if (const auto lease = nextLease(mode)) {
        startSegment(*lease, mode);
        return true;
    }
    const auto original = mode.canJoin && mode.mayCopy
        ? m_plan.stalledTail(m_assembly.planner(), now())
        : std::nullopt;
    if (!original)
        return false;
    const auto tail = m_assembly.planner().find(m_segments.at(*original).lease);
    m_tails.start(freeConnection(), *original, *tail, m_assembly.record().identity);
    return true;
}

std::optional<RangePlanner::Lease> SegmentBoard::nextLease(const Mode &mode)
{
    RangePlanner &planner = m_assembly.planner();
    if (const auto lease = planner.lease(mode.leaseBytes))
        return lease;
    const auto split = mode.canJoin ? m_plan.split(planner) : std::nullopt;
    return split ? planner.split(split->lease, split->at) : std::nullopt;
}

void SegmentBoard::startSegment(const RangePlanner::Lease &lease, const Mode &mode)
{
    const int connection = freeConnection();
    const bool isWholeFile = !mode.canJoin;
    Segment segment{connection,
                    lease.id,
                    {{lease.position, lease.end}, isWholeFile, !isWholeFile},
                    {},
                    lease.position};
    const RemoteIdentity *known = mode.canJoin ? &m_assembly.record().identity : nullptr;
    segment.fetch = m_source.fetch(connection, segment.asked, known);
    Segment &added = m_segments.emplace(connection, std::move(segment)).first->second;
    attach(added);
    m_plan.onStarted(connection, lease.id, now());
    added.fetch->start();
}

void SegmentBoard::onLeaseChanged(const Segment &segment)
{
    m_plan.onStarted(segment.connection, segment.lease, now());
}

int SegmentBoard::freeConnection() const
{
    int connection = 0;
    while (m_segments.contains(connection) || m_tails.isUsing(connection))
        ++connection;
    return connection;
}

SegmentBoard::Segment *SegmentBoard::find(int connection)
{
    const auto it = m_segments.find(connection);
    return it == m_segments.end() ? nullptr : &it->second;
}

void SegmentBoard::drop(int connection)
{
    const auto it = m_segments.find(connection);
    if (it == m_segments.end())
        return;
    m_tails.dropCopyOf(connection);
    m_plan.onEnded(connection);
    m_assembly.planner().release(it->second.lease);
    it->second.fetch->disconnect(this);
    it->second.fetch->abort();
    m_dropped.push_back(std::move(it->second.fetch));
    m_segments.erase(it);
}

void SegmentBoard::dropSurplus(int most)
{
    while (m_tails.count() > 0 && openRequests() > most)
        m_tails.dropLast();
    while (count() > most)
        drop(m_segments.rbegin()->first);
}

void SegmentBoard::dropStalled()
{
    for (const int connection : m_plan.stalled(now())) {
        m_tails.drop(connection);
        const Segment *segment = find(connection);
        // With bytes waiting it is we who do not read.
        if (segment && segment->fetch->bytesAvailable() == 0)
            drop(connection);
    }
}

void SegmentBoard::clear()
{
    m_segments.clear();
    m_tails.clear();
}

void SegmentBoard::sweep()
{
    m_dropped.clear();
    m_tails.sweep();
}

} // namespace core
