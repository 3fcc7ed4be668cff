#pragma once
#include "core/download/connectioncount.h"
#include "core/download/probe.h"
#include "core/download/segmentintake.h"
#include "core/jobs/jobworker.h"

#include <QElapsedTimer>

namespace core {

/// Fetches what is missing of a file, with one request or several.
///
///   the probe's open answer becomes the first segment
///   every answer of another segment → accept rule → its bytes go to the assembly, or nothing does
///   a segment that is done takes what ReadingOrder or else TransferPlan says
///   a stalled tail is fetched a second time; both must bring the same bytes, the first wins
///   a request that is far slower than the others, or silent, is asked again
///   a broken one gives its bytes back; nothing left running → wait, try again
///   an answer without a validator that proves it → bytes that are here are compared first
///   the server fails and there are mirrors → the next one goes on, proven by comparison
///   no ranges to be had (any more), however often they are asked for → one stream from byte 0
///
/// A failure while other segments run costs only that connection. An answer about another file
/// (validator or size differ) fails with `RemoteChanged` and leaves the bytes as they are; bytes that
/// differ from those here void the part.
/// Threads: made and run on the job's thread, in a local event loop.
class Transfer final : public QObject
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(Transfer)
public:
    struct Limits {
        int connections = 1;
        std::shared_ptr<SpeedLimits::Share> speed; ///< null: no limit
        RetryPolicy retry;
        TransferTuning tuning;
        /// Null: nobody else counts.
        std::shared_ptr<ConnectionBudget> budget;
    };

    Transfer(DownloadSource &source, FileAssembly &assembly, ProgressCell &progress, Limits limits);

    /// `first` is open and accepted. `Completed` when every byte is written.
    [[nodiscard]] Result<Outcome> run(Probe::Answer first, const std::stop_token &stop);

private:
    using Segment = SegmentBoard::Segment;
    using Joining = SegmentBoard::Joining;
    using Step = SegmentIntake::Step;

    void countConnections(const QUrl &url);
    void adopt(Probe::Answer first);
    void fill();
    [[nodiscard]] qint64 leaseBytes();
    void makeRoom() { m_assembly.planner().shrinkAll(leaseBytes()); }

    void onCopyCompleted(int connection);
    void onCopyFailed(int connection);
    void onDiffered()
    {
        endMarked(JournalRecord::Standing::Void, bytesChanged(m_source.shownUrl()));
    }

    void onHead(int connection, const ResponseHead &head);
    void beginStream(Segment &segment, const ResponseHead &head);
    void onUnproven(Segment &segment, const ResponseHead &head);
    void onBytes(int connection);
    [[nodiscard]] bool readSome(Segment &segment);
    void noteProgress();
    void onEnded(int connection, const FetchEnd &end);
    [[nodiscard]] bool goOnWithout(int connection, std::chrono::milliseconds retryAfter);
    void onRefused(int connection, const ResponseHead &head);
    void goOnElsewhere(int connection);
    void onBroken(int connection, const Error &why, std::chrono::milliseconds retryAfter);
    void onRangesUnusable(int connection);
    void onChanged(const ResponseHead &head);
    void onUnequal(int connection);
    void onTick();
    void ramp();
    [[nodiscard]] std::chrono::milliseconds now() const
    {
        return std::chrono::milliseconds(m_clock.elapsed());
    }
    void readWithinLimit();

    void endIfComplete()
    {
        if (m_assembly.planner().isComplete())
            endWith(Outcome::Completed);
    }
    void endMarked(JournalRecord::Standing standing, const Error &why);
    void endWith(Result<Outcome> result);

    DownloadSource &m_source;
    FileAssembly &m_assembly;
    ProgressCell &m_progress;
    const Limits m_limits;
    std::unique_ptr<ConnectionCount> m_count; ///< set while it runs
    RetryWait m_retry;
    QEventLoop m_loop;
    QTimer m_tick;
    QElapsedTimer m_clock;
    SegmentBoard m_board;
    SegmentIntake m_intake;
    Joining m_joining = Joining::Never;
    int m_firstToRead = 0;
    /// Most bytes that were ever done at once in this run.
    qint64 m_furthest = 0;
    std::optional<Result<Outcome>> m_result;
};

} // namespace core
