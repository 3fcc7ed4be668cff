#pragma once
#include "core/agents/agentboard.h"
#include "server/feed/eventfeed.h"

namespace server {

/// Fails with `Forbidden` for who may not see agents and the coordinator: they are the local owner's and the
/// admin's (PROTOCOL.md §3.4).
[[nodiscard]] core::Result<void> maySeeAgents(const core::Principal &who);

/// Agents and the coordinator on the feed: `agent.changed` on `agent:<name>` and `agents`,
/// `coordinator.changed` on `coordinator`, and what subscriptions of these begin with.
///
/// Threads: the hub thread.
class AgentFeed final : public QObject
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(AgentFeed)
public:
    /// Both outlive it.
    AgentFeed(const core::AgentBoard &board, EventFeed &feed);

private:
    void tellAgent(const core::AgentChange &change);
    void tellCounts(const core::CoordinatorCounts &counts);
    [[nodiscard]] core::Result<QByteArray> members(const core::Principal &who,
                                                   const Topic &topic) const;

    const core::AgentBoard &m_board;
    EventFeed &m_feed;
};

} // namespace server
