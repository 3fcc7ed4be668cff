#include "server/dialects/native/agentfeed.h"

#include "server/dialects/json.h"
#include "server/dialects/native/agentcodec.h"
#include "server/feed/feedentry.h"

namespace server {

using namespace Qt::StringLiterals;

core::Result<void> maySeeAgents(const core::Principal &who)
{
    if (who.canSee(core::LocalOwner))
        return {};
    return core::fail(core::ErrorCode::Forbidden,
                      u"agents and the coordinator are not yours to see"_s);
}

AgentFeed::AgentFeed(const core::AgentBoard &board, EventFeed &feed)
    : m_board(board)
    , m_feed(feed)
{
    connect(&board, &core::AgentBoard::agentChanged, this, &AgentFeed::tellAgent);
    connect(&board, &core::AgentBoard::countsChanged, this, &AgentFeed::tellCounts);
    const auto begin = [this](const core::Principal &who, const Topic &topic, qsizetype) {
        return members(who, topic);
    };
    feed.snapshots().add(Topic::agents().family(), begin);
    feed.snapshots().add(Topic::coordinator().family(), begin);
}

void AgentFeed::tellAgent(const core::AgentChange &change)
{
    JournalEntry entry =
        feedEntry(Topic::agent(change.agent.name), core::LocalOwner, "agent.changed"_L1);
    addMember(entry, "patch", encode(agentPatch(change)));
    m_feed.tell(std::move(entry));
}

void AgentFeed::tellCounts(const core::CoordinatorCounts &counts)
{
    JournalEntry entry =
        feedEntry(Topic::coordinator(), core::LocalOwner, "coordinator.changed"_L1);
    addMember(entry, "patch", encode(coordinatorObject(counts)));
    m_feed.tell(std::move(entry));
}

core::Result<QByteArray> AgentFeed::members(const core::Principal &who, const Topic &topic) const
{
    if (const auto allowed = maySeeAgents(who); !allowed)
        return core::fail(allowed.error());
    if (topic == Topic::coordinator())
        return R"("metrics":)" + encode(coordinatorObject(m_board.counts()));
    if (topic == Topic::agents())
        return R"("agents":)" + encode(agentsArray(m_board.list()));
    const QString name = topic.name().section(u':', 1);
    const auto agent = m_board.find(name);
    if (!agent)
        return core::fail(core::ErrorCode::NotFound, u"there is no agent %1"_s.arg(name));
    return R"("agents":)" + encode(agentsArray({*agent}));
}

} // namespace server
