#include "server/dialects/socketio/socketiodialect.h"

#include "server/dialects/socketio/progressroute.h"
#include "server/feed/journal.h"

namespace server {

using namespace Qt::StringLiterals;

SocketIoDialect::SocketIoDialect(Surroundings surroundings)
    : m_surroundings(surroundings)
    , m_feed(surroundings.registry, surroundings.clock, Journal::randomEpoch())
    , m_reports(
          surroundings.service.externalJobs(), surroundings.registry, m_feed, surroundings.clock)
    , m_workflows(surroundings.workflows, m_feed, surroundings.clock)
    , m_engines(surroundings.clock,
                surroundings.maxConnections,
                [this](EngineSession &engine) { adopt(engine); })
    , m_sessions(this)
    , m_timer(this)
{
    connect(&m_surroundings.access, &Access::revoked, this, &SocketIoDialect::onRevoked);
    connect(&m_timer, &QTimer::timeout, this, &SocketIoDialect::tick);
    m_timer.start(std::chrono::seconds(1));
}

SocketIoDialect::~SocketIoDialect() = default;

void SocketIoDialect::addRoutes(Router &router)
{
    m_engines.addRoutes(router);
    router.add("GET", u"/api/method/ai_assistant.api.get_progress"_s,
               {.takesQueryToken = true, .takesSidCookie = true}, [this](Exchange &exchange) {
                   const Response answer =
                       progressSince(m_feed.conversations(), exchange.request());
                   exchange.respond(forPages(answer, exchange.request()));
               });
}

void SocketIoDialect::sayGoodbye()
{
    for (SocketIoSession *session : m_sessions.all())
        session->end({Ending::Shutdown, u"the program ends"_s});
}

void SocketIoDialect::tick()
{
    m_engines.tick();
    for (SocketIoSession *session : m_sessions.all())
        session->tick();
}

void SocketIoDialect::adopt(EngineSession &engine)
{
    const SocketIoSession::Surroundings around{
        m_surroundings.methods, m_reports, m_feed, m_surroundings.access,
        m_surroundings.clock,   m_counters};
    SocketIoSession &session = m_sessions.keep(std::make_unique<SocketIoSession>(engine, around),
                                               &SocketIoSession::closed);
    connect(&session, &SocketIoSession::connected, this,
            [this, &engine] { m_engines.keep(engine); });
}

void SocketIoDialect::onRevoked(const QString &tokenId)
{
    for (SocketIoSession *session : m_sessions.all())
        if (session->isOf(tokenId))
            session->expel({Ending::Revoked, u"the token was revoked"_s});
}

} // namespace server
