#pragma once
#include "core/base/result.h"
#include "server/http/access.h"

#include <QSslConfiguration>
#include <QTcpServer>
#include <QTimer>
#include <QUrl>

#include <functional>
#include <memory>
#include <optional>

class QTcpSocket;

namespace server {

/// One address that is listened on. Loopback listeners are plain unless there is a certificate; all
/// others speak TLS and cannot be made without one.
/// Threads: the hub thread.
class Listener final : public QTcpServer
{
    Q_OBJECT
public:
    using Accepted = std::function<void(std::unique_ptr<QTcpSocket>, const Door &)>;
    /// Bursts of a thousand connects were dropped and retried by the kernel with 512.
    static constexpr int Backlog = 1024;

    /// `tls` is empty for a plain listener.
    Listener(Accepted accepted, std::optional<QSslConfiguration> tls);

    /// Fails with `Busy` naming address and port when the port is taken, `Network` else.
    [[nodiscard]] core::Result<void> open(const QHostAddress &address, quint16 port);
    /// Serves a socket that listens already; it is ours when that succeeds. Fails with `Network`.
    [[nodiscard]] core::Result<void> adopt(int socket);
    [[nodiscard]] QUrl url() const;
    [[nodiscard]] bool isTls() const { return m_tls.has_value(); }

protected:
    void incomingConnection(qintptr descriptor) override;

private:
    void rest();

    Accepted m_accepted;
    std::optional<QSslConfiguration> m_tls;
    QTimer m_rest; // accepting goes on when it ends
    bool m_isOutOfFiles = false; // and was said to be
};

/// An address to listen on as written in --listen: "ADDR:PORT", IPv6 in brackets, port 0 for any.
struct ListenAddress {
    QHostAddress address;
    quint16 port = 0;
};
/// Fails with `InvalidArgument` naming the text.
[[nodiscard]] core::Result<ListenAddress> parseListenAddress(const QString &text);

/// Where `socket` listens. Fails with `InvalidArgument` naming it when it is not a TCP socket that does.
[[nodiscard]] core::Result<QHostAddress> listeningAddress(int socket);

} // namespace server
