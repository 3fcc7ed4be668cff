#pragma once
#include "core/flash/writelimit.h"
#include "core/jobs/jobtypes.h"

#include <map>

namespace core {

/// The write limits of the flashes that run.
/// Threads: any.
class WriteLimits
{
public:
    /// The limit of a job that begins to run; the job's end ends it.
    [[nodiscard]] std::shared_ptr<WriteLimit> join(JobId job, qint64 bytesPerSecond);
    /// Bytes per second, 0: no limit. A job that does not run is passed over.
    void setJob(JobId job, qint64 bytesPerSecond);

private:
    std::mutex m_mutex; // guards what follows
    std::map<qint64, std::weak_ptr<WriteLimit>> m_limits; // by job
};

} // namespace core
