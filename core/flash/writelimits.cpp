#include "core/flash/writelimits.h"

namespace core {

std::shared_ptr<WriteLimit> WriteLimits::join(JobId job, qint64 bytesPerSecond)
{
    auto limit = std::make_shared<WriteLimit>(bytesPerSecond);
    const std::lock_guard lock(m_mutex);
    std::erase_if(m_limits, [](const auto &entry) { return entry.second.expired(); });
    m_limits[job.value] = limit;
    return limit;
}

void WriteLimits::setJob(JobId job, qint64 bytesPerSecond)
{
    const std::lock_guard lock(m_mutex);
    const auto found = m_limits.find(job.value);
    if (found == m_limits.end())
        return;
    if (const auto limit = found->second.lock())
        limit->set(bytesPerSecond);
}

} // namespace core
