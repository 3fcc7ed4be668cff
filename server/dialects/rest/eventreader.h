#pragma once
#include "server/dialects/native/topicack.h"
#include "server/http/exchange.h"

namespace server {

/// Someone who reads the feed by HTTP. It is deleted soon after `ended`, or with its exchange.
class EventReader
    : public QObject
    , public FeedReader
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(EventReader)
public:
    struct Surroundings {
        const core::JobService &service;
        const core::FlashService &flashes;
        EventFeed &feed;
        const core::Clock &clock;
    };
    /// What becomes of a reader whose position is lost.
    enum class WhenLost { Refuse, SendSnapshot };
    /// What it wants to hear of, and from where on; no position: from its request on.
    struct Wish {
        QList<Topic> topics;
        std::optional<Position> since;
        WhenLost whenLost = WhenLost::Refuse;
        Snapshot snapshot = Snapshot::No; // when there is no position
        core::Milliseconds wait{0}; // long poll
    };

    EventReader(Exchange &exchange, Surroundings surroundings, Wish wish);
    ~EventReader() override;

    /// Subscribes and begins to answer.
    void start();
    /// Looks at the clock; called once a second.
    virtual void tick() = 0;
    /// Ends the answer, whole as it is.
    virtual void end() = 0;

    [[nodiscard]] const core::Principal &principal() const override { return m_who; }
    [[nodiscard]] qint64 unsentBytes() const override { return m_exchange.unsentBytes(); }

signals:
    void ended();

protected:
    /// Everything since `position` follows by takeEvent().
    virtual void begin(const Position &position) = 0;
    /// What was before is said by a snapshot.
    virtual void beginWithSnapshot() = 0;

    [[nodiscard]] Exchange &exchange() { return m_exchange; }
    [[nodiscard]] const Surroundings &surroundings() const { return m_surroundings; }
    [[nodiscard]] const Wish &wish() const { return m_wish; }
    /// The token it came with has ended.
    [[nodiscard]] bool hasExpired() const;
    [[nodiscard]] core::Milliseconds now() const { return m_surroundings.clock.monotonicTime(); }
    /// Leaves the feed and says `ended`; exchange() is not to be used any more.
    void finish();
    [[nodiscard]] bool isFinished() const { return m_isFinished; }

private:
    void subscribe(const Topic &topic);
    void resume(const Position &position);

    Exchange &m_exchange;
    Surroundings m_surroundings;
    Wish m_wish;
    core::Principal m_who;
    bool m_isFinished = false;
};

} // namespace server
