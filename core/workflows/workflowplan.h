#pragma once
#include "core/jobs/workflow.h"

namespace core {

/// A workflow that is asked for.
struct WorkflowPlan {
    static constexpr qsizetype MostSteps = 200;
    static constexpr qsizetype LongestTitle = 500;

    /// Empty: the names of the steps.
    QString title;
    /// As asked for; nothing of them has been done.
    QList<WorkflowStep> steps;
};

/// Fails with `InvalidArgument` naming the step when there is no step or too many, a name is none or taken,
/// one is needed that there is not, or steps wait for each other in a circle.
[[nodiscard]] Result<void> checkPlan(const WorkflowPlan &plan);

/// The failure of a step's spec, naming the step.
[[nodiscard]] Error errorOfStep(const WorkflowStep &step, const Error &error);

} // namespace core
