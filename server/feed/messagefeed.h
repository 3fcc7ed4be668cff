#pragma once
#include "core/jobs/jobregistry.h"
#include "server/feed/feedcounters.h"
#include "server/feed/messagecodec.h"
#include "server/feed/messagereader.h"

#include <QObject>
#include <QSet>
#include <QTimer>

#include <map>
#include <set>

namespace server {

/// The registry's stream as the messages of one compatibility dialect (PROTOCOL.md §3):
///
///   join ─────────────────► introductions ─┐
///   eventsReady ─┬─ numbers ─► newest only ─┴─► when due and the reader keeps up
///                └─ step ────► every reader that may see the job, at once
///
/// Nothing queues here: what waits is ids, and its message is made when it is sent.
///
/// Threads: the hub thread.
class MessageFeed final : public QObject
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(MessageFeed)
public:
    /// Between two rounds of numbers for a reader: ten a second.
    static constexpr core::Milliseconds Interval{100};

    MessageFeed(core::JobRegistry &registry, const core::Clock &clock, const MessageCodec &codec);
    ~MessageFeed() override;

    /// What the codec greets with follows from tick(). `reader` must leave() before it ends.
    void join(MessageReader &reader);
    void leave(MessageReader &reader);
    /// Sends what is due. Called by a timer of its own; tests call it too.
    void tick();

    [[nodiscard]] const FeedCounters &counters() const { return m_counters; }
    void countSlowClosed() { ++m_counters.slowClosed; }

private:
    struct Seat {
        MessageReader *reader = nullptr;
        std::set<core::JobId> unmet; // to be introduced
        std::set<core::JobId> dirty;
        core::Milliseconds dueAt{0}; // monotonic
        [[nodiscard]] bool waits() const { return !unmet.empty() || !dirty.empty(); }
    };

    void onEvents(const core::JobEvents &events);
    void onChanged(const core::JobChanged &changed);
    void onRemoved(const core::JobRemoved &removed);
    void tell(core::JobId id, const QString &owner, const QByteArrayList &messages);
    void mark(const core::JobSnapshot &job);
    void sendDue(MessageReader &reader, core::Milliseconds now);
    bool sendNext(Seat &seat);
    [[nodiscard]] const QByteArrayList &numbersOf(const core::JobSnapshot &job);
    void scheduleTick();
    [[nodiscard]] Seat *seatOf(const MessageReader &reader);
    [[nodiscard]] std::vector<MessageReader *> readers() const;

    core::JobRegistry &m_registry;
    const core::Clock &m_clock;
    const MessageCodec &m_codec;
    std::map<const MessageReader *, Seat> m_seats;
    QSet<core::JobId> m_covered; // kept while anyone listens
    QHash<core::JobId, QByteArrayList> m_numbers; // of this round
    QTimer m_timer;
    FeedCounters m_counters;
};

} // namespace server
