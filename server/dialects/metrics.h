#pragma once
#include "core/agents/agentboard.h"
#include "core/jobs/jobregistry.h"
#include "server/dialects/looplag.h"
#include "server/dialects/sessioncounters.h"
#include "server/feed/eventfeed.h"
#include "server/http/access.h"
#include "server/http/httpcounters.h"

#include <QJsonObject>

namespace server {

/// What the server can say of itself, for `metrics.get` and `/metrics`.
class Metrics
{
public:
    struct Sources {
        const core::JobRegistry &registry;
        const EventFeed &feed;
        const Access &access;
        const core::AgentBoard &agents;
        std::function<FeedCounters()> feeds; // all of them together
        std::function<SessionCounters()> sessions;
        std::function<qint64()> streams; // open SSE answers and long polls
        std::function<HttpCounters()> http;
        const LoopLagHistogram &loopLag;
    };

    explicit Metrics(Sources sources);

    /// Jobs are those `who` may see; a fenced owner is told of nothing else.
    /// Names without prefix to numbers; those with labels are objects: {"jobs":{"running":2,…},…}.
    /// Histograms are left out.
    [[nodiscard]] QJsonObject object(const core::Principal &who) const;
    /// Prometheus text format 0.0.4.
    [[nodiscard]] QByteArray text(const core::Principal &who) const;

private:
    struct Family;
    [[nodiscard]] QList<Family> families(const core::Principal &who) const;
    [[nodiscard]] QList<Family> trafficFamilies() const;
    [[nodiscard]] QList<Family> feedFamilies() const;
    [[nodiscard]] Family jobFamily(const core::Principal &who) const;
    [[nodiscard]] QList<Family> agentFamilies() const;
    [[nodiscard]] Family failureFamily() const;
    [[nodiscard]] QList<Family> httpFamilies() const;
    [[nodiscard]] QByteArray histograms() const;

    Sources m_sources;
};

} // namespace server
