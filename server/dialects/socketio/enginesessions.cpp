#include "server/dialects/socketio/enginesessions.h"

#include "server/http/access.h"
#include "server/http/refusals.h"

#include <QRandomGenerator>

namespace server {

using namespace Qt::StringLiterals;

namespace {

/// 192 random bits.
QByteArray makeSid()
{
    std::array<quint32, 6> words{};
    QRandomGenerator::system()->fillRange(words.data(), qsizetype(words.size()));
    return QByteArray(reinterpret_cast<const char *>(words.data()), sizeof words)
        .toBase64(QByteArray::Base64UrlEncoding | QByteArray::OmitTrailingEquals);
}

void refuse(Exchange &exchange, EngineRefusal refusal)
{
    exchange.respond(forPages(engineRefusal(refusal), exchange.request()));
}

} // namespace

EngineSessions::EngineSessions(const core::Clock &clock, int most, Opened opened)
    : m_clock(clock)
    , m_most(most)
    , m_opened(std::move(opened))
    , m_sessions(this)
{ }

/// A handshake by another method gets the protocol's own answer.
void EngineSessions::addRoutes(Router &router)
{
    const RouteAccess access{.takesQueryToken = true,
                             .takesSidCookie = true,
                             .asksByMessage = true,
                             .bodyLimit = EngineSession::MaxPayload};
    for (const QString &path : {u"/socket.io/"_s, u"/socket.io"_s}) {
        router.add("GET", path, access, [this](Exchange &e) { get(e); });
        router.add("POST", path, access, [this](Exchange &e) { post(e); });
        for (const char *method : {"PUT", "PATCH", "DELETE"})
            router.add(method, path, access,
                       [](Exchange &e) { refuse(e, EngineRefusal::BadHandshakeMethod); });
        router.addSocket(
            path,
            {.asksByMessage = true,
             .takesQueryToken = true,
             .takesSidCookie = true,
             .subprotocols = {u"dray.v1"_s},
             .takesOtherSubprotocols = true,
             .check = [this](const Request &request) { return refuseSocket(request); }},
            [this](std::unique_ptr<WebSocketSession> socket) { adopt(std::move(socket)); });
    }
}

void EngineSessions::tick()
{
    for (EngineSession *session : all())
        session->tick();
}

void EngineSessions::get(Exchange &exchange)
{
    const auto wish = engineWishFrom(exchange.request());
    if (!wish)
        return refuse(exchange, wish.error());
    if (exchange.request().method == "HEAD" || wish->transport == EngineWish::Transport::WebSocket)
        return refuse(exchange, EngineRefusal::BadRequest);
    if (wish->sid.isEmpty())
        return begin(exchange);
    const auto session = find(*wish, exchange.request());
    if (!session)
        return refuse(exchange, session.error());
    (*session)->poll(exchange);
}

void EngineSessions::post(Exchange &exchange)
{
    const auto wish = engineWishFrom(exchange.request());
    if (!wish)
        return refuse(exchange, wish.error());
    if (wish->sid.isEmpty())
        return refuse(exchange, EngineRefusal::BadHandshakeMethod);
    const auto session = find(*wish, exchange.request());
    if (!session)
        return refuse(exchange, session.error());
    (*session)->push(exchange);
}

/// A link or an image of another site is no client.
void EngineSessions::begin(Exchange &exchange)
{
    const Request &request = exchange.request();
    if (request.header("Origin").isNull() && isForAnotherSite(request))
        return refuse(exchange, EngineRefusal::Forbidden);
    if (!hasRoom())
        return exchange.respond(serverIsFull());
    make(request).open(exchange);
}

/// Before the upgrade is granted. A second WebSocket of a session is let in and then closed, as Socket.IO's
/// own server does.
std::optional<Response> EngineSessions::refuseSocket(const Request &request)
{
    const auto wish = engineWishFrom(request);
    if (!wish)
        return engineRefusal(wish.error());
    if (wish->transport != EngineWish::Transport::WebSocket)
        return engineRefusal(EngineRefusal::BadRequest);
    if (wish->sid.isEmpty())
        return hasRoom() ? std::nullopt : std::optional(serverIsFull());
    const auto session = find(*wish, request);
    return session ? std::nullopt : std::optional(engineRefusal(session.error()));
}

/// Its session may have ended since the upgrade was granted.
void EngineSessions::adopt(std::unique_ptr<WebSocketSession> socket)
{
    const Request request = socket->request();
    const auto wish = engineWishFrom(request);
    if (wish && wish->sid.isEmpty())
        return make(request).open(std::move(socket));
    const auto session = wish ? find(*wish, request) : tl::unexpected(wish.error());
    if (session)
        (*session)->takeProbe(std::move(socket));
    else
        socket->close(1000, u"Session ID unknown"_s);
}

tl::expected<EngineSession *, EngineRefusal> EngineSessions::find(const EngineWish &wish,
                                                                  const Request &request) const
{
    EngineSession *session = m_bySid.value(wish.sid);
    if (!session)
        return tl::unexpected(EngineRefusal::UnknownSession);
    if (!session->opener().mayAlsoSend(request))
        return tl::unexpected(EngineRefusal::Forbidden);
    if (wish.transport == EngineWish::Transport::Polling && !session->isPolling())
        return tl::unexpected(EngineRefusal::BadRequest);
    return session;
}

bool EngineSessions::hasRoom()
{
    if (m_bySid.size() < m_most)
        return true;
    if (EngineSession *stranger = m_bySid.value(m_strangers.value(0)))
        stranger->end({Ending::Crowded, u"too many connections"_s});
    return m_bySid.size() < m_most;
}

EngineSession &EngineSessions::make(const Request &request)
{
    auto made = std::make_unique<EngineSession>(makeSid(), EngineOpener::of(request), m_clock);
    const QByteArray sid = made->sid();
    m_strangers.append(sid);
    // Before the set's own: who listens may still look at the session.
    connect(made.get(), &EngineSession::closed, this, [this, sid] { forget(sid); });
    EngineSession &session = m_sessions.keep(std::move(made), &EngineSession::closed);
    m_bySid.insert(sid, &session);
    m_opened(session);
    return session;
}

void EngineSessions::forget(const QByteArray &sid)
{
    m_bySid.remove(sid);
    m_strangers.removeOne(sid);
}

} // namespace server
