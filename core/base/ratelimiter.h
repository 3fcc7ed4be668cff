#pragma once
#include <QtGlobal>

#include <chrono>

namespace core {

/// A token bucket: how many bytes may be read or written at a time. Pure; the caller brings the time.
class RateLimiter
{
public:
    /// `bytesPerSecond` 0 means no limit.
    explicit RateLimiter(qint64 bytesPerSecond)
        : m_bytesPerSecond(bytesPerSecond)
    { }

    [[nodiscard]] bool isLimited() const { return m_bytesPerSecond > 0; }
    [[nodiscard]] qint64 bytesPerSecond() const { return m_bytesPerSecond; }
    /// Bytes that may be read at `now` (monotonic).
    [[nodiscard]] qint64 available(std::chrono::milliseconds now);
    /// Also more than is available: the next are available the later.
    void consume(qint64 bytes) { m_tokens -= bytes; }
    /// How long after the last call of available() some are, 0: at once.
    [[nodiscard]] std::chrono::milliseconds wait() const;

private:
    qint64 m_bytesPerSecond;
    qint64 m_tokens = 0;
    std::chrono::milliseconds m_filledAt{-1};
};

} // namespace core
