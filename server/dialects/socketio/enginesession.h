#pragma once
#include "server/dialects/ending.h"
#include "server/dialects/socketio/engineopener.h"
#include "server/dialects/socketio/enginepacket.h"
#include "server/http/exchange.h"
#include "server/http/upgradedsession.h"

#include <QPointer>
#include <QTimer>

namespace server {

/// One client of Engine.IO 4: messages both ways by long polling, by WebSocket, or by the first and then
/// the other.
///
///   GET ─► what waits, else held until there is something        POST ─► packets
///   WebSocket: 2probe ─► 3probe ─► 5: it carries all from there on, and polling is over
///
/// The server pings; who does not answer is closed. Everything that breaks the protocol ends the session.
///
/// Threads: the hub thread.
class EngineSession final : public QObject
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(EngineSession)
public:
    static constexpr core::Milliseconds PingInterval{25'000};
    static constexpr core::Milliseconds PingTimeout{20'000};
    static constexpr core::Milliseconds UpgradeTime{10'000};
    /// A poll that is held while the client upgrades is let go so often.
    static constexpr std::chrono::milliseconds UpgradeStep{100};
    /// Bytes of a WebSocket message and of a POST (PROTOCOL.md §0.5).
    static constexpr qint64 MaxPayload = UpgradedSession::InboundLimit;
    /// Bytes that one poll is answered with, unless a single message is larger.
    static constexpr qint64 MaxAnswer = qint64(256) << 10;

    EngineSession(QByteArray sid, EngineOpener opener, const core::Clock &clock);
    ~EngineSession() override;

    /// Begins by polling: answers with the greeting.
    void open(Exchange &exchange);
    /// Begins on a WebSocket.
    void open(std::unique_ptr<WebSocketSession> socket);
    /// A GET or POST of the session, which is on polling.
    void poll(Exchange &exchange);
    void push(Exchange &exchange);
    /// A WebSocket that wants to take over; one too many is closed.
    void takeProbe(std::unique_ptr<WebSocketSession> socket);

    /// Queues one encoded packet. What leaves together in one turn is one answer to a poll.
    void send(const QByteArray &packet);
    /// Says what is queued and closes. Does nothing when that was done before.
    void end(const Ending &ending);
    /// Looks at the clock; called once a second.
    void tick();

    [[nodiscard]] const QByteArray &sid() const { return m_sid; }
    [[nodiscard]] const EngineOpener &opener() const { return m_opener; }
    [[nodiscard]] bool isPolling() const { return !m_socket; }
    /// Waiting here and below.
    [[nodiscard]] qint64 unsentBytes() const;
    /// Why it ended; nullopt: the client left, or it has not ended.
    [[nodiscard]] const std::optional<Ending> &ending() const { return m_ending; }

signals:
    /// A message packet's text.
    void received(const QByteArray &message);
    /// It is over; nothing comes after this.
    void closed();

private:
    void respond(const QByteArray &body);
    void flushSoon();
    void flush();
    [[nodiscard]] QByteArray takeAnswer();
    void take(const EnginePacket &packet);
    void takeFromSocket(const QByteArray &text);
    void takeFromProbe(const QByteArray &text);
    void use(std::unique_ptr<WebSocketSession> socket);
    void dropProbe();
    void finish();
    void refuse(const QString &why);

    QByteArray m_sid;
    EngineOpener m_opener;
    const core::Clock &m_clock;
    QPointer<Exchange> m_held; // the poll that waits
    QByteArrayList m_queue; // encoded packets, while polling
    qint64 m_queuedBytes = 0;
    std::unique_ptr<WebSocketSession> m_socket; // carries all when set
    std::unique_ptr<WebSocketSession> m_probe;
    bool m_isProbed = false;
    QTimer m_upgradeTimer;
    core::Milliseconds m_probedAt{0}; // these are monotonic
    core::Milliseconds m_heardAt;
    core::Milliseconds m_drainedAt;
    std::optional<core::Milliseconds> m_pingedAt; // unanswered
    std::optional<Ending> m_ending;
    bool m_isFlushing = false;
    bool m_isClosed = false;
};

} // namespace server
