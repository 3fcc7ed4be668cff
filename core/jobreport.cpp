#include "core/jobreport.h"

#include "core/externalspecjson.h"

#include <algorithm>
#include <array>

namespace core {

using namespace Qt::StringLiterals;

namespace {

/// The types of AI work (PROTOCOL.md §3.5) and the state that each means.
constexpr std::array Types = std::to_array<std::pair<QLatin1StringView, JobState>>({
    {"thinking"_L1, JobState::Running},
    {"plan"_L1, JobState::Running},
    {"working"_L1, JobState::Running},
    {"step_complete"_L1, JobState::Running},
    {"complete"_L1, JobState::Succeeded},
    {"error"_L1, JobState::Failed},
});

std::optional<JobState> stateOfType(const QString &type)
{
    for (const auto &[name, state] : Types)
        if (type == name)
            return state;
    return std::nullopt;
}

std::optional<JobState> stateIn(const JobReport &report)
{
    return report.state || !report.type ? report.state : stateOfType(*report.type);
}

tl::unexpected<Error> refuse(const QString &why)
{
    return fail(ErrorCode::InvalidArgument, why);
}

Result<void> checkSteps(const QList<JobStep> &steps)
{
    if (steps.size() > JobReport::MostSteps)
        return refuse(u"more than %1 steps"_s.arg(JobReport::MostSteps));
    const auto isWrong = [](const JobStep &step) {
        return step.title.size() > JobReport::LongestTitle || step.progress < 0
            || step.progress > 1;
    };
    if (std::ranges::any_of(steps, isWrong))
        return refuse(u"a step's title is too long, or its progress not between 0 and 1"_s);
    return {};
}

JobSnapshot anotherAttempt(JobSnapshot job)
{
    ++job.attempt;
    job.progress = {.total = job.progress.total};
    job.details.message.clear();
    job.startedAt = 0;
    job.finishedAt = 0;
    job.error.reset();
    for (JobStep &step : job.details.steps)
        step = {.title = step.title};
    for (JobDrive &drive : job.details.drives)
        drive = {.id = drive.id};
    return job;
}

/// What is done of a drive never goes back within an attempt either.
QList<JobDrive> withoutStepsBack(QList<JobDrive> drives, const QList<JobDrive> &before)
{
    for (JobDrive &drive : drives) {
        const auto same = std::ranges::find(before, drive.id, &JobDrive::id);
        if (same != before.end())
            drive.done = std::max(drive.done, same->done);
    }
    return drives;
}

void takeWords(JobDetails &details, const JobReport &report)
{
    details.title = report.title.value_or(details.title);
    details.message = report.message.value_or(details.message).left(JobReport::LongestMessage);
    details.steps = report.steps.value_or(details.steps);
    if (report.drives)
        details.drives = withoutStepsBack(*report.drives, details.drives);
}

/// `report` with its percentage in bytes of a work of `knownTotal`.
JobReport inBytes(JobReport report, qint64 knownTotal)
{
    if (!report.percent || report.done)
        return report;
    if (report.total.value_or(knownTotal) <= 0)
        report.total = 100;
    const double total = double(report.total.value_or(knownTotal));
    report.done = qint64(total * std::clamp(*report.percent, 0.0, 100.0) / 100);
    if (report.drives)
        for (JobDrive &drive : *report.drives)
            drive.done = *report.done;
    return report;
}

void takeNumbers(Progress &progress, const JobReport &report)
{
    progress.done = std::max(progress.done, report.done.value_or(0));
    progress.total = report.total.value_or(progress.total);
    progress.bytesPerSecond = report.bytesPerSecond.value_or(progress.bytesPerSecond);
    progress.etaSeconds = report.etaSeconds.value_or(progress.etaSeconds);
}

/// Drives follow their job, unless the report says how each is.
void takeState(JobSnapshot &job, JobState state, const JobReport &report)
{
    job.state = state;
    if (state == JobState::Running)
        job.progress.stage = report.stage.value_or(job.progress.stage);
    else
        job.progress = {.done = job.progress.done, .total = job.progress.total};
    for (JobDrive &drive : job.details.drives)
        if (!report.drives && !isFinal(drive.state))
            drive.state = state;
    const QString why = report.error.value_or(job.details.message);
    if (state != JobState::Failed)
        job.error.reset();
    else if (!job.error || report.error || report.message)
        job.error = Error{ErrorCode::WorkFailed, why.left(JobReport::LongestMessage)};
}

void takeTimes(JobSnapshot &job, Milliseconds now)
{
    const bool hasBegun = job.state == JobState::Running || isFinal(job.state);
    if (hasBegun && job.startedAt == 0)
        job.startedAt = now.count();
    if (isFinal(job.state) && job.finishedAt == 0)
        job.finishedAt = now.count();
}

bool isId(const QString &text)
{
    return text.size() <= JobReport::LongestId
        && std::ranges::none_of(text, [](QChar c) { return c.category() == QChar::Other_Control; });
}

} // namespace

Result<void> checkReport(const JobReport &report)
{
    if (!isId(report.job) || !isId(report.conversation.value_or(QString())))
        return refuse(u"\"job\" is longer than %1 characters or has control characters in it"_s.arg(
            JobReport::LongestId));
    if (report.title && (report.title->isEmpty() || report.title->size() > JobReport::LongestTitle))
        return refuse(
            u"\"title\" is empty or longer than %1 characters"_s.arg(JobReport::LongestTitle));
    if (report.stage == Stage::Stale || report.stage == Stage::AwaitingConfirmation)
        return refuse(u"stage \"%1\" is not a program's to say"_s.arg(stageName(*report.stage)));
    if (report.done.value_or(0) < 0 || report.total.value_or(0) < 0)
        return refuse(u"bytes are not negative"_s);
    if (report.type && !stateOfType(*report.type))
        return refuse(u"there is no type \"%1\""_s.arg(*report.type));
    return checkSteps(report.steps.value_or(QList<JobStep>()));
}

bool beginsAnew(const JobSnapshot &job, const JobReport &report)
{
    return isFinal(job.state) && stateIn(report) != job.state;
}

JobSnapshot reported(const JobSnapshot &job, const JobReport &said, Milliseconds now)
{
    const bool isAnew = beginsAnew(job, said);
    JobSnapshot next = isAnew ? anotherAttempt(job) : job;
    const JobReport report = inBytes(said, next.progress.total);
    takeWords(next.details, report);
    takeNumbers(next.progress, report);
    takeState(next, stateIn(report).value_or(isAnew ? JobState::Running : job.state), report);
    takeTimes(next, now);
    ExternalSpec spec = decodeExternalSpec(job.spec);
    spec.type = report.type.value_or(spec.type);
    spec.conversation = report.conversation.value_or(spec.conversation);
    spec.isCanceledByProgram = next.state == JobState::Canceled;
    next.spec = encodeSpec(spec);
    return next;
}

QList<JobState> statesBetween(JobState from, JobState to)
{
    QList<JobState> states;
    for (JobState at = from; at != to; at = states.constLast()) {
        const bool mustBeQueued = at == JobState::Paused || isFinal(at);
        const JobState onTheWay = mustBeQueued ? JobState::Queued : JobState::Running;
        states.append(canTransition(at, to) ? to : onTheWay);
    }
    return states.isEmpty() ? QList{to} : states;
}

} // namespace core
