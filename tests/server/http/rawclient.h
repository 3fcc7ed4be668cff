#pragma once
#include <QMap>
#include <QSslSocket>

#include <optional>

namespace tests {

/// One answer as it came over the wire; header names in lower case.
struct RawAnswer {
    int status = 0;
    QMap<QByteArray, QByteArray> headers;
    QByteArray body;
};

/// A client that sends exactly the bytes it is given and keeps every byte it gets.
class RawClient
{
public:
    enum class Transport { Plain, Tls };
    explicit RawClient(quint16 port, Transport transport = Transport::Plain);

    void send(const QByteArray &bytes);
    /// Waits for the next answer and takes it; status 0 when there is none within `timeout`.
    /// `isForHead`: the answer to a HEAD has a length and no body.
    [[nodiscard]] RawAnswer receive(std::chrono::milliseconds timeout = std::chrono::seconds(5));
    [[nodiscard]] RawAnswer
    receiveHead(std::chrono::milliseconds timeout = std::chrono::seconds(5));
    /// Sends and receives.
    [[nodiscard]] RawAnswer ask(const QByteArray &bytes);
    /// Whether the server ends the connection within `timeout`.
    [[nodiscard]] bool waitForEnd(std::chrono::milliseconds timeout = std::chrono::seconds(5));
    /// Everything that came and was not taken.
    [[nodiscard]] QByteArray &unread() { return m_unread; }
    [[nodiscard]] QSslSocket &socket() { return m_socket; }
    /// Stops taking bytes off the kernel's buffer, as a slow reader does.
    void stopReading();
    void resumeReading();

private:
    [[nodiscard]] std::optional<RawAnswer> takeHead();
    [[nodiscard]] bool takeBody(RawAnswer &answer);
    [[nodiscard]] bool takeChunks(RawAnswer &answer);

    QSslSocket m_socket; // plain until told otherwise
    QByteArray m_unread;
    bool m_isReading = true;
};

} // namespace tests
