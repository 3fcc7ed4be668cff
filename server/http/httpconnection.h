#pragma once
#include "server/http/admission.h"
#include "server/http/answerwriter.h"
#include "server/http/httpcounters.h"
#include "server/http/httpexchange.h"
#include "server/http/requestparser.h"

#include <QTimer>

namespace server {

class WebSocketGate;

/// One connection: requests in, answers out, one after the other.
///
/// peek → parse → admit ─┬→ WebSocket: the gate takes the socket, the head unread
///                       └→ skip the head → read the body → handler → answer → next
/// The socket's buffer is the only input buffer; nothing is read while an answer is under way or much
/// is unsent. Every state has a time limit. After an answer that ends the connection the sending half
/// is shut and the rest drained, so that the answer is not lost to a reset.
/// Threads: the hub thread.
class HttpConnection : public QObject
{
    Q_OBJECT
public:
    static constexpr std::chrono::seconds HeadTime{5};
    static constexpr std::chrono::seconds BodyTime{30};
    static constexpr std::chrono::seconds IdleTime{60};
    /// A client that takes nothing for this long is dropped.
    static constexpr std::chrono::seconds DrainTime{60};
    static constexpr std::chrono::seconds LingerTime{2};
    static constexpr qint64 LingerBytes = 1024 * 1024;
    /// No request is read while this much is unsent, in bytes.
    static constexpr qint64 UnsentMark = 256 * 1024;
    /// Larger than any head, as a TLS socket's peek() does not see more than its buffer.
    static constexpr qint64 PeekBytes = 32 * 1024;
    static constexpr int PipelinedPerTurn = 64;

    enum class Welcome { Yes, ServerIsFull };
    /// What all connections of a server share; outlives them.
    struct Context {
        const Router &router;
        Access &access;
        const core::Clock &clock;
        WebSocketGate &gate;
        HttpCounters &counters;
    };

    HttpConnection(std::unique_ptr<QTcpSocket> socket,
                   const Door &door,
                   const Context &context,
                   Welcome welcome);
    ~HttpConnection() override;

    /// Ends it now, or after the answer under way.
    void closeSoon();
    /// Drops it when the request under way is that token's.
    void closeToken(const QString &tokenId);
    void abort();

    // for the exchange
    void respond(Response response);
    void startStream(Response head);
    void writeStream(const QByteArray &bytes);
    void finishStream();
    [[nodiscard]] qint64 unsentBytes() const;

signals:
    /// The connection is gone, or has become a WebSocket; nothing follows.
    void finished();

private:
    enum class State { Reading, Answering, Sending, Lingering, Gone };
    enum class Wait { Head, Idle, Body, Drain, Linger };

    void process();
    void flush();
    [[nodiscard]] bool step();
    [[nodiscard]] bool readHead();
    [[nodiscard]] bool takeHead();
    [[nodiscard]] bool takeRequest();
    [[nodiscard]] bool upgrade();
    [[nodiscard]] bool readBody();
    void handle();
    [[nodiscard]] bool refuse(const Response &response, const QByteArray &pattern = {});
    [[nodiscard]] bool answerAtOnce(const Response &response, const QByteArray &pattern);
    void finishAnswer();
    void takeNext();
    void beginLinger();
    void shutSending();
    void onReadyRead();
    void onDrained();
    void onTimeout();
    void onGone();
    void wait(Wait reason, std::chrono::milliseconds time);

    Context m_context;
    Door m_door;
    Welcome m_welcome;
    std::unique_ptr<QTcpSocket> m_socket;
    AnswerWriter m_writer;
    Admission m_admission;
    RequestParser m_parser;
    AdmittedRequest m_admitted;
    QString m_token; // id of the token whose request is being read or answered
    std::unique_ptr<HttpExchange> m_exchange;
    QTimer m_timer;
    State m_state = State::Reading;
    Wait m_wait = Wait::Head;
    qint64 m_drainedBytes = 0;
    bool m_isProcessing = false;
    bool m_isMoreToProcess = false;
    bool m_isClosing = false;
    bool m_isSendingShut = false;
};

} // namespace server
