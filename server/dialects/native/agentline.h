#pragma once
#include "core/agents/agents.h"
#include "server/dialects/native/params.h"

namespace server {

/// What makes a native connection an agent (PROTOCOL.md §1):
///
///   agent.register {name, capabilities[], leaseMs?} → {agent, leaseMs, current?}
///   agent.accept {offer}, agent.progress {offer, …}, agent.complete {offer, outputs?},
///   agent.fail {offer, error?, retryable?} → {}
///
/// It is told agent.offer {offer, job, kind, spec, leaseMs}, agent.canceled {offer} when the offer is over,
/// and agent.replaced {name} when the same agent registered elsewhere. `current` is what the agent still
/// holds of an earlier connection, like an offer that it accepted.
///
/// Threads: the hub thread.
class AgentLine final : public core::AgentLink
{
public:
    /// Sends one whole message.
    using Send = std::function<void(const QByteArray &)>;

    /// `agents` outlives it.
    AgentLine(core::Agents &agents, Send send);
    ~AgentLine() override;
    AgentLine(const AgentLine &) = delete;
    AgentLine &operator=(const AgentLine &) = delete;

    /// The methods it takes.
    [[nodiscard]] static const QStringList &methods();
    /// Whether messages of that method are not counted: Agents counts the changes an agent makes.
    [[nodiscard]] bool isReport(const QString &method);

    /// Called once, possibly before the call returns.
    using Answer = std::function<void(const core::Result<QByteArray> &)>;

    /// Fails with `Forbidden` without scope report, else as Agents does. That work has ended is answered
    /// when it is on disk.
    void call(const core::Principal &who,
              const QString &method,
              const Params &params,
              const Answer &answer);
    /// The connection is gone, or about to be.
    void leave();

    void takeOffer(const core::WorkOffer &offer) override;
    void loseOffer(const QString &offer) override;
    void lose() override;

private:
    [[nodiscard]] core::Result<QByteArray> join(const core::Principal &who, const Params &params);
    [[nodiscard]] core::Result<void> goOn(const QString &method, const Params &params);
    [[nodiscard]] core::Result<core::JobId> end(const QString &method, const Params &params);

    core::Agents &m_agents;
    Send m_send;
    QString m_name;
};

/// Of agent.progress; the members of job.report that say how far it is, and `progress` from 0 to 1.
[[nodiscard]] core::Result<core::AgentProgress> agentProgressFrom(const Params &params);
/// Of agent.fail; `error` is a text or an object with a `message`.
[[nodiscard]] core::Result<core::Agents::Failure> agentFailureFrom(const Params &params);
/// The compact text of `outputs`, `{}` when it is left out.
[[nodiscard]] core::Result<QByteArray> agentOutputsFrom(const Params &params);

} // namespace server
