#pragma once
#include "core/jobs/jobtypes.h"

namespace core {

/// The jobs whose file may have been moved by a job that stepped from `before` to `after`: those it
/// needed, when it has succeeded and says so.
[[nodiscard]] QList<JobId> jobsWithMovedFile(const JobSnapshot &before, const JobSnapshot &after);
/// The details of such a job: its file is where `mover` put it, unless that moved another one.
[[nodiscard]] JobDetails afterMove(JobDetails details, const JobDetails &mover);

} // namespace core
