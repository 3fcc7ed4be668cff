#include "ui/agentseries.h"

namespace ui {
namespace {

using namespace std::chrono_literals;

struct Shape {
    core::Milliseconds width;
    qint64 count;
};

Shape shapeOf(AgentPeriod period)
{
    switch (period) {
    case AgentPeriod::Hour:
        return {.width = 1min, .count = 60};
    case AgentPeriod::Day:
        return {.width = 15min, .count = 96};
    }
    return {.width = 1min, .count = 1};
}

} // namespace

double AgentSeries::perMinute(const AgentColumn &column) const
{
    return double(column.executions) * double(core::Milliseconds(1min).count())
        / double(width.count());
}

AgentColumn AgentSeries::sum() const
{
    AgentColumn sum;
    for (const AgentColumn &column : columns) {
        sum.executions += column.executions;
        sum.failed += column.failed;
    }
    return sum;
}

AgentSeries
seriesOf(const QList<core::AgentPoint> &points, core::Milliseconds now, AgentPeriod period)
{
    const auto [width, count] = shapeOf(period);
    const core::Milliseconds last = now - now % width;
    AgentSeries series{.begin = last - width * (count - 1), .width = width, .columns = {}};
    series.columns.resize(count);
    for (const core::AgentPoint &point : points) {
        const qint64 column = (point.time - series.begin) / width;
        if (point.time < series.begin || column >= count)
            continue;
        series.columns[column].executions += point.succeeded + point.failed;
        series.columns[column].failed += point.failed;
    }
    return series;
}

} // namespace ui
