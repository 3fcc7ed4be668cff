#include "ui/models/agentlistmodel.h"

#include "ui/symbols.h"
#include "ui/text/agenttext.h"

#include <QLocale>

#include <algorithm>

namespace ui {

using namespace Qt::StringLiterals;

namespace {

Tone toneOf(core::AgentStatus status)
{
    switch (status) {
    case core::AgentStatus::Idle:
        return Tone::Good;
    case core::AgentStatus::Busy:
        return Tone::Active;
    case core::AgentStatus::Error:
        return Tone::Bad;
    case core::AgentStatus::Offline:
        return Tone::Muted;
    }
    return Tone::Text;
}

bool isNumber(int column)
{
    return column >= AgentListModel::Messages && column <= AgentListModel::Average;
}

} // namespace

AgentListModel::AgentListModel(QObject *parent)
    : QAbstractTableModel(parent)
{ }

AgentListModel::~AgentListModel() = default;

void AgentListModel::setAgents(const QList<core::Agent> &agents)
{
    removeMissing(agents);
    for (int row = 0; row < agents.size(); ++row) {
        if (row < m_agents.size() && m_agents.at(row).name == agents.at(row).name) {
            m_agents[row] = agents.at(row);
            emit dataChanged(index(row, 0), index(row, ColumnCount - 1));
        } else {
            beginInsertRows({}, row, row);
            m_agents.insert(row, agents.at(row));
            endInsertRows();
        }
    }
    emit agentsChanged();
}

/// The order of those that stay never changes.
void AgentListModel::removeMissing(const QList<core::Agent> &agents)
{
    for (int row = int(m_agents.size()) - 1; row >= 0; --row) {
        if (std::ranges::find(agents, m_agents.at(row).name, &core::Agent::name) != agents.end())
            continue;
        beginRemoveRows({}, row, row);
        m_agents.removeAt(row);
        endRemoveRows();
    }
}

void AgentListModel::update(const core::Agent &agent)
{
    const auto found = std::ranges::find(m_agents, agent.name, &core::Agent::name);
    if (found == m_agents.end())
        return;
    *found = agent;
    const int row = int(found - m_agents.begin());
    emit dataChanged(index(row, 0), index(row, ColumnCount - 1));
    emit agentsChanged();
}

void AgentListModel::setCounts(const core::CoordinatorCounts &counts)
{
    m_counts = counts;
    emit countsChanged();
}

int AgentListModel::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : int(m_agents.size());
}

int AgentListModel::columnCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : ColumnCount;
}

QVariant AgentListModel::data(const QModelIndex &index, int role) const
{
    if (!index.isValid())
        return {};
    const core::Agent &agent = m_agents.at(index.row());
    switch (role) {
    case Qt::DisplayRole:
        return text(agent, index.column());
    case Qt::ToolTipRole:
        return agentSentences(agent);
    case Qt::AccessibleTextRole:
        return index.column() != Name ? QVariant(text(agent, index.column()))
                                      : QVariant(agentSentences(agent));
    case Qt::DecorationRole:
        return index.column() == Status ? QVariant(symbol(u"dot"_s, toneOf(agent.status)))
                                        : QVariant();
    case Qt::ForegroundRole:
        return index.column() == Healthy && !agent.metrics.isHealthy
            ? QVariant(toneColor(Tone::Bad))
            : QVariant();
    case Qt::TextAlignmentRole:
        return isNumber(index.column()) ? QVariant(Qt::AlignRight | Qt::AlignVCenter) : QVariant();
    default:
        return {};
    }
}

QString AgentListModel::text(const core::Agent &agent, int column)
{
    switch (Column(column)) {
    case Name:
        return agent.name;
    case Status:
        return agentStatusText(agent.status);
    case Does:
        return agent.capabilities.join(u", "_s);
    case Job:
        return agent.current.value > 0 ? tr("Job %1").arg(agent.current.toString()) : QString();
    case Messages:
        return QLocale().toString(agent.metrics.messageCount);
    case Errors:
        return QLocale().toString(agent.metrics.errorCount);
    case ErrorRate:
        return errorRateText(agent);
    case Average:
        return averageTimeText(agent);
    case Healthy:
        return healthText(agent);
    case ColumnCount:
        break;
    }
    return {};
}

QVariant AgentListModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal)
        return {};
    if (role == Qt::TextAlignmentRole && isNumber(section))
        return QVariant(Qt::AlignRight | Qt::AlignVCenter);
    if (role != Qt::DisplayRole)
        return {};
    switch (Column(section)) {
    case Name:
        return tr("Agent");
    case Status:
        return tr("Status");
    case Does:
        return tr("Does");
    case Job:
        return tr("Works on");
    case Messages:
        return tr("Messages");
    case Errors:
        return tr("Errors");
    case ErrorRate:
        return tr("Error rate");
    case Average:
        return tr("Average time");
    case Healthy:
        return tr("Healthy");
    case ColumnCount:
        break;
    }
    return {};
}

} // namespace ui
