#pragma once
#include "core/jobs/workflow.h"

namespace core {

/// The steps inside a stored workflow as JSON text. Reading gives nullopt for what writing does not make.
[[nodiscard]] QString workflowStepsToJson(const QList<WorkflowStep> &steps);
[[nodiscard]] std::optional<QList<WorkflowStep>> workflowStepsFromJson(QStringView text);

} // namespace core
