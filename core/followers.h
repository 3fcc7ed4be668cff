#pragma once
#include "core/jobs/jobregistry.h"

namespace core {

/// The worker of a job that follows `download` (null when that was removed), whose file it works on;
/// without one it has nothing to do and succeeds. `jobKey` names the job among all that ever were.
/// Fails when the stored spec cannot be read.
[[nodiscard]] Result<std::unique_ptr<JobWorker>>
makeFollower(const JobSnapshot &job, const JobSnapshot *download, const QString &jobKey);

/// Whether it may run once more after the program ended while it ran: a move finds what it did.
[[nodiscard]] AfterCrash afterCrash(const JobSnapshot &job);

} // namespace core
