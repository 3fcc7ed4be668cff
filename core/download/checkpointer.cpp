#include "core/download/checkpointer.h"

#include <utility>

namespace core {

Checkpointer::Checkpointer(const PartFile &part, QString journalPath)
    : m_part(part)
    , m_journalPath(std::move(journalPath))
{ }

Checkpointer::~Checkpointer() = default;

void Checkpointer::submit(JournalRecord record)
{
    const std::lock_guard lock(m_mutex);
    m_waiting = std::move(record);
    if (!m_thread.joinable())
        m_thread = std::jthread([this](const std::stop_token &stop) { work(stop); });
    m_changed.notify_all();
}

void Checkpointer::waitUntilTaken()
{
    std::unique_lock lock(m_mutex);
    m_changed.wait(lock, [this] { return !m_waiting; });
}

Result<void> Checkpointer::flush(const JournalRecord &record)
{
    if (m_thread.joinable()) {
        submit(record);
        return flush();
    }
    if (const auto earlier = error())
        return fail(*earlier);
    const auto made = makeDurable(record);
    if (!made) {
        const std::lock_guard lock(m_mutex);
        m_error = made.error();
    }
    return made;
}

Result<void> Checkpointer::flush()
{
    std::unique_lock lock(m_mutex);
    m_changed.wait(lock, [this] { return !m_waiting && !m_isBusy; });
    if (m_error)
        return fail(*m_error);
    return {};
}

std::optional<Error> Checkpointer::error() const
{
    const std::lock_guard lock(m_mutex);
    return m_error;
}

void Checkpointer::work(const std::stop_token &stop)
{
    std::unique_lock lock(m_mutex);
    while (m_changed.wait(lock, stop, [this] { return m_waiting.has_value(); })) {
        JournalRecord record = *std::exchange(m_waiting, std::nullopt);
        m_isBusy = !m_error;
        m_changed.notify_all();
        if (!m_isBusy) // fdatasync tells of lost bytes once: what is claimed after may be untrue
            continue;
        lock.unlock();
        const auto made = makeDurable(std::move(record));
        lock.lock();
        m_isBusy = false;
        if (!made)
            m_error = made.error();
        m_changed.notify_all();
        if (stop.stop_requested())
            return;
    }
}

Result<void> Checkpointer::makeDurable(JournalRecord record) const
{
    if (const auto synced = m_part.sync(); !synced)
        return synced;
    if (!record.isComplete()) {
        auto frontiers = frontiersOf(m_part, record.done);
        if (!frontiers)
            return fail(frontiers.error());
        record.frontiers = std::move(*frontiers);
    }
    return writeJournal(m_journalPath, record);
}

} // namespace core
