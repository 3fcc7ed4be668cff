#pragma once
#include "core/jobs/jobtypes.h"

#include <algorithm>
#include <cmath>

namespace server {

/// How much of the job is done, 0 to 1, in steps of 1/`steps`, rounded down: 1 only when all is done. 0
/// while the total is unknown; 1 for a job that succeeded.
[[nodiscard]] inline double shareDone(const core::JobSnapshot &job, int steps)
{
    const qint64 done = job.progress.done;
    const qint64 total = job.progress.total;
    if (job.state == core::JobState::Succeeded)
        return 1;
    if (total <= 0 || done <= 0)
        return 0;
    return std::min(1.0, std::floor(double(done) / double(total) * steps) / steps);
}

} // namespace server
