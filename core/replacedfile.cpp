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

} // namespace

bool isReplaced(const JobSnapshot &job, const QList<JobSnapshot> &jobs)
{
    const auto end = [](const JobSnapshot &ended) {
        return std::pair(ended.finishedAt, ended.id.value);
    };
    return std::ranges::any_of(jobs, [&](const JobSnapshot &other) {
        const bool isLater = other.state == JobState::Running || end(other) > end(job);
        return other.id != job.id && isLater && isFileOf(other, job.details.target);
    });
}

bool isFileOfOthers(const Principal &who, const QString &path, const QList<JobSnapshot> &jobs)
{
    return std::ranges::any_of(jobs, [&](const JobSnapshot &job) {
        return !who.canSee(job.owner) && isFileOf(job, path);
    });
}

} // namespace core
