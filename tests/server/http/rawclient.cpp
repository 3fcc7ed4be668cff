#include "tests/server/http/rawclient.h"

#include <QTest>

namespace tests {

RawClient::RawClient(quint16 port, Transport transport)
{
    QObject::connect(&m_socket, &QSslSocket::readyRead, &m_socket, [this] {
        if (m_isReading)
            m_unread += m_socket.readAll();
    });
    m_socket.setPeerVerifyMode(QSslSocket::VerifyNone);
    if (transport == Transport::Tls)
        m_socket.connectToHostEncrypted(QStringLiteral("127.0.0.1"), port);
    else
        m_socket.connectToHost(QStringLiteral("127.0.0.1"), port);
    const bool isConnected = QTest::qWaitFor(
        [&] {
            return transport == Transport::Tls
                ? m_socket.isEncrypted()
                : m_socket.state() == QAbstractSocket::ConnectedState;
        },
        5000);
    if (!isConnected)
        qWarning() << "RawClient: not connected:" << m_socket.errorString();
    m_socket.setSocketOption(QAbstractSocket::LowDelayOption, 1);
}

void RawClient::send(const QByteArray &bytes)
{
    m_socket.write(bytes);
    m_socket.flush();
}

std::optional<RawAnswer> RawClient::takeHead()
{
    const qsizetype end = m_unread.indexOf("\r\n\r\n");
    if (end < 0)
        return std::nullopt;
    RawAnswer answer;
    const QByteArrayList lines = m_unread.first(end).split('\n');
    answer.status = lines.first().split(' ').value(1).toInt();
    for (const QByteArray &line : lines.mid(1)) {
        const qsizetype colon = line.indexOf(':');
        answer.headers.insert(line.first(colon).toLower(), line.sliced(colon + 1).trimmed());
    }
    m_unread.remove(0, end + 4);
    return answer;
}

bool RawClient::takeChunks(RawAnswer &answer)
{
    for (;;) {
        const qsizetype line = m_unread.indexOf("\r\n");
        if (line < 0)
            return false;
        const qsizetype size = m_unread.first(line).toLongLong(nullptr, 16);
        if (m_unread.size() < line + 2 + size + 2)
            return false;
        answer.body += m_unread.sliced(line + 2, size);
        m_unread.remove(0, line + 2 + size + 2);
        if (size == 0)
            return true;
    }
}

bool RawClient::takeBody(RawAnswer &answer)
{
    if (answer.headers.value("transfer-encoding") == "chunked")
        return takeChunks(answer);
    const qsizetype size = answer.headers.value("content-length", "0").toLongLong();
    if (m_unread.size() < size)
        return false;
    answer.body = m_unread.first(size);
    m_unread.remove(0, size);
    return true;
}

RawAnswer RawClient::receiveHead(std::chrono::milliseconds timeout)
{
    std::optional<RawAnswer> answer;
    (void)QTest::qWaitFor(
        [&] {
            answer = takeHead();
            return answer.has_value() && answer->status != 100;
        },
        int(timeout.count()));
    return answer.value_or(RawAnswer{});
}

RawAnswer RawClient::receive(std::chrono::milliseconds timeout)
{
    RawAnswer answer = receiveHead(timeout);
    if (answer.status != 0
        && !QTest::qWaitFor([&] { return takeBody(answer); }, int(timeout.count())))
        answer.status = 0;
    return answer;
}

RawAnswer RawClient::ask(const QByteArray &bytes)
{
    send(bytes);
    return receive();
}

bool RawClient::waitForEnd(std::chrono::milliseconds timeout)
{
    return QTest::qWaitFor([&] { return m_socket.state() == QAbstractSocket::UnconnectedState; },
                           int(timeout.count()));
}

void RawClient::resumeReading()
{
    m_isReading = true;
    m_socket.setReadBufferSize(0);
    m_unread += m_socket.readAll();
}

void RawClient::stopReading()
{
    m_isReading = false;
    m_socket.setReadBufferSize(1024);
}

} // namespace tests
