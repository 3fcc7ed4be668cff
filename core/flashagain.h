#pragma once
#include "core/jobs/jobregistry.h"

namespace core {

/// The rule for a flash that runs once more (resumed, retried): a yes stays good as long as the drive is as it
/// was when that was said, or as the flash left it. So it is let run, with a mark, and of a marked flash
/// each drive is looked at before it is written, see openAgreed.

/// `ConfirmationRequired`, saying that a yes to erase counts once.
[[nodiscard]] tl::unexpected<Error> mustBeAgreedAnew(const JobSnapshot &job);

/// Sees to it that what feeds a flash, which waits in the queue, is there or comes.
using FeedAgain = std::function<Result<void>(JobId flash)>;

/// Queues a job once more by `verb` and marks it when it is a flash; one from a URL is fed by `feed`, and
/// fails as that does. Fails as `verb`, and as
/// mustBeAgreedAnew for a flash that nobody agreed to, and for giving a drive back empty: that leaves
/// nothing by which it can be told whether the drive was used since. Without `feed` a flash from a URL
/// that ended fails with `InvalidState`.
[[nodiscard]] Result<void> runAgain(JobRegistry &registry,
                                    JobId id,
                                    Result<void> (JobRegistry::*verb)(JobId),
                                    const FeedAgain &feed = {});
/// Whether a flash relies on a yes from before: it has the mark, or ran.
[[nodiscard]] bool isAgain(const JobSnapshot &job);

} // namespace core
