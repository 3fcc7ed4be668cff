#include "server/dialects/dialects.h"

#include "server/dialects/native/agentmethods.h"
#include "server/dialects/native/jobevents.h"
#include "server/dialects/native/workflowmethods.h"

namespace server {

Dialects::Dialects(const Surroundings &s)
    : m_methods({.service = s.service,
                 .flashes = s.flashes,
                 .driveWork = s.driveWork,
                 .history = s.history,
                 .tokens = s.tokens,
                 .settings = s.settings,
                 .pairings = s.pairings,
                 .clock = s.clock,
                 .metrics = [this](const core::Principal &who) { return m_metrics.object(who); },
                 .makeLoginUrl = s.makeLoginUrl})
    , m_workflowFeed(s.workflows, s.feed)
    , m_agentFeed(s.agents.board(), s.feed)
    , m_native({m_methods, s.service, s.flashes, s.tokens, s.feed, s.access, s.clock, s.pairings,
                s.agents})
    , m_rest({m_methods, s.service, s.flashes, s.feed, s.clock,
              [this](const core::Principal &who) { return m_metrics.text(who); }})
    , m_idm({s.service, s.registry, s.access, s.clock})
    , m_gateway({s.service, s.registry, s.access, s.clock})
    , m_flashProgress({s.service, s.flashes, s.registry, s.access, s.clock})
    , m_workflow({s.workflows, s.agents, s.registry, s.access, s.clock})
    , m_socketIo(
          {m_methods, s.service, s.registry, s.workflows, s.access, s.clock, s.maxConnections})
    , m_feed(s.feed)
    , m_loopLag(s.clock)
    , m_metrics({.registry = s.registry,
                 .feed = s.feed,
                 .access = s.access,
                 .agents = s.agents.board(),
                 .feeds = [this] { return feedCounters(); },
                 .sessions = [this] { return sessionCounters(); },
                 .streams = [this] { return m_rest.openStreams(); },
                 .http = s.http,
                 .loopLag = m_loopLag.histogram()})
{
    addWorkflowMethods(m_methods, s.workflows);
    addAgentMethods(m_methods, s.agents.board());
    addJobEvents(m_methods, s.service, s.feed.journal());
}

void Dialects::addRoutes(Router &router)
{
    m_native.addRoutes(router);
    m_rest.addRoutes(router);
    m_idm.addRoutes(router);
    m_gateway.addRoutes(router);
    m_flashProgress.addRoutes(router);
    m_workflow.addRoutes(router);
    m_socketIo.addRoutes(router);
}

void Dialects::sayGoodbye()
{
    m_native.sayGoodbye();
    for (CompatSockets *open : sockets())
        open->sayGoodbye();
    m_socketIo.sayGoodbye();
    m_rest.endStreams();
}

void Dialects::tick()
{
    m_native.tick();
    m_rest.tick();
    for (CompatSockets *open : sockets())
        open->tick();
    m_workflow.tick();
    m_socketIo.tick();
}

FeedCounters Dialects::feedCounters()
{
    FeedCounters all = m_feed.counters();
    for (const CompatSockets *open : sockets())
        all += open->feedCounters();
    all += m_socketIo.feedCounters();
    return all;
}

SessionCounters Dialects::sessionCounters()
{
    SessionCounters all = m_native.counters();
    for (const CompatSockets *open : sockets())
        all += open->counters();
    all += m_socketIo.counters();
    return all;
}

} // namespace server
