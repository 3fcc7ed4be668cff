#include "server/dialects/dialects.h"

namespace server {

Dialects::Dialects(const Surroundings &s)
    : m_methods({.service = s.service,
                 .flashes = s.flashes,
                 .driveWork = s.driveWork,
                 .tokens = s.tokens,
                 .settings = s.settings,
                 .clock = s.clock,
                 .metrics = [this](const core::Principal &who) { return m_metrics.object(who); },
                 .makeLoginUrl = s.makeLoginUrl})
    , m_native({m_methods, s.service, s.flashes, s.tokens, s.feed, s.access, s.clock})
    , m_rest({m_methods, s.service, s.flashes, s.feed, s.clock,
              [this](const core::Principal &who) { return m_metrics.text(who); }})
    , m_metrics({.registry = s.registry,
                 .feed = s.feed,
                 .access = s.access,
                 .sessions = [this] { return m_native.counters(); },
                 .streams = [this] { return m_rest.openStreams(); }})
{ }

void Dialects::addRoutes(Router &router)
{
    m_native.addRoutes(router);
    m_rest.addRoutes(router);
}

void Dialects::sayGoodbye()
{
    m_native.sayGoodbye();
    m_rest.endStreams();
}

void Dialects::tick()
{
    m_native.tick();
    m_rest.tick();
}

} // namespace server
