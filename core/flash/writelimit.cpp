#include "core/flash/writelimit.h"

namespace core {

namespace {

std::chrono::milliseconds sinceBoot()
{
    return std::chrono::duration_cast<std::chrono::milliseconds>(
        std::chrono::steady_clock::now().time_since_epoch());
}

} // namespace

WriteLimit::WriteLimit(qint64 bytesPerSecond)
    : m_bytesPerSecond(bytesPerSecond)
{ }

void WriteLimit::set(qint64 bytesPerSecond)
{
    const std::lock_guard lock(m_mutex);
    m_bytesPerSecond = bytesPerSecond;
    m_changed.notify_all();
}

WriteLimit::Pace::Pace(std::shared_ptr<WriteLimit> limit)
    : m_limit(std::move(limit))
{ }

bool WriteLimit::Pace::waitFor(qint64 bytes, const std::stop_token &stop)
{
    m_isHeldBack = false;
    if (!m_limit)
        return !stop.stop_requested();
    std::unique_lock lock(m_limit->m_mutex);
    const auto isChanged = [this] { return m_rate.bytesPerSecond() != m_limit->m_bytesPerSecond; };
    while (!stop.stop_requested()) {
        if (isChanged())
            m_rate = RateLimiter(m_limit->m_bytesPerSecond);
        if (m_rate.available(sinceBoot()) > 0) {
            m_rate.consume(bytes);
            return true;
        }
        m_isHeldBack = true;
        // Ended early where nothing changed, it is asked again.
        (void)m_limit->m_changed.wait_for(lock, stop, m_rate.wait(), isChanged);
    }
    return false;
}

} // namespace core
