#pragma once
#include "server/http/requesthead.h"
#include "server/http/router.h"
#include "server/http/upgradedsession.h"

#include <QSet>
#include <QWebSocketServer>

#include <map>

namespace server {

/// Turns vetted upgrade requests into sessions: the only unit that knows QWebSocketServer, which
/// gets the connection with the head unread and answers it.
///
/// Qt 6.4 closes without an answer what it does not like; check() answers before that.
/// Threads: the hub thread.
class WebSocketGate : public QObject
{
    Q_OBJECT
public:
    /// Qt's handshake runs in a later turn of the event loop and has no time limit of its own.
    static constexpr std::chrono::seconds HandshakeTime{5};

    explicit WebSocketGate(const core::Clock &clock);
    ~WebSocketGate() override;

    /// The answer to a wrong upgrade request (RFC 6455 §4.2): 400, 426 or 431; nullopt when it is right.
    [[nodiscard]] static std::optional<Response> check(const RequestHead &head,
                                                       const Router::SocketAccess &access);

    /// Takes the connection over: the head of `headLength` bytes is unread, nothing came after it.
    /// Without a principal, and where the route does not ask by message: accepted, then closed 1008. One
    /// too many is accepted, too, and closed with 4504: a browser shows scripts no refused upgrade.
    void adopt(std::unique_ptr<QTcpSocket> socket,
               const Request &request,
               const Router::SocketMatch &match,
               qsizetype headLength);

    void closeAll(int code, const QString &reason);
    /// Drops every session without a word.
    void abortAll();
    /// Closes the sessions of that token with 4505.
    void closeToken(const QString &tokenId);
    /// Pings and closes silent sessions; called every few seconds.
    void watchAll();

    [[nodiscard]] qsizetype openSessions() const { return m_sessions.size(); }
    [[nodiscard]] HttpCounters &counters() { return m_shared->counters; }

signals:
    /// A session's connection is gone.
    void sessionEnded();

private:
    struct Pending {
        QPointer<QTcpSocket> tcp;
        Request request;
        Router::SocketMatch match;
    };
    [[nodiscard]] QWebSocketServer &serverFor(const QStringList &subprotocols);
    void takePending(QWebSocketServer &server);
    void begin(std::unique_ptr<UpgradedSession> session, const Router::SocketMatch &match);
    struct Refusal {
        int code;
        QString reason;
        std::function<QByteArray()> text; // may be empty
    };
    static void turnAway(std::unique_ptr<UpgradedSession> session, const Refusal &refusal);
    void endAt(UpgradedSession &session, qint64 expiresAt);

    const core::Clock &m_clock;
    std::map<QStringList, std::unique_ptr<QWebSocketServer>> m_servers; // by subprotocols
    QHash<QString, Pending> m_pending; // handed over, by addresses and ports
    std::shared_ptr<UpgradedSession::Shared> m_shared;
    QSet<UpgradedSession *> m_sessions; // whoever owns them
    QSet<UpgradedSession *> m_bound; // whose rights are those of the upgrade request's token
};

} // namespace server
