#pragma once
#include "core/base/principal.h"
#include "core/jobs/jobtypes.h"

#include <QList>

namespace core {

/// Whose a finished file is. A job knows its file by the path, and a later job may have put another
/// there. Both look at all jobs: for what a user asks for, not for every event.

/// Whether one of `jobs` made the file that is at the target of `job`, which has succeeded, or is making
/// it: one that finished later, reads a drive into it or moves its own there.
[[nodiscard]] bool isReplaced(const JobSnapshot &job, const QList<JobSnapshot> &jobs);

/// As isReplaced(), for who deletes the file a moment later on another thread: whatever runs may have
/// moved its own there by then. What waits or is paused has not.
[[nodiscard]] bool mayBeReplaced(const JobSnapshot &job, const QList<JobSnapshot> &jobs);

/// Whether the file at `path` is of a job that `who` may not see.
[[nodiscard]] bool
isFileOfOthers(const Principal &who, const QString &path, const QList<JobSnapshot> &jobs);

} // namespace core
