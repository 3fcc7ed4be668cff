#include "server/http/promptsocket.h"

#include <QPointer>

#include <sys/socket.h>

#include <algorithm>

namespace server {

qint64 PromptSocket::writeData(const char *bytes, qint64 size)
{
    const bool isPrompt = bytesToWrite() == 0 && state() == ConnectedState && size > 0;
    // An error is left to QTcpSocket, which meets it again and tells of it.
    const qint64 taken = isPrompt
        ? std::max<qint64>(
            ::send(int(socketDescriptor()), bytes, size_t(size), MSG_DONTWAIT | MSG_NOSIGNAL), 0)
        : 0;
    if (taken > 0)
        tellWritten(taken);
    if (taken == size)
        return size;
    const qint64 buffered = QTcpSocket::writeData(bytes + taken, size - taken);
    return buffered < 0 ? buffered : taken + buffered;
}

void PromptSocket::tellWritten(qint64 bytes)
{
    m_untold += bytes;
    if (m_untold > bytes)
        return;
    // One event for all sockets of the turn: a hundred clients would cost a hundred.
    thread_local struct {
        QObject context;
        QList<QPointer<PromptSocket>> sockets;
    } untold;
    untold.sockets.append(this);
    if (untold.sockets.size() > 1)
        return;
    const auto tellAll = [] {
        for (const auto &socket : std::exchange(untold.sockets, {}))
            if (socket)
                emit socket->bytesWritten(std::exchange(socket->m_untold, 0));
    };
    QMetaObject::invokeMethod(&untold.context, tellAll, Qt::QueuedConnection);
}

} // namespace server
