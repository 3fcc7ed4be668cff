#pragma once
#include "ui/workflowaccess.h"
#include "ui/workflowaction.h"

#include <QObject>
#include <QPointer>

#include <array>
#include <optional>

class QAction;
class QWidget;

namespace ui {

class DriveListModel;
class FlashDialog;
struct FlashOrder;

/// What can be done with workflows, as QActions, and their carrying out: asks where something would be lost
/// or begun, commands the hub, and says what did not work.
class WorkflowOrders final : public QObject
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(WorkflowOrders)
public:
    static constexpr int Count = 7;

    struct Surroundings {
        WorkflowAccess &access;
        WorkflowListModel &workflows;
        DriveListModel &drives;
        /// The parent of questions and dialogs.
        QWidget *window;
    };
    explicit WorkflowOrders(const Surroundings &surroundings);
    ~WorkflowOrders() override;

    [[nodiscard]] QAction *action(WorkflowAction action) const { return m_actions[size_t(action)]; }
    /// Begin a workflow: the ready-made one, and one from a file.
    [[nodiscard]] QList<QAction *> beginnings() const { return {m_write, m_open}; }
    [[nodiscard]] QAction *removeEnded() const { return m_removeEnded; }
    /// The workflow that is meant, nullopt for none; and the step of that name of it.
    void setCurrent(const std::optional<core::Workflow> &workflow, const QString &step);
    /// Asks whether what stands in that file is to be started.
    void openFile(const QString &path);

signals:
    /// A sentence about what did not work.
    void said(const QString &sentence);
    /// The user wants to see the job of a step.
    void jobWanted(core::JobId job);
    void added(core::WorkflowId workflow);

private:
    void makeActions();
    void
    make(WorkflowAction action, const QString &symbolName, const QString &text, const QString &tip);
    void carryOut(WorkflowAction action);
    void tell(const core::Workflow &workflow, WorkflowVerb verb);
    void remove(const QList<core::Workflow> &workflows);
    void askToRemoveEnded();
    void chooseFile();
    void askToStart(const core::WorkflowPlan &plan);
    void offerWriting();
    void sendWriting(const FlashOrder &order, const WorkflowAccess::Answer &answer);
    void add(const WorkflowOrder &order, const WorkflowAccess::Answer &answer);
    [[nodiscard]] WorkflowAccess::Answer answerFor(const core::Workflow &workflow);

    WorkflowAccess &m_access;
    WorkflowListModel &m_workflows;
    DriveListModel &m_drives;
    QWidget *m_window;
    std::array<QAction *, Count> m_actions{};
    QAction *m_write = nullptr;
    QAction *m_open = nullptr;
    QAction *m_removeEnded = nullptr;
    std::optional<core::Workflow> m_current;
    QString m_step;
    QPointer<FlashDialog> m_dialog;
};

} // namespace ui
