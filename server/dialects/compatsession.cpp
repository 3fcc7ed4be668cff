#include "server/dialects/compatsession.h"

namespace server {

using namespace Qt::StringLiterals;

CompatSession::CompatSession(std::unique_ptr<WebSocketSession> socket, Surroundings surroundings)
    : m_surroundings(surroundings)
    , m_socket(std::move(socket))
    , m_who(m_socket->request().principal.value_or(core::Principal()))
    , m_watch(surroundings.clock)
{
    ++m_surroundings.counters.open;
    connect(m_socket.get(), &WebSocketSession::received, this, &CompatSession::onReceived);
    connect(m_socket.get(), &WebSocketSession::heard, this, [this] { m_watch.heard(); });
    connect(m_socket.get(), &WebSocketSession::drained, this, [this] { m_watch.drained(); });
    connect(m_socket.get(), &WebSocketSession::closed, this, &CompatSession::closed);
    m_surroundings.feed.join(*this);
}

CompatSession::~CompatSession()
{
    m_surroundings.feed.leave(*this);
    --m_surroundings.counters.open;
}

void CompatSession::send(const QByteArray &message)
{
    if (m_isEnding || message.isEmpty())
        return;
    ++m_surroundings.counters.replies;
    m_surroundings.counters.replyBytes += message.size();
    write(message);
}

void CompatSession::tick()
{
    if (m_isEnding)
        return;
    const qint64 expiresAt = m_socket->request().tokenExpiresAt;
    if (expiresAt != 0 && m_surroundings.clock.wallTime().count() >= expiresAt)
        end({Ending::Unauthorized, u"the token has expired"_s});
    else if (const auto ending = m_watch.overdue(m_socket->unsentBytes()))
        endAsSlow(*ending);
}

void CompatSession::end(const Ending &ending)
{
    if (std::exchange(m_isEnding, true))
        return;
    m_surroundings.feed.leave(*this);
    m_socket->close(ending.code, ending.reason);
}

/// Every message goes out here.
void CompatSession::write(const QByteArray &message)
{
    if (m_isEnding)
        return;
    m_socket->send(message);
    if (const auto ending = SessionWatch::overfull(m_socket->unsentBytes()))
        endAsSlow(*ending);
}

void CompatSession::endAsSlow(const Ending &ending)
{
    if (ending.code == Ending::TooSlow)
        m_surroundings.feed.countSlowClosed();
    end(ending);
}

void CompatSession::onReceived(const QByteArray &utf8)
{
    if (m_isEnding)
        return;
    ++m_surroundings.counters.received;
    m_surroundings.counters.receivedBytes += utf8.size();
    m_watch.heard();
    if (m_surroundings.handler.isCounted(*this, utf8)) {
        const auto verdict = m_budget.take(m_surroundings.clock.monotonicTime());
        if (verdict != MessageBudget::Verdict::Allowed)
            return refuse(verdict);
    }
    m_surroundings.handler.take(*this, utf8);
}

void CompatSession::refuse(MessageBudget::Verdict verdict)
{
    ++m_surroundings.counters.refused;
    send(m_surroundings.handler.errorMessage(
        {core::ErrorCode::RateLimited, u"100 a minute, 30 at once"_s}));
    if (verdict == MessageBudget::Verdict::RefusedForGood)
        end({Ending::TooManyMessages, u"too many messages"_s});
}

} // namespace server
