#pragma once
#include "core/jobs/workflow.h"

#include <QAbstractTableModel>

namespace ui {

/// The steps of one workflow as rows, in their order.
///
/// Threads: UI thread.
class WorkflowStepModel final : public QAbstractTableModel
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(WorkflowStepModel)
public:
    enum Column { Name, Kind, State, Progress, Needs, Says, ColumnCount };

    explicit WorkflowStepModel(QObject *parent = nullptr);
    ~WorkflowStepModel() override;

    /// Rows of the workflow that is shown keep their place in the view.
    void show(const core::Workflow &workflow);
    void showNothing();
    /// `row` must be there.
    [[nodiscard]] const core::WorkflowStep &step(int row) const { return m_steps.at(row); }

    [[nodiscard]] int rowCount(const QModelIndex &parent = {}) const override;
    [[nodiscard]] int columnCount(const QModelIndex &parent = {}) const override;
    [[nodiscard]] QVariant data(const QModelIndex &index, int role) const override;
    [[nodiscard]] QVariant
    headerData(int section, Qt::Orientation orientation, int role) const override;

private:
    [[nodiscard]] static QString text(const core::WorkflowStep &step, int column);

    core::WorkflowId m_workflow;
    QList<core::WorkflowStep> m_steps;
};

} // namespace ui
