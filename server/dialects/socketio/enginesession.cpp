#include "server/dialects/socketio/enginesession.h"

#include "server/dialects/socketio/enginehandshake.h"
#include "server/feed/eventfeed.h"

namespace server {

using namespace Qt::StringLiterals;

namespace {

/// What a queued packet costs besides its bytes, so that many small ones count too.
constexpr qint64 PacketCost = 64;

/// Does nothing when its client is gone.
void answer(const QPointer<Exchange> &exchange, const QByteArray &body, const QByteArray &type)
{
    Exchange *open = exchange.data();
    if (!open)
        return;
    const Response response{.headers = {{"Content-Type", type + "; charset=UTF-8"}}, .body = body};
    open->respond(forPages(response, open->request()));
}

} // namespace

EngineSession::EngineSession(QByteArray sid, EngineOpener opener, const core::Clock &clock)
    : m_sid(std::move(sid))
    , m_opener(std::move(opener))
    , m_clock(clock)
    , m_upgradeTimer(this)
    , m_heardAt(clock.monotonicTime())
    , m_drainedAt(m_heardAt)
{
    connect(&m_upgradeTimer, &QTimer::timeout, this, [this] {
        if (m_held && m_queue.isEmpty())
            respond(encode({EngineType::Noop, {}}));
    });
}

EngineSession::~EngineSession()
{
    if (m_held)
        m_held->disconnect(this);
}

void EngineSession::open(Exchange &exchange)
{
    m_held = &exchange;
    respond(encode({EngineType::Open, engineGreeting(m_sid, EngineWish::Transport::Polling)}));
}

void EngineSession::open(std::unique_ptr<WebSocketSession> socket)
{
    use(std::move(socket));
    send(encode({EngineType::Open, engineGreeting(m_sid, EngineWish::Transport::WebSocket)}));
}

/// A second poll while one is held means that the client has lost count: neither knows who gets what.
void EngineSession::poll(Exchange &exchange)
{
    if (m_held) {
        exchange.respond(forPages(engineRefusal(EngineRefusal::BadRequest), exchange.request()));
        return refuse(u"two polls at once"_s);
    }
    m_held = &exchange;
    m_drainedAt = m_clock.monotonicTime();
    connect(&exchange, &Exchange::closed, this, &EngineSession::finish);
    flush();
}

void EngineSession::push(Exchange &exchange)
{
    const Request &request = exchange.request();
    const auto packets = enginePayloadFrom(request.body);
    const bool isBinary = request.header("Content-Type").startsWith("application/octet-stream");
    if (!packets || isBinary) {
        exchange.respond(forPages(engineRefusal(EngineRefusal::BadRequest), request));
        return refuse(u"not packets"_s);
    }
    const QPointer<Exchange> open(&exchange);
    for (const EnginePacket &packet : *packets)
        if (!m_isClosed)
            take(packet);
    answer(open, "ok", "text/html");
}

void EngineSession::takeProbe(std::unique_ptr<WebSocketSession> socket)
{
    if (m_socket || m_probe || m_isClosed) {
        socket->close(1000, u"that session has a socket"_s);
        return;
    }
    m_probe = std::move(socket);
    m_probedAt = m_clock.monotonicTime();
    connect(m_probe.get(), &WebSocketSession::received, this, &EngineSession::takeFromProbe);
    connect(m_probe.get(), &WebSocketSession::closed, this, &EngineSession::dropProbe);
}

void EngineSession::send(const QByteArray &packet)
{
    if (m_isClosed)
        return;
    if (m_socket) {
        m_socket->send(packet);
    } else {
        m_queue.append(packet);
        m_queuedBytes += packet.size() + PacketCost;
        flushSoon();
    }
    if (unsentBytes() > EventFeed::TooSlowBytes)
        end({Ending::TooSlow, u"more than 1 MiB is unread"_s});
}

void EngineSession::end(const Ending &ending)
{
    if (m_isClosed)
        return;
    m_ending = ending;
    if (m_socket) {
        m_socket->close(ending.code, ending.reason);
    } else if (m_held) {
        // A client looks at Close before it has dealt with the messages beside it.
        if (m_queue.isEmpty())
            m_queue.append(encode({EngineType::Close, {}}));
        respond(enginePayload(std::exchange(m_queue, {})));
    }
    finish();
}

void EngineSession::tick()
{
    if (m_isClosed)
        return;
    const core::Milliseconds now = m_clock.monotonicTime();
    if (m_probe && now - m_probedAt >= UpgradeTime)
        dropProbe();
    if (unsentBytes() == 0)
        m_drainedAt = now;
    if (now - m_drainedAt >= EventFeed::MaxStall)
        return end({Ending::TooSlow, u"nothing was read for 30 seconds"_s});
    if (m_pingedAt && now - *m_pingedAt >= PingTimeout)
        return end({Ending::NoHeartbeat, u"no answer to a ping"_s});
    if (!m_pingedAt && now - m_heardAt >= PingInterval) {
        m_pingedAt = now;
        send(encode({EngineType::Ping, {}}));
    }
}

qint64 EngineSession::unsentBytes() const
{
    return m_queuedBytes + (m_socket ? m_socket->unsentBytes() : 0);
}

/// Answers the poll that is held.
void EngineSession::respond(const QByteArray &body)
{
    const QPointer<Exchange> exchange = std::exchange(m_held, nullptr);
    if (exchange)
        exchange->disconnect(this);
    answer(exchange, body, "text/plain");
}

void EngineSession::flushSoon()
{
    if (m_held && !std::exchange(m_isFlushing, true))
        QMetaObject::invokeMethod(this, &EngineSession::flush, Qt::QueuedConnection);
}

void EngineSession::flush()
{
    m_isFlushing = false;
    if (m_held && !m_queue.isEmpty())
        respond(takeAnswer());
}

/// As many of the packets as one answer may hold, the first whatever its size.
QByteArray EngineSession::takeAnswer()
{
    QByteArrayList packets;
    qint64 bytes = 0;
    while (!m_queue.isEmpty()
           && (packets.isEmpty() || bytes + m_queue.constFirst().size() <= MaxAnswer)) {
        bytes += m_queue.constFirst().size();
        m_queuedBytes -= m_queue.constFirst().size() + PacketCost;
        packets.append(m_queue.takeFirst());
    }
    return enginePayload(packets);
}

/// Which end says what: only a server pings, and only a handshake opens.
void EngineSession::take(const EnginePacket &packet)
{
    switch (packet.type) {
    case EngineType::Message:
        emit received(packet.text);
        break;
    case EngineType::Pong:
        m_heardAt = m_clock.monotonicTime();
        m_pingedAt.reset();
        break;
    case EngineType::Close:
        if (m_held)
            respond(encode({EngineType::Noop, {}}));
        if (m_socket)
            m_socket->close(1000, {});
        finish();
        break;
    case EngineType::Noop:
        break;
    case EngineType::Open:
    case EngineType::Ping:
    case EngineType::Upgrade:
        refuse(u"not a client's packet"_s);
        break;
    }
}

void EngineSession::takeFromSocket(const QByteArray &text)
{
    if (m_isClosed)
        return;
    if (const auto packet = enginePacketFrom(text))
        take(*packet);
    else
        refuse(packet.error().context);
}

/// Nothing but the handshake of an upgrade comes before it.
void EngineSession::takeFromProbe(const QByteArray &text)
{
    if (text == "2probe" && !m_isProbed) {
        m_isProbed = true;
        m_probe->send("3probe");
        m_upgradeTimer.start(UpgradeStep);
        if (m_held && m_queue.isEmpty())
            respond(encode({EngineType::Noop, {}}));
        return;
    }
    if (text != "5" || !m_isProbed)
        return dropProbe();
    m_upgradeTimer.stop();
    m_probe->disconnect(this);
    use(std::move(m_probe));
    if (m_held)
        respond(encode({EngineType::Noop, {}}));
    m_queuedBytes = 0;
    for (const QByteArray &packet : std::exchange(m_queue, {}))
        send(packet);
}

/// All goes by `socket` from here on.
void EngineSession::use(std::unique_ptr<WebSocketSession> socket)
{
    m_socket = std::move(socket);
    m_drainedAt = m_clock.monotonicTime();
    connect(m_socket.get(), &WebSocketSession::received, this, &EngineSession::takeFromSocket);
    connect(m_socket.get(), &WebSocketSession::closed, this, &EngineSession::finish);
    connect(m_socket.get(), &WebSocketSession::drained, this,
            [this] { m_drainedAt = m_clock.monotonicTime(); });
}

/// The client goes on polling.
void EngineSession::dropProbe()
{
    m_upgradeTimer.stop();
    m_isProbed = false;
    if (!m_probe)
        return;
    m_probe->disconnect(this);
    m_probe->close(1000, u"not upgraded"_s);
    m_probe.release()->deleteLater(); // this may be one of its signals
}

void EngineSession::finish()
{
    if (std::exchange(m_isClosed, true))
        return;
    dropProbe();
    if (m_held)
        m_held->disconnect(this);
    m_held = nullptr;
    emit closed();
}

/// The client broke the protocol.
void EngineSession::refuse(const QString &why)
{
    end({Ending::Protocol, why});
}

} // namespace server
