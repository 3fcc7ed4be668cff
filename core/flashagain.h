#pragma once
#include "core/jobs/jobregistry.h"

namespace core {

/// The rule for a flash that runs once more (resumed, retried): a yes stays good as long as the drive is as the
/// flash left it. So it is let run, with a mark, and a marked flash writes a drive only when that is
/// blank, see openAgreed.

/// Queues a job once more by `verb` and marks it when it is a flash. Fails as `verb`, and with
/// `ConfirmationRequired` for a flash that nobody agreed to.
[[nodiscard]] Result<void>
runAgain(JobRegistry &registry, JobId id, Result<void> (JobRegistry::*verb)(JobId));
/// Whether a flash relies on a yes from before: it has the mark, or ran.
[[nodiscard]] bool isAgain(const JobSnapshot &job);

} // namespace core
