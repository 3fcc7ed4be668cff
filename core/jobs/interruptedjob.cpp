#include "core/jobs/interruptedjob.h"

#include "core/jobs/settledrives.h"

namespace core {

using namespace Qt::StringLiterals;

namespace {

enum class Held { No, Yes };

/// Why work that erases drives ended with the program.
Error endOfConsent(JobKind kind, Held held)
{
    QString why = u"the program ended before it was done, and its drives may be blank: "_s;
    if (held == Held::Yes)
        why = u"the program ended before anyone agreed; nothing was erased"_s;
    else if (kind == JobKind::Flash)
        why += u"retry it, or agree anew to what is erased"_s;
    else
        why += u"agree anew to what is erased"_s;
    return {ErrorCode::ConfirmationRequired, why};
}

} // namespace

bool isInterrupted(const JobSnapshot &job, AfterCrash rule)
{
    if (job.kind == JobKind::External && rule == AfterCrash::GoOn)
        return false;
    const bool isOver = isFinal(job.state);
    const bool isAgreedTo = erasesDrives(job.kind) && !isOver;
    const bool isReported = job.kind == JobKind::External && !isOver;
    return job.state == JobState::Running || isAgreedTo || isReported;
}

std::optional<JobState> endStop(JobSnapshot &job)
{
    if (!std::exchange(job.stopRequested, false))
        return std::nullopt;
    const JobState asked = std::exchange(job.stopsAs, JobState::Canceled);
    if (asked != JobState::Canceled && canTransition(job.state, asked))
        job.state = asked;
    return asked;
}

void interrupt(JobSnapshot &job, AfterCrash rule)
{
    const bool wasHeld = job.progress.stage == Stage::AwaitingConfirmation;
    job.progress.stage = Stage::None;
    job.progress.bytesPerSecond = 0;
    job.progress.etaSeconds = -1;
    ++job.rev;
    if (job.kind
        == JobKind::External) { // its program may be at work; until it says so, nobody knows
        job.progress.stage = Stage::Stale;
        return;
    }
    if (job.kind == JobKind::Command && rule == AfterCrash::AsKind) {
        job.state = JobState::Failed;
        job.error = Error{ErrorCode::Internal, u"the program ended while the command ran"_s};
        job.stopRequested = false;
        return;
    }
    if (erasesDrives(job.kind)) {
        job.state = JobState::Failed;
        job.error = endOfConsent(job.kind, wasHeld ? Held::Yes : Held::No);
        job.stopRequested = false;
        settleDrives(job.details.drives, job.state);
        return;
    }
    job.state = JobState::Queued;
    ++job.attempt;
}

} // namespace core
