#include "ui/models/workflowstepmodel.h"

#include "ui/models/rowroles.h"
#include "ui/symbols.h"
#include "ui/text/workflowtext.h"

#include <QBrush>

#include <algorithm>
#include <cmath>

namespace ui {

using namespace Qt::StringLiterals;

namespace {

/// -1: it runs and nobody knows how much there is.
int percentOf(const core::WorkflowStep &step)
{
    if (step.state == core::JobState::Succeeded)
        return 100;
    if (step.state == core::JobState::Running && step.progress <= 0)
        return -1;
    return std::clamp(int(std::floor(step.progress * 100)), 0, 99);
}

} // namespace

WorkflowStepModel::WorkflowStepModel(QObject *parent)
    : QAbstractTableModel(parent)
{ }

WorkflowStepModel::~WorkflowStepModel() = default;

void WorkflowStepModel::show(const core::Workflow &workflow)
{
    if (workflow.id == m_workflow && workflow.steps.size() == m_steps.size()) {
        m_steps = workflow.steps;
        emit dataChanged(index(0, 0), index(rowCount() - 1, ColumnCount - 1));
        return;
    }
    beginResetModel();
    m_workflow = workflow.id;
    m_steps = workflow.steps;
    endResetModel();
}

void WorkflowStepModel::showNothing()
{
    beginResetModel();
    m_workflow = {};
    m_steps.clear();
    endResetModel();
}

int WorkflowStepModel::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : int(m_steps.size());
}

int WorkflowStepModel::columnCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : ColumnCount;
}

QVariant WorkflowStepModel::data(const QModelIndex &index, int role) const
{
    if (!index.isValid())
        return {};
    const core::WorkflowStep &step = m_steps.at(index.row());
    switch (role) {
    case Qt::DisplayRole:
        return text(step, index.column());
    case Qt::ToolTipRole:
        return stepSaysText(step);
    case Qt::AccessibleTextRole:
        return index.column() != Name
            ? QVariant(text(step, index.column()))
            : QVariant(QStringList{step.name, text(step, Kind), text(step, State)}.join(u", "_s));
    case Qt::ForegroundRole:
        return step.error && index.column() == Says ? QVariant(QBrush(toneColor(Tone::Bad)))
                                                    : QVariant();
    case RowStateRole:
        return int(step.state);
    case RowPercentRole:
        return percentOf(step);
    default:
        return {};
    }
}

QString WorkflowStepModel::text(const core::WorkflowStep &step, int column)
{
    switch (Column(column)) {
    case Name:
        return step.name;
    case Kind:
        return stepKindText(step.kind);
    case State:
        return stepStateText(step);
    case Progress:
        return percentOf(step) < 0 ? QString() : formatShare(percentOf(step) / 100.0);
    case Needs:
        return step.needs.join(u", "_s);
    case Says:
        return stepSaysText(step);
    case ColumnCount:
        break;
    }
    return {};
}

QVariant WorkflowStepModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || role != Qt::DisplayRole)
        return {};
    switch (Column(section)) {
    case Name:
        return tr("Step");
    case Kind:
        return tr("Does");
    case State:
        return tr("State");
    case Progress:
        return tr("Progress");
    case Needs:
        return tr("After");
    case Says:
        return tr("Message");
    case ColumnCount:
        break;
    }
    return {};
}

} // namespace ui
