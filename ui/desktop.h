#pragma once
#include "ui/agentsource.h"
#include "ui/closeaction.h"
#include "ui/drivesource.h"
#include "ui/endings.h"
#include "ui/mainwindow.h"
#include "ui/models/agentlistmodel.h"
#include "ui/models/drivelistmodel.h"
#include "ui/models/joblistmodel.h"
#include "ui/models/programlistmodel.h"
#include "ui/models/workflowlistmodel.h"
#include "ui/programaccess.h"
#include "ui/questionsource.h"
#include "ui/tray.h"
#include "ui/workflowaccess.h"

#include <QSettings>

namespace ui {

class FlashAnswers;
class PairingAnswers;

/// The desktop face of the program: window, tray and notifications, and when the program ends.
///
///   JobSource ─► JobListModel ─► MainWindow ─► Commands
///                            └─► Tray, notifications
///   DriveSource ─► DriveListModel ─► MainWindow
///   WorkflowAccess ─► WorkflowListModel ─► MainWindow ─► WorkflowAccess
///   AgentSource ─► AgentListModel ─► MainWindow
///   ProgramAccess ─► ProgramListModel ─► MainWindow
///               └─► PairingAnswers
///
/// Threads: made and used on the UI thread, after QApplication. Never ends the program itself:
/// whoever made it does so at quitRequested().
class Desktop final : public QObject
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(Desktop)
public:
    /// What is borrowed must outlive the desktop.
    struct Surroundings {
        Commands &commands;
        JobSource &jobs;
        DriveSource &drives;
        QuestionSource &questions;
        ProgramAccess &access;
        WorkflowAccess &workflows;
        AgentSource &agents;
        /// Absolute path of an ini file for the window's geometry.
        QString settingsPath;
        /// Absolute; stands in the add dialog.
        QString downloadFolder;
        CloseToTray closeToTray = CloseToTray::Yes;
        /// Opens the web page, logged in.
        std::function<void()> openPage;
        /// Writes the companion extension into a folder (absolute path).
        std::function<core::Result<void>(const QString &folder)> exportExtension;
        /// Opens a file or folder in another program (QDesktopServices::openUrl).
        JobOrders::OpenUrl openUrl;
    };

    explicit Desktop(const Surroundings &surroundings);
    ~Desktop() override;

    void show();
    /// Shows the window, un-minimised and in front.
    void raise();
    /// Adds these links at once, into the download folder, and offers to write an image file (command
    /// line, second start).
    void addUrls(const QStringList &urls);
    /// A bar at the top of the window, until the user dismisses it.
    void notice(const QString &text);
    /// What the status bar shows and copies; "" when no server runs.
    void setServerAddress(const QString &url, const QString &fingerprint = {});
    /// Stands in add dialogs that open from here on.
    void setDownloadFolder(const QString &folder) { m_window.setDownloadFolder(folder); }
    void setCloseToTray(CloseToTray setting) { m_closeToTray = setting; }

    [[nodiscard]] MainWindow &window() { return m_window; }
    [[nodiscard]] JobListModel &jobs() { return m_jobs; }

signals:
    /// The user wants to end the program and was asked where that would stop something.
    void quitRequested();

private:
    void connectTray();
    void connectQuestions(QuestionSource &questions);
    void connectPrograms(ProgramAccess &access);
    void onAsked(const core::Pairing &pairing);
    void close();
    void quit();
    void hideAndTell();
    void announce(const QList<core::JobSnapshot> &jobs);

    QSettings m_settings;
    JobSource &m_source;
    CloseToTray m_closeToTray;
    JobListModel m_jobs;
    DriveListModel m_drives;
    ProgramListModel m_programs;
    WorkflowListModel m_workflows;
    AgentListModel m_agents;
    core::SystemClock m_clock;
    Tray m_tray;
    Endings m_endings;
    MainWindow m_window;
    FlashAnswers *m_answers; // the window's
    PairingAnswers *m_pairings; // the window's
};

} // namespace ui
