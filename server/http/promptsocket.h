#pragma once
#include <QTcpSocket>

namespace server {

/// A TCP socket that gives the kernel at once what it takes and buffers the rest only. QTcpSocket
/// copies every byte into a buffer of 32 KiB first and keeps that buffer for good: one for each idle
/// client. bytesWritten() follows in a later turn of the event loop, as after any write.
class PromptSocket final : public QTcpSocket
{
    Q_OBJECT
public:
    using QTcpSocket::QTcpSocket;

protected:
    qint64 writeData(const char *bytes, qint64 size) override;

private:
    void tellWritten(qint64 bytes);

    qint64 m_untold = 0; // bytes the kernel took since bytesWritten()
};

} // namespace server
