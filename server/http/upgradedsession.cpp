#include "server/http/upgradedsession.h"

#include "server/http/unsent.h"

#include <sys/socket.h>

namespace server {

using namespace Qt::StringLiterals;

/// Room for frames that a session keeps between two writes.
static constexpr qsizetype HeldCapacity = 16;

/// Nothing of ours follows our close frame (RFC 6455 §5.5.1). Qt does not know that it was sent and
/// answers the peer's with a second one, for which a browser forgets the code of the first: 1006.
static void shutWhenSent(QTcpSocket &socket)
{
    if (unsentBytes(socket) == 0)
        ::shutdown(int(socket.socketDescriptor()), SHUT_WR);
}

/// The same from a slot of its signals: a TLS socket that tells of bytes has not sent them all.
static void shutWhenSentLater(QTcpSocket *socket)
{
    QMetaObject::invokeMethod(
        socket, [socket] { shutWhenSent(*socket); }, Qt::QueuedConnection);
}

UpgradedSession::UpgradedSession(std::unique_ptr<QWebSocket> webSocket,
                                 QTcpSocket *socket,
                                 Request request,
                                 std::shared_ptr<Shared> shared)
    : m_webSocket(std::move(webSocket))
    , m_socket(socket)
    , m_request(std::move(request))
    , m_shared(std::move(shared))
{
    // As in a client's QWebSocket; Qt leaks the socket of one that is deleted before it disconnected.
    socket->setParent(m_webSocket.get());
    m_webSocket->setMaxAllowedIncomingFrameSize(ReadableLimit);
    m_webSocket->setMaxAllowedIncomingMessageSize(ReadableLimit);
    connect(m_webSocket.get(), &QWebSocket::textMessageReceived, this, &UpgradedSession::take);
    connect(m_webSocket.get(), &QWebSocket::binaryMessageReceived, this,
            [this] { refuse(1003, u"text only"_s); });
    connect(m_webSocket.get(), &QWebSocket::pong, this, [this](quint64 elapsed) {
        if (std::exchange(m_isPinged, false)) // a pong may come unasked, RFC 6455 §5.5.3
            m_shared->counters.roundTrips.add(core::Milliseconds(elapsed));
    });
    connect(m_webSocket.get(), &QWebSocket::disconnected, this, &UpgradedSession::closed);
    whenDrained(socket, this, [this] { onDrained(); });
    connect(socket, &QTcpSocket::readyRead, this, &UpgradedSession::noteHeard);
    m_closeTimer.setSingleShot(true);
    connect(&m_closeTimer, &QTimer::timeout, m_webSocket.get(), &QWebSocket::abort);
}

UpgradedSession::~UpgradedSession()
{
    QWebSocket *webSocket = m_webSocket.release();
    webSocket->disconnect(this);
    if (m_socket)
        m_socket->disconnect(this);
    // Not deleted at once: this may run inside one of its signals.
    connect(webSocket, &QWebSocket::disconnected, webSocket, &QObject::deleteLater);
    const bool isFlying = m_isClosing && m_socket && m_shared->keeper
        && m_socket->state() != QAbstractSocket::UnconnectedState;
    if (!isFlying) {
        webSocket->abort();
        webSocket->deleteLater();
        return;
    }
    // The close frame is on its way; the connection waits for the peer's.
    while (!m_held.isEmpty())
        m_socket->write(takeHeld(SocketShare));
    whenDrained(m_socket, webSocket, [socket = m_socket.data()] { shutWhenSentLater(socket); });
    webSocket->setParent(m_shared->keeper);
    QTimer::singleShot(CloseGrace, webSocket, &QWebSocket::abort);
}

void UpgradedSession::take(const QString &text)
{
    if (m_isClosing)
        return;
    const QByteArray utf8 = text.toUtf8();
    if (utf8.size() > InboundLimit)
        return refuse(1009, u"a message has at most 64 KiB"_s);
    const QPointer<UpgradedSession> guard(this);
    m_isAnswering = true;
    emit received(utf8);
    if (guard)
        m_isAnswering = false;
}

void UpgradedSession::refuse(int code, const QString &reason)
{
    if (m_isClosing)
        return;
    const QPointer<UpgradedSession> guard(this);
    emit refused(code, reason);
    if (guard)
        close(code, reason);
}

void UpgradedSession::noteHeard()
{
    m_wasHeard = true;
    // QWebSocket has answered what pings there were, however many of its answers are unread.
    if (unsentBytes() > UnsentLimit)
        m_webSocket->abort();
    else
        emit heard();
}

void UpgradedSession::send(const QByteArray &utf8)
{
    if (m_isClosing || !m_socket)
        return;
    if (unsentBytes() > UnsentLimit) {
        m_webSocket->abort();
        return;
    }
    const bool isFirst = m_held.isEmpty();
    hold(m_shared->frames.frameOf(utf8)); // shares the bytes
    if (m_isAnswering)
        writeHeld();
    else if (isFirst)
        m_shared->outbox.add(*this);
}

void UpgradedSession::hold(const QByteArray &frame)
{
    m_held.append(frame);
    m_heldBytes += frame.size();
}

void UpgradedSession::writeHeld()
{
    while (m_socket && !m_held.isEmpty() && server::unsentBytes(*m_socket) < SocketShare)
        m_socket->write(takeHeld(SocketShare));
    if (m_held.isEmpty() && m_held.capacity() > HeldCapacity)
        m_held.squeeze();
}

/// The first frames as one block, at least one of them.
QByteArray UpgradedSession::takeHeld(qint64 mostBytes)
{
    qsizetype count = 1;
    qint64 bytes = m_held.constFirst().size();
    while (count < m_held.size() && bytes + m_held[count].size() <= mostBytes)
        bytes += m_held[count++].size();
    const QByteArray block = m_shared->frames.joined(m_held, count);
    m_held.remove(0, count);
    m_heldBytes -= bytes;
    return block;
}

void UpgradedSession::onDrained()
{
    writeHeld();
    if (m_isClosing && m_socket && m_held.isEmpty())
        shutWhenSentLater(m_socket);
    emit drained();
}

void UpgradedSession::flush()
{
    writeHeld();
    if (m_socket && !m_isClosing)
        m_socket->flush();
}

qint64 UpgradedSession::unsentBytes() const
{
    return m_socket ? m_heldBytes + server::unsentBytes(*m_socket) : 0;
}

void UpgradedSession::close(int code, const QString &reason)
{
    if (m_isClosing || !m_socket)
        return;
    m_isClosing = true;
    ++m_shared->counters.socketsClosedByCode[code];
    hold(closeFrame(code, reason));
    writeHeld();
    m_socket->flush();
    if (m_held.isEmpty())
        shutWhenSent(*m_socket);
    // The peer answers with its own close frame; QWebSocket then ends the connection.
    m_closeTimer.start(CloseGrace);
}

void UpgradedSession::watch(core::Milliseconds now)
{
    if (std::exchange(m_wasHeard, false) || m_lastHeard.count() < 0)
        m_lastHeard = now;
    m_shared->counters.unsent.add(double(unsentBytes()));
    const core::Milliseconds silence = now - m_lastHeard;
    if (silence >= SilenceLimit) {
        close(4002, u"no sign of life"_s);
    } else if (silence >= PingAfter && now - m_lastPing >= PingAfter && !m_isClosing) {
        m_lastPing = now;
        m_isPinged = true;
        m_webSocket->ping();
    }
}

} // namespace server
