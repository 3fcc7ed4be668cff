#pragma once
#include "server/dialects/compatsession.h"
#include "server/dialects/sessionset.h"
#include "server/http/access.h"
#include "server/http/router.h"

#include <QTimer>

namespace server {

/// The open sockets of one compatibility dialect: adds its route, ends what must end.
///
///   upgrade ─► no valid token: the dialect's error, close 1008
///           └► CompatSession: jobs by MessageFeed, what comes by CompatHandler
///
/// Threads: the hub thread.
class CompatSockets final : public QObject
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(CompatSockets)
public:
    struct Surroundings {
        MessageFeed &feed;
        Access &access;
        const core::Clock &clock;
    };

    /// All of these outlive it.
    CompatSockets(Surroundings surroundings, CompatHandler &handler);

    /// `{name}` in the pattern is in `request().captures`.
    void addRoute(Router &router, const QString &pattern);
    /// Closes every socket (1001); the program ends.
    void sayGoodbye();
    /// Looks at the clock for every session. Called once a second by a timer of its own.
    void tick();
    [[nodiscard]] const SessionCounters &counters() const { return m_counters; }
    [[nodiscard]] const FeedCounters &feedCounters() const
    {
        return m_surroundings.feed.counters();
    }

private:
    void adopt(std::unique_ptr<WebSocketSession> socket);
    void onRevoked(const QString &tokenId);

    Surroundings m_surroundings;
    CompatHandler &m_handler;
    SessionCounters m_counters;
    SessionSet<CompatSession> m_sessions;
    QTimer m_timer;
};

} // namespace server
