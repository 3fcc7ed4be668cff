#pragma once
#include "core/jobs/jobtypes.h"

namespace tests {

/// A job with that id and state, called "job<id>.iso", 100 MiB large.
[[nodiscard]] core::JobSnapshot makeJob(qint64 id, core::JobState state);

/// One job in each state and stage a user meets, with values as real ones have.
[[nodiscard]] QList<core::JobSnapshot> sampleJobs();
/// Jobs 10 to 12: a media job, an unpacking and a command.
[[nodiscard]] QList<core::JobSnapshot> sampleKinds();

/// Job 13: a flash of four drives, one of which has failed.
[[nodiscard]] core::JobSnapshot sampleFlash();

} // namespace tests
