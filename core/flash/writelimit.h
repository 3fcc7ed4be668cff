#pragma once
#include "core/base/ratelimiter.h"

#include <condition_variable>
#include <memory>
#include <mutex>
#include <stop_token>

namespace core {

/// How fast a job writes to each of its drives, changeable while it does.
/// Threads: any.
class WriteLimit
{
public:
    /// Bytes per second, 0: no limit.
    explicit WriteLimit(qint64 bytesPerSecond);
    void set(qint64 bytesPerSecond);

    /// What one drive may write under a limit. Threads: one.
    class Pace
    {
    public:
        /// Null: there is no limit.
        explicit Pace(std::shared_ptr<WriteLimit> limit);
        /// Waits until the next may be written, as long as the ones before take it, and counts these
        /// bytes. False when `stop` is requested.
        [[nodiscard]] bool waitFor(qint64 bytes, const std::stop_token &stop);
        /// Whether the last waitFor() had to.
        [[nodiscard]] bool isHeldBack() const { return m_isHeldBack; }

    private:
        const std::shared_ptr<WriteLimit> m_limit;
        RateLimiter m_rate{0};
        bool m_isHeldBack = false;
    };

private:
    std::mutex m_mutex; // guards what follows
    std::condition_variable_any m_changed;
    qint64 m_bytesPerSecond;
};

} // namespace core
