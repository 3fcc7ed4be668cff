#include "ui/jobaction.h"

#include "core/agents/agentworkjson.h"

namespace ui {

using core::JobState;

bool isAllowed(JobAction action, const core::JobSnapshot &job)
{
    const bool isUnderWay = job.state == JobState::Queued || job.state == JobState::Running;
    const bool isDownload = job.kind == core::JobKind::Download;
    // JobService refuses: a yes to give a drive back empty counts once, and some wait for theirs.
    const bool isOurs = job.kind != core::JobKind::External; // another program does the rest
    const bool canRunAgain = (isOurs || isAgentWork(job)) && job.kind != core::JobKind::Format
        && job.progress.stage != core::Stage::AwaitingConfirmation;
    switch (action) {
    case JobAction::Pause:
        return canRunAgain && isUnderWay && !job.stopRequested;
    case JobAction::Resume:
        return canRunAgain && job.state == JobState::Paused && !job.stopRequested;
    case JobAction::StartNow:
        return canRunAgain && job.state == JobState::Queued && job.startAt > 0
            && !job.stopRequested;
    case JobAction::NewLink:
        return isDownload && (job.state == JobState::Failed || job.state == JobState::Paused);
    case JobAction::MoveTop:
    case JobAction::MoveUp:
    case JobAction::MoveDown:
        return isOurs && (job.state == JobState::Queued || job.state == JobState::Paused)
            && !job.stopRequested;
    case JobAction::Limit:
        return (isDownload || job.kind == core::JobKind::Flash) && !isFinal(job.state)
            && !job.stopRequested && job.progress.stage != core::Stage::AwaitingConfirmation;
    case JobAction::Cancel:
        return !isFinal(job.state) && !job.stopRequested;
    case JobAction::Retry:
        return canRunAgain && (job.state == JobState::Failed || job.state == JobState::Canceled);
    case JobAction::Remove:
        return isFinal(job.state);
    case JobAction::OpenFile:
        return job.state == JobState::Succeeded && !job.details.target.isEmpty();
    case JobAction::OpenFolder:
        return !job.details.target.isEmpty();
    }
    return false;
}

QList<core::JobSnapshot> allowedFor(JobAction action, const QList<core::JobSnapshot> &jobs)
{
    QList<core::JobSnapshot> result;
    for (const core::JobSnapshot &job : jobs)
        if (isAllowed(action, job))
            result.append(job);
    return result;
}

} // namespace ui
