#pragma once
#include "core/jobs/jobregistry.h"
#include "server/feed/feedcounters.h"
#include "server/feed/feedseat.h"
#include "server/feed/feedsnapshots.h"
#include "server/feed/topic.h"

#include <QObject>
#include <QTimer>

#include <map>

namespace server {

/// The registry's stream as frames for subscribers, on two lanes (PROTOCOL.md §1):
///
///   eventsReady ─┬─ step ────► Journal ─► every reader that subscribes and may see it, at once
///                └─ numbers ─► dirty set of each subscription ─► one frame per reader when it is due
///
/// An event is encoded once; readers whose event before was the same share its bytes. Numbers are
/// encoded when they are sent, so nothing queues: the newest value of a job is the only one.
///
/// Threads: the hub thread.
class EventFeed final : public QObject
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(EventFeed)
public:
    static constexpr size_t MaxSubscriptions = 10;
    /// A reader with more unsent gets no progress.
    static constexpr qint64 SlowBytes = qint64(256) << 10;
    /// A reader with more unsent for a second is closed.
    static constexpr qint64 TooSlowBytes = qint64(1) << 20;
    /// What is said in one turn of the loop, as of ten thousand jobs, may be more than that for a moment.
    static constexpr qint64 TooSlowAtOnceBytes = 3 * TooSlowBytes;
    /// A reader that takes nothing for so long is closed.
    static constexpr core::Milliseconds MaxStall = std::chrono::seconds(30);
    /// The most that is replayed; a snapshot costs less than more.
    static constexpr qint64 MaxReplayBytes = qint64(512) << 10;
    static constexpr double MinRateHz = 0.2;
    static constexpr double MaxRateHz = 10;

    enum class NoticeLevel { Message, Warning, Error };

    /// `epoch` as Journal::randomEpoch() makes it.
    EventFeed(core::JobRegistry &registry,
              const core::Clock &clock,
              const FeedCodec &codec,
              QString epoch);
    ~EventFeed() override;

    [[nodiscard]] Position position() const { return m_journal.position(); }
    [[nodiscard]] const Journal &journal() const { return m_journal; }

    /// `reader` must leave() before it ends.
    void join(FeedReader &reader);
    void leave(FeedReader &reader);

    /// Again for the same topic changes its rate. Fails with `LimitExceeded` on the 11th topic and
    /// `InvalidArgument` on a rate outside 0.2 to 10.
    [[nodiscard]] core::Result<void>
    subscribe(FeedReader &reader, const Topic &topic, double rateHz);
    /// Fails with `NotFound` when it was not subscribed.
    [[nodiscard]] core::Result<void> unsubscribe(FeedReader &reader, const Topic &topic);
    struct Subscribed {
        Topic topic;
        double rateHz;
    };
    [[nodiscard]] QList<Subscribed> subscriptions(const FeedReader &reader) const;
    [[nodiscard]] qint64 subscriptionCount() const;

    /// What `reader` with its subscriptions missed since `position`. Fails with `PositionLost`.
    [[nodiscard]] core::Result<std::vector<JournalEntry>> missed(const FeedReader &reader,
                                                                 const Position &position);
    /// Gives it all that, and the newest numbers of what runs. Its `prev` chain begins at `position`.
    void
    replay(FeedReader &reader, const Position &position, const std::vector<JournalEntry> &entries);
    /// The newest numbers of all running jobs will follow when the reader's rate allows it.
    void refreshProgress(FeedReader &reader);

    /// Events on the topic `devices`; for DriveList::changed.
    void tellDrives(const core::DriveEvents &events);
    /// Makes what is no job's the next event; as feedEntry() begins it.
    void tell(JournalEntry entry);
    /// What subscriptions begin with, of topics that are not about jobs or drives.
    [[nodiscard]] FeedSnapshots &snapshots() { return m_snapshots; }
    [[nodiscard]] const FeedSnapshots &snapshots() const { return m_snapshots; }
    /// A `system.notice` for the user's own programs.
    void notice(NoticeLevel level, const QString &text);

    /// Sends the progress that is due. Called by a timer of its own; tests call it too.
    void tick();

    [[nodiscard]] const FeedCounters &counters() const { return m_counters; }
    void countSlowClosed() { ++m_counters.slowClosed; }
    void countLost() { ++m_counters.lost; }

private:
    using Instant = std::chrono::steady_clock::time_point;

    void onEvents(const core::JobEvents &events);
    void onAdded(const core::JobAdded &added);
    void onChanged(const core::JobChanged &changed);
    void onRemoved(const core::JobRemoved &removed);
    void publish(JournalEntry entry);
    void deliverToAll(JournalEntry entry);
    void deliver(FeedSeat &seat, const JournalEntry &entry);
    [[nodiscard]] const Frame &frameFor(const JournalEntry &entry, quint64 prev);
    void mark(const core::JobSnapshot &job);
    void forgetProgress(core::JobId id);
    void sendProgress(FeedSeat &seat, core::Milliseconds now);
    [[nodiscard]] const Frame &progressFrame(const std::vector<ProgressRow> &rows);
    void wakeAt(core::Milliseconds due);
    [[nodiscard]] FeedSeat *seatOf(const FeedReader &reader) const;
    [[nodiscard]] std::vector<FeedReader *> readers() const;
    void updateViewer(FeedSeat &seat);

    core::JobRegistry &m_registry;
    const core::Clock &m_clock;
    const FeedCodec &m_codec;
    Journal m_journal;
    QList<JournalEntry> m_published; // not yet given to all
    std::map<const FeedReader *, std::unique_ptr<FeedSeat>> m_seats;
    FeedSnapshots m_snapshots;
    QTimer m_timer;
    std::optional<core::Milliseconds> m_nextDue; // of all subscriptions with something to send
    FeedCounters m_counters;
    Instant m_receivedAt;
    // The frames made last: most readers need the same one.
    quint64 m_lastEventSeq = 0;
    quint64 m_lastEventPrev = 0;
    std::optional<Frame> m_lastEvent;
    std::vector<ProgressRow> m_lastRows;
    std::optional<Frame> m_lastProgress;
};

} // namespace server
