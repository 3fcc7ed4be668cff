#pragma once
#include "core/jobs/jobregistry.h"
#include "server/dialects/socketio/conversations.h"
#include "server/feed/feedcounters.h"
#include "server/feed/messagereader.h"

#include <QTimer>

#include <set>

namespace server {

/// `ai_progress` to everyone it concerns, and to what is kept for those who ask.
///
///   tell ─────────► every reader of that owner, at once
///   tellNumbers ──► the newest of each job, ten times a second, when the reader keeps up
///
/// Whatever is told goes through here; a source needs nothing but these two calls.
///
/// Threads: the hub thread.
class AiFeed final : public QObject
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(AiFeed)
public:
    using Update = Conversations::Update;
    /// Between two rounds of numbers for a reader.
    static constexpr core::Milliseconds Interval{100};

    AiFeed(core::JobRegistry &registry, const core::Clock &clock, const QString &epoch);
    ~AiFeed() override;

    /// Nothing was told before. `reader` must leave() before it ends. It hears its own owner's.
    void join(MessageReader &reader);
    void leave(MessageReader &reader);

    /// What must not be lost. Numbers that wait about the job are out of date with that.
    void tell(const Update &update);
    void tellNumbers(const Update &update);
    /// Sends what is due. Called by a timer of its own; tests call it too.
    void tick();

    [[nodiscard]] Conversations &conversations() { return m_conversations; }
    [[nodiscard]] const FeedCounters &counters() const { return m_counters; }
    void countSlowClosed() { ++m_counters.slowClosed; }

private:
    using Key = std::pair<QString, QString>; // owner, job
    struct Seat {
        MessageReader *reader = nullptr;
        std::set<Key> dirty;
        core::Milliseconds dueAt{0}; // monotonic
    };

    [[nodiscard]] static bool concerns(const MessageReader &reader, const QString &owner);
    void sendDue(const MessageReader *reader, core::Milliseconds now);
    void scheduleTick();
    [[nodiscard]] std::vector<const MessageReader *> readers() const;

    core::JobRegistry &m_registry;
    const core::Clock &m_clock;
    Conversations m_conversations;
    std::map<const MessageReader *, Seat> m_seats;
    std::map<Key, QByteArray> m_numbers; // packets, while anyone waits for them
    QTimer m_timer;
    FeedCounters m_counters;
};

} // namespace server
