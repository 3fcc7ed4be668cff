#pragma once
#include "core/jobs/jobtypes.h"

namespace core {

/// AsKind: a command fails, since what it did may not be done twice; whoever wants that can retry it.
/// GoOn: it waits to go on, as jobs of every other kind do; an external job is as it was.
enum class AfterCrash { AsKind, GoOn };

/// Whether jobs of that kind erase drives: a yes to that counts once.
[[nodiscard]] constexpr bool erasesDrives(JobKind kind)
{
    return kind == JobKind::Flash || kind == JobKind::Format;
}

/// Whether the end of the program interrupted it: what ran, and whatever erases drives that had not ended. The drive
/// may have been used, or be another one, since that was agreed to.
[[nodiscard]] bool isInterrupted(const JobSnapshot &job, AfterCrash rule = AfterCrash::AsKind);

/// What a stop becomes that had been asked for: a pause is there at once. Returns the state asked for,
/// nullopt when there was no stop; a cancel is still to be carried out.
std::optional<JobState> endStop(JobSnapshot &job);

/// What becomes of a running job whose program ended.
void interrupt(JobSnapshot &job, AfterCrash rule);

} // namespace core
