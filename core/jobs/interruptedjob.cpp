#include "core/jobs/interruptedjob.h"

namespace core {

using namespace Qt::StringLiterals;

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
    job.state = JobState::Queued;
    ++job.attempt;
}

} // namespace core
