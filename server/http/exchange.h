#pragma once
#include "server/http/message.h"

#include <QObject>

namespace server {

/// One request being answered, at once or later. Made by the connection; dies with it.
///
/// respond() once, or startStream(), any number of write() and then finish().
/// Threads: the hub thread, as all of server.
class Exchange : public QObject
{
    Q_OBJECT
public:
    using QObject::QObject;

    [[nodiscard]] virtual const Request &request() const = 0;
    virtual void respond(Response response) = 0;

    /// Sends the head; the body follows by write() in chunked coding (RFC 9112 §7.1).
    virtual void startStream(Response head) = 0;
    virtual void write(const QByteArray &bytes) = 0;
    virtual void finish() = 0;
    /// Bytes written that the kernel has not taken yet, TLS included.
    [[nodiscard]] virtual qint64 unsentBytes() const = 0;

signals:
    /// The kernel took some; unsentBytes() is smaller than before.
    void drained();
    /// The peer is gone. The exchange is deleted after this signal.
    void closed();
};

/// One accepted WebSocket. Messages are UTF-8 text.
/// Threads: the hub thread.
class WebSocketSession : public QObject
{
    Q_OBJECT
public:
    using QObject::QObject;

    /// The upgrade request; `principal` is set when it presented a valid token.
    [[nodiscard]] virtual const Request &request() const = 0;
    /// Queues one text message. `utf8` is shared, not copied per client where that is possible.
    virtual void send(const QByteArray &utf8) = 0;
    [[nodiscard]] virtual qint64 unsentBytes() const = 0;
    /// Sends what is queued and a close frame; drops the connection when that takes over 2 s.
    virtual void close(int code, const QString &reason) = 0;

signals:
    void received(const QByteArray &utf8);
    /// The peer sent what is not taken and close(code, reason) follows; a last word may come before it.
    void refused(int code, const QString &reason);
    void drained();
    /// Any sign of life from the peer, RFC 6455 pongs included.
    void heard();
    void closed();
};

} // namespace server
