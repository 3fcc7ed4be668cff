#include "core/workflows/workflowstate.h"

#include <algorithm>

namespace core {

using namespace Qt::StringLiterals;

namespace {

bool isBlocking(const Workflow &workflow, const QString &need)
{
    const qsizetype index = workflow.indexOf(need);
    const JobState state = workflow.steps[index].state;
    return state == JobState::Failed || state == JobState::Canceled;
}

bool hasAny(const Workflow &workflow, JobState state)
{
    return std::ranges::any_of(workflow.steps,
                               [state](const WorkflowStep &step) { return step.state == state; });
}

/// Waits for nothing but its turn.
bool canGoOn(const Workflow &workflow, const WorkflowStep &step)
{
    return step.state == JobState::Queued && (step.job.value > 0 || isReady(workflow, step));
}

bool hasBegun(const Workflow &workflow)
{
    return std::ranges::any_of(workflow.steps, [](const WorkflowStep &step) {
        return isFinal(step.state) || step.progress > 0;
    });
}

JobState endState(const Workflow &workflow)
{
    if (hasAny(workflow, JobState::Failed) && workflow.wish != WorkflowWish::Cancel)
        return JobState::Failed;
    if (hasAny(workflow, JobState::Canceled))
        return JobState::Canceled;
    return hasAny(workflow, JobState::Failed) ? JobState::Failed : JobState::Succeeded;
}

JobState stateOf(const Workflow &workflow)
{
    const auto &steps = workflow.steps;
    if (std::ranges::all_of(steps, [](const WorkflowStep &step) { return isFinal(step.state); }))
        return endState(workflow);
    if (workflow.wish == WorkflowWish::Cancel)
        return JobState::Running;
    const bool isOursRunning = std::ranges::any_of(steps, [](const WorkflowStep &step) {
        return step.state == JobState::Running && jobKindOfStep(step.kind) != JobKind::External;
    });
    if (workflow.wish == WorkflowWish::Pause)
        return isOursRunning ? JobState::Running : JobState::Paused;
    if (hasAny(workflow, JobState::Running))
        return JobState::Running;
    if (std::ranges::any_of(steps, [&](const auto &step) { return canGoOn(workflow, step); }))
        return hasBegun(workflow) ? JobState::Running : JobState::Queued;
    return hasAny(workflow, JobState::Paused) ? JobState::Paused : endState(workflow);
}

double progressOf(const Workflow &workflow)
{
    double known = 0;
    int knownCount = 0;
    for (const WorkflowStep &step : workflow.steps) {
        known += step.bytes > 0 ? double(step.bytes) : 0;
        knownCount += step.bytes > 0 ? 1 : 0;
    }
    const double usual = knownCount > 0 ? known / knownCount : 1;
    double all = 0;
    double done = 0;
    for (const WorkflowStep &step : workflow.steps) {
        const double weight = step.bytes > 0 ? double(step.bytes) : usual;
        all += weight;
        done += weight * step.progress;
    }
    return std::clamp(done / all, 0.0, 1.0);
}

qsizetype stageOf(const Workflow &workflow)
{
    const auto &steps = workflow.steps;
    const auto firstOf = [&steps](const auto &isIt) {
        const auto found = std::ranges::find_if(steps, isIt);
        return found == steps.end() ? qsizetype(-1) : found - steps.begin();
    };
    const auto isWhy = [](const WorkflowStep &step) {
        return step.error && step.error->code != ErrorCode::Prerequisite;
    };
    const qsizetype running =
        firstOf([](const WorkflowStep &step) { return step.state == JobState::Running; });
    const qsizetype open = firstOf([&](const WorkflowStep &step) {
        return step.state == JobState::Paused || canGoOn(workflow, step);
    });
    for (const qsizetype stage : {running, open, firstOf(isWhy), firstOf([](const auto &step) {
                                      return step.state != JobState::Succeeded;
                                  })})
        if (stage >= 0)
            return stage;
    return steps.size() - 1;
}

} // namespace

JobKind jobKindOfStep(QStringView kind)
{
    for (const JobKind known : {JobKind::Download, JobKind::Media, JobKind::Verify,
                                JobKind::Extract, JobKind::Flash, JobKind::Command})
        if (kind == jobKindName(known))
            return known;
    return JobKind::External;
}

bool isReady(const Workflow &workflow, const WorkflowStep &step)
{
    return std::ranges::all_of(step.needs, [&workflow](const QString &need) {
        return workflow.steps[workflow.indexOf(need)].state == JobState::Succeeded;
    });
}

void failBlocked(Workflow &workflow)
{
    for (bool isChanged = true; std::exchange(isChanged, false);) {
        for (WorkflowStep &step : workflow.steps) {
            if (step.state != JobState::Queued || step.job.value > 0)
                continue;
            const auto blocking = std::ranges::find_if(
                step.needs, [&](const QString &need) { return isBlocking(workflow, need); });
            if (blocking == step.needs.end())
                continue;
            step.state = JobState::Failed;
            step.error =
                Error{ErrorCode::Prerequisite, u"step \"%1\" did not succeed"_s.arg(*blocking)};
            isChanged = true;
        }
    }
}

QList<qsizetype> withFollowers(const Workflow &workflow, qsizetype step)
{
    QList<qsizetype> found{step};
    for (qsizetype at = 0; at < found.size(); ++at)
        for (qsizetype i = 0; i < workflow.steps.size(); ++i)
            if (!found.contains(i)
                && workflow.steps[i].needs.contains(workflow.steps[found[at]].name))
                found.append(i);
    return found;
}

void summarize(Workflow &workflow)
{
    workflow.state = stateOf(workflow);
    workflow.progress = workflow.state == JobState::Succeeded
        ? 1
        : std::max(workflow.progress, progressOf(workflow));
    workflow.stage = stageOf(workflow);
    const WorkflowStep &stage = workflow.steps[workflow.stage];
    workflow.message = stage.error ? stage.error->context : stage.message;
}

} // namespace core
