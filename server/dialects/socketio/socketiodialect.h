#pragma once
#include "server/dialects/socketio/aiworkflows.h"
#include "server/dialects/socketio/enginesessions.h"
#include "server/dialects/socketio/socketiosession.h"

namespace server {

/// Engine.IO 4 and Socket.IO 5 at `/socket.io/`, and the polling endpoint for who has neither
/// (PROTOCOL.md §3.5): the progress of AI work, heard and told.
///
/// Threads: the hub thread.
class SocketIoDialect final : public QObject
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(SocketIoDialect)
public:
    struct Surroundings {
        NativeMethods &methods;
        core::JobService &service;
        core::JobRegistry &registry;
        const core::Workflows &workflows;
        Access &access;
        const core::Clock &clock;
        int maxConnections;
    };

    explicit SocketIoDialect(Surroundings surroundings);
    ~SocketIoDialect() override;

    void addRoutes(Router &router);
    /// Closes every session (1001); the program ends.
    void sayGoodbye();
    /// Looks at the clock for every session. Called once a second by a timer of its own.
    void tick();
    [[nodiscard]] const FeedCounters &feedCounters() const { return m_feed.counters(); }
    [[nodiscard]] const SessionCounters &counters() const { return m_counters; }

private:
    void adopt(EngineSession &engine);
    void onRevoked(const QString &tokenId);

    Surroundings m_surroundings;
    AiFeed m_feed;
    AiReports m_reports;
    AiWorkflows m_workflows;
    SessionCounters m_counters;
    EngineSessions m_engines;
    SessionSet<SocketIoSession> m_sessions;
    QTimer m_timer;
};

} // namespace server
