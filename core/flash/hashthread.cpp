#include "core/flash/hashthread.h"

namespace core {

HashThread::HashThread(Need need)
    : m_need(need)
    , m_thread([this](const std::stop_token &stop) { run(stop); })
{ }

void HashThread::add(std::shared_ptr<const AlignedBuffer> buffer, qint64 bytes)
{
    std::unique_lock lock(m_mutex);
    m_isGivenUp = m_isGivenUp || (m_need == Need::Spare && m_waiting.size() == MostWaiting);
    if (m_isGivenUp)
        return m_waiting.clear();
    m_changed.wait(lock, [this] { return m_waiting.size() < MostWaiting; });
    m_waiting.push_back({std::move(buffer), bytes});
    m_changed.notify_all();
}

QByteArray HashThread::finish()
{
    {
        const std::lock_guard lock(m_mutex);
        m_isFinished = true;
        m_changed.notify_all();
    }
    m_thread.join();
    return m_isGivenUp ? QByteArray() : m_hash.finish();
}

void HashThread::run(const std::stop_token &stop)
{
    while (true) {
        Work work;
        {
            std::unique_lock lock(m_mutex);
            const bool hasWork =
                m_changed.wait(lock, stop, [this] { return !m_waiting.empty() || m_isFinished; });
            if (!hasWork || m_waiting.empty())
                return;
            work = std::move(m_waiting.front());
            m_waiting.pop_front();
            m_changed.notify_all();
        }
        m_hash.add(work.buffer->first(work.bytes));
    }
}

} // namespace core
