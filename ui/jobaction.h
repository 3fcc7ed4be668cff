#pragma once
#include "core/jobs/jobtypes.h"

namespace ui {

/// What a user can do to a job.
enum class JobAction {
    Pause,
    Resume,
    StartNow,
    Cancel,
    Retry,
    NewLink,
    MoveTop,
    MoveUp,
    MoveDown,
    Limit,
    Remove,
    OpenFile,
    OpenFolder
};

/// Whether `action` makes sense for `job` as it is.
[[nodiscard]] bool isAllowed(JobAction action, const core::JobSnapshot &job);

/// The jobs among `jobs` for which it does.
[[nodiscard]] QList<core::JobSnapshot> allowedFor(JobAction action,
                                                  const QList<core::JobSnapshot> &jobs);

} // namespace ui
