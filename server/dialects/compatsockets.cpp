#include "server/dialects/compatsockets.h"

namespace server {

using namespace Qt::StringLiterals;

CompatSockets::CompatSockets(Surroundings surroundings, CompatHandler &handler)
    : m_surroundings(surroundings)
    , m_handler(handler)
    , m_sessions(this)
    , m_timer(this)
{
    connect(&m_surroundings.access, &Access::revoked, this, &CompatSockets::onRevoked);
    connect(&m_timer, &QTimer::timeout, this, &CompatSockets::tick);
    m_timer.start(std::chrono::seconds(1));
}

void CompatSockets::addRoute(Router &router, const QString &pattern)
{
    const auto refusal = [this] {
        return m_handler.errorMessage(
            {core::ErrorCode::Unauthorized, u"a valid token is needed"_s});
    };
    const auto farewell = [this] {
        return m_handler.errorMessage({core::ErrorCode::LimitExceeded, u"too many connections"_s});
    };
    // A browser fails a socket whose subprotocols are not answered, and a token may be one of them.
    router.addSocket(
        pattern,
        {.takesQueryToken = true,
         .subprotocols = {u"dray.v1"_s},
         .takesOtherSubprotocols = true,
         .refusal = refusal,
         .farewell = farewell},
        [this](std::unique_ptr<WebSocketSession> socket) { adopt(std::move(socket)); });
}

void CompatSockets::adopt(std::unique_ptr<WebSocketSession> socket)
{
    const CompatSession::Surroundings around{m_surroundings.feed, m_surroundings.clock, m_handler,
                                             m_counters};
    CompatSession &session = m_sessions.keep(
        std::make_unique<CompatSession>(std::move(socket), around), &CompatSession::closed);
    connect(&session, &CompatSession::closed, this,
            [this, gone = &session] { m_handler.forget(*gone); });
    m_handler.open(session);
}

void CompatSockets::sayGoodbye()
{
    for (CompatSession *session : m_sessions.all())
        session->end({Ending::Shutdown, u"the program ends"_s});
}

void CompatSockets::tick()
{
    for (CompatSession *session : m_sessions.all())
        session->tick();
}

void CompatSockets::onRevoked(const QString &tokenId)
{
    for (CompatSession *session : m_sessions.all())
        if (session->request().tokenId == tokenId)
            session->end({Ending::Revoked, u"the token was revoked"_s});
}

} // namespace server
