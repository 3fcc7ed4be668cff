#pragma once
#include <chrono>
#include <functional>
#include <memory>

namespace core {

/// The threads that running jobs have. A thread that has ended its job waits a while for the next
/// one, so short jobs do not pay for a start each and thread-local things (connections) live on.
///
/// Threads: start() and waitForIdle() are called from one thread, the hub's.
class JobThreads
{
public:
    static constexpr std::chrono::seconds IdleTime{10};

    JobThreads();
    /// Idle threads end. Threads that are still busy are left behind: waitForIdle() first.
    ~JobThreads();
    JobThreads(const JobThreads &) = delete;
    JobThreads &operator=(const JobThreads &) = delete;

    /// Runs `work` on a thread of its own.
    void start(std::function<void()> work);

    /// Waits until no thread is busy, at most `timeout`. False when some still are (a thread can hang
    /// in the kernel on a dying drive); the process must then end without running destructors.
    [[nodiscard]] bool waitForIdle(std::chrono::milliseconds timeout);

private:
    struct Shared;
    std::shared_ptr<Shared> m_shared; // outlives us in threads that hang
};

} // namespace core
