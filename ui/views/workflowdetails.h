#pragma once
#include "core/jobs/workflow.h"

#include <QWidget>

class QAction;
class QLabel;
class QTreeView;

namespace ui {

class StageStrip;
class WorkflowStepModel;

/// One workflow: how far it is, each of its steps, and what there is to know about the step that is
/// selected: the one it is busy with, until the user selects another.
class WorkflowDetails final : public QWidget
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(WorkflowDetails)
public:
    /// `stepActions` are for the selected step; the last is taken by Return and a double click.
    explicit WorkflowDetails(const QList<QAction *> &stepActions, QWidget *parent = nullptr);
    ~WorkflowDetails() override;

    void showWorkflow(const core::Workflow &workflow);
    void showNothing();
    /// Its name; "" for none.
    [[nodiscard]] QString selectedStep() const;

signals:
    void stepSelected();

private:
    void makeTexts();
    void makeSteps(QAction *open);
    [[nodiscard]] QLayout *makeButtons(const QList<QAction *> &actions);
    void selectRow(int row);
    void showStep();

    WorkflowStepModel *m_model;
    core::WorkflowId m_shown;
    int m_stage = -1; // of it
    QLabel *m_title = nullptr;
    QLabel *m_sentence = nullptr;
    StageStrip *m_strip = nullptr;
    QTreeView *m_steps = nullptr;
    QLabel *m_facts = nullptr;
};

} // namespace ui
