#pragma once
#include "core/download/afteraction.h"
#include "core/jobs/jobregistry.h"

namespace core {

/// Adds the jobs that follow the job `download`, each needing all before it. They wait in the queue for
/// what they follow, over restarts too, and so run once. Answers the id of the last one, `download`
/// when there is none or when nothing is fetched.
/// Threads: the hub thread.
[[nodiscard]] JobId
addFollowers(JobRegistry &registry, JobId download, const QList<AfterAction> &after);

/// Those that gave up because the job they follow had failed wait for it again. Threads: the hub thread.
void retryFollowers(JobRegistry &registry, JobId id);

/// The worker of a job that follows `download` (null when that was removed), whose file it works on;
/// without one it has nothing to do and succeeds. `jobKey` names the job among all that ever were.
/// Fails when the stored spec cannot be read.
[[nodiscard]] Result<std::unique_ptr<JobWorker>>
makeFollower(const JobSnapshot &job, const JobSnapshot *download, const QString &jobKey);

/// Whether it may run once more after the program ended while it ran: a move finds what it did.
[[nodiscard]] AfterCrash afterCrash(const JobSnapshot &job);

} // namespace core
