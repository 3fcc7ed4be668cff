#pragma once
#include "core/drives/drivepolicy.h"
#include "core/jobs/jobworker.h"

namespace core {

/// The worker of a job that reads, compares or formats a drive of this computer; `policy` is asked again
/// when the drive is opened. Fails with `InvalidArgument` for a spec that cannot be read, `Unsupported`
/// for other kinds.
[[nodiscard]] Result<std::unique_ptr<JobWorker>> makeDriveWorker(const JobSnapshot &job,
                                                                 DrivePolicy policy);

} // namespace core
