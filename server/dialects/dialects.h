#pragma once
#include "server/dialects/flashprogress/flashprogressdialect.h"
#include "server/dialects/gateway/gatewaydialect.h"
#include "server/dialects/idm/idmdialect.h"
#include "server/dialects/looplag.h"
#include "server/dialects/metrics.h"
#include "server/dialects/native/agentfeed.h"
#include "server/dialects/native/nativedialect.h"
#include "server/dialects/native/workflowfeed.h"
#include "server/dialects/rest/restdialect.h"
#include "server/dialects/socketio/socketiodialect.h"
#include "server/dialects/workflow/workflowdialect.h"

namespace server {

/// Every protocol the server speaks, on one set of methods and one feed.
///
/// Threads: the hub thread.
class Dialects final
{
public:
    struct Surroundings {
        core::JobService &service;
        core::FlashService &flashes;
        core::DriveService &driveWork;
        core::Workflows &workflows;
        core::Agents &agents;
        core::History &history;
        core::JobRegistry &registry;
        core::Tokens &tokens;
        core::Settings &settings;
        core::Pairings &pairings;
        Access &access;
        EventFeed &feed;
        const core::Clock &clock;
        /// The page's address with a one-time login in it.
        std::function<QUrl()> makeLoginUrl;
        /// What the server that is asked by these routes counted.
        std::function<HttpCounters()> http = [] { return HttpCounters(); };
        int maxConnections = 256;
    };

    /// All of `surroundings` outlives it.
    explicit Dialects(const Surroundings &surroundings);
    Dialects(const Dialects &) = delete;
    Dialects &operator=(const Dialects &) = delete;

    /// Call before the server listens.
    void addRoutes(Router &router);
    /// Tells every reader that the program ends; the server closes connections afterwards.
    void sayGoodbye();
    /// The methods that are not of a session (session., topic., pair.), sorted.
    [[nodiscard]] QStringList methodNames() const { return m_methods.names(); }
    /// Looks at the clock for every connection; timers of its own do it once a second.
    void tick();

private:
    /// Those of a compatibility dialect.
    [[nodiscard]] std::array<CompatSockets *, 4> sockets()
    {
        return {&m_idm.sockets(), &m_gateway.sockets(), &m_flashProgress.sockets(),
                &m_workflow.sockets()};
    }
    [[nodiscard]] FeedCounters feedCounters();
    [[nodiscard]] SessionCounters sessionCounters();

    NativeMethods m_methods;
    WorkflowFeed m_workflowFeed;
    AgentFeed m_agentFeed;
    NativeDialect m_native;
    RestDialect m_rest;
    IdmDialect m_idm;
    GatewayDialect m_gateway;
    FlashProgressDialect m_flashProgress;
    WorkflowDialect m_workflow;
    SocketIoDialect m_socketIo;
    const EventFeed &m_feed;
    LoopLag m_loopLag;
    Metrics m_metrics;
};

} // namespace server
