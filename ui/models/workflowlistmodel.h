#pragma once
#include "core/jobs/workflow.h"

#include <QAbstractTableModel>

namespace ui {

/// The workflows as rows, the latest first.
///
/// Threads: UI thread. WorkflowAccess feeds it: one list, then events in order.
class WorkflowListModel final : public QAbstractTableModel
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(WorkflowListModel)
public:
    enum Column { Title, State, Stage, Progress, Says, Added, ColumnCount };

    explicit WorkflowListModel(QObject *parent = nullptr);
    ~WorkflowListModel() override;

    /// All there are, the latest first.
    void reset(const QList<core::Workflow> &workflows);
    void apply(const core::WorkflowEvents &events);

    /// `row` must be there.
    [[nodiscard]] const core::Workflow &workflow(int row) const { return m_workflows.at(row); }
    [[nodiscard]] const QList<core::Workflow> &workflows() const { return m_workflows; }
    /// -1 when there is no such workflow.
    [[nodiscard]] int rowOf(core::WorkflowId id) const;

    [[nodiscard]] int rowCount(const QModelIndex &parent = {}) const override;
    [[nodiscard]] int columnCount(const QModelIndex &parent = {}) const override;
    [[nodiscard]] QVariant data(const QModelIndex &index, int role) const override;
    [[nodiscard]] QVariant
    headerData(int section, Qt::Orientation orientation, int role) const override;

signals:
    /// Something about the workflows changed, after the rows did.
    void workflowsChanged();

private:
    void take(const core::WorkflowAdded &added);
    void take(const core::WorkflowChanged &changed);
    void take(const core::WorkflowRemoved &removed);
    [[nodiscard]] qsizetype placeOf(core::WorkflowId id) const;
    [[nodiscard]] static QString text(const core::Workflow &workflow, int column);

    QList<core::Workflow> m_workflows;
};

} // namespace ui
