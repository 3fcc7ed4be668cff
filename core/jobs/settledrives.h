#pragma once
#include "core/jobs/jobdetails.h"

namespace core {

/// What the drives of a job are when the job steps to `state`: those that did not end by themselves end as a
/// failed or canceled job did, and those that did not succeed wait again in a queued one. One that
/// succeeded stays so. Pure.
void settleDrives(QList<JobDrive> &drives, JobState state);

} // namespace core
