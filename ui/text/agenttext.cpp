#include "ui/text/agenttext.h"

#include "ui/text/formatting.h"

#include <QCoreApplication>
#include <QLocale>

#include <cmath>

namespace ui {
namespace {

using namespace Qt::StringLiterals;
using core::AgentStatus;

struct Text {
    Q_DECLARE_TR_FUNCTIONS(AgentText)
};

constexpr double MostSecondsInTenths = 60;

bool hasNotEndedAny(const core::Agent &agent)
{
    return agent.metrics.averageExecutionSeconds == 0 && agent.metrics.errorCount == 0;
}

QString healthSentence(const core::Agent &agent)
{
    if (agent.metrics.isHealthy)
        return Text::tr("Healthy.");
    return agent.status == AgentStatus::Offline
        ? Text::tr("Not healthy: it is not connected.")
        : Text::tr("Not healthy: its last three executions failed.");
}

} // namespace

QString agentStatusText(AgentStatus status)
{
    switch (status) {
    case AgentStatus::Idle:
        return Text::tr("Ready");
    case AgentStatus::Busy:
        return Text::tr("Working");
    case AgentStatus::Error:
        return Text::tr("Last work failed");
    case AgentStatus::Offline:
        return Text::tr("Not connected");
    }
    return {};
}

QString healthText(const core::Agent &agent)
{
    return agent.metrics.isHealthy ? Text::tr("Yes") : Text::tr("No");
}

QString errorRateText(const core::Agent &agent)
{
    if (hasNotEndedAny(agent))
        return {};
    const double percent = agent.metrics.errorRate * 100;
    const int decimals = percent == std::floor(percent) ? 0 : 1;
    return Text::tr("%1 %").arg(QLocale().toString(percent, 'f', decimals));
}

QString averageTimeText(const core::Agent &agent)
{
    const double seconds = agent.metrics.averageExecutionSeconds;
    if (hasNotEndedAny(agent))
        return {};
    return seconds < MostSecondsInTenths ? Text::tr("%1 s").arg(QLocale().toString(seconds, 'f', 1))
                                         : formatDuration(qint64(std::round(seconds)));
}

QString agentSentences(const core::Agent &agent)
{
    QStringList lines{
        u"%1: %2. %3"_s.arg(agent.name, agentStatusText(agent.status), healthSentence(agent))};
    if (agent.current.value > 0)
        lines.append(Text::tr("Works on job %1.").arg(agent.current.toString()));
    if (!agent.capabilities.isEmpty())
        lines.append(Text::tr("Does: %1.").arg(agent.capabilities.join(u", "_s)));
    if (hasNotEndedAny(agent))
        lines.append(Text::tr("Nothing has ended yet since Dray was started."));
    else
        lines.append(Text::tr("%L1 executions failed (%2); one takes %3 on average.")
                         .arg(agent.metrics.errorCount)
                         .arg(errorRateText(agent), averageTimeText(agent)));
    return lines.join(u'\n');
}

QString coordinatorText(const core::CoordinatorCounts &counts)
{
    return Text::tr("Agents: %L1, healthy: %L2 · Workflows: %L3, under way: %L4 · Messages: %L5")
        .arg(counts.registeredAgents)
        .arg(counts.healthyAgents)
        .arg(counts.totalWorkflows)
        .arg(counts.activeWorkflows)
        .arg(counts.totalMessages);
}

} // namespace ui
