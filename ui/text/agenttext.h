#pragma once
#include "core/agents/agent.h"

namespace ui {

/// One to three words: "Ready", "Working", "Last work failed", "Not connected".
[[nodiscard]] QString agentStatusText(core::AgentStatus status);
/// "Yes" or "No".
[[nodiscard]] QString healthText(const core::Agent &agent);
/// "2.5 %" of 0.025; "" when nothing has ended yet.
[[nodiscard]] QString errorRateText(const core::Agent &agent);
/// "1.2 s", "3 min 5 s"; "" when nothing has ended yet.
[[nodiscard]] QString averageTimeText(const core::Agent &agent);
/// Everything about it in some sentences.
[[nodiscard]] QString agentSentences(const core::Agent &agent);
/// "Agents: 5, healthy: 4 · Workflows: 12, under way: 2 · Messages: 1,204"
[[nodiscard]] QString coordinatorText(const core::CoordinatorCounts &counts);

} // namespace ui
