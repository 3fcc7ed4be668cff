#pragma once
#include "core/workflows/workflowplan.h"

#include <QJsonObject>

namespace core {

/// Reads `{title?, steps:[{name, kind, needs[]?, …the members of its kind}]}`: the format of workflow files and
/// of workflow.add. A step needs what its strings name too. Fails as checkPlan(), and with
/// `InvalidArgument` naming step and member for what is no such thing. Whether a step's own members are
/// right is for StepJobs to say.
[[nodiscard]] Result<WorkflowPlan> workflowPlanFromJson(const QJsonObject &object);

} // namespace core
