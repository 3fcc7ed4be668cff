#include "core/workflows/steprunner.h"

#include "core/workflows/stepjobs.h"
#include "core/workflows/stepspecjson.h"
#include "core/workflows/workflowstate.h"

#include <algorithm>

namespace core {

using namespace Qt::StringLiterals;

namespace {

bool isOver(JobState state)
{
    return state == JobState::Failed || state == JobState::Canceled;
}

/// Never made, since what it needs did not succeed.
bool isBlocked(const WorkflowStep &step)
{
    return step.job.value == 0 && step.error && step.error->code == ErrorCode::Prerequisite;
}

QString messageOf(const JobSnapshot &job)
{
    return job.progress.stage == Stage::AwaitingConfirmation
        ? u"waits for the yes of the local user"_s
        : job.details.message;
}

void take(WorkflowStep &step, const JobSnapshot &job)
{
    const Progress &progress = job.progress;
    step.state = job.state;
    step.error = job.error;
    step.message = messageOf(job);
    if (progress.total > 0) {
        if (job.kind != JobKind::External) // what programs count may be anything
            step.bytes = progress.total;
        step.progress = std::clamp(double(progress.done) / double(progress.total), 0.0, 1.0);
    } else if (!isFinal(job.state)) {
        step.progress = 0;
    }
    if (job.state != JobState::Succeeded)
        return;
    step.progress = 1;
    if (step.outputs.isEmpty())
        step.outputs = outputsOf(job);
}

/// What was agreed to was for what was to happen then: a drive may have been used since.
void beginAgain(WorkflowStep &step)
{
    step.drives.clear();
    step.isBegun = false;
    step.state = JobState::Queued;
    step.progress = 0;
    step.error.reset();
    step.message.clear();
    step.outputs.clear();
}

} // namespace

tl::unexpected<Error> refuseCommand(const Workflow &workflow, const char *verb)
{
    const bool isStopping = !isFinal(workflow.state) && workflow.wish == WorkflowWish::Cancel;
    return fail(ErrorCode::InvalidState,
                u"workflow %1 is %2 and cannot be %3"_s.arg(
                    workflow.id.toString(),
                    isStopping ? u"stopping"_s : QString(jobStateName(workflow.state)),
                    QLatin1StringView(verb)));
}

/// The steps are what their jobs are. A job that was removed had ended; its step stays as it was.
void StepRunner::takeJobs(Workflow &workflow) const
{
    for (WorkflowStep &step : workflow.steps) {
        const QString link = WorkflowLink{workflow.id, step.name}.toString();
        const JobSnapshot *job = m_registry.find(step.job);
        if (job && job->workflow == link) {
            take(step, *job);
            continue;
        }
        if (step.job.value > 0 && !isFinal(step.state)) { // was not on disk when the program ended
            step.state = JobState::Queued;
            step.drives.clear();
        } else {
            step.earlier = std::max(step.earlier, step.job);
        }
        step.job = {};
        const bool isFreed =
            isBlocked(step) && std::ranges::none_of(step.needs, [&](const auto &need) {
                return isOver(workflow.steps[workflow.indexOf(need)].state);
            });
        if (isFreed)
            beginAgain(step);
    }
}

void StepRunner::cancelOpen(Workflow &workflow, const QSet<QString> &beingMade)
{
    for (WorkflowStep &step : workflow.steps) {
        const JobSnapshot *job = m_registry.find(step.job);
        if (isFinal(step.state) || (!job && beingMade.contains(step.name)))
            continue;
        if (!job)
            step.state = JobState::Canceled;
        else if (!job->stopRequested || job->stopsAs != JobState::Canceled)
            (void)m_registry.cancel(step.job); // refused: it ends already
    }
    takeJobs(workflow);
}

/// What others do, and what waits for a yes, cannot be paused and refuses.
void StepRunner::pauseJobs(const Workflow &workflow)
{
    for (const WorkflowStep &step : workflow.steps) {
        const JobSnapshot *job = m_registry.find(step.job);
        const bool isTheirs =
            job && job->kind == JobKind::External && job->state == JobState::Running;
        if (job && !isFinal(job->state) && job->state != JobState::Paused && !isTheirs)
            (void)m_registry.pause(step.job);
    }
}

/// Its job runs once more; one that cannot is made anew.
void StepRunner::runAgain(WorkflowStep &step)
{
    const JobSnapshot *job = m_registry.find(step.job);
    const bool wantsYes = job && job->error && job->error->code == ErrorCode::ConfirmationRequired;
    const bool isQueued =
        job && isOver(job->state) && !wantsYes && m_jobs.retry(step.job).has_value();
    if (!isQueued) {
        step.earlier = std::max(step.earlier, step.job);
        step.job = {};
    }
    beginAgain(step);
}

void StepRunner::failDoubtful(Workflow &workflow) const
{
    for (WorkflowStep &step : workflow.steps) {
        if (!step.isBegun || m_registry.find(step.job) || isFinal(step.state))
            continue;
        step.job = {}; // its id was not on disk and is given again
        step.state = JobState::Failed;
        step.error = Error{ErrorCode::WorkFailed,
                           u"Dray was ended when the command began; nobody knows what it did"_s};
    }
}

void StepRunner::dropYes(Workflow &workflow)
{
    for (WorkflowStep &step : workflow.steps)
        if (step.job.value == 0)
            step.drives.clear();
}

Result<QList<qsizetype>> StepRunner::stepsToRetry(const Workflow &workflow,
                                                  const QString &step) const
{
    if (!isFinal(workflow.state) && workflow.wish != WorkflowWish::Run)
        return refuseCommand(workflow, "retried");
    QList<qsizetype> wanted;
    if (step.isEmpty()) {
        for (qsizetype i = 0; i < workflow.steps.size(); ++i)
            wanted.append(i);
    } else if (const qsizetype index = workflow.indexOf(step); index < 0) {
        return fail(ErrorCode::NotFound,
                    u"workflow %1 has no step \"%2\""_s.arg(workflow.id.toString(), step));
    } else if (const WorkflowStep &one = workflow.steps[index];
               !isOver(one.state) || (isBlocked(one) && !isReady(workflow, one))) {
        return fail(ErrorCode::InvalidState,
                    u"step \"%1\" is %2 and cannot be retried: %3"_s.arg(
                        step, jobStateName(one.state),
                        one.error ? one.error->context : u"it did not fail"_s));
    } else {
        wanted = withFollowers(workflow, index);
    }
    wanted.removeIf([&](qsizetype i) { return !isOver(workflow.steps[i].state); });
    if (wanted.isEmpty())
        return refuseCommand(workflow, "retried");
    return wanted;
}

void StepRunner::resumeJobs(const Workflow &workflow)
{
    for (const WorkflowStep &step : workflow.steps)
        if (step.state == JobState::Paused)
            (void)m_jobs.resume(step.job); // the job says why not, if it is not queued
}

} // namespace core
