#pragma once
#include "server/dialects/rest/eventreader.h"

namespace server {

/// The feed for who has neither WebSocket nor SSE: one answer per request.
///
///   `{"epoch","seq","recovered":true,"events":[…],"progress"?:{…}}`     `seq` is the next `since`
///   `{"epoch","seq","recovered":false,"events":[],"topics":[acks with snapshots]}`
///
/// It is answered as soon as there is an event, else when `wait` is over. `progress` has the numbers of
/// what runs.
class LongPoll final : public EventReader
{
    Q_OBJECT
public:
    LongPoll(Exchange &exchange, Surroundings surroundings, Wish wish);

    void tick() override;
    void end() override;
    void takeEvent(quint64 seq, const Frame &frame) override;
    void takeProgress(const Frame &) override { }

private:
    void begin(const Position &position) override;
    void beginWithSnapshot() override;
    /// Answers in the next turn, with all that this turn brings.
    void answerSoon();
    void answer();
    [[nodiscard]] bool wantsProgressOf(const core::JobSnapshot &job) const;
    [[nodiscard]] QByteArray progress() const;

    core::Milliseconds m_answerAt{0};
    QList<QByteArray> m_events;
    bool m_isAnswering = false;
};

} // namespace server
