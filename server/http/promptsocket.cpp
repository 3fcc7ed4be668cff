#include "server/http/promptsocket.h"

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
    QMetaObject::invokeMethod(
        this, [this] { emit bytesWritten(std::exchange(m_untold, 0)); }, Qt::QueuedConnection);
}

} // namespace server
