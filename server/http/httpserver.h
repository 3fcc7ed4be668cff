#pragma once
#include "core/base/clock.h"
#include "core/base/result.h"
#include "server/http/access.h"
#include "server/http/httpcounters.h"
#include "server/http/router.h"

#include <QSet>
#include <QSslConfiguration>
#include <QTimer>
#include <QUrl>

class QTcpSocket;

namespace server {

class HttpConnection;
class Listener;
class WebSocketGate;

/// HTTP/1.1 and WebSocket on the same ports: what `router` knows, for whom `access` lets in.
///
/// Listener → HttpConnection → (upgrade: WebSocketGate → WebSocketSession | else: handler → answer)
/// Threads: everything on the thread that makes it, the hub thread.
class HttpServer : public QObject
{
    Q_OBJECT
public:
    struct Options {
        /// "ADDR:PORT" each, IPv6 in brackets; port 0 picks one.
        QStringList listen{QStringLiteral("127.0.0.1:8765")};
        /// Descriptors of TCP sockets that listen already, served like `listen` and by the same
        /// rules. Ours from listen() on.
        QList<int> passedSockets{};
        int maxConnections = 256;
        /// PEM files. Empty: loopback listeners are plain, the others use a self-signed certificate
        /// that is made once and kept in `dataDir`/tls.
        QString tlsCertificate;
        QString tlsKey;
        QString dataDir;
    };

    /// `router`, `access` and `clock` outlive the server. Routes are added before listen().
    HttpServer(const Router &router, Access &access, const core::Clock &clock, Options options);
    ~HttpServer() override;

    /// Opens every address and passed socket, or none. Fails with `InvalidArgument` (not ADDR:PORT, or
    /// not a TCP socket that listens), `Busy` (a port is taken; names address and port), `TlsFailed` or
    /// `FileAccess` (certificate), `Network`.
    [[nodiscard]] core::Result<void> listen();
    /// One per listener, in the order given, passed sockets last, with the ports really used.
    [[nodiscard]] QList<QUrl> urls() const;
    [[nodiscard]] QList<quint16> ports() const;
    /// SHA-256 of the certificate in hexadecimal, empty without TLS.
    [[nodiscard]] QString certificateFingerprint() const { return m_fingerprint; }

    /// Stops listening, lets sessions say good-bye (aboutToClose), closes WebSockets with 1001 and
    /// connections after the answer they are at. `closed` follows within 2 s.
    void close();

    [[nodiscard]] HttpCounters counters() const;

signals:
    /// Sessions that say something at the end say it here; close(1001) comes from the server.
    void aboutToClose();
    /// After close(), once: no connection is left.
    void closed();

private:
    void accept(std::unique_ptr<QTcpSocket> socket, const Door &door);
    void forget(HttpConnection *connection);
    void reportClosed();
    void dropRest();
    void closeToken(const QString &tokenId);
    [[nodiscard]] core::Result<void> open(const QStringList &addresses);
    [[nodiscard]] core::Result<void> adopt(const QList<int> &sockets);
    [[nodiscard]] core::Result<std::unique_ptr<Listener>> listenerFor(const QHostAddress &address);
    [[nodiscard]] core::Result<std::optional<QSslConfiguration>>
    tlsFor(const QHostAddress &address);

    const Router &m_router;
    Access &m_access;
    const core::Clock &m_clock;
    Options m_options;
    std::shared_ptr<qint64> m_openSockets; // TCP connections, WebSockets included
    std::unique_ptr<WebSocketGate> m_gate;
    std::vector<std::unique_ptr<Listener>> m_listeners;
    QSet<HttpConnection *> m_connections; // deleted by deleteLater or here
    std::optional<QSslConfiguration> m_tls;
    QString m_fingerprint;
    QTimer m_watchTimer;
    bool m_isClosing = false;
    bool m_isClosed = false;
};

} // namespace server
