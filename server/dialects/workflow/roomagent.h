#pragma once
#include "core/agents/agents.h"
#include "server/dialects/native/params.h"

namespace server {

/// What makes a connection to /ws/agent/{name} that agent (PROTOCOL.md §3.4): it says register, and is then
/// told task_offer; task_canceled when the task is not its any more.
///
/// Threads: the hub thread.
class RoomAgent final : public core::AgentLink
{
public:
    using Send = std::function<void(const QByteArray &)>;

    /// `agents` and `clock` outlive it.
    RoomAgent(core::Agents &agents, const core::Clock &clock, QString name, Send send);
    ~RoomAgent() override;
    RoomAgent(const RoomAgent &) = delete;
    RoomAgent &operator=(const RoomAgent &) = delete;

    /// `type` is register, accept, progress, complete or fail. Fails as Agents does.
    [[nodiscard]] core::Result<void>
    take(const core::Principal &who, const QString &type, const Params &members);
    void leave() { m_agents.leave(*this); }
    [[nodiscard]] bool isAgent() { return m_agents.isAgent(*this); }

    void takeOffer(const core::WorkOffer &offer) override;
    void loseOffer(const QString &offer) override;
    void lose() override;

private:
    [[nodiscard]] core::Result<void> join(const core::Principal &who, const Params &members);

    core::Agents &m_agents;
    const core::Clock &m_clock;
    QString m_name;
    Send m_send;
};

} // namespace server
