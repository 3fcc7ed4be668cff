#pragma once
#include "core/agents/agent.h"

namespace ui {

enum class AgentPeriod { Hour, Day };

/// What a chart shows of one stretch of time.
struct AgentColumn {
    qint64 executions = 0; // that ended
    qint64 failed = 0;
    /// 0 to 1; -1 where nothing ended.
    [[nodiscard]] double errorRate() const
    {
        return executions > 0 ? double(failed) / double(executions) : -1;
    }
    friend bool operator==(const AgentColumn &, const AgentColumn &) = default;
};

/// Columns of equal width, oldest first; the last is the one that is not over yet.
struct AgentSeries {
    /// Wall clock, when the first column begins.
    core::Milliseconds begin{0};
    core::Milliseconds width{0};
    QList<AgentColumn> columns;

    [[nodiscard]] double perMinute(const AgentColumn &column) const;
    [[nodiscard]] AgentColumn sum() const;
};

/// The period that ends at `now` (wall clock). Points may come in any order.
[[nodiscard]] AgentSeries
seriesOf(const QList<core::AgentPoint> &points, core::Milliseconds now, AgentPeriod period);

} // namespace ui
