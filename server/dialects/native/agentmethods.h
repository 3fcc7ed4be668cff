#pragma once
#include "core/agents/agentboard.h"
#include "server/dialects/native/nativemethods.h"

namespace server {

/// Adds what programs can ask about agents (PROTOCOL.md §1):
///
///   agent.list {}        → {agents[]}
///   agent.get {agent}    → {agent, history[]}
///
/// What an agent itself says needs its connection and is AgentLine's; asked without one it fails with
/// `InvalidState`. `board` outlives `methods`.
void addAgentMethods(NativeMethods &methods, const core::AgentBoard &board);

} // namespace server
