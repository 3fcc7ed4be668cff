#include "core/jobs/interruptedjob.h"

#include "core/jobs/settledrives.h"

namespace core {

using namespace Qt::StringLiterals;

bool isInterrupted(const JobSnapshot &job)
{
    const bool isAgreedTo = erasesDrives(job.kind) && !isFinal(job.state);
    return job.state == JobState::Running || isAgreedTo;
}

void interrupt(JobSnapshot &job, AfterCrash rule)
{
    job.progress.stage = Stage::None;
    job.progress.bytesPerSecond = 0;
    job.progress.etaSeconds = -1;
    ++job.rev;
    if (job.kind == JobKind::Command && rule == AfterCrash::AsKind) {
        job.state = JobState::Failed;
        job.error = Error{ErrorCode::Internal, u"the program ended while the command ran"_s};
        job.stopRequested = false;
        return;
    }
    if (erasesDrives(job.kind)) {
        job.state = JobState::Failed;
        job.error =
            Error{ErrorCode::Internal,
                  job.kind == JobKind::Flash
                      ? u"the program ended before it was done, and its drives may be blank: retry "
                        "it, or agree anew to what is erased"_s
                      : u"the program ended before it was done, and the drive may be blank"_s};
        job.stopRequested = false;
        settleDrives(job.details.drives, job.state);
        return;
    }
    job.state = JobState::Queued;
    ++job.attempt;
}

} // namespace core
