#include "core/agents/agentrecord.h"

namespace core {

void AgentRecord::countMessage(Milliseconds now)
{
    ++m_messages;
    ++pointAt(now).messages;
}

void AgentRecord::countSuccess(Milliseconds now, Milliseconds took)
{
    ++m_succeeded;
    m_failuresInARow = 0;
    m_worked += took;
    ++pointAt(now).succeeded;
}

void AgentRecord::countFailure(Milliseconds now, Milliseconds took)
{
    ++m_failed;
    ++m_failuresInARow;
    m_worked += took;
    ++pointAt(now).failed;
}

AgentMetrics AgentRecord::metrics(Presence presence) const
{
    using Seconds = std::chrono::duration<double>;
    const double ended = double(m_succeeded + m_failed);
    AgentMetrics metrics{.messageCount = m_messages, .errorCount = m_failed};
    if (ended > 0) {
        metrics.errorRate = double(m_failed) / ended;
        metrics.averageExecutionSeconds = Seconds(m_worked).count() / ended;
    }
    metrics.isHealthy = presence == Presence::Here && m_failuresInARow < FailuresOfTheSick;
    return metrics;
}

/// The wall clock may be set back; what happens then belongs to the newest minute.
AgentPoint &AgentRecord::pointAt(Milliseconds now)
{
    const Milliseconds minute = std::chrono::floor<std::chrono::minutes>(now);
    if (m_points.empty() || m_points.back().time < minute)
        m_points.push_back({.time = minute});
    while (m_points.front().time + PointsAreKept < m_points.back().time)
        m_points.pop_front();
    return m_points.back();
}

} // namespace core
