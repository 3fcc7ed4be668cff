#include "core/download/speedlimits.h"

#include <algorithm>

namespace core {
namespace {

/// A fifth of a second may be saved up, as in RateLimiter.
qint64 savedUp(qint64 bytesPerSecond)
{
    return std::max<qint64>(1, bytesPerSecond / 5);
}

} // namespace

SpeedLimits::Share::Share(std::shared_ptr<SpeedLimits> limits, JobId job, qint64 bytesPerSecond)
    : m_limits(std::move(limits))
    , m_job(job)
    , m_own(bytesPerSecond)
{ }

SpeedLimits::Share::~Share()
{
    const std::lock_guard lock(m_limits->m_mutex);
    std::erase(m_limits->m_shares, this);
}

qint64 SpeedLimits::Share::take(qint64 most)
{
    const std::lock_guard lock(m_limits->m_mutex);
    const Milliseconds now = m_limits->m_clock.monotonicTime();
    m_askedAt = now;
    qint64 granted = std::min(most, m_own.available(now));
    if (m_limits->m_total > 0) {
        m_limits->refill(now);
        granted = std::min(granted, m_allowance);
        m_allowance -= granted;
    }
    m_own.consume(granted);
    return granted;
}

void SpeedLimits::Share::giveBack(qint64 bytes)
{
    const std::lock_guard lock(m_limits->m_mutex);
    m_own.consume(-bytes);
    if (m_limits->m_total > 0)
        m_allowance += bytes;
}

bool SpeedLimits::Share::isLimited() const
{
    const std::lock_guard lock(m_limits->m_mutex);
    return m_limits->m_total > 0 || m_own.isLimited();
}

SpeedLimits::SpeedLimits(const Clock &clock)
    : m_clock(clock)
{ }

std::shared_ptr<SpeedLimits::Share> SpeedLimits::join(JobId job, qint64 bytesPerSecond)
{
    auto share = std::make_shared<Share>(shared_from_this(), job, bytesPerSecond);
    const std::lock_guard lock(m_mutex);
    m_shares.push_back(share.get());
    return share;
}

void SpeedLimits::setTotal(qint64 bytesPerSecond)
{
    const std::lock_guard lock(m_mutex);
    if (m_total == bytesPerSecond)
        return;
    m_total = bytesPerSecond;
    m_pot = 0;
    m_thousandths = 0;
    m_filledAt = m_clock.monotonicTime();
    for (Share *share : m_shares)
        share->m_allowance = 0;
}

qint64 SpeedLimits::total() const
{
    const std::lock_guard lock(m_mutex);
    return m_total;
}

void SpeedLimits::setJob(JobId job, qint64 bytesPerSecond)
{
    const std::lock_guard lock(m_mutex);
    for (Share *share : m_shares)
        if (share->m_job == job && share->m_own.bytesPerSecond() != bytesPerSecond)
            share->m_own = RateLimiter(bytesPerSecond);
}

void SpeedLimits::refill(Milliseconds now)
{
    // Longer than what may be saved up earns no more, and cannot overflow.
    const qint64 elapsedMs = std::min<qint64>((now - m_filledAt).count(), 1000);
    m_filledAt = now;
    m_thousandths += elapsedMs * (m_total % 1000);
    m_pot += elapsedMs * (m_total / 1000) + m_thousandths / 1000;
    m_thousandths %= 1000;
    distribute(now);
    m_pot = std::min(m_pot, savedUp(m_total));
}

/// Gives each job that asks the same, until all have enough or nothing is left.
void SpeedLimits::distribute(Milliseconds now)
{
    std::vector<Share *> hungry;
    for (Share *share : m_shares)
        if (share->m_askedAt >= Milliseconds(0) && now - share->m_askedAt < AskInterval)
            hungry.push_back(share);
    if (hungry.empty())
        return;
    const qint64 enough = savedUp(m_total / qint64(hungry.size()));
    while (m_pot > 0) {
        std::erase_if(hungry, [=](const Share *share) { return share->m_allowance >= enough; });
        if (hungry.empty())
            return;
        const qint64 each = std::max<qint64>(1, m_pot / qint64(hungry.size()));
        for (Share *share : hungry) {
            const qint64 given = std::min({each, enough - share->m_allowance, m_pot});
            share->m_allowance += given;
            m_pot -= given;
        }
    }
}

} // namespace core
