#pragma once
#include "server/dialects/native/nativesession.h"
#include "server/dialects/sessionset.h"
#include "server/http/router.h"

#include <QTimer>

namespace server {

/// `dray.v1`: JSON-RPC 2.0 on `/api/v1/ws`, and one message at a time by POST /api/v1/rpc.
///
/// Threads: the hub thread.
class NativeDialect final : public QObject
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(NativeDialect)
public:
    struct Surroundings {
        NativeMethods &methods;
        const core::JobService &service;
        const core::FlashService &flashes;
        const core::Tokens &tokens;
        EventFeed &feed;
        Access &access;
        const core::Clock &clock;
        core::Pairings &pairings;
        core::Agents &agents;
    };

    explicit NativeDialect(Surroundings surroundings);
    ~NativeDialect() override;

    void addRoutes(Router &router);
    /// Takes a socket over; it ends with its connection.
    void adopt(std::unique_ptr<WebSocketSession> socket);
    /// Says good-bye to every session (1001); the program ends.
    void sayGoodbye();
    /// Looks at the clock for every session. Called once a second by a timer of its own.
    void tick();
    [[nodiscard]] const SessionCounters &counters() const { return m_counters; }

private:
    void answerPost(Exchange &exchange);
    void onRevoked(const QString &tokenId);

    Surroundings m_surroundings;
    SessionCounters m_counters;
    SessionSet<NativeSession> m_sessions;
    QTimer m_timer;
};

} // namespace server
