#include "core/jobs/jobthreads.h"

#include <condition_variable>
#include <deque>
#include <mutex>
#include <thread>

namespace core {

struct JobThreads::Shared {
    std::mutex mutex;
    std::condition_variable wake;
    std::condition_variable idle;
    std::deque<std::function<void()>> waiting;
    size_t free = 0; ///< threads that wait for work
    size_t alive = 0;
    size_t busy = 0; ///< work handed over and not ended
    bool ending = false;

    void runThread();
    bool takeWork(std::unique_lock<std::mutex> &lock, std::function<void()> &work);
};

bool JobThreads::Shared::takeWork(std::unique_lock<std::mutex> &lock, std::function<void()> &work)
{
    ++free;
    const auto isDue = [this] { return ending || !waiting.empty(); };
    const bool found = wake.wait_for(lock, IdleTime, isDue) && !waiting.empty();
    --free;
    if (!found)
        return false;
    work = std::move(waiting.front());
    waiting.pop_front();
    return true;
}

void JobThreads::Shared::runThread()
{
    std::unique_lock lock(mutex);
    std::function<void()> work;
    while (takeWork(lock, work)) {
        lock.unlock();
        work();
        work = nullptr; // what it captured dies on this thread, outside the lock
        lock.lock();
        --busy;
        idle.notify_all();
    }
    --alive;
    idle.notify_all();
}

JobThreads::JobThreads()
    : m_shared(std::make_shared<Shared>())
{ }

JobThreads::~JobThreads()
{
    std::unique_lock lock(m_shared->mutex);
    m_shared->ending = true;
    m_shared->wake.notify_all();
    m_shared->idle.wait(lock, [this] { return m_shared->alive <= m_shared->busy; });
}

void JobThreads::start(std::function<void()> work)
{
    const std::lock_guard lock(m_shared->mutex);
    m_shared->waiting.push_back(std::move(work));
    ++m_shared->busy;
    if (m_shared->free >= m_shared->waiting.size()) {
        m_shared->wake.notify_one();
        return;
    }
    ++m_shared->alive;
    std::thread([shared = m_shared] { shared->runThread(); }).detach();
}

bool JobThreads::waitForIdle(std::chrono::milliseconds timeout)
{
    std::unique_lock lock(m_shared->mutex);
    return m_shared->idle.wait_for(lock, timeout, [this] { return m_shared->busy == 0; });
}

} // namespace core
