#include "server/http/httpserver.h"

#include "core/base/logging.h"
#include "server/http/authority.h"
#include "server/http/certificate.h"
#include "server/http/httpconnection.h"
#include "server/http/listener.h"
#include "server/http/websocketgate.h"

namespace server {

using namespace Qt::StringLiterals;

namespace {

constexpr std::chrono::seconds WatchInterval{5};
constexpr std::chrono::seconds CloseGrace{2};
/// So many more are told that the server is full; beyond, connections are dropped unheard.
constexpr int RoomForRefusals = 64;

/// Counts a TCP connection for as long as its socket lives, whoever owns it.
class OpenSocket final : public QObject
{
public:
    OpenSocket(QTcpSocket *socket, std::shared_ptr<qint64> count)
        : QObject(socket)
        , m_count(std::move(count))
    {
        ++*m_count;
    }
    ~OpenSocket() override { --*m_count; }

private:
    std::shared_ptr<qint64> m_count;
};

} // namespace

HttpServer::HttpServer(const Router &router,
                       Access &access,
                       const core::Clock &clock,
                       Options options)
    : m_router(router)
    , m_access(access)
    , m_clock(clock)
    , m_options(std::move(options))
    , m_openSockets(std::make_shared<qint64>(0))
    , m_gate(std::make_unique<WebSocketGate>(clock))
{
    // Queued: who has something to say to its sessions says it in the signal itself.
    connect(&m_access, &Access::revoked, this, &HttpServer::closeToken, Qt::QueuedConnection);
    connect(&m_watchTimer, &QTimer::timeout, m_gate.get(), &WebSocketGate::watchAll);
    connect(m_gate.get(), &WebSocketGate::sessionEnded, this, &HttpServer::reportClosed);
    m_watchTimer.start(WatchInterval);
}

HttpServer::~HttpServer()
{
    m_listeners.clear();
    qDeleteAll(std::exchange(m_connections, {}));
}

core::Result<void> HttpServer::listen()
{
    auto opened = open(m_options.listen);
    if (opened)
        opened = adopt(m_options.passedSockets);
    if (!opened)
        m_listeners.clear(); // every address or none
    return opened;
}

core::Result<void> HttpServer::open(const QStringList &addresses)
{
    for (const QString &text : addresses) {
        const auto wanted = parseListenAddress(text);
        if (!wanted)
            return core::fail(wanted.error());
        auto listener = listenerFor(wanted->address);
        if (!listener)
            return core::fail(listener.error());
        if (const auto opened = (*listener)->open(wanted->address, wanted->port); !opened)
            return opened;
        m_listeners.push_back(std::move(*listener));
    }
    return {};
}

core::Result<void> HttpServer::adopt(const QList<int> &sockets)
{
    for (const int socket : sockets) {
        const auto address = listeningAddress(socket);
        if (!address)
            return core::fail(address.error());
        auto listener = listenerFor(*address);
        if (!listener)
            return core::fail(listener.error());
        if (const auto adopted = (*listener)->adopt(socket); !adopted)
            return adopted;
        m_listeners.push_back(std::move(*listener));
    }
    return {};
}

core::Result<std::unique_ptr<Listener>> HttpServer::listenerFor(const QHostAddress &address)
{
    auto tls = tlsFor(address);
    if (!tls)
        return core::fail(tls.error());
    const auto accepted = [this](std::unique_ptr<QTcpSocket> socket, const Door &door) {
        accept(std::move(socket), door);
    };
    return std::make_unique<Listener>(accepted, std::move(*tls));
}

core::Result<std::optional<QSslConfiguration>> HttpServer::tlsFor(const QHostAddress &address)
{
    const bool hasFiles = !m_options.tlsCertificate.isEmpty() || !m_options.tlsKey.isEmpty();
    if (!hasFiles && isLoopback(address))
        return std::nullopt;
    if (m_tls)
        return m_tls;
    auto tls = hasFiles ? loadCertificate(m_options.tlsCertificate, m_options.tlsKey)
                        : ownCertificate(m_options.dataDir + u"/tls"_s);
    if (!tls)
        return core::fail(tls.error());
    m_fingerprint = fingerprintOf(*tls);
    qCInfo(lcServer).noquote() << "TLS certificate, SHA-256 fingerprint" << m_fingerprint;
    m_tls = std::move(*tls);
    return m_tls;
}

QList<QUrl> HttpServer::urls() const
{
    QList<QUrl> result;
    for (const auto &listener : m_listeners)
        result.append(listener->url());
    return result;
}

QList<quint16> HttpServer::ports() const
{
    QList<quint16> result;
    for (const auto &listener : m_listeners)
        result.append(listener->serverPort());
    return result;
}

void HttpServer::accept(std::unique_ptr<QTcpSocket> socket, const Door &door)
{
    HttpCounters &counters = m_gate->counters();
    ++counters.connectionsAccepted;
    const bool isFull = *m_openSockets >= m_options.maxConnections;
    if (isFull)
        ++counters.connectionsRefused;
    if (*m_openSockets >= m_options.maxConnections + RoomForRefusals)
        return;
    new OpenSocket(socket.get(), m_openSockets); // the socket owns it
    const HttpConnection::Context context{m_router, m_access, m_clock, *m_gate, counters};
    const auto welcome =
        isFull ? HttpConnection::Welcome::ServerIsFull : HttpConnection::Welcome::Yes;
    auto *connection = new HttpConnection(std::move(socket), door, context, welcome);
    m_connections.insert(connection);
    connect(connection, &HttpConnection::finished, this,
            [this, connection] { forget(connection); });
}

void HttpServer::forget(HttpConnection *connection)
{
    m_connections.remove(connection);
    connection->deleteLater();
    reportClosed();
}

void HttpServer::close()
{
    if (std::exchange(m_isClosing, true))
        return;
    emit aboutToClose();
    for (const auto &listener : m_listeners)
        listener->close();
    m_gate->closeAll(1001, u"The server is shutting down"_s);
    for (HttpConnection *connection : m_connections.values())
        if (m_connections.contains(connection))
            connection->closeSoon();
    QTimer::singleShot(CloseGrace, this, &HttpServer::dropRest);
    reportClosed();
}

void HttpServer::dropRest()
{
    for (HttpConnection *connection : m_connections.values())
        if (m_connections.contains(connection))
            connection->abort();
    m_gate->abortAll();
    reportClosed();
}

void HttpServer::reportClosed()
{
    const bool isEmpty = m_connections.isEmpty() && m_gate->openSessions() == 0;
    if (isEmpty && m_isClosing && !std::exchange(m_isClosed, true))
        emit closed();
}

void HttpServer::closeToken(const QString &tokenId)
{
    m_gate->closeToken(tokenId);
    for (HttpConnection *connection : m_connections.values())
        if (m_connections.contains(connection))
            connection->closeToken(tokenId);
}

HttpCounters HttpServer::counters() const
{
    HttpCounters result = m_gate->counters();
    result.connectionsOpen = *m_openSockets;
    result.socketsOpen = m_gate->openSessions();
    return result;
}

} // namespace server
