#pragma once
#include "core/agents/agent.h"

namespace tests {

/// Dray's own four, of which one works and one failed last, and two programs, one of which is away.
[[nodiscard]] QList<core::Agent> sampleAgents();
/// What they did in the day before `now`.
[[nodiscard]] QList<core::AgentPoint> sampleHistory(core::Milliseconds now);

} // namespace tests
