#pragma once
#include <QSslSocket>

namespace server {

/// Bytes written to `socket` that the kernel has not taken. QSslSocket::bytesToWrite() alone omits
/// what is encrypted already: 20 slow readers then cost gigabytes.
[[nodiscard]] qint64 unsentBytes(const QTcpSocket &socket);

/// Calls `drained` whenever the kernel took some, for as long as `context` and `socket` live.
template<typename Drained>
void whenDrained(QTcpSocket *socket, QObject *context, Drained drained)
{
    QObject::connect(socket, &QTcpSocket::bytesWritten, context, drained);
    if (auto *tls = qobject_cast<QSslSocket *>(socket))
        QObject::connect(tls, &QSslSocket::encryptedBytesWritten, context, drained);
}

} // namespace server
