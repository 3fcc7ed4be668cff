#pragma once
#include "core/jobs/jobtypes.h"

namespace core {

/// Work for an agent: what a job of kind external holds in its spec when Dray offers it to agents. The
/// work of other programs, which they report, holds none.
struct AgentWork {
    /// The capability that an agent must have.
    QString kind;
    /// Compact text of a JSON object; what the agent is told to do.
    QByteArray spec;
    /// The same; what the agent made. Empty until it has completed.
    QByteArray outputs;
    /// Who does it, and under which offer. Empty unless the job runs.
    QString agent;
    QString agentOwner;
    QString offer;
    friend bool operator==(const AgentWork &, const AgentWork &) = default;
};

/// As JobSnapshot::spec keeps it.
[[nodiscard]] QByteArray encodeSpec(const AgentWork &work);
/// nullopt for the spec of any other job.
[[nodiscard]] std::optional<AgentWork> decodeAgentWork(const QByteArray &stored);

/// Whether decodeAgentWork() would find some; looks at the first bytes only.
[[nodiscard]] bool isAgentWork(const JobSnapshot &job);

} // namespace core
