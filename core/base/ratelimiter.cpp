#include "core/base/ratelimiter.h"

#include <algorithm>
#include <limits>

namespace core {

qint64 RateLimiter::available(std::chrono::milliseconds now)
{
    if (!isLimited())
        return std::numeric_limits<qint64>::max();
    // A fifth of a second may be saved up: enough to ride out a late timer, too little to burst.
    const qint64 capacity = std::max<qint64>(1, m_bytesPerSecond / 5);
    if (m_filledAt.count() < 0)
        m_filledAt = now;
    const double elapsedMs = double((now - m_filledAt).count());
    const qint64 earned = qint64(elapsedMs * double(m_bytesPerSecond) / 1000.0);
    if (earned > 0) {
        m_tokens = std::min(capacity, m_tokens + earned);
        m_filledAt = now;
    }
    return std::max<qint64>(0, m_tokens);
}

std::chrono::milliseconds RateLimiter::wait() const
{
    if (!isLimited() || m_tokens > 0)
        return std::chrono::milliseconds(0);
    return std::chrono::milliseconds(1 + (1 - m_tokens) * 1000 / m_bytesPerSecond);
}

} // namespace core
