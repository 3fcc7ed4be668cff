#pragma once
#include "core/agents/agent.h"

#include <QJsonArray>
#include <QJsonObject>

namespace server {

/// The agent object of PROTOCOL.md §1. `current` is the id of the job it does, absent while there is none.
[[nodiscard]] QJsonObject agentObject(const core::Agent &agent);
[[nodiscard]] QJsonArray agentsArray(const QList<core::Agent> &agents);
/// RFC 7396 merge patch; the whole object when there was none before.
[[nodiscard]] QJsonObject agentPatch(const core::AgentChange &change);

/// `[{time, messages, succeeded, failed}]`, by minute, oldest first.
[[nodiscard]] QJsonArray agentHistory(const QList<core::AgentPoint> &points);

/// `{totalMessages, totalWorkflows, registeredAgents, healthyAgents, activeWorkflows}`.
[[nodiscard]] QJsonObject coordinatorObject(const core::CoordinatorCounts &counts);

} // namespace server
