#include "core/jobs/interruptedjob.h"

namespace core {

using namespace Qt::StringLiterals;

bool isInterrupted(const JobSnapshot &job)
{
    const bool isAgreedTo = erasesDrives(job.kind) && !isFinal(job.state);
    return job.state == JobState::Running || isAgreedTo;
}

void interrupt(JobSnapshot &job, AfterCrash rule)
{
    const bool wasHeld = job.progress.stage == Stage::AwaitingConfirmation;
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
        job.error = wasHeld
            ? Error{ErrorCode::ConfirmationRequired,
                    u"the program ended before anyone agreed; nothing was erased"_s}
            : Error{ErrorCode::ConfirmationRequired,
                    u"the program ended before it was done; its drives may be blank, and what is "
                    "erased has to be agreed to anew"_s};
        job.stopRequested = false;
        return;
    }
    job.state = JobState::Queued;
    ++job.attempt;
}

} // namespace core
