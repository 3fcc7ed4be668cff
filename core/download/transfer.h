#pragma once
#include "core/download/connectionramp.h"
#include "core/download/fileassembly.h"
#include "core/download/probe.h"
#include "core/download/speedlimits.h"
#include "core/jobs/jobworker.h"

#include <QElapsedTimer>

#include <map>

namespace core {

/// Fetches what is missing of a file, with one request or several.
///
///   the probe's open answer becomes the first segment
///   every answer of another segment → accept rule → its bytes go to the assembly, or nothing does
///   a segment that is done takes the next free bytes, else half of the largest lease
///   a broken one gives its bytes back; nothing left running → wait, try again
///   no ranges to be had (any more) → one stream from byte 0
///
/// A failure while other segments run costs only that connection. Bytes of another file (validator
/// or size differ) void the part and fail with `RemoteChanged`.
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
    };

    Transfer(DownloadSource &source, FileAssembly &assembly, ProgressCell &progress, Limits limits);
    ~Transfer() override;

    /// `first` is open and accepted. `Completed` when every byte is written.
    [[nodiscard]] Result<Outcome> run(Probe::Answer first, const std::stop_token &stop);

private:
    struct Segment {
        int connection = 0;
        RangePlanner::LeaseId lease = 0;
        AskedRange asked;
        std::unique_ptr<HttpFetch> fetch;
        /// The next byte this request brings.
        qint64 position = 0;
        bool isAccepted = false;
    };
    using Segments = std::map<int, Segment>;

    void adopt(Probe::Answer first);
    void attach(Segment &segment);
    void fill();
    [[nodiscard]] int allowedSegments() const;
    [[nodiscard]] qint64 leaseBytes() const;
    [[nodiscard]] std::optional<RangePlanner::Lease> nextLease();
    void startSegment(const RangePlanner::Lease &lease);
    void makeRoom();

    void onHead(int connection, const ResponseHead &head);
    void beginStream(Segment &segment, const ResponseHead &head);
    void onBytes(int connection);
    [[nodiscard]] bool readSome(Segment &segment);
    void noteProgress();
    void onEnded(int connection, const FetchEnd &end);
    void onRefused(int connection, const ResponseHead &head);
    void onBroken(int connection, const Error &why, std::chrono::milliseconds retryAfter);
    void onRangesUnusable(int connection);
    void onChanged(const ResponseHead &head);
    void onTick();
    void ramp();
    [[nodiscard]] bool isLimited() const;
    void readWithinLimit();

    void drop(int connection);
    void endIfComplete();
    void endWith(Result<Outcome> result);

    DownloadSource &m_source;
    FileAssembly &m_assembly;
    ProgressCell &m_progress;
    const Limits m_limits;
    ConnectionRamp m_ramp;
    RetryWait m_retry;
    QEventLoop m_loop;
    QTimer m_tick;
    QElapsedTimer m_clock;
    Segments m_segments; ///< by connection number
    std::vector<std::unique_ptr<HttpFetch>> m_dropped; ///< destroyed outside their own signals
    std::vector<char> m_buffer;
    /// Ranges are answered with ranges, and a validator proves what they belong to.
    bool m_canJoin = false;
    qint64 m_received = 0;
    int m_firstToRead = 0;
    /// Most bytes that were ever done at once in this run.
    qint64 m_furthest = 0;
    std::chrono::milliseconds m_shownAt{0};
    std::optional<Result<Outcome>> m_result;
};

} // namespace core
