#pragma once
#include "core/jobs/workflow.h"
#include "ui/joborders.h"
#include "ui/jobsource.h"

#include <QMainWindow>
#include <QPointer>

class QLineEdit;
class QSettings;
class QTabWidget;

namespace ui {

class AddDownloadDialog;
class AgentListModel;
class AgentSource;
class AgentsPane;
class BrowserActions;
class DriveListModel;
class DriveOrders;
class DrivesPane;
class FlashOrders;
class JobActions;
class JobListModel;
class JobListView;
class JobSortProxy;
class JobsPane;
class NoticeBar;
class ProgramAccess;
class ProgramListModel;
class SettingsDialog;
class StatusLine;
class WorkflowAccess;
class WorkflowListModel;
class WorkflowOrders;
class WorkflowsPane;

/// The window: jobs, drives, workflows and agents, and what can be done with them.
class MainWindow final : public QMainWindow
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(MainWindow)
public:
    struct Surroundings {
        Commands &commands;
        JobListModel &jobs;
        DriveListModel &drives;
        ProgramListModel &programs;
        ProgramAccess &access;
        WorkflowListModel &workflows;
        WorkflowAccess &workflowAccess;
        AgentListModel &agents;
        AgentSource &agentSource;
        /// Geometry and columns are read at the start and written when the window closes.
        QSettings &settings;
        /// Stands in the add dialog.
        QString downloadFolder;
        std::function<void()> openPage;
        /// Writes the companion extension into a folder (absolute path).
        std::function<core::Result<void>(const QString &folder)> exportExtension;
        JobOrders::OpenUrl openUrl;
    };

    explicit MainWindow(Surroundings surroundings);
    ~MainWindow() override;

    [[nodiscard]] JobOrders &orders() { return *m_orders; }
    /// Opens the add dialog with these links, or adds them to the one that is open.
    void offerLinks(const QStringList &links);
    /// The add dialog, with the link that is on the clipboard when there is one.
    void offerAdding();
    /// Opens the flash dialog with that image, or puts it into the one that is open. "": no image.
    void offerFlash(const QString &image);
    void notice(const QString &text);
    void setServerAddress(const QString &url, const QString &fingerprint = {});
    /// Stands in add dialogs that open from here on.
    void setDownloadFolder(const QString &folder) { m_surroundings.downloadFolder = folder; }
    void saveLayout();

signals:
    /// The user closed the window; whoever listens decides whether it hides or the program ends.
    void closeRequested();
    void quitRequested();
    void viewingChanged(ui::Viewing viewing);
    /// The user opened a job that waits for a yes.
    void questionOpened(core::JobId job);

protected:
    void closeEvent(QCloseEvent *event) override;
    void showEvent(QShowEvent *event) override;
    void hideEvent(QHideEvent *event) override;
    void changeEvent(QEvent *event) override;
    void dragEnterEvent(QDragEnterEvent *event) override;
    void dropEvent(QDropEvent *event) override;

private:
    void makeActions();
    void makeToolBar();
    void makeCentre();
    QWidget *makeFilter();
    void connectParts();
    void connectOrders();
    void connectModel();
    QAction *makeAction(const QString &symbolName, const QString &text, const QKeySequence &key);
    void paste();
    void showSettings();
    void showContextMenu(const QPoint &position);
    void togglePause();
    void openSelected();
    void showJob(core::JobId id);
    void showWorkflow(core::WorkflowId id);
    void showSelection();
    void restoreLayout();

    Surroundings m_surroundings;
    JobOrders *m_orders;
    FlashOrders *m_flashes;
    DriveOrders *m_driveOrders;
    WorkflowOrders *m_workflowOrders;
    JobSortProxy *m_proxy;
    JobActions *m_actions;
    BrowserActions *m_browser;
    QAction *m_add = nullptr;
    QAction *m_write = nullptr;
    QAction *m_limit = nullptr;
    QAction *m_settings = nullptr;
    NoticeBar *m_notices = nullptr;
    QTabWidget *m_tabs = nullptr;
    JobsPane *m_jobs = nullptr;
    JobListView *m_list = nullptr; // of the jobs
    DrivesPane *m_drives = nullptr;
    WorkflowsPane *m_workflows = nullptr;
    AgentsPane *m_agents = nullptr;
    StatusLine *m_status = nullptr;
    QLineEdit *m_search = nullptr;
    QPointer<AddDownloadDialog> m_addDialog;
    QPointer<SettingsDialog> m_settingsDialog;
};

} // namespace ui
