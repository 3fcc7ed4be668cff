#include "server/dialects/rest/eventreader.h"

#include "server/dialects/jsonrequest.h"

namespace server {

EventReader::EventReader(Exchange &exchange, Surroundings surroundings, Wish wish)
    : m_exchange(exchange)
    , m_surroundings(surroundings)
    , m_wish(std::move(wish))
    , m_who(exchange.request().principal.value_or(core::Principal()))
{
    connect(&exchange, &Exchange::closed, this, &EventReader::finish);
}

EventReader::~EventReader()
{
    m_surroundings.feed.leave(*this);
}

void EventReader::start()
{
    EventFeed &feed = m_surroundings.feed;
    feed.join(*this);
    for (const Topic &topic : m_wish.topics)
        subscribe(topic);
    if (m_wish.since)
        resume(*m_wish.since);
    else if (m_wish.snapshot == Snapshot::Yes)
        beginWithSnapshot();
    else
        begin(feed.position());
}

void EventReader::resume(const Position &position)
{
    EventFeed &feed = m_surroundings.feed;
    const auto missed = feed.missed(*this, position);
    if (missed) {
        begin(position);
        feed.replay(*this, position, *missed);
        return;
    }
    feed.countLost();
    if (m_wish.whenLost == WhenLost::SendSnapshot) {
        beginWithSnapshot();
        return;
    }
    m_exchange.respond(problemOf(missed.error()));
    finish();
}

/// The topics were checked before: at most ten, and the rate is right.
void EventReader::subscribe(const Topic &topic)
{
    const auto subscribed = m_surroundings.feed.subscribe(*this, topic, EventFeed::MaxRateHz);
    Q_ASSERT(subscribed);
}

void EventReader::finish()
{
    if (std::exchange(m_isFinished, true))
        return;
    m_surroundings.feed.leave(*this);
    emit ended();
}

bool EventReader::hasExpired() const
{
    const qint64 at = m_exchange.request().tokenExpiresAt;
    return at > 0 && m_surroundings.clock.wallTime().count() >= at;
}

} // namespace server
