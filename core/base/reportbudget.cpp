#include "core/base/reportbudget.h"

namespace core {

constexpr Milliseconds Second{1000};

bool ReportBudget::take(Milliseconds now)
{
    while (!m_changes.empty() && now - m_changes.front() >= Second)
        m_changes.pop_front();
    if (m_changes.size() >= ChangesPerSecond)
        return false;
    m_changes.push_back(now);
    return true;
}

bool ReportBudget::isUnused(Milliseconds now) const
{
    return m_changes.empty() || now - m_changes.back() >= Second;
}

} // namespace core
