#include "ui/models/workflowlistmodel.h"

#include "ui/models/rowroles.h"
#include "ui/text/formatting.h"
#include "ui/text/workflowtext.h"

#include <QLoggingCategory>

#include <algorithm>
#include <cmath>

namespace ui {

using namespace Qt::StringLiterals;

namespace {

Q_LOGGING_CATEGORY(lcWorkflows, "dray.window", QtInfoMsg)

int percentOf(const core::Workflow &workflow)
{
    return workflow.progress >= 1 ? 100 : std::min(99, int(std::floor(workflow.progress * 100)));
}

void traceRow(const core::Workflow &workflow)
{
    qCDebug(lcWorkflows).noquote()
        << "workflow" << workflow.id.toString() << core::jobStateName(workflow.state)
        << workflow.steps[workflow.stage].name;
}

} // namespace

WorkflowListModel::WorkflowListModel(QObject *parent)
    : QAbstractTableModel(parent)
{ }

WorkflowListModel::~WorkflowListModel() = default;

void WorkflowListModel::reset(const QList<core::Workflow> &workflows)
{
    beginResetModel();
    m_workflows = workflows;
    endResetModel();
    emit workflowsChanged();
}

void WorkflowListModel::apply(const core::WorkflowEvents &events)
{
    for (const core::WorkflowEvent &event : events)
        std::visit([this](const auto &one) { take(one); }, event);
    emit workflowsChanged();
}

void WorkflowListModel::take(const core::WorkflowAdded &added)
{
    const int row = int(placeOf(added.workflow.id));
    beginInsertRows({}, row, row);
    m_workflows.insert(row, added.workflow);
    endInsertRows();
    traceRow(added.workflow);
}

void WorkflowListModel::take(const core::WorkflowChanged &changed)
{
    const int row = rowOf(changed.workflow.id);
    if (row < 0)
        return;
    m_workflows[row] = changed.workflow;
    traceRow(changed.workflow);
    emit dataChanged(index(row, 0), index(row, ColumnCount - 1));
}

void WorkflowListModel::take(const core::WorkflowRemoved &removed)
{
    const int row = rowOf(removed.id);
    if (row < 0)
        return;
    beginRemoveRows({}, row, row);
    m_workflows.removeAt(row);
    endRemoveRows();
}

/// Where it is, or would be.
qsizetype WorkflowListModel::placeOf(core::WorkflowId id) const
{
    const auto found =
        std::ranges::lower_bound(m_workflows, id, std::ranges::greater(), &core::Workflow::id);
    return found - m_workflows.begin();
}

int WorkflowListModel::rowOf(core::WorkflowId id) const
{
    const qsizetype place = placeOf(id);
    return place < m_workflows.size() && m_workflows.at(place).id == id ? int(place) : -1;
}

int WorkflowListModel::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : int(m_workflows.size());
}

int WorkflowListModel::columnCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : ColumnCount;
}

QVariant WorkflowListModel::data(const QModelIndex &index, int role) const
{
    if (!index.isValid())
        return {};
    const core::Workflow &workflow = m_workflows.at(index.row());
    switch (role) {
    case Qt::DisplayRole:
        return text(workflow, index.column());
    case Qt::ToolTipRole:
        return workflowSentence(workflow);
    case Qt::AccessibleTextRole:
        return index.column() != Title
            ? QVariant(text(workflow, index.column()))
            : QVariant(u"%1: %2"_s.arg(workflow.title, workflowSentence(workflow)));
    case RowStateRole:
        return int(workflow.state);
    case RowPercentRole:
        return percentOf(workflow);
    default:
        return {};
    }
}

QString WorkflowListModel::text(const core::Workflow &workflow, int column)
{
    switch (Column(column)) {
    case Title:
        return workflow.title;
    case State:
        return workflowStateText(workflow);
    case Stage:
        return stageOfText(workflow);
    case Progress:
        return formatShare(workflow.progress);
    case Says:
        return workflow.message;
    case Added:
        return formatTime(workflow.createdAt);
    case ColumnCount:
        break;
    }
    return {};
}

QVariant WorkflowListModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || role != Qt::DisplayRole)
        return {};
    switch (Column(section)) {
    case Title:
        return tr("Workflow");
    case State:
        return tr("State");
    case Stage:
        return tr("Step");
    case Progress:
        return tr("Progress");
    case Says:
        return tr("Message");
    case Added:
        return tr("Added");
    case ColumnCount:
        break;
    }
    return {};
}

} // namespace ui
