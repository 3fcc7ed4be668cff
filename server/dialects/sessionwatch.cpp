#include "server/dialects/sessionwatch.h"

#include "server/feed/eventfeed.h"

#include <utility>

namespace server {

using namespace Qt::StringLiterals;

SessionWatch::SessionWatch(const core::Clock &clock)
    : m_clock(clock)
    , m_openedAt(clock.monotonicTime())
    , m_heardAt(m_openedAt)
    , m_sentAt(m_openedAt)
    , m_drainedAt(m_openedAt)
{ }

void SessionWatch::ponged(RoundTripHistogram &roundTrips)
{
    if (m_pingedAt)
        roundTrips.add(m_clock.monotonicTime() - *m_pingedAt);
    m_pingedAt.reset();
}

std::optional<Ending> SessionWatch::overdue(qint64 unsentBytes)
{
    const core::Milliseconds now = m_clock.monotonicTime();
    if (unsentBytes == 0)
        m_drainedAt = now;
    if (now - m_heardAt >= SilenceLimit)
        return Ending{Ending::NoHeartbeat, u"nothing came for 45 seconds"_s};
    if (now - m_drainedAt >= EventFeed::MaxStall)
        return Ending{Ending::TooSlow, u"nothing was read for 30 seconds"_s};
    const bool isOverfull = unsentBytes > EventFeed::TooSlowBytes;
    if (std::exchange(m_isOverfull, isOverfull) && isOverfull)
        return Ending{Ending::TooSlow, u"more than 1 MiB is unread"_s};
    return std::nullopt;
}

std::optional<Ending> SessionWatch::overfull(qint64 unsentBytes)
{
    if (unsentBytes <= EventFeed::TooSlowAtOnceBytes)
        return std::nullopt;
    return Ending{Ending::TooSlow, u"more than 3 MiB is unread"_s};
}

} // namespace server
