#include "core/jobs/jobchange.h"

#include "core/jobs/progresscell.h"

namespace core {
namespace {

JobSnapshot withoutNumbers(JobSnapshot job)
{
    job.rev = 0;
    job.progress = {.stage = job.progress.stage};
    job.details = withoutProgress(std::move(job.details));
    for (JobStep &step : job.details.steps)
        step.progress = 0;
    return job;
}

} // namespace

bool movesOnlyNumbers(const JobSnapshot &before, const JobSnapshot &after)
{
    return withoutNumbers(before) == withoutNumbers(after);
}

} // namespace core
