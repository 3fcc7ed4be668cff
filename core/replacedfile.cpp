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

/// Until it moves its file there, one that runs writes beside it.
bool isThereLater(const JobSnapshot &other, const JobSnapshot &job)
{
    if (other.state == JobState::Running)
        return other.kind == JobKind::Read || other.progress.stage == Stage::Moving;
    return std::pair(other.finishedAt, other.id.value) > std::pair(job.finishedAt, job.id.value);
}

} // namespace

bool isReplaced(const JobSnapshot &job, const QList<JobSnapshot> &jobs)
{
    return std::ranges::any_of(jobs, [&job](const JobSnapshot &other) {
        return other.id != job.id && isFileOf(other, job.details.target)
            && isThereLater(other, job);
    });
}

bool isFileOfOthers(const Principal &who, const QString &path, const QList<JobSnapshot> &jobs)
{
    return std::ranges::any_of(jobs, [&](const JobSnapshot &job) {
        return !who.canSee(job.owner) && isFileOf(job, path);
    });
}

} // namespace core
