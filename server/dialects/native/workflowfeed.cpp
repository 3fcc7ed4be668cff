#include "server/dialects/native/workflowfeed.h"

#include "server/dialects/json.h"
#include "server/dialects/native/workflowcodec.h"
#include "server/feed/feedentry.h"

namespace server {

using namespace Qt::StringLiterals;

namespace {

JournalEntry entryOf(const core::WorkflowEvent &event)
{
    if (const auto *added = std::get_if<core::WorkflowAdded>(&event)) {
        const core::Workflow &workflow = added->workflow;
        JournalEntry entry =
            feedEntry(Topic::workflow(workflow.id), workflow.owner(), "workflow.added"_L1);
        addMember(entry, "rev", QByteArray::number(workflow.rev));
        addMember(entry, "object", encode(workflowObject(workflow)));
        return entry;
    }
    if (const auto *changed = std::get_if<core::WorkflowChanged>(&event)) {
        const core::Workflow &workflow = changed->workflow;
        JournalEntry entry =
            feedEntry(Topic::workflow(workflow.id), workflow.owner(), "workflow.changed"_L1);
        addMember(entry, "rev", QByteArray::number(workflow.rev));
        addMember(entry, "patch", encode(workflowPatch(changed->before, workflow)));
        return entry;
    }
    const auto &removed = std::get<core::WorkflowRemoved>(event);
    return feedEntry(Topic::workflow(removed.id), removed.owner, "workflow.removed"_L1);
}

} // namespace

WorkflowFeed::WorkflowFeed(const core::Workflows &workflows, EventFeed &feed)
    : m_workflows(workflows)
    , m_feed(feed)
{
    connect(&workflows, &core::Workflows::eventsReady, this, &WorkflowFeed::tell);
    feed.snapshots().add(u"workflows"_s,
                         [this](const core::Principal &who, const Topic &topic, qsizetype most) {
                             return members(who, topic, most);
                         });
}

void WorkflowFeed::tell(const core::WorkflowEvents &events)
{
    for (const core::WorkflowEvent &event : events)
        m_feed.tell(entryOf(event));
}

core::Result<QByteArray>
WorkflowFeed::members(const core::Principal &who, const Topic &topic, qsizetype maxBytes) const
{
    const QString name = topic.name();
    const auto toMembers = [maxBytes](const QList<core::Workflow> &workflows) {
        return workflowMembers(workflows, {.maxBytes = maxBytes});
    };
    if (name == topic.family())
        return m_workflows.list(who).map(toMembers);
    const auto id = core::WorkflowId::fromText(name.sliced(name.indexOf(u':') + 1));
    if (!id)
        return core::fail(core::ErrorCode::NotFound, u"there is no topic %1"_s.arg(name));
    return m_workflows.get(who, *id).map(
        [&](const core::Workflow &workflow) { return toMembers({workflow}); });
}

} // namespace server
