#include "ui/workflowaction.h"

#include "core/workflows/workflowstate.h"

#include <algorithm>

namespace ui {
namespace {

using core::JobState;
using core::WorkflowWish;

bool isOver(const core::WorkflowStep &step)
{
    return step.state == JobState::Failed || step.state == JobState::Canceled;
}

bool canRetryAny(const core::Workflow &workflow)
{
    const bool isStopping = workflow.wish == WorkflowWish::Cancel && !core::isFinal(workflow.state);
    return !isStopping && workflow.wish != WorkflowWish::Pause;
}

/// A step that waits in vain for another is retried with that one.
bool canRetry(const core::Workflow &workflow, const core::WorkflowStep &step)
{
    const bool wasMade = step.job.value > 0;
    return isOver(step) && (wasMade || core::isReady(workflow, step));
}

} // namespace

bool isAllowed(WorkflowAction action, const core::Workflow &workflow, const QString &step)
{
    const bool isUnderWay =
        workflow.state == JobState::Queued || workflow.state == JobState::Running;
    const qsizetype index = workflow.indexOf(step);
    switch (action) {
    case WorkflowAction::Pause:
        return isUnderWay && workflow.wish == WorkflowWish::Run;
    case WorkflowAction::Resume:
        return workflow.state == JobState::Paused;
    case WorkflowAction::Cancel:
        return !core::isFinal(workflow.state) && workflow.wish != WorkflowWish::Cancel;
    case WorkflowAction::Retry:
        return canRetryAny(workflow) && std::ranges::any_of(workflow.steps, isOver);
    case WorkflowAction::Remove:
        return core::isFinal(workflow.state);
    case WorkflowAction::RetryStep:
        return index >= 0 && canRetryAny(workflow) && canRetry(workflow, workflow.steps[index]);
    case WorkflowAction::ShowJob:
        return index >= 0 && workflow.steps[index].job.value > 0;
    }
    return false;
}

} // namespace ui
