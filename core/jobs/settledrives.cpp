#include "core/jobs/settledrives.h"

namespace core {

void settleDrives(QList<JobDrive> &drives, JobState state)
{
    const bool isOver = state == JobState::Failed || state == JobState::Canceled;
    for (JobDrive &drive : drives) {
        if (isOver && !isFinal(drive.state)) {
            drive.state = state;
        } else if (state == JobState::Queued && drive.state != JobState::Succeeded) {
            drive.state = JobState::Queued;
            drive.error.reset();
        }
    }
}

} // namespace core
