#include "core/flash/outstandingwrites.h"

namespace core {

OutstandingWrites::OutstandingWrites(int depth, Write write)
    : m_depth(size_t(depth))
    , m_write(std::move(write))
{
    for (int i = 0; i < depth && depth > 1; ++i)
        m_threads.emplace_back([this](const std::stop_token &stop) { run(stop); });
}

OutstandingWrites::~OutstandingWrites()
{
    for (std::jthread &thread : m_threads)
        thread.request_stop(); // all before the first is waited for
}

Result<void> OutstandingWrites::put(const Extent &extent)
{
    if (m_threads.empty())
        return m_write(extent);
    std::unique_lock lock(m_mutex);
    m_changed.wait(lock, [this] { return m_outstanding < m_depth || m_error; });
    if (m_error)
        return result();
    ++m_outstanding;
    m_waiting.push_back(extent);
    m_changed.notify_all();
    return {};
}

Result<void> OutstandingWrites::drain()
{
    std::unique_lock lock(m_mutex);
    m_changed.wait(lock, [this] { return m_outstanding == 0; });
    return result();
}

void OutstandingWrites::run(const std::stop_token &stop)
{
    std::unique_lock lock(m_mutex);
    while (m_changed.wait(lock, stop, [this] { return !m_waiting.empty(); })
           && !stop.stop_requested()) {
        const Extent extent = std::move(m_waiting.front());
        m_waiting.pop_front();
        if (!m_error) {
            lock.unlock();
            const auto written = m_write(extent);
            lock.lock();
            if (!written && !m_error)
                m_error = written.error();
        }
        --m_outstanding;
        m_changed.notify_all();
    }
}

Result<void> OutstandingWrites::result() const
{
    return m_error ? Result<void>(fail(*m_error)) : Result<void>();
}

} // namespace core
