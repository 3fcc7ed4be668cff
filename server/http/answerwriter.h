#pragma once
#include "core/base/clock.h"
#include "server/http/filestream.h"
#include "server/http/responsehead.h"

#include <QTcpSocket>

#include <functional>

namespace server {

/// Writes the answers of one connection: whole ones, streams in chunks, and files.
class AnswerWriter
{
public:
    /// Sent: all is with the socket. Sending: call pump() when it drained, and when told. Broken: what was promised
    /// cannot be sent any more; only dropping the connection says so.
    enum class State { Sent, Sending, Broken };

    /// `pumpAgain` is called when more of a file is there to be pumped.
    AnswerWriter(QTcpSocket &socket, const core::Clock &clock, std::function<void()> pumpAgain)
        : m_socket(socket)
        , m_clock(clock)
        , m_pumpAgain(std::move(pumpAgain))
    { }

    /// Which request the next answer is to; `facts` as responseHead wants them.
    void prepare(HeadFacts facts, const QByteArray &method);
    [[nodiscard]] bool isKeptAlive() const { return m_facts.isKeptAlive; }
    void closeAfterwards() { m_facts.isKeptAlive = false; }

    /// `request` for its conditions and ranges. Gives the status really sent with the state.
    struct Result {
        State state = State::Sent;
        int status = 0;
    };
    [[nodiscard]] Result send(const Request &request, Response response);
    [[nodiscard]] State pump();

    void startStream(Response head);
    void write(const QByteArray &bytes);
    void finish();

    [[nodiscard]] qint64 unsentBytes() const;

private:
    void writeHead(const Response &response, std::optional<qint64> contentLength);
    [[nodiscard]] Result sendFile(const Request &request, Response response);

    QTcpSocket &m_socket;
    const core::Clock &m_clock;
    std::function<void()> m_pumpAgain;
    HeadFacts m_facts;
    bool m_isHeadRequest = false;
    std::optional<FileStream> m_file;
};

} // namespace server
