#pragma once
#include "core/jobs/jobtypes.h"

#include <atomic>
#include <mutex>

namespace core {

/// What of the details must not be lost: segments and the bytes of drives are progress.
[[nodiscard]] inline JobDetails withoutProgress(JobDetails details)
{
    details.segments.clear();
    for (JobDrive &drive : details.drives)
        drive.done = 0;
    return details;
}

/// Where a worker writes its progress and the registry reads it.
/// Threads: one writer (the job's thread), one reader (the hub thread). The numbers are lock-free;
/// the details take a mutex and are read only after they were written.
class ProgressCell
{
public:
    void enter(Stage stage) { m_stage.store(stage, std::memory_order_relaxed); }
    /// Bytes of the whole work, -1 while unknown.
    void setTotal(qint64 bytes) { m_total.store(bytes, std::memory_order_relaxed); }
    /// Bytes done of the whole work. A smaller number than before is ignored within an attempt.
    void setDone(qint64 bytes)
    {
        if (bytes > m_done.load(std::memory_order_relaxed))
            m_done.store(bytes, std::memory_order_relaxed);
    }
    /// The bytes so far are void and the work begins from zero (the remote file changed).
    void beginAgain()
    {
        m_done.store(0, std::memory_order_relaxed);
        m_restarts.fetch_add(1, std::memory_order_release);
    }
    /// Changes the details under the lock: `edit(JobDetails &)`.
    template<typename Edit>
    void edit(Edit edit)
    {
        const std::lock_guard lock(m_mutex);
        edit(m_details);
        m_dirty.store(true, std::memory_order_release);
    }

    [[nodiscard]] Progress read() const
    {
        Progress p;
        p.stage = m_stage.load(std::memory_order_relaxed);
        p.total = m_total.load(std::memory_order_relaxed);
        p.done = m_done.load(std::memory_order_relaxed);
        return p;
    }
    /// How often beginAgain() was called.
    [[nodiscard]] int restarts() const { return m_restarts.load(std::memory_order_acquire); }
    /// The details when they were edited since the last call, else nullopt.
    [[nodiscard]] std::optional<JobDetails> takeDetails()
    {
        if (!m_dirty.exchange(false, std::memory_order_acquire))
            return std::nullopt;
        const std::lock_guard lock(m_mutex);
        return m_details;
    }

private:
    std::atomic<Stage> m_stage{Stage::None};
    std::atomic<qint64> m_done{0};
    std::atomic<qint64> m_total{-1};
    std::atomic<int> m_restarts{0};
    std::atomic<bool> m_dirty{false};
    std::mutex m_mutex;
    JobDetails m_details;
};

} // namespace core
