#pragma once
#include "core/workflows/workflows.h"
#include "server/feed/eventfeed.h"

namespace server {

/// Workflows on the feed: their events on `workflow:<id>` and `workflows`, and what subscriptions of these
/// begin with.
///
/// Threads: the hub thread.
class WorkflowFeed final : public QObject
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(WorkflowFeed)
public:
    /// Both outlive it.
    WorkflowFeed(const core::Workflows &workflows, EventFeed &feed);

private:
    void tell(const core::WorkflowEvents &events);
    [[nodiscard]] core::Result<QByteArray>
    members(const core::Principal &who, const Topic &topic, qsizetype maxBytes) const;

    const core::Workflows &m_workflows;
    EventFeed &m_feed;
};

} // namespace server
