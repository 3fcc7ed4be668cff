#pragma once
#include "core/base/result.h"

#include <condition_variable>
#include <mutex>
#include <optional>
#include <stop_token>

namespace core {

/// What one thread waits for and another one says.
/// Threads: any.
class Awaited
{
public:
    void say(const Result<void> &result)
    {
        const std::lock_guard lock(m_mutex);
        m_result = result;
        m_changed.notify_all();
    }
    /// nullopt when `stop` came first.
    [[nodiscard]] std::optional<Result<void>> wait(const std::stop_token &stop)
    {
        std::unique_lock lock(m_mutex);
        m_isGivenUp = !m_changed.wait(lock, stop, [this] { return m_result.has_value(); });
        return m_result;
    }
    /// Whether `stop` came first.
    [[nodiscard]] bool isGivenUp()
    {
        const std::lock_guard lock(m_mutex);
        return m_isGivenUp;
    }

private:
    std::mutex m_mutex; ///< guards what follows
    std::condition_variable_any m_changed;
    std::optional<Result<void>> m_result;
    bool m_isGivenUp = false;
};

} // namespace core
