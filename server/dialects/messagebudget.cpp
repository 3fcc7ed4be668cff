#include "server/dialects/messagebudget.h"

#include <algorithm>

namespace server {

using core::Milliseconds;

MessageBudget::Verdict MessageBudget::take(Milliseconds now)
{
    const qint64 added = qint64((now - m_filledAt).count()) * PerMinute;
    m_left = std::min(Burst * OneMessage, m_left + added);
    m_filledAt = now;
    if (m_left >= OneMessage) {
        m_left -= OneMessage;
        return Verdict::Allowed;
    }
    m_breaches.push_back(now);
    while (now - m_breaches.front() > BreachWindow)
        m_breaches.erase(m_breaches.begin());
    return m_breaches.size() >= MaxBreaches ? Verdict::RefusedForGood : Verdict::Refused;
}

Milliseconds MessageBudget::wait() const
{
    const qint64 missing = std::max<qint64>(0, OneMessage - m_left);
    return Milliseconds((missing + PerMinute - 1) / PerMinute);
}

} // namespace server
