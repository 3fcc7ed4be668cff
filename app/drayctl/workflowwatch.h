#pragma once
#include "app/drayctl/command.h"

namespace app {

/// "w3", not the number of a job.
[[nodiscard]] bool isWorkflowId(const QString &text);

/// "w3  running  step 2 of 5: check  43 %  Get it"
[[nodiscard]] QString workflowLine(const QJsonObject &workflow);
/// All that is known of one, a line for each step.
void printWorkflow(Terminal &terminal, const QJsonObject &workflow);

/// Shows a workflow until it has ended. Done when it succeeded, else Failed. With --json every move is a line.
[[nodiscard]] CommandResult
watchWorkflow(HubConnection &hub, const QString &id, const Invocation &call, Terminal &terminal);

} // namespace app
