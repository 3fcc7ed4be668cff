#include "core/agents/agentjob.h"

#include <cmath>

namespace core {

using namespace Qt::StringLiterals;

namespace {

constexpr qsizetype LongestMessage = 2000;
constexpr qsizetype MostSteps = 200;
constexpr qsizetype LongestTitle = 500;
constexpr qint64 Parts = 100; // see isPercentage()

AgentWork workOf(const JobSnapshot &job)
{
    return decodeAgentWork(job.spec).value_or(AgentWork());
}

tl::unexpected<Error> wrong(const QString &why)
{
    return fail(ErrorCode::InvalidArgument, why);
}

bool isFraction(double value)
{
    return value >= 0 && value <= 1; // false for NaN
}

QByteArray specWithoutAgent(const JobSnapshot &job)
{
    AgentWork work = workOf(job);
    work.agent.clear();
    work.agentOwner.clear();
    work.offer.clear();
    return encodeSpec(work);
}

JobSnapshot ended(JobSnapshot job, JobState state, Milliseconds now)
{
    job.spec = specWithoutAgent(job);
    job.state = state;
    job.progress.stage = Stage::None;
    job.progress.bytesPerSecond = 0;
    job.progress.etaSeconds = -1;
    job.finishedAt = now.count();
    return job;
}

} // namespace

Result<void> checkProgress(const AgentProgress &progress)
{
    if (progress.done.value_or(0) < 0 || progress.total.value_or(0) < 0)
        return wrong(u"\"done\" and \"total\" are not negative"_s);
    if (!isFraction(progress.fraction.value_or(0)))
        return wrong(u"\"progress\" is not between 0 and 1"_s);
    if (progress.message && progress.message->size() > LongestMessage)
        return wrong(u"\"message\" is longer than %1"_s.arg(LongestMessage));
    const Stage stage = progress.stage.value_or(Stage::None);
    if (stage == Stage::Stale || stage == Stage::AwaitingConfirmation)
        return wrong(u"\"stage\" %1 is not an agent's to say"_s.arg(stageName(stage)));
    const QList<JobStep> steps = progress.steps.value_or(QList<JobStep>());
    if (steps.size() > MostSteps)
        return wrong(u"more than %1 steps"_s.arg(MostSteps));
    for (const JobStep &step : steps)
        if (step.title.size() > LongestTitle || !isFraction(step.progress))
            return wrong(u"a step's title is too long, or its progress not between 0 and 1"_s);
    return {};
}

JobSnapshot
acceptedJob(const JobSnapshot &job, const Offer &offer, const QString &owner, Milliseconds now)
{
    JobSnapshot next = job;
    AgentWork work = workOf(job);
    work.outputs.clear();
    work.agent = offer.agent;
    work.agentOwner = owner;
    work.offer = offer.id;
    next.spec = encodeSpec(work);
    next.state = JobState::Running;
    next.startedAt = now.count();
    next.finishedAt = 0;
    next.error.reset();
    next.attempt += job.progress.done > 0 ? 1 : 0; // it was paused; agents begin anew
    next.progress = {};
    next.details.message.clear();
    return next;
}

JobSnapshot progressedJob(const JobSnapshot &job, const AgentProgress &progress)
{
    JobSnapshot next = job;
    next.progress.total = progress.total.value_or(next.progress.total);
    qint64 done = progress.done.value_or(next.progress.done);
    if (progress.fraction) {
        next.progress.total = Parts;
        done = std::llround(*progress.fraction * double(Parts));
    }
    next.progress.done = std::max(done, job.progress.done);
    next.progress.stage = progress.stage.value_or(next.progress.stage);
    next.details.message = progress.message.value_or(next.details.message);
    next.details.steps = progress.steps.value_or(next.details.steps);
    return next;
}

JobSnapshot completedJob(const JobSnapshot &job, const QByteArray &outputs, Milliseconds now)
{
    JobSnapshot next = ended(job, JobState::Succeeded, now);
    AgentWork work = workOf(next);
    work.outputs = outputs;
    next.spec = encodeSpec(work);
    next.progress.done = std::max(job.progress.done, job.progress.total);
    return next;
}

JobSnapshot failedJob(const JobSnapshot &job, const QString &why, Milliseconds now)
{
    JobSnapshot next = ended(job, JobState::Failed, now);
    next.error = Error{ErrorCode::WorkFailed, why.left(LongestMessage)};
    return next;
}

JobSnapshot queuedAgainJob(const JobSnapshot &job, const QString &why)
{
    JobSnapshot next = job;
    next.spec = specWithoutAgent(job);
    next.state = JobState::Queued;
    ++next.attempt;
    next.progress = {.total = job.progress.total};
    next.details.message = why.left(LongestMessage);
    return next;
}

} // namespace core
