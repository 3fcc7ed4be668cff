#pragma once
#include "core/agents/agent.h"

#include <deque>

namespace core {

/// Measures one agent. Pure: the caller gives the time, which is the wall clock.
class AgentRecord
{
public:
    /// Minutes in which something happened are kept for a day.
    static constexpr Milliseconds PointsAreKept = std::chrono::hours(24);
    static constexpr int FailuresOfTheSick = 3;

    void countMessage(Milliseconds now);
    void countSuccess(Milliseconds now, Milliseconds took);
    void countFailure(Milliseconds now, Milliseconds took);

    enum class Presence { Here, Away };
    [[nodiscard]] AgentMetrics metrics(Presence presence) const;
    [[nodiscard]] bool hasFailedLast() const { return m_failuresInARow > 0; }
    /// By minute, oldest first; a minute without any event has none.
    [[nodiscard]] const std::deque<AgentPoint> &points() const { return m_points; }

private:
    [[nodiscard]] AgentPoint &pointAt(Milliseconds now);

    qint64 m_messages = 0;
    qint64 m_succeeded = 0;
    qint64 m_failed = 0;
    qint64 m_failuresInARow = 0;
    Milliseconds m_worked{0}; // in executions that ended
    std::deque<AgentPoint> m_points;
};

} // namespace core
