#include "server/http/outbox.h"

#include "server/http/upgradedsession.h"

namespace server {

using std::chrono::ceil;
using std::chrono::milliseconds;
using std::chrono::steady_clock;

Outbox::Outbox()
{
    m_timer.setSingleShot(true);
    m_timer.setTimerType(Qt::PreciseTimer);
    QObject::connect(&m_timer, &QTimer::timeout, &m_timer, [this] { flush(); });
}

void Outbox::add(UpgradedSession &session)
{
    m_waiting.emplace_back(&session);
    if (m_timer.isActive())
        return;
    const auto left = m_flushedAt + Moment - steady_clock::now();
    m_timer.start(std::max(ceil<milliseconds>(left), milliseconds(0)));
}

void Outbox::flush()
{
    m_flushedAt = steady_clock::now();
    // A flush may end sessions, and let others send.
    for (const auto &session : std::exchange(m_waiting, {}))
        if (session)
            session->flush();
}

} // namespace server
