#pragma once
#include "core/download/fileassembly.h"
#include "core/download/probe.h"
#include "core/download/readingorder.h"
#include "core/download/tailrescue.h"

#include <QElapsedTimer>

namespace core {

/// The requests of one transfer, and what each of them fetches.
///
///   a free connection takes what a reader waits for, else the first free bytes, else a part of the slowest lease, else a stalled
///   tail a second time (TransferPlan decides)
///
/// Connections are numbered from 0; a number is used again when its request has ended.
/// Threads: lives on the job's thread.
class SegmentBoard final : public QObject
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(SegmentBoard)
public:
    struct Segment {
        int connection = 0;
        RangePlanner::LeaseId lease = 0;
        AskedRange asked;
        std::unique_ptr<HttpFetch> fetch;
        /// The next byte this request brings; before its lease while it brings the overlap.
        qint64 position = 0;
        bool isAccepted = false;
        /// Bytes that are here come first and prove what follows.
        bool hasProof = false;
        /// Who answered, when only the overlap can prove that it is the same file.
        std::optional<RemoteIdentity> unproven;
    };
    /// What lets the bytes of two answers become one file.
    enum class Joining {
        /// Nothing: ranges are not answered with ranges. One stream, from byte 0.
        Never,
        /// Bytes that are here already, asked for again. One request at a time.
        Compared,
        /// Validators.
        Proven,
    };
    /// How the file can be fetched at this moment.
    struct Mode {
        Joining joining = Joining::Never;
        bool mayCopy = false;
        qint64 leaseBytes = RangePlanner::UnknownSize;
    };

    /// All must outlive this.
    SegmentBoard(DownloadSource &source,
                 FileAssembly &assembly,
                 const TransferTuning &tuning,
                 const QElapsedTimer &clock);
    ~SegmentBoard() override;

    /// Takes over a request that is open and accepted, as connection 0. Signals that it emitted
    /// before are not repeated.
    Segment &adopt(Probe::Answer first);
    /// Gives a free connection something to do. False when there is nothing worth it.
    [[nodiscard]] bool startNext(const Mode &mode);
    /// The segment fetches another lease with the request it has.
    void onLeaseChanged(const Segment &segment);
    void drop(int connection);
    /// Closes requests until at most `most` are open.
    void dropSurplus(int most);
    /// Closes requests that are silent or far too slow; their bytes are free.
    void dropStalled();
    void clear();
    /// Destroys what was dropped; not to be called inside a signal of a request.
    void sweep();

    [[nodiscard]] Segment *find(int connection);
    [[nodiscard]] Segment &at(int connection) { return m_segments.at(connection); }
    [[nodiscard]] int count() const { return int(m_segments.size()); }
    /// With the second requests for tails.
    [[nodiscard]] int openRequests() const { return count() + m_tails.count(); }
    [[nodiscard]] TransferPlan &plan() { return m_plan; }
    [[nodiscard]] TailRescue &tails() { return m_tails; }
    [[nodiscard]] ReadingOrder &order() { return m_order; }

signals:
    void headReady(int connection, const core::ResponseHead &head);
    void bytesReady(int connection);
    void ended(int connection, const core::FetchEnd &end);

private:
    [[nodiscard]] std::optional<RangePlanner::Lease> nextLease(const Mode &mode);
    void startSegment(const RangePlanner::Lease &lease, Joining joining);
    void attach(Segment &segment);
    [[nodiscard]] int freeConnection() const;
    [[nodiscard]] std::chrono::milliseconds now() const;

    DownloadSource &m_source;
    FileAssembly &m_assembly;
    const QElapsedTimer &m_clock;
    ReadingOrder m_order;
    TransferPlan m_plan;
    TailRescue m_tails;
    std::map<int, Segment> m_segments; ///< by connection number
    std::vector<std::unique_ptr<HttpFetch>> m_dropped; ///< destroyed outside their own signals
};

} // namespace core
