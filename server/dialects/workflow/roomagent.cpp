#include "server/dialects/workflow/roomagent.h"

#include "server/dialects/native/agentline.h"
#include "server/dialects/workflow/roomcodec.h"

namespace server {

using namespace Qt::StringLiterals;

namespace {

/// A stage in words of the program's own is what there is to say.
core::Result<core::AgentProgress> progressFrom(const Params &members)
{
    const auto stage = members.text("stage"_L1);
    if (!stage)
        return core::fail(stage.error());
    QJsonObject known = members.all();
    if (!core::stageFromName(*stage)) {
        known.remove("stage"_L1);
        if (!members.has("message"_L1))
            known.insert("message"_L1, *stage);
    }
    return agentProgressFrom(Params(known));
}

core::Result<core::Milliseconds> leaseFrom(const Params &members)
{
    using Seconds = std::chrono::duration<double>;
    const auto usual = std::chrono::duration_cast<Seconds>(core::Agents::DefaultLease);
    const auto most = std::chrono::duration_cast<Seconds>(core::Agents::LongestLease);
    return members.real("lease_seconds"_L1, usual.count()).map([most](double seconds) {
        const Seconds lease(seconds >= 0 && seconds <= most.count() ? seconds : 0); // refused below
        return std::chrono::duration_cast<core::Milliseconds>(lease);
    });
}

} // namespace

RoomAgent::RoomAgent(core::Agents &agents, const core::Clock &clock, QString name, Send send)
    : m_agents(agents)
    , m_clock(clock)
    , m_name(std::move(name))
    , m_send(std::move(send))
{ }

RoomAgent::~RoomAgent()
{
    leave();
}

core::Result<void>
RoomAgent::take(const core::Principal &who, const QString &type, const Params &members)
{
    if (!who.has(core::Scope::Report))
        return core::fail(core::ErrorCode::Forbidden, u"agents need scope \"report\""_s);
    if (type == "register"_L1)
        return join(who, members);
    const auto task = members.requiredText("task_id"_L1);
    if (!task)
        return core::fail(task.error());
    if (type == "accept"_L1)
        return m_agents.accept(*this, *task);
    if (type == "progress"_L1)
        return progressFrom(members).and_then(
            [&](const auto &progress) { return m_agents.progress(*this, *task, progress); });
    if (type == "complete"_L1)
        return agentOutputsFrom(members)
            .and_then([&](const auto &outputs) { return m_agents.complete(*this, *task, outputs); })
            .map([](core::JobId) {});
    return agentFailureFrom(members)
        .and_then([&](const auto &failure) { return m_agents.fail(*this, *task, failure); })
        .map([](core::JobId) {});
}

/// Work that it still holds follows as an offer, which it has accepted.
core::Result<void> RoomAgent::join(const core::Principal &who, const Params &members)
{
    const auto capabilities = members.texts("capabilities"_L1);
    if (!capabilities)
        return core::fail(capabilities.error());
    const auto lease = leaseFrom(members);
    if (!lease)
        return core::fail(lease.error());
    const auto held = m_agents.join(who, {m_name, *capabilities, *lease}, *this);
    if (!held)
        return core::fail(held.error());
    m_send(RoomCodec::registered(m_name, *lease));
    if (*held)
        takeOffer(**held);
    return {};
}

void RoomAgent::takeOffer(const core::WorkOffer &offer)
{
    m_send(RoomCodec::taskOffer(offer));
}

void RoomAgent::loseOffer(const QString &offer)
{
    m_send(RoomCodec::taskCanceled(offer));
}

void RoomAgent::lose()
{
    m_send(RoomCodec::error(
        {core::ErrorCode::InvalidState, u"agent %1 registered on another connection"_s.arg(m_name)},
        m_clock.wallTime()));
}

} // namespace server
