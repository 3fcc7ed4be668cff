#include "core/jobs/jobqueue.h"

#include <algorithm>

namespace core {

using namespace Qt::StringLiterals;

namespace {

int &placesFor(JobKind kind, QueueLimits &places)
{
    switch (kind) {
    case JobKind::Download:
    case JobKind::Media:
        return places.downloads;
    case JobKind::Flash:
    case JobKind::Read:
    case JobKind::Compare:
    case JobKind::Format:
        return places.flashes;
    case JobKind::Verify:
    case JobKind::Extract:
    case JobKind::Command:
    case JobKind::External:
        break;
    }
    return places.others;
}

bool isFed(const QueueEntry &job, const StateOf &stateOf)
{
    if (job.fedBy == JobId())
        return true;
    const auto state = stateOf(job.fedBy);
    return state == JobState::Running || state == JobState::Succeeded;
}

} // namespace

size_t indexOf(QueuePlace place, size_t index, size_t others)
{
    switch (place.to) {
    case QueuePlace::To::Top:
        return 0;
    case QueuePlace::To::Up:
        return index == 0 ? 0 : index - 1;
    case QueuePlace::To::Down:
        return std::min(index + 1, others);
    case QueuePlace::To::Number:
        return std::min(size_t(std::max<qint64>(1, place.number) - 1), others);
    }
    return index;
}

QList<JobId> startable(std::span<const QueueEntry> queued,
                       std::span<const JobKind> running,
                       const QueueLimits &limits,
                       const StateOf &stateOf)
{
    QueueLimits free = limits;
    for (const JobKind kind : running)
        --placesFor(kind, free);

    QList<JobId> result;
    for (const QueueEntry &job : queued) {
        int &places = placesFor(job.kind, free);
        const auto hasSucceeded = [&](JobId id) { return stateOf(id) == JobState::Succeeded; };
        const bool isReady =
            std::ranges::all_of(job.prerequisites, hasSucceeded) && isFed(job, stateOf);
        if (places <= 0 || !isReady)
            continue;
        --places;
        result.append(job.id);
    }
    return result;
}

QList<JobId> doomed(std::span<const QueueEntry> queued, const StateOf &stateOf)
{
    const auto cannotSucceed = [&](JobId id) {
        const auto state = stateOf(id);
        return !state || *state == JobState::Failed || *state == JobState::Canceled;
    };
    QList<JobId> result;
    for (const QueueEntry &job : queued)
        if (std::ranges::any_of(job.prerequisites, cannotSucceed)
            || (job.fedBy != JobId() && cannotSucceed(job.fedBy)))
            result.append(job.id);
    return result;
}

Error whyDoomed(const JobSnapshot *feeder)
{
    if (feeder && feeder->error)
        return {feeder->error->code,
                u"job %1, which feeds this one, failed: %2"_s.arg(feeder->id.toString(),
                                                                  feeder->error->context)};
    return {ErrorCode::Prerequisite, u"a job this one needs did not succeed"_s};
}

bool hasHours(const JobSnapshot &job)
{
    const bool isFetched = job.kind == JobKind::Download || job.kind == JobKind::Media;
    return isFetched && !job.ignoresHours;
}

std::optional<Milliseconds> nextTurn(const JobSnapshot &job, Milliseconds now)
{
    std::optional<Milliseconds> next;
    for (const Milliseconds time : {Milliseconds(job.startAt), Milliseconds(job.stopAt)})
        if (time > now)
            next = std::min(next.value_or(time), time);
    return next;
}

} // namespace core
