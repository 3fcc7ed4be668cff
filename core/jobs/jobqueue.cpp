#include "core/jobs/jobqueue.h"

#include <algorithm>

namespace core {
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

} // namespace

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
        if (places <= 0 || !std::ranges::all_of(job.prerequisites, hasSucceeded))
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
        if (std::ranges::any_of(job.prerequisites, cannotSucceed))
            result.append(job.id);
    return result;
}

} // namespace core
