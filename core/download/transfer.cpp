#include "core/download/transfer.h"

#include "core/base/logging.h"

#include <algorithm>

namespace core {
namespace {

using namespace Qt::StringLiterals;

constexpr std::chrono::milliseconds TickInterval{50};
constexpr std::chrono::milliseconds LimitedTickInterval{20};
constexpr int Single = 1; ///< number of requests in a transfer that cannot be split

} // namespace

Transfer::Transfer(DownloadSource &source,
                   FileAssembly &assembly,
                   ProgressCell &progress,
                   Limits limits)
    : m_source(source)
    , m_assembly(assembly)
    , m_progress(progress)
    , m_limits(std::move(limits))
    , m_retry(m_limits.retry, progress)
    , m_board(source, assembly, m_limits.tuning, m_clock)
    , m_intake(m_board, assembly, m_limits.speed)
{
    connect(&m_retry, &RetryWait::due, this, &Transfer::fill);
    connect(&m_board, &SegmentBoard::headReady, this, &Transfer::onHead);
    connect(&m_board, &SegmentBoard::bytesReady, this, &Transfer::onBytes);
    connect(&m_board, &SegmentBoard::ended, this, &Transfer::onEnded);
    connect(&m_board.tails(), &TailRescue::completed, this, &Transfer::onCopyCompleted);
    connect(&m_board.tails(), &TailRescue::failed, this, &Transfer::onCopyFailed);
    connect(&m_board.tails(), &TailRescue::changed, this, &Transfer::onChanged);
    connect(&m_board.tails(), &TailRescue::differed, this, &Transfer::onDiffered);
    connect(&m_tick, &QTimer::timeout, this, &Transfer::onTick);
    m_tick.setInterval(m_intake.isLimited() ? LimitedTickInterval : TickInterval);
}

Result<Outcome> Transfer::run(Probe::Answer first, const std::stop_token &stop)
{
    m_progress.enter(Stage::Transferring);
    m_furthest = m_assembly.planner().done().bytes();
    m_clock.start();
    m_tick.start();
    countConnections(first.head.url);
    adopt(std::move(first));
    const std::stop_callback onStop(stop, [this] {
        QMetaObject::invokeMethod(
            this, [this] { endWith(Outcome::Stopped); }, Qt::QueuedConnection);
    });
    if (!m_result)
        m_loop.exec();
    m_tick.stop();
    m_board.clear();
    m_count.reset();
    m_assembly.showSegments();
    return *m_result;
}

void Transfer::countConnections(const QUrl &url)
{
    const ConnectionCount::Wish wish{m_limits.connections, m_assembly.planner().missing()};
    m_count = std::make_unique<ConnectionCount>(m_limits.budget, url, wish, m_limits.tuning);
}

void Transfer::adopt(Probe::Answer first)
{
    const bool isPart = first.verdict == Verdict::Write || first.verdict == Verdict::Unproven;
    const bool isProven =
        first.verdict == Verdict::Write && m_assembly.record().identity.hasValidator();
    if (isPart)
        m_joining = isProven ? Joining::Proven : Joining::Compared;
    endIfComplete();
    if (m_result)
        return;
    const HttpFetch &fetch = *m_board.adopt(std::move(first)).fetch;
    // What it said before somebody listened here is said again.
    const bool hasEnded = fetch.end().has_value();
    const auto begin = [this, hasEnded] {
        makeRoom();
        hasEnded ? onEnded(0, *m_board.at(0).fetch->end()) : onBytes(0);
        fill();
    };
    QMetaObject::invokeMethod(this, begin, Qt::QueuedConnection);
}

// ---- who fetches what

/// Leases are shares of what is left, so that all requests end at about the same time.
qint64 Transfer::leaseBytes()
{
    const qint64 remaining = m_assembly.record().identity.size - m_progress.read().done;
    return m_joining == Joining::Proven ? m_board.order().leaseBytes(m_count->leaseBytes(remaining))
                                        : RangePlanner::UnknownSize;
}

void Transfer::fill()
{
    // With a limit it is we who are slow, so no tail is fetched twice.
    const SegmentBoard::Mode mode{m_joining, !m_intake.isLimited(), leaseBytes()};
    const int allowed = m_joining == Joining::Proven ? m_count->allowed(now()) : Single;
    while (!m_result && !m_retry.isWaiting() && m_board.openRequests() < allowed) {
        if (!m_board.startNext(mode))
            return;
        m_progress.enter(Stage::Transferring);
    }
    if (m_joining == Joining::Proven)
        m_board.order().makeWay();
}

// ---- answers

void Transfer::onHead(int connection, const ResponseHead &head)
{
    Segment &segment = m_board.at(connection);
    const RemoteIdentity &known = m_assembly.record().identity;
    const bool isFresh = m_joining == Joining::Never && known.size < 0;
    switch (m_source.judge(segment.asked, isFresh ? nullptr : &known, head)) {
    case Verdict::Write:
        segment.isAccepted = true;
        m_source.onAnswered(head);
        return;
    case Verdict::Unproven:
        return onUnproven(segment, head);
    case Verdict::WholeFile:
        if (segment.fetch->isConditional()) { // it may be the condition that the server minds
            m_source.askUnconditionally();
            m_board.drop(connection);
            return fill();
        }
        if (m_joining == Joining::Proven)
            return onRangesUnusable(connection);
        if (m_joining == Joining::Compared && m_source.leaveOut())
            return goOnElsewhere(connection); // what is here is kept
        return beginStream(segment, head);
    case Verdict::Violation:
    case Verdict::Empty:
        return onRangesUnusable(connection);
    case Verdict::Changed:
        return m_source.leaveOut() ? goOnElsewhere(connection) : onChanged(head);
    case Verdict::Refused:
        return onRefused(connection, head);
    }
}

/// Another node may have answered. Only bytes that are here tell whether it has the same file.
void Transfer::onUnproven(Segment &segment, const ResponseHead &head)
{
    if (segment.hasProof) {
        segment.isAccepted = true;
        segment.unproven = head.identity();
        return m_source.onAnswered(head);
    }
    if (goOnWithout(segment.connection, {}))
        return;
    m_joining = m_joining == Joining::Proven ? Joining::Compared : Joining::Never;
    m_board.drop(segment.connection);
    fill();
}

/// A whole file arrives: nothing of an earlier stream is kept beside it.
void Transfer::beginStream(Segment &segment, const ResponseHead &head)
{
    m_joining = Joining::Never;
    m_assembly.planner().release(segment.lease);
    if (const auto begun = m_assembly.startOver(head.identity()); !begun)
        return endWith(fail(begun.error()));
    m_source.onAnswered(head);
    const auto lease = m_assembly.planner().lease(RangePlanner::UnknownSize);
    if (!lease)
        return endIfComplete();
    segment.lease = lease->id;
    segment.position = 0;
    m_board.onLeaseChanged(segment);
    segment.asked.range = {0, m_assembly.planner().size()};
    segment.isAccepted = true;
}

void Transfer::onBytes(int connection)
{
    Segment *segment = m_board.find(connection);
    if (!segment || !segment->isAccepted)
        return;
    while (!m_result && readSome(*segment)) { }
    endIfComplete();
    // A request that asked for more than its lease became is cut off. Others keep their connection.
    segment = m_board.find(connection); // another one when the server was left
    const bool isLeaseDone = segment && !m_assembly.planner().find(segment->lease);
    if (!m_result && isLeaseDone && segment->position < segment->asked.range.end) {
        m_board.drop(connection);
        fill();
    }
}

/// Moves one buffer from a segment to the file. False when that is all; the segment may be gone then.
bool Transfer::readSome(Segment &segment)
{
    const auto step = m_intake.step(segment, m_board.order().extension(leaseBytes()), now());
    if (!step)
        endWith(fail(step.error()));
    else if (*step == Step::Differed)
        onDiffered();
    else if (*step == Step::Unequal)
        onUnequal(segment.connection);
    else if (*step == Step::Proven && m_assembly.record().identity.hasValidator())
        m_joining = Joining::Proven;
    noteProgress();
    return !m_result && (*step == Step::Moved || *step == Step::Proven);
}

/// Only bytes beyond all earlier ones are progress: a stream that always breaks at the same place
/// must not be tried forever.
void Transfer::noteProgress()
{
    const qint64 done = m_assembly.planner().done().bytes();
    if (done <= m_furthest)
        return;
    m_furthest = done;
    m_source.onProgress();
    m_retry.onProgress();
}

void Transfer::onEnded(int connection, const FetchEnd &end)
{
    const Segment &segment = m_board.at(connection);
    if (!m_assembly.planner().find(segment.lease)) {
        m_board.drop(connection);
        return fill();
    }
    if (!end.error && segment.isAccepted && !m_assembly.planner().isSizeKnown()) {
        m_assembly.settleSize(end.praise);
        return endIfComplete();
    }
    const Error early{ErrorCode::Network,
                      u"%1: the connection ended before the file did"_s.arg(m_source.shownUrl())};
    onBroken(connection, end.error.value_or(early), {});
}

// ---- what goes wrong

/// While others run, a refusal costs one connection.
bool Transfer::goOnWithout(int connection, std::chrono::milliseconds retryAfter)
{
    if (m_board.count() <= 1)
        return false;
    m_board.drop(connection);
    m_count->onRefused(now(), retryAfter);
    return true;
}

void Transfer::onRefused(int connection, const ResponseHead &head)
{
    const Error error = m_furthest > 0 ? m_source.refusalWithBytes(head) : m_source.refusal(head);
    if (goOnWithout(connection, head.retryAfter))
        return;
    // What a redirect gave may have expired: worth asking the user's URL once more.
    if (!isTransientStatus(head.status) && !m_source.isRedirected())
        return m_source.moveOn() ? goOnElsewhere(connection) : endWith(fail(error));
    onBroken(connection, error, head.retryAfter);
}

/// Another URL of the file is asked from here on. Only bytes tell whether it has the same.
void Transfer::goOnElsewhere(int connection)
{
    if (m_joining == Joining::Proven)
        m_joining = Joining::Compared;
    m_board.drop(connection);
    fill();
}

void Transfer::onBroken(int connection, const Error &why, std::chrono::milliseconds retryAfter)
{
    if (m_board.count() == 1 && m_source.moveOn())
        return goOnElsewhere(connection);
    m_board.drop(connection);
    m_source.forgetRedirects();
    // Connections that break while the next try is awaited anyway are one failure with the first.
    const bool isKnown = m_retry.isWaiting() && retryAfter.count() == 0;
    const auto waiting = isKnown ? Result<void>() : m_retry.begin(why, retryAfter);
    if (m_board.count() > 0) {
        if (!waiting || why.code == ErrorCode::ConnectionRefused)
            m_count->onRefused(now(), {});
        return;
    }
    if (!waiting)
        return endWith(fail(waiting.error()));
    m_retry.show();
}

/// The server does not give this range: others go on, or a mirror does. The last one is asked again,
/// for one stream only with the last try: that gives up what is here, and has tries of its own.
void Transfer::onRangesUnusable(int connection)
{
    if (goOnWithout(connection, {}))
        return;
    if (m_source.leaveOut())
        return goOnElsewhere(connection);
    const bool isLastTry = m_retry.triesLeft() <= 2; // but for this one
    if (isLastTry && std::exchange(m_joining, Joining::Never) != Joining::Never)
        m_retry.onProgress();
    const QString why = u"%1: the server does not answer ranges as asked"_s;
    onBroken(connection, {ErrorCode::ProtocolViolation, why.arg(m_source.shownUrl())}, {});
}

/// The bytes here are of the earlier file, all of them, and stay so.
void Transfer::onChanged(const ResponseHead &head)
{
    endMarked(JournalRecord::Standing::Changed,
              remoteChanged(m_source.shownUrl(), m_assembly.record().identity, head.identity()));
}

/// The overlap differs. Nothing of the other file was written.
void Transfer::onUnequal(int connection)
{
    if (m_source.leaveOut())
        return goOnElsewhere(connection);
    endMarked(JournalRecord::Standing::Changed, bytesChanged(m_source.shownUrl()));
}

void Transfer::endMarked(JournalRecord::Standing standing, const Error &why)
{
    const auto marked = m_assembly.mark(standing);
    endWith(fail(marked ? why : marked.error()));
}

// ---- a tail that is fetched twice

void Transfer::onCopyCompleted(int connection)
{
    const int original = m_board.tails().originalOf(connection);
    if (const auto taken = m_intake.takeCopy(original, connection); !taken)
        return endWith(fail(taken.error()));
    noteProgress();
    m_board.drop(original);
    endIfComplete();
    fill();
}

void Transfer::onCopyFailed(int connection)
{
    m_board.tails().drop(connection);
    m_count->onRefused(now(), {});
}

void Transfer::onTick()
{
    m_board.sweep();
    if (const auto kept = m_assembly.checkpointIfDue(); !kept)
        return endWith(fail(kept.error()));
    m_board.plan().sample(now());
    m_assembly.showSegmentsIfDue();
    if (m_joining == Joining::Proven) {
        m_board.dropStalled();
        m_board.dropSurplus(m_count->bearable());
        ramp();
    }
    fill();
    readWithinLimit();
}

/// Reads what a limit held back. Each connection is the first in turn, so that none starves.
void Transfer::readWithinLimit()
{
    const bool wasLimited = m_tick.intervalAsDuration() == LimitedTickInterval;
    if (wasLimited != m_intake.isLimited())
        m_tick.setInterval(m_intake.isLimited() ? LimitedTickInterval : TickInterval);
    if (!wasLimited)
        return;
    m_firstToRead = (m_firstToRead + 1) % std::max(1, m_limits.connections);
    for (int i = 0; i < m_limits.connections; ++i)
        onBytes((m_firstToRead + i) % m_limits.connections);
}

void Transfer::ramp()
{
    const qint64 remaining = m_assembly.planner().size() - m_furthest;
    const qint64 bytesPerSecond =
        m_intake.received() * 1000 / std::max<qint64>(1, m_clock.elapsed());
    if (remaining <= std::max(m_limits.tuning.smallestShared, bytesPerSecond / 2)
        || !m_count->sample(now(), m_intake.received(), m_board.plan().opening()))
        return;
    m_board.dropSurplus(m_count->bearable());
    makeRoom();
    fill();
}

void Transfer::endWith(Result<Outcome> result)
{
    if (m_result)
        return;
    m_result = std::move(result);
    m_loop.exit();
}

} // namespace core
