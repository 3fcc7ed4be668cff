#include "core/download/prefixhasher.h"

#include <algorithm>

namespace core {

using namespace Qt::StringLiterals;

PrefixHasher::PrefixHasher(const PartFile &part, std::optional<DigestAlgorithm> also)
    : m_part(part)
    , m_also(also)
    , m_hash(also)
{ }

PrefixHasher::~PrefixHasher() = default;

void PrefixHasher::advance(qint64 end)
{
    const std::lock_guard lock(m_mutex);
    if (end <= m_end)
        return;
    m_end = end;
    if (m_end > InlineBytes)
        startThread();
    m_changed.notify_all();
}

void PrefixHasher::startThread()
{
    if (!m_thread.joinable())
        m_thread = std::jthread([this](const std::stop_token &stop) { work(stop); });
}

void PrefixHasher::restart()
{
    const std::lock_guard lock(m_mutex);
    m_end = 0;
    m_hashed = 0;
    ++m_restarts;
    m_error.reset();
}

qint64 PrefixHasher::hashed() const
{
    const std::lock_guard lock(m_mutex);
    return m_hashed;
}

Result<FileHash::Digests> PrefixHasher::finish(qint64 size, const std::stop_token &stop)
{
    advance(size);
    std::unique_lock lock(m_mutex);
    if (!m_thread.joinable())
        return hashHere(size);
    const bool isEnded = m_changed.wait(
        lock, stop, [this, size] { return !m_isBusy && (m_hashed == size || m_error); });
    if (m_error)
        return fail(*m_error);
    if (!isEnded)
        return FileHash::Digests();
    beginAnewIfTold(); // an empty file gave the thread nothing to do
    return m_hash.finish();
}

Result<FileHash::Digests> PrefixHasher::hashHere(qint64 size)
{
    m_hash = FileHash(m_also);
    for (m_hashed = 0; m_hashed < size;) {
        const auto step = hashStep(m_hashed, size);
        if (!step)
            return fail(step.error());
        m_hashed += *step;
    }
    return m_hash.finish();
}

void PrefixHasher::work(const std::stop_token &stop)
{
    std::unique_lock lock(m_mutex);
    const auto isDue = [this] { return m_hashed < m_end && !m_error; };
    while (!stop.stop_requested() && m_changed.wait(lock, stop, isDue)) {
        beginAnewIfTold();
        const int restarts = m_restarts;
        m_isBusy = true;
        const qint64 begin = m_hashed;
        const qint64 end = m_end;
        lock.unlock();
        const auto step = hashStep(begin, end);
        lock.lock();
        m_isBusy = false;
        if (restarts == m_restarts && step)
            m_hashed += *step;
        else if (restarts == m_restarts)
            m_error = step.error();
        m_changed.notify_all();
    }
}

void PrefixHasher::beginAnewIfTold()
{
    if (std::exchange(m_restartsSeen, m_restarts) != m_restarts)
        m_hash = FileHash(m_also);
}

/// Hashes one step from `begin` on; answers its length.
Result<qint64> PrefixHasher::hashStep(qint64 begin, qint64 end)
{
    const std::span<char> buffer(m_buffer.data(), size_t(std::min(StepBytes, end - begin)));
    const auto count = m_part.read(begin, buffer);
    if (!count)
        return count;
    if (*count != qint64(buffer.size()))
        return fail(ErrorCode::FileAccess, u"%1 became shorter"_s.arg(m_part.path()));
    m_hash.add(buffer);
    return *count;
}

} // namespace core
