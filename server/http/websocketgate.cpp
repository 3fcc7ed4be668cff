#include "server/http/websocketgate.h"

#include "core/base/logging.h"

#include <algorithm>

namespace server {

using namespace Qt::StringLiterals;

namespace {

/// QWebSocketServer's own limits, less its line end.
constexpr qsizetype QtHeaderLineLimit = 8 * 1024 - 4;
/// What is read of one client before others have their turn; larger than any frame that is taken.
constexpr qint64 ReadAtOnce = 4 * UpgradedSession::InboundLimit;
constexpr int Unauthorized = 1008;
constexpr int Crowded = 4504;
constexpr int Revoked = 4505;

/// The base64 of 16 bytes, RFC 6455 §4.2.1.
bool isKey(const QByteArray &key)
{
    const auto bytes = QByteArray::fromBase64Encoding(key, QByteArray::AbortOnBase64DecodingErrors);
    return bytes && (*bytes).size() == 16;
}

/// Finds the TCP socket below a QWebSocket, which Qt hides.
template<typename Socket>
QString keyOf(const Socket &socket)
{
    return u"%1|%2|%3|%4"_s.arg(socket.peerAddress().toString())
        .arg(socket.peerPort())
        .arg(socket.localAddress().toString())
        .arg(socket.localPort());
}

Response badUpgrade(const QString &title)
{
    return problem(400, "invalidArgument", title);
}

/// Whether we speak one of the subprotocols asked for, or need not.
bool hasSubprotocol(const Request &request, const Router::SocketAccess &access)
{
    const QStringList &spoken = access.subprotocols;
    const QByteArray offered = request.header("Sec-WebSocket-Protocol");
    return spoken.isEmpty() || offered.isNull() || access.takesOtherSubprotocols
        || std::any_of(spoken.begin(), spoken.end(), [&offered](const QString &name) {
               return listsToken(offered, name.toLatin1());
           });
}

} // namespace

WebSocketGate::WebSocketGate(const core::Clock &clock)
    : m_clock(clock)
    , m_shared(std::make_shared<UpgradedSession::Shared>())
{
    m_shared->keeper = this;
}

WebSocketGate::~WebSocketGate()
{
    for (const Pending &pending : std::as_const(m_pending))
        delete pending.tcp;
}

std::optional<Response> WebSocketGate::check(const RequestHead &head,
                                             const Router::SocketAccess &access)
{
    const Request &request = head.request;
    if (request.method != "GET" || head.minorVersion < 1
        || head.framing != RequestHead::Framing::None)
        return badUpgrade(u"A WebSocket begins with a GET of HTTP/1.1 without a body."_s);
    if (request.header("Sec-WebSocket-Version") != "13") {
        Response answer = problem(426, "unsupported", u"WebSocket version 13 is spoken here."_s);
        answer.headers.push_back({"Sec-WebSocket-Version", "13"});
        return answer;
    }
    if (!isKey(request.header("Sec-WebSocket-Key")))
        return badUpgrade(u"The Sec-WebSocket-Key is not 16 bytes in base64."_s);
    for (const Header &header : request.headers)
        if (header.name.size() + header.value.size() > QtHeaderLineLimit)
            return problem(431, "limitExceeded", u"A header line is too long."_s);
    if (!hasSubprotocol(request, access))
        return badUpgrade(u"None of the subprotocols is spoken here."_s);
    return std::nullopt;
}

QWebSocketServer &WebSocketGate::serverFor(const QStringList &subprotocols)
{
    auto &server = m_servers[subprotocols];
    if (!server) {
        server = std::make_unique<QWebSocketServer>(u"dray"_s, QWebSocketServer::NonSecureMode);
        server->setSupportedSubprotocols(subprotocols);
        connect(server.get(), &QWebSocketServer::newConnection, this,
                [this, from = server.get()] { takePending(*from); });
    }
    return *server;
}

void WebSocketGate::adopt(std::unique_ptr<QTcpSocket> socket,
                          const Request &request,
                          const Router::SocketMatch &match,
                          qsizetype headLength)
{
    QTcpSocket *tcp = socket.release();
    // What follows the head stays in the kernel until the QWebSocket listens: it would never look at
    // bytes that were read along with the head. A cap left on would hang larger frames.
    tcp->setReadBufferSize(headLength);
    const QString peer = keyOf(*tcp);
    m_pending[peer] = {tcp, request, match};
    QTimer::singleShot(HandshakeTime, this, [this, peer, tcp = QPointer(tcp)] {
        // Not taken: the handshake failed or the peer left. Qt closes, but does not delete.
        if (!m_pending.contains(peer) || m_pending[peer].tcp != tcp)
            return;
        m_pending.remove(peer);
        if (tcp)
            tcp->deleteLater();
    });
    serverFor(match.access->subprotocols).handleConnection(tcp);
}

void WebSocketGate::takePending(QWebSocketServer &server)
{
    while (server.hasPendingConnections()) {
        std::unique_ptr<QWebSocket> webSocket(server.nextPendingConnection());
        const Pending pending = m_pending.take(keyOf(*webSocket));
        if (!pending.tcp || !webSocket->isValid()) {
            webSocket.release()->deleteLater();
            continue;
        }
        pending.tcp->setReadBufferSize(ReadAtOnce);
        webSocket->setParent(nullptr);
        begin(std::make_unique<UpgradedSession>(std::move(webSocket), pending.tcp, pending.request,
                                                m_shared),
              pending.match);
    }
}

void WebSocketGate::begin(std::unique_ptr<UpgradedSession> session,
                          const Router::SocketMatch &match)
{
    ++counters().socketsAccepted;
    m_sessions.insert(session.get());
    const auto end = [this, gone = session.get()] {
        m_bound.remove(gone);
        if (m_sessions.remove(gone))
            emit sessionEnded();
    };
    connect(session.get(), &WebSocketSession::closed, this, end);
    connect(session.get(), &QObject::destroyed, this, end);
    const Request &request = session->request();
    if (request.isOneTooMany)
        return turnAway(std::move(session),
                        {Crowded, u"Too many connections"_s, match.access->farewell});
    if (!request.principal && !match.access->asksByMessage)
        return turnAway(std::move(session),
                        {Unauthorized, u"Unauthorized"_s, match.access->refusal});
    if (!match.access->asksByMessage)
        m_bound.insert(session.get());
    if (request.tokenExpiresAt > 0 && !match.access->asksByMessage)
        endAt(*session, request.tokenExpiresAt);
    (*match.handler)(std::move(session));
}

void WebSocketGate::turnAway(std::unique_ptr<UpgradedSession> session, const Refusal &refusal)
{
    const QByteArray text = refusal.text ? refusal.text() : QByteArray();
    if (!text.isEmpty())
        session->send(text);
    session->close(refusal.code, refusal.reason);
    // Its destructor lets the close handshake go on.
}

void WebSocketGate::endAt(UpgradedSession &session, qint64 expiresAt)
{
    const qint64 left = std::max<qint64>(0, expiresAt - m_clock.wallTime().count());
    // A day is far beyond any patience of a test and well within a timer's range.
    const auto wait = std::chrono::milliseconds(std::min<qint64>(left, 24 * 3600 * 1000));
    QTimer::singleShot(wait, &session, [this, &session, expiresAt] {
        if (m_clock.wallTime().count() >= expiresAt)
            session.close(Unauthorized, u"The token has expired"_s);
        else
            endAt(session, expiresAt);
    });
}

void WebSocketGate::closeAll(int code, const QString &reason)
{
    for (UpgradedSession *session : m_sessions.values())
        if (m_sessions.contains(session))
            session->close(code, reason);
}

void WebSocketGate::abortAll()
{
    for (UpgradedSession *session : m_sessions.values())
        if (m_sessions.contains(session))
            session->abort();
}

void WebSocketGate::closeToken(const QString &tokenId)
{
    for (UpgradedSession *session : m_sessions.values())
        if (m_bound.contains(session) && session->request().tokenId == tokenId)
            session->close(Revoked, u"The token was revoked"_s);
}

void WebSocketGate::watchAll()
{
    for (UpgradedSession *session : m_sessions.values())
        if (m_sessions.contains(session))
            session->watch(m_clock.monotonicTime());
}

} // namespace server
