#include "core/replacedfile.h"

#include <algorithm>
#include <utility>

namespace core {
namespace {

/// What follows a download names its file as the target too, and makes none.
bool makesFile(const JobSnapshot &job)
{
    return job.kind == JobKind::Download || job.kind == JobKind::Media || job.kind == JobKind::Read;
}

bool isFileOf(const JobSnapshot &job, const QString &path)
{
    const bool isThere = job.state == JobState::Succeeded || job.state == JobState::Running;
    return isThere && makesFile(job) && job.details.target == path;
}

bool finishedLater(const JobSnapshot &other, const JobSnapshot &job)
{
    return std::pair(other.finishedAt, other.id.value) > std::pair(job.finishedAt, job.id.value);
}

/// Whether another of `jobs` with that target finished after `job`, or runs and is as `isThere` says.
bool hasSuccessor(const JobSnapshot &job,
                  const QList<JobSnapshot> &jobs,
                  bool (*isThere)(const JobSnapshot &running))
{
    return std::ranges::any_of(jobs, [&](const JobSnapshot &other) {
        if (other.id == job.id || !isFileOf(other, job.details.target))
            return false;
        return other.state == JobState::Running ? isThere(other) : finishedLater(other, job);
    });
}

} // namespace

bool isReplaced(const JobSnapshot &job, const QList<JobSnapshot> &jobs)
{
    // Until it moves its file there, a download writes beside it.
    return hasSuccessor(job, jobs, [](const JobSnapshot &running) {
        return running.kind == JobKind::Read || running.progress.stage == Stage::Moving;
    });
}

bool mayBeReplaced(const JobSnapshot &job, const QList<JobSnapshot> &jobs)
{
    // Its stage is of a moment ago.
    return hasSuccessor(job, jobs, [](const JobSnapshot &) { return true; });
}

bool isFileOfOthers(const Principal &who, const QString &path, const QList<JobSnapshot> &jobs)
{
    return std::ranges::any_of(jobs, [&](const JobSnapshot &job) {
        return !who.canSee(job.owner) && isFileOf(job, path);
    });
}

} // namespace core
