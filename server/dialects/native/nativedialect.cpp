#include "server/dialects/native/nativedialect.h"

#include "server/dialects/jsonrequest.h"

#include <QPointer>

namespace server {

using namespace Qt::StringLiterals;

NativeDialect::NativeDialect(Surroundings surroundings)
    : m_surroundings(surroundings)
    , m_timer(this)
{
    connect(&m_surroundings.access, &Access::revoked, this, &NativeDialect::onRevoked);
    connect(&m_timer, &QTimer::timeout, this, &NativeDialect::tick);
    m_timer.start(std::chrono::seconds(1));
}

NativeDialect::~NativeDialect() = default;

void NativeDialect::addRoutes(Router &router)
{
    router.addSocket(
        u"/api/v1/ws"_s,
        {.asksByMessage = true, .allowsUnpairedExtension = true, .subprotocols = {u"dray.v1"_s}},
        [this](std::unique_ptr<WebSocketSession> socket) { adopt(std::move(socket)); });
    router.add("POST", u"/api/v1/rpc"_s, {}, [this](Exchange &exchange) { answerPost(exchange); });
}

void NativeDialect::adopt(std::unique_ptr<WebSocketSession> socket)
{
    const Surroundings &s = m_surroundings;
    const qint64 expiresAt = socket->request().tokenExpiresAt;
    auto session = std::make_unique<NativeSession>(
        std::move(socket),
        NativeSession::Surroundings{s.methods, s.service, s.flashes, s.feed, s.access, s.clock,
                                    m_counters},
        expiresAt);
    connect(session.get(), &NativeSession::closed, this,
            [this, closed = session.get()] { forget(closed); });
    m_sessions.push_back(std::move(session));
}

void NativeDialect::sayGoodbye()
{
    for (NativeSession *session : sessions())
        session->end({Ending::Shutdown, u"the program ends"_s});
}

void NativeDialect::tick()
{
    for (NativeSession *session : sessions())
        session->tick();
}

/// The same methods without a connection: what belongs to one is not there.
void NativeDialect::answerPost(Exchange &exchange)
{
    const Request &request = exchange.request();
    if (const auto refusal = refuseUnlessJson(request))
        return exchange.respond(*refusal);
    runMessage(
        parseMessage(request.body),
        [&](const RpcCall &call, const RpcAnswer &answer) {
            if (!m_surroundings.methods.scopeOf(call.method))
                return answer(tl::unexpected(methodNotFound(call.method)));
            m_surroundings.methods.call(*request.principal, call.method, call.params,
                                        [answer](const core::Result<QByteArray> &result) {
                                            answer(result.map_error(rpcError));
                                        });
        },
        [pending = QPointer(&exchange)](const QByteArray &reply) {
            if (Exchange *open = pending.data())
                open->respond(reply.isEmpty() ? Response{.status = 204} : jsonResponse(reply));
        });
}

void NativeDialect::onRevoked(const QString &tokenId)
{
    for (NativeSession *session : sessions())
        if (session->tokenId() == tokenId)
            session->end({Ending::Revoked, u"the token was revoked"_s});
}

/// A session that is over goes in a later turn: it may be in the middle of a call.
void NativeDialect::forget(const NativeSession *session)
{
    const auto found = std::find_if(m_sessions.begin(), m_sessions.end(),
                                    [session](const auto &s) { return s.get() == session; });
    if (found == m_sessions.end())
        return;
    m_gone.push_back(std::move(*found));
    m_sessions.erase(found);
    QMetaObject::invokeMethod(
        this, [this] { m_gone.clear(); }, Qt::QueuedConnection);
}

/// Those who are here, for loops in which they may end.
std::vector<NativeSession *> NativeDialect::sessions() const
{
    std::vector<NativeSession *> list;
    for (const auto &session : m_sessions)
        list.push_back(session.get());
    return list;
}

} // namespace server
