#pragma once
#include "core/jobs/jobtypes.h"

namespace server {

/// What the flash progress clients call a job: "job_0000002a" for job 42, a program's own job as the
/// program calls it. Every drive has a name: the second's ends in "-2", the third's in "-3" …
[[nodiscard]] QString flashJobId(const core::JobSnapshot &job, qsizetype drive = 0);

/// The number in a name that we gave; nullopt for any other.
[[nodiscard]] std::optional<core::JobId> numberInFlashJobId(const QString &id);

} // namespace server
