#pragma once
#include "server/dialects/compathandler.h"
#include "server/dialects/messagebudget.h"
#include "server/dialects/sessioncounters.h"
#include "server/dialects/sessionwatch.h"
#include "server/feed/messagefeed.h"
#include "server/http/exchange.h"

namespace server {

/// One client on a compatibility socket (PROTOCOL.md §3), whose rights are those of its upgrade request.
/// Nothing is sent but the dialect's messages; signs of life are RFC 6455 pings, by the server below.
///
/// Threads: the hub thread.
class CompatSession final
    : public QObject
    , public MessageReader
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(CompatSession)
public:
    struct Surroundings {
        MessageFeed &feed;
        const core::Clock &clock;
        CompatHandler &handler;
        SessionCounters &counters;
    };

    /// `socket`'s request has a principal. Listens to the feed at once.
    CompatSession(std::unique_ptr<WebSocketSession> socket, Surroundings surroundings);
    ~CompatSession() override;

    /// An answer of the dialect.
    void send(const QByteArray &message);
    /// Looks at the clock; called once a second.
    void tick();
    /// Closes. Does nothing when that was done before.
    void end(const Ending &ending);

    [[nodiscard]] const Request &request() const { return m_socket->request(); }
    /// When the client gave its last sign of life, of the monotonic clock.
    [[nodiscard]] core::Milliseconds heardAt() const { return m_watch.heardAt(); }
    [[nodiscard]] const core::Principal &principal() const override { return m_who; }
    [[nodiscard]] qint64 unsentBytes() const override { return m_socket->unsentBytes(); }
    void takeMessage(const QByteArray &message) override { write(message); }

signals:
    /// The connection is gone; nothing comes after this.
    void closed();

private:
    void onReceived(const QByteArray &utf8);
    void refuse(MessageBudget::Verdict verdict);
    void write(const QByteArray &message);
    void endAsSlow(const Ending &ending);

    Surroundings m_surroundings;
    std::unique_ptr<WebSocketSession> m_socket;
    core::Principal m_who;
    MessageBudget m_budget;
    SessionWatch m_watch;
    bool m_isEnding = false;
};

} // namespace server
