#include "core/jobs/movedfile.h"

#include <QFileInfo>

namespace core {

QList<JobId> jobsWithMovedFile(const JobSnapshot &before, const JobSnapshot &after)
{
    const bool hasSucceeded = after.state == JobState::Succeeded && before.state != after.state;
    return hasSucceeded && !after.details.movedFrom.isEmpty() ? after.prerequisites
                                                              : QList<JobId>();
}

JobDetails afterMove(JobDetails details, const JobDetails &mover)
{
    if (details.target != mover.movedFrom)
        return details;
    if (details.title == QFileInfo(details.target).fileName())
        details.title = QFileInfo(mover.target).fileName();
    details.target = mover.target;
    return details;
}

} // namespace core
