#pragma once
#include "core/base/result.h"
#include "core/jobs/jobtypes.h"

namespace core {

/// What to ask of a job so that it goes at most that fast, 0: no limit. A download receives so fast, a flash
/// writes so fast to each of its drives. Fails with `InvalidState` for another job, and for a flash nobody has
/// agreed to yet; with `InvalidArgument` for a limit that is none.
[[nodiscard]] Result<JobWish> limitWish(const JobSnapshot &job, qint64 bytesPerSecond);

} // namespace core
