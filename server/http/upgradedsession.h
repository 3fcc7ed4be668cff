#pragma once
#include "core/base/clock.h"
#include "server/http/exchange.h"
#include "server/http/httpcounters.h"
#include "server/http/outbox.h"
#include "server/http/websocketframe.h"

#include <QPointer>
#include <QTcpSocket>
#include <QTimer>
#include <QWebSocket>

namespace server {

/// A WebSocketSession on a QWebSocket. Qt reads: framing, UTF-8, pings. We write: prepared frames,
/// straight to the TCP or TLS socket below, and the close handshake, so that data in flight does not
/// reset the connection before the close code is read.
///
/// The socket is given little at a time: it copies what it holds, while frames that wait here are
/// shared by all the sessions that they go to, however many of them do not read.
class UpgradedSession final : public WebSocketSession
{
    Q_OBJECT
public:
    /// Largest message taken, in bytes; a larger one is closed with 1009.
    static constexpr qint64 InboundLimit = 64 * 1024;
    /// Above this Qt closes with 1009 by itself, and refused() cannot be told.
    static constexpr quint64 ReadableLimit = 2 * InboundLimit;
    /// A session that has this much unsent is dropped whatever its dialect does.
    static constexpr qint64 UnsentLimit = 4 * 1024 * 1024;
    /// The socket is given frames while it has less than this unsent, and so much at once.
    static constexpr qint64 SocketShare = 64 * 1024;
    static constexpr std::chrono::seconds CloseGrace{2};
    /// Silence after which a ping is sent, and after which the session is closed with 4002. Longer
    /// than the native dialect's own 20 s and 45 s, which come first.
    static constexpr std::chrono::seconds PingAfter{25};
    static constexpr std::chrono::seconds SilenceLimit{60};

    /// What sessions of one server share, and what may outlive it.
    struct Shared {
        /// Owns connections whose session is gone and whose close handshake is not done.
        QPointer<QObject> keeper;
        FrameCache frames;
        Outbox outbox;
        HttpCounters counters;
    };

    UpgradedSession(std::unique_ptr<QWebSocket> webSocket,
                    QTcpSocket *socket,
                    Request request,
                    std::shared_ptr<Shared> shared);
    /// A session that is being closed goes on doing so for the grace; an open one is dropped.
    ~UpgradedSession() override;

    [[nodiscard]] const Request &request() const override { return m_request; }
    void send(const QByteArray &utf8) override;
    [[nodiscard]] qint64 unsentBytes() const override;
    void close(int code, const QString &reason) override;

    /// Writes what send() holds back.
    void flush();
    /// Counts what is unsent. Pings a peer that has been silent, closes one that stays it. `now` is monotonic.
    void watch(core::Milliseconds now);
    void abort() { m_webSocket->abort(); }

private:
    void take(const QString &text);
    void refuse(int code, const QString &reason);
    void noteHeard();
    void onDrained();
    void hold(const QByteArray &frame);
    void writeHeld();
    [[nodiscard]] QByteArray takeHeld(qint64 mostBytes);

    std::unique_ptr<QWebSocket> m_webSocket;
    QPointer<QTcpSocket> m_socket; // m_webSocket's
    Request m_request;
    std::shared_ptr<Shared> m_shared;
    QList<QByteArray> m_held; // frames that the socket has not been given
    qint64 m_heldBytes = 0;
    QTimer m_closeTimer;
    core::Milliseconds m_lastHeard{-1};
    core::Milliseconds m_lastPing{0};
    bool m_wasHeard = true;
    bool m_isPinged = false;
    bool m_isClosing = false;
    bool m_isAnswering = false; // what is sent answers what was received: nobody lets it wait
};

} // namespace server
