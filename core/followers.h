#pragma once
#include "core/download/afteraction.h"
#include "core/jobs/jobtypes.h"

namespace core {

class JobRegistry;

/// Adds the jobs that follow the job `download`, each needing all before it. They wait in the queue for
/// what they follow, over restarts too, and so run once. Answers the id of the last one, `download`
/// when there is none or when nothing is fetched.
/// Threads: the hub thread.
[[nodiscard]] JobId
addFollowers(JobRegistry &registry, JobId download, const QList<AfterAction> &after);

} // namespace core
