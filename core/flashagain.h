#pragma once
#include "core/jobs/jobregistry.h"

namespace core {

/// The rule for a flash that runs once more (resumed, retried): a yes stays good as long as the drive is as the
/// flash left it. So it is let run, with a mark, and a marked flash writes a drive only when that is
/// blank, see openAgreed.

/// `ConfirmationRequired`, saying that a yes to erase counts once.
[[nodiscard]] tl::unexpected<Error> mustBeAgreedAnew(const JobSnapshot &job);

/// Queues a job once more by `verb` and marks it when it is a flash. Fails as `verb`, and as
/// mustBeAgreedAnew for a flash that nobody agreed to, and for giving a drive back empty: that leaves
/// nothing by which it can be told whether the drive was used since.
[[nodiscard]] Result<void>
runAgain(JobRegistry &registry, JobId id, Result<void> (JobRegistry::*verb)(JobId));
/// Whether a flash relies on a yes from before: it has the mark, or ran.
[[nodiscard]] bool isAgain(const JobSnapshot &job);

} // namespace core
