#pragma once
#include "core/base/openfile.h"

#include <QSemaphore>

#include <atomic>

namespace tests {

/// A disk that sleeps while it is told to: what opens its files waits. Shared with the threads that wait,
/// which may outlive the test.
class SlowDisk
{
public:
    core::Result<core::OpenFile> open(const QString &path)
    {
        ++m_asked;
        const int waiting = ++m_waiting;
        for (int most = m_most; most < waiting && !m_most.compare_exchange_weak(most, waiting);) { }
        m_awake.acquire();
        m_awake.release();
        --m_waiting;
        return core::openRegularFile(path);
    }
    void fallAsleep() { m_awake.acquire(); }
    void wake() { m_awake.release(); }
    /// How often it was asked for a file.
    [[nodiscard]] int asked() const { return m_asked.load(); }
    /// How many threads it kept at the same time, at most.
    [[nodiscard]] int mostAtOnce() const { return m_most.load(); }

private:
    QSemaphore m_awake{1};
    std::atomic<int> m_asked{0};
    std::atomic<int> m_waiting{0};
    std::atomic<int> m_most{0};
};

} // namespace tests
