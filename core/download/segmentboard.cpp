#include "core/download/segmentboard.h"

namespace core {

SegmentBoard::SegmentBoard(DownloadSource &source,
                           FileAssembly &assembly,
                           const TransferTuning &tuning,
                           const QElapsedTimer &clock)
    : m_source(source)
    , m_assembly(assembly)
    , m_clock(clock)
    , m_order(assembly)
    , m_plan(tuning)
    , m_tails(m_source, m_plan, m_clock)
{ }

SegmentBoard::~SegmentBoard() = default;

std::chrono::milliseconds SegmentBoard::now() const
{
    return std::chrono::milliseconds(m_clock.elapsed());
}

SegmentBoard::Segment &SegmentBoard::adopt(Probe::Answer first)
{
    RangePlanner &planner = m_assembly.planner();
    // An open-ended request goes on until others need room; the lease it has never leaves the first
    // gap.
    if (first.verdict == Verdict::WholeFile)
        first.asked = {{0, planner.size()}, true, first.asked.hasRangeHeader};
    else if (first.asked.isOpenEnded)
        first.asked.range.end = planner.size();
    const auto lease = planner.lease(RangePlanner::UnknownSize);
    Q_ASSERT(lease && lease->position >= first.asked.range.begin);
    Segment segment{0,    lease->id, first.asked, std::move(first.fetch), first.asked.range.begin,
                    true, true,      std::nullopt};
    if (first.verdict == Verdict::Unproven)
        segment.unproven = first.head.identity();
    m_plan.onAdopted(0, lease->id, now());
    Segment &added = m_segments.emplace(0, std::move(segment)).first->second;
    attach(added);
    return added;
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
        startSegment(*lease, mode.joining);
        return true;
    }
    const auto original = mode.joining == Joining::Proven && mode.mayCopy
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
    if (mode.joining == Joining::Proven)
        if (const auto lease = m_order.takeUrgent())
            return lease;
    if (const auto lease = planner.lease(mode.leaseBytes))
        return lease;
    const auto split = mode.joining == Joining::Proven ? m_plan.split(planner) : std::nullopt;
    return split ? planner.split(split->lease, split->at) : std::nullopt;
}

void SegmentBoard::startSegment(const RangePlanner::Lease &lease, Joining joining)
{
    const int connection = freeConnection();
    const bool isWholeFile = joining == Joining::Never;
    const Overlap overlap =
        joining == Joining::Compared ? m_assembly.overlapBefore(lease.position) : Overlap{};
    const qint64 begin = lease.position - overlap.bytes;
    Segment segment{
        connection,     lease.id, {{begin, lease.end}, isWholeFile, !isWholeFile}, {}, begin, false,
        overlap.proves, {}};
    const RemoteIdentity *known = isWholeFile ? nullptr : &m_assembly.record().identity;
    segment.fetch = m_source.fetch(connection, segment.asked, known);
    segment.asked.isConditional = segment.fetch->isConditional();
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
