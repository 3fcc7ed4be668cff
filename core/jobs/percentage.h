#pragma once
#include "core/jobs/jobtypes.h"

namespace core {

/// Whether `done` of `total` are no bytes but percent: what a program reports that knows nothing else.
inline bool isPercentage(const JobSnapshot &job)
{
    return job.kind == JobKind::External && job.progress.total == 100;
}

} // namespace core
