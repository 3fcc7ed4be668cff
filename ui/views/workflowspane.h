#pragma once
#include "core/jobs/workflow.h"

#include <QWidget>

class QStackedWidget;
class QToolButton;
class QTreeView;

namespace ui {

class WorkflowDetails;
class WorkflowListModel;
class WorkflowOrders;

/// The workflows, the steps of the one that is selected, and what can be done with them.
class WorkflowsPane final : public QWidget
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(WorkflowsPane)
public:
    /// Both outlive it.
    WorkflowsPane(WorkflowListModel &workflows, WorkflowOrders &orders, QWidget *parent = nullptr);
    ~WorkflowsPane() override;

    /// Nothing happens when it is not there.
    void selectWorkflow(core::WorkflowId id);

private:
    void makeList();
    [[nodiscard]] QWidget *makeEmpty();
    [[nodiscard]] QToolButton *makeBeginning();
    [[nodiscard]] QLayout *makeButtons();
    void showCurrent();
    void onWorkflowsChanged();

    WorkflowListModel &m_workflows;
    WorkflowOrders &m_orders;
    QStackedWidget *m_pages = nullptr;
    QTreeView *m_list = nullptr;
    WorkflowDetails *m_details = nullptr;
    /// To be selected as soon as the model has it.
    core::WorkflowId m_wanted;
};

} // namespace ui
