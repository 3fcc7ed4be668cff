#include "app/drayctl/hubconnection.h"

#include <QEventLoop>
#include <QJsonArray>
#include <QJsonDocument>
#include <QWebSocketHandshakeOptions>

namespace app {

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;
using core::ErrorCode;
using core::fail;
using core::Result;

namespace {

constexpr auto OpenTimeout = 10s;
/// JSON-RPC's server range; PROTOCOL.md §1 uses −32001 to −32011.
constexpr int ConnectionLost = -32099;
constexpr qsizetype MaxBatch = 100;
constexpr qsizetype MaxBatchBytes = qsizetype(48) << 10; ///< the hub reads 64 KiB
constexpr int FreeMessages = 25;
constexpr auto MessagePause = 650ms;

QUrl socketUrl(const QUrl &hub)
{
    QUrl url = hub;
    url.setScheme(hub.scheme() == "https"_L1 ? u"wss"_s : u"ws"_s);
    url.setPath(u"/api/v1/ws"_s);
    return url;
}

QNetworkRequest socketRequest(const Endpoint &endpoint)
{
    QNetworkRequest request(socketUrl(endpoint.url));
    request.setRawHeader("Authorization", "Bearer " + endpoint.token.toUtf8());
    return request;
}

} // namespace

HubConnection::HubConnection()
{
    connect(&m_socket, &QWebSocket::textMessageReceived, this, &HubConnection::onText);
    connect(&m_socket, &QWebSocket::disconnected, this, &HubConnection::onClosed);
    // The hub's certificate is its own; the secret in endpoint.json proves who we talk to.
    connect(&m_socket, &QWebSocket::sslErrors, &m_socket, [this] { m_socket.ignoreSslErrors(); });
    m_patience.setSingleShot(true);
    connect(&m_patience, &QTimer::timeout, this, &HubConnection::onLate);
}

HubConnection::~HubConnection()
{
    m_socket.disconnect(this);
}

Result<QJsonObject> HubConnection::open(const QString &dataDir)
{
    const auto endpoint = readEndpoint(dataDir);
    if (!endpoint)
        return fail(endpoint.error());
    m_endpoint = *endpoint;
    QEventLoop loop;
    connect(&m_socket, &QWebSocket::connected, &loop, &QEventLoop::quit);
    connect(&m_socket, &QWebSocket::stateChanged, &loop,
            [&loop](QAbstractSocket::SocketState state) {
                if (state == QAbstractSocket::UnconnectedState)
                    loop.quit();
            });
    connect(this, &HubConnection::progressed, &loop, &QEventLoop::quit); // late
    QTimer::singleShot(OpenTimeout, &loop, &QEventLoop::quit);
    QWebSocketHandshakeOptions handshake;
    handshake.setSubprotocols({u"dray.v1"_s});
    m_socket.open(socketRequest(*endpoint), handshake);
    loop.exec();
    m_isOpen = m_socket.state() == QAbstractSocket::ConnectedState;
    if (!m_isOpen)
        return fail(ErrorCode::NotFound,
                    u"no Dray answers at %1 (%2); start dray or drayd"_s.arg(
                        endpoint->url.toString(), m_socket.errorString()));
    const QJsonObject client{{u"name"_s, u"drayctl"_s},
                             {u"version"_s, QString::fromLatin1(DRAY_VERSION)},
                             {u"kind"_s, u"cli"_s}};
    const auto hello = call(u"session.hello"_s, {{u"client"_s, client}});
    if (!hello)
        return fail(ErrorCode::NotFound,
                    u"%1: %2"_s.arg(endpoint->url.toString(), hello.error().message));
    return *hello;
}

void HubConnection::limitWaiting(std::chrono::milliseconds patience)
{
    m_isLate = false;
    m_patience.start(patience);
}

HubConnection::Answer<QJsonObject> HubConnection::call(const QString &method,
                                                       const QJsonObject &params)
{
    send(request(method, params));
    return takeAnswer(m_lastId);
}

QList<HubConnection::Answer<QJsonObject>> HubConnection::callEach(const QList<Call> &calls)
{
    QList<Answer<QJsonObject>> answers;
    while (answers.size() < calls.size()) {
        const qint64 firstId = m_lastId + 1;
        QJsonArray batch;
        qsizetype bytes = 0;
        for (const Call &one : calls.sliced(answers.size())) {
            bytes += QJsonDocument(one.params).toJson(QJsonDocument::Compact).size();
            const bool isFull = batch.size() == MaxBatch || bytes > MaxBatchBytes;
            if (isFull && !batch.isEmpty())
                break;
            batch.append(request(one.method, one.params));
        }
        send(batch);
        for (qint64 id = firstId; id <= m_lastId; ++id)
            answers.append(takeAnswer(id));
    }
    return answers;
}

QJsonObject HubConnection::request(const QString &method, const QJsonObject &params)
{
    return {{u"jsonrpc"_s, u"2.0"_s},
            {u"id"_s, ++m_lastId},
            {u"method"_s, method},
            {u"params"_s, params}};
}

void HubConnection::send(const QJsonValue &message)
{
    if (message["method"_L1] != "job.report"_L1) // these are not counted
        waitForMessageBudget();
    const QJsonDocument document =
        message.isArray() ? QJsonDocument(message.toArray()) : QJsonDocument(message.toObject());
    m_socket.sendTextMessage(QString::fromUtf8(document.toJson(QJsonDocument::Compact)));
}

/// The hub takes 100 messages a minute after a burst of 30 (PROTOCOL.md §0.5).
void HubConnection::waitForMessageBudget()
{
    if (++m_messagesSent <= FreeMessages)
        return;
    QEventLoop loop;
    QTimer::singleShot(MessagePause, &loop, &QEventLoop::quit);
    loop.exec();
}

HubConnection::Answer<QJsonObject> HubConnection::takeAnswer(qint64 id)
{
    QEventLoop loop;
    connect(this, &HubConnection::progressed, &loop, &QEventLoop::quit);
    while (m_isOpen && !m_isLate && !m_replies.contains(id))
        loop.exec();
    if (!m_replies.contains(id))
        return tl::unexpected(
            Refusal{ConnectionLost, u"network"_s,
                    m_isOpen ? u"the hub does not answer"_s : u"the hub closed the connection"_s});
    const QJsonObject reply = m_replies.take(id);
    const QJsonObject error = reply[u"error"_s].toObject();
    if (error.isEmpty())
        return reply[u"result"_s].toObject();
    return tl::unexpected(Refusal{error[u"code"_s].toInt(),
                                  error[u"data"_s].toObject()[u"type"_s].toString(),
                                  error[u"message"_s].toString()});
}

std::optional<QJsonObject> HubConnection::waitForNotification()
{
    QEventLoop loop;
    connect(this, &HubConnection::progressed, &loop, &QEventLoop::quit);
    while (m_isOpen && m_notifications.isEmpty())
        loop.exec();
    return takeNotification();
}

std::optional<QJsonObject> HubConnection::takeNotification()
{
    if (m_notifications.isEmpty())
        return std::nullopt;
    return m_notifications.takeFirst();
}

void HubConnection::onText(const QString &text)
{
    const QJsonDocument document = QJsonDocument::fromJson(text.toUtf8());
    for (const QJsonValue &reply : document.array())
        m_replies.insert(reply[u"id"_s].toInteger(), reply.toObject());
    const QJsonObject message = document.object();
    if (message[u"method"_s] == u"session.ping"_s) {
        m_socket.sendTextMessage(uR"({"jsonrpc":"2.0","method":"session.pong","params":{}})"_s);
        return;
    }
    if (message.contains(u"method"_s))
        m_notifications.append(message);
    else if (!message.isEmpty()) // one that answers no id answers what was sent last
        m_replies.insert(message[u"id"_s].toInteger(m_lastId), message);
    emit progressed();
}

void HubConnection::onClosed()
{
    m_isOpen = false;
    emit progressed();
}

void HubConnection::onLate()
{
    m_isLate = true;
    emit progressed();
}

} // namespace app
