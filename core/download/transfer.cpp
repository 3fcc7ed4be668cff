#include "core/download/transfer.h"

#include "core/base/logging.h"
#include "core/base/units.h"

#include <algorithm>

namespace core {
namespace {

using namespace Qt::StringLiterals;

constexpr std::chrono::milliseconds TickInterval{100};
constexpr std::chrono::milliseconds LimitedTickInterval{20};
constexpr qint64 BufferBytes = 256_KiB;
constexpr qint64 SmallestLease = 1_MiB;
constexpr qint64 LargestLease = 64_MiB;
constexpr int Whole = 1; ///< number of requests in a transfer that cannot be split

std::chrono::milliseconds elapsed(const QElapsedTimer &clock)
{
    return std::chrono::milliseconds(clock.elapsed());
}

} // namespace

Transfer::Transfer(DownloadSource &source,
                   FileAssembly &assembly,
                   ProgressCell &progress,
                   Limits limits)
    : m_source(source)
    , m_assembly(assembly)
    , m_progress(progress)
    , m_limits(limits)
    , m_ramp(limits.connections)
    , m_retry(limits.retry, progress)
    , m_buffer(size_t(BufferBytes))
{
    connect(&m_retry, &RetryWait::due, this, &Transfer::fill);
    connect(&m_tick, &QTimer::timeout, this, &Transfer::onTick);
    m_tick.setInterval(isLimited() ? LimitedTickInterval : TickInterval);
}

Transfer::~Transfer() = default;

Result<Outcome> Transfer::run(Probe::Answer first, const std::stop_token &stop)
{
    m_progress.enter(Stage::Transferring);
    m_furthest = m_assembly.planner().done().bytes();
    m_clock.start();
    m_tick.start();
    adopt(std::move(first));
    const std::stop_callback onStop(stop, [this] {
        QMetaObject::invokeMethod(
            this, [this] { endWith(Outcome::Stopped); }, Qt::QueuedConnection);
    });
    if (!m_result)
        m_loop.exec();
    m_tick.stop();
    m_segments.clear();
    m_assembly.showSegments();
    return *m_result;
}

void Transfer::adopt(Probe::Answer first)
{
    m_canJoin = first.verdict == Verdict::Write && m_assembly.record().identity.hasValidator();
    endIfComplete();
    if (m_result)
        return;
    // An open-ended request goes on until others need room; the lease it has never leaves the first gap.
    if (first.verdict == Verdict::WholeFile)
        first.asked = {{0, m_assembly.planner().size()}, true, first.asked.hasRangeHeader};
    else if (first.asked.isOpenEnded)
        first.asked.range.end = m_assembly.planner().size();
    const auto lease = m_assembly.planner().lease(RangePlanner::UnknownSize);
    Q_ASSERT(lease && lease->position == first.asked.range.begin);
    Segment segment{0, lease->id, first.asked, std::move(first.fetch), lease->position, true};
    // What it said before somebody listened here is said again.
    const bool hasEnded = segment.fetch->end().has_value();
    attach(m_segments.emplace(0, std::move(segment)).first->second);
    const auto begin = [this, hasEnded] {
        hasEnded ? onEnded(0, *m_segments.at(0).fetch->end()) : onBytes(0);
    };
    QMetaObject::invokeMethod(this, begin, Qt::QueuedConnection);
}

void Transfer::attach(Segment &segment)
{
    const int connection = segment.connection;
    HttpFetch *fetch = segment.fetch.get();
    connect(fetch, &HttpFetch::headReady, this,
            [this, connection](const ResponseHead &head) { onHead(connection, head); });
    connect(fetch, &HttpFetch::bytesReady, this, [this, connection] { onBytes(connection); });
    connect(fetch, &HttpFetch::ended, this,
            [this, connection](const FetchEnd &end) { onEnded(connection, end); });
}

// ---- who fetches what

int Transfer::allowedSegments() const
{
    return m_canJoin ? m_ramp.target() : Whole;
}

qint64 Transfer::leaseBytes() const
{
    const int allowed = allowedSegments();
    if (allowed == Whole)
        return RangePlanner::UnknownSize;
    const qint64 remaining = m_assembly.record().identity.size - m_progress.read().done;
    return std::clamp(remaining / (2 * allowed), SmallestLease, LargestLease);
}

/// Gives the bytes behind the running segments' own share back, so that more can start in order.
void Transfer::makeRoom()
{
    const qint64 bytes = leaseBytes();
    for (const auto &[connection, segment] : m_segments)
        m_assembly.planner().shrink(segment.lease, bytes);
}

std::optional<RangePlanner::Lease> Transfer::nextLease()
{
    RangePlanner &planner = m_assembly.planner();
    if (const auto lease = planner.lease(leaseBytes()))
        return lease;
    // A half must be worth a request: a quarter second of what the job does at this speed.
    const qint64 bytesPerSecond = m_received * 1000 / std::max<qint64>(1, m_clock.elapsed());
    return planner.steal(std::max(SmallestLease, bytesPerSecond / 4));
}

void Transfer::fill()
{
    while (!m_result && !m_retry.isWaiting() && int(m_segments.size()) < allowedSegments()) {
        const auto lease = nextLease();
        if (!lease)
            return;
        startSegment(*lease);
    }
}

void Transfer::startSegment(const RangePlanner::Lease &lease)
{
    int connection = 0;
    while (m_segments.contains(connection))
        ++connection;
    const bool isWholeFile = !m_canJoin;
    Segment segment{connection,
                    lease.id,
                    {{lease.position, lease.end}, isWholeFile, !isWholeFile},
                    {},
                    lease.position};
    const RemoteIdentity *known = m_canJoin ? &m_assembly.record().identity : nullptr;
    segment.fetch = m_source.fetch(connection, segment.asked, known);
    Segment &added = m_segments.emplace(connection, std::move(segment)).first->second;
    attach(added);
    m_progress.enter(Stage::Transferring);
    added.fetch->start();
}

// ---- answers

void Transfer::onHead(int connection, const ResponseHead &head)
{
    Segment &segment = m_segments.at(connection);
    const RemoteIdentity &known = m_assembly.record().identity;
    const Verdict verdict = judge(segment.asked, m_canJoin ? &known : nullptr, head);
    switch (verdict) {
    case Verdict::Write:
        segment.isAccepted = true;
        m_source.onAnswered(head);
        return;
    case Verdict::WholeFile:
        return m_canJoin ? onRangesUnusable(connection) : beginStream(segment, head);
    case Verdict::Violation:
    case Verdict::Empty:
        return onRangesUnusable(connection);
    case Verdict::Changed:
        return onChanged(head);
    case Verdict::Refused:
        return onRefused(connection, head);
    }
}

/// A whole file arrives: nothing of an earlier stream is kept beside it.
void Transfer::beginStream(Segment &segment, const ResponseHead &head)
{
    m_assembly.planner().release(segment.lease);
    if (const auto begun = m_assembly.startOver(head.identity()); !begun)
        return endWith(fail(begun.error()));
    m_source.onAnswered(head);
    const auto lease = m_assembly.planner().lease(RangePlanner::UnknownSize);
    if (!lease)
        return endIfComplete();
    segment.lease = lease->id;
    segment.position = 0;
    segment.asked.range = {0, m_assembly.planner().size()};
    segment.isAccepted = true;
}

void Transfer::onBytes(int connection)
{
    const auto it = m_segments.find(connection);
    if (it == m_segments.end() || !it->second.isAccepted)
        return;
    Segment &segment = it->second;
    while (!m_result && readSome(segment)) { }
    endIfComplete();
    // A request that asked for more than its lease became is cut off. Others end by themselves and
    // leave their connection for the next request.
    const bool isLeaseDone = !m_assembly.planner().find(segment.lease);
    if (!m_result && isLeaseDone && segment.position < segment.asked.range.end) {
        drop(connection);
        fill();
    }
}

/// Moves one buffer from a segment to the file. False when there is nothing to move for now.
bool Transfer::readSome(Segment &segment)
{
    RangePlanner &planner = m_assembly.planner();
    const auto lease = planner.find(segment.lease);
    if (!lease)
        return false;
    const qint64 wanted = std::min(BufferBytes, lease->remaining());
    const qint64 most = m_limits.speed ? m_limits.speed->take(wanted) : wanted;
    const qint64 count = most > 0 ? segment.fetch->read({m_buffer.data(), size_t(most)}) : 0;
    if (m_limits.speed)
        m_limits.speed->giveBack(most - std::max<qint64>(0, count));
    if (count <= 0)
        return false;
    m_received += count;
    segment.position += count;
    if (count == lease->remaining() && lease->end < segment.asked.range.end)
        planner.extend(segment.lease, std::min(leaseBytes(), segment.asked.range.end - lease->end));
    const auto written = m_assembly.write(segment.lease, {m_buffer.data(), size_t(count)});
    if (!written)
        endWith(fail(written.error()));
    noteProgress();
    return written.has_value();
}

/// Only bytes beyond all earlier ones are progress: a stream that always breaks at the same place
/// must not be tried forever.
void Transfer::noteProgress()
{
    const qint64 done = m_assembly.planner().done().bytes();
    if (done <= m_furthest)
        return;
    m_furthest = done;
    m_retry.onProgress();
}

void Transfer::onEnded(int connection, const FetchEnd &end)
{
    const Segment &segment = m_segments.at(connection);
    const bool isLeaseDone = !m_assembly.planner().find(segment.lease);
    if (isLeaseDone) {
        drop(connection);
        return fill();
    }
    if (!end.error && segment.isAccepted && !m_assembly.planner().isSizeKnown()) {
        m_assembly.settleSize();
        return endIfComplete();
    }
    const Error early{ErrorCode::Network,
                      u"%1: the connection ended before the file did"_s.arg(m_source.shownUrl())};
    onBroken(connection, end.error.value_or(early), {});
}

// ---- what goes wrong

void Transfer::onRefused(int connection, const ResponseHead &head)
{
    const QString url = head.url.toString(QUrl::RemoveUserInfo);
    const Error error =
        m_furthest > 0 ? statusErrorWithBytes(head.status, url) : statusError(head.status, url);
    if (m_segments.size() > 1) {
        drop(connection);
        m_ramp.onRefused(int(m_segments.size()));
        return;
    }
    // What a redirect gave may have expired: worth asking the user's URL once more.
    const bool isWorthRetry = isTransientStatus(head.status) || m_source.isRedirected();
    if (!isWorthRetry)
        return endWith(fail(error));
    onBroken(connection, error, head.retryAfter);
}

void Transfer::onBroken(int connection, const Error &why, std::chrono::milliseconds retryAfter)
{
    drop(connection);
    m_source.forgetRedirects();
    const auto waiting = m_retry.begin(why, retryAfter);
    if (!m_segments.empty()) {
        if (!waiting)
            m_ramp.onRefused(int(m_segments.size()));
        return;
    }
    if (!waiting)
        return endWith(fail(waiting.error()));
    m_retry.show();
}

/// The server does not give this range: others go on, and when there are none, one stream begins.
void Transfer::onRangesUnusable(int connection)
{
    if (m_segments.size() > 1) {
        drop(connection);
        m_ramp.onRefused(int(m_segments.size()));
        return;
    }
    m_canJoin = false;
    onBroken(connection,
             Error{ErrorCode::ProtocolViolation,
                   u"%1: the server does not answer ranges as asked"_s.arg(m_source.shownUrl())},
             {});
}

void Transfer::onChanged(const ResponseHead &head)
{
    if (const auto marked = m_assembly.markVoid(); !marked)
        return endWith(fail(marked.error()));
    endWith(
        fail(remoteChanged(m_source.shownUrl(), m_assembly.record().identity, head.identity())));
}

void Transfer::drop(int connection)
{
    const auto it = m_segments.find(connection);
    if (it == m_segments.end())
        return;
    m_assembly.planner().release(it->second.lease);
    it->second.fetch->disconnect(this);
    it->second.fetch->abort();
    m_dropped.push_back(std::move(it->second.fetch));
    m_segments.erase(it);
}

void Transfer::onTick()
{
    m_dropped.clear();
    if (const auto kept = m_assembly.checkpointIfDue(); !kept)
        return endWith(fail(kept.error()));
    if (elapsed(m_clock) - m_shownAt >= TickInterval) {
        m_shownAt = elapsed(m_clock);
        m_assembly.showSegments();
        ramp();
    }
    readWithinLimit();
}

bool Transfer::isLimited() const
{
    return m_limits.speed && m_limits.speed->isLimited();
}

/// Reads what a limit held back. Each connection is the first in turn, so that none starves.
void Transfer::readWithinLimit()
{
    const bool wasLimited = m_tick.intervalAsDuration() == LimitedTickInterval;
    if (wasLimited != isLimited())
        m_tick.setInterval(isLimited() ? LimitedTickInterval : TickInterval);
    if (!wasLimited)
        return;
    m_firstToRead = (m_firstToRead + 1) % std::max(1, m_limits.connections);
    for (int i = 0; i < m_limits.connections; ++i)
        onBytes((m_firstToRead + i) % m_limits.connections);
}

void Transfer::ramp()
{
    const qint64 remaining = m_assembly.planner().size() - m_furthest;
    const qint64 bytesPerSecond = m_received * 1000 / std::max<qint64>(1, m_clock.elapsed());
    const bool isWorthMore = remaining > std::max(2 * SmallestLease, bytesPerSecond / 2);
    if (!m_canJoin || !isWorthMore || !m_ramp.sample(elapsed(m_clock), m_received))
        return;
    makeRoom();
    fill();
}

void Transfer::endIfComplete()
{
    if (m_assembly.planner().isComplete())
        endWith(Outcome::Completed);
}

void Transfer::endWith(Result<Outcome> result)
{
    if (m_result)
        return;
    m_result = std::move(result);
    m_loop.exit();
}

} // namespace core
