#pragma once
#include "core/jobs/workflow.h"

namespace ui {

/// What a user can do to a workflow, and to one of its steps.
enum class WorkflowAction { Pause, Resume, Cancel, Retry, Remove, RetryStep, ShowJob };

/// Whether `action` makes sense for `workflow` as it is; the last two are for the step of that name.
[[nodiscard]] bool
isAllowed(WorkflowAction action, const core::Workflow &workflow, const QString &step);

} // namespace ui
