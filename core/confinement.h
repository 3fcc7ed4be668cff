#pragma once
#include "core/base/principal.h"
#include "core/jobs/jobworker.h"

namespace core {

struct TargetRules;

/// A file that a job only reads (an image, an archive) has to lie where its asker may look. The text of the
/// path is looked at when the job is asked for. Where links lead is looked at on the job's own thread, right
/// before it reads: they may have changed while it waited, and the folder's disk may answer to nobody.

/// Fails with `Forbidden` when by its text `path` is neither in a download folder nor in that of images, unless
/// `who` may name every file.
[[nodiscard]] Result<void>
checkReadable(const Principal &who, const QString &path, const TargetRules &rules);
/// The stored spec of a job that reads its source, with the folders in which that has to lie for `who`.
[[nodiscard]] QByteArray
confinedSpec(const Principal &who, const QByteArray &spec, const TargetRules &rules);
/// The worker of `job`. Its run fails with `Forbidden` when the source lies outside the folders of a spec that
/// confinedSpec() made, links followed, and with `FileAccess` when it is not there.
[[nodiscard]] std::unique_ptr<JobWorker> confinedWorker(std::unique_ptr<JobWorker> worker,
                                                        const JobSnapshot &job);

} // namespace core
