#include "server/dialects/native/nativedialect.h"

#include "server/dialects/jsonrequest.h"
#include "server/dialects/native/jsonrpc.h"

#include <QPointer>

namespace server {

using namespace Qt::StringLiterals;

NativeDialect::NativeDialect(Surroundings surroundings)
    : m_surroundings(surroundings)
    , m_sessions(this)
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
        {.asksByMessage = true,
         .allowsUnpairedExtension = true,
         .subprotocols = {u"dray.v1"_s},
         .farewell =
             [] {
                 return byeMessage({Ending::Crowded, u"too many connections"_s});
             }},
        [this](std::unique_ptr<WebSocketSession> socket) { adopt(std::move(socket)); });
    router.add("POST", u"/api/v1/rpc"_s, {}, [this](Exchange &exchange) { answerPost(exchange); });
}

void NativeDialect::adopt(std::unique_ptr<WebSocketSession> socket)
{
    const Surroundings &s = m_surroundings;
    const qint64 expiresAt = socket->request().tokenExpiresAt;
    const NativeSession::Surroundings around{s.methods, s.service,  s.flashes,  s.feed,  s.access,
                                             s.clock,   m_counters, s.pairings, s.agents};
    m_sessions.keep(std::make_unique<NativeSession>(std::move(socket), around, expiresAt),
                    &NativeSession::closed);
}

void NativeDialect::sayGoodbye()
{
    for (NativeSession *session : m_sessions.all())
        session->end({Ending::Shutdown, u"the program ends"_s});
}

void NativeDialect::tick()
{
    for (NativeSession *session : m_sessions.all())
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
    for (NativeSession *session : m_sessions.all())
        if (session->tokenId() == tokenId)
            session->end({Ending::Revoked, u"the token was revoked"_s});
}

} // namespace server
