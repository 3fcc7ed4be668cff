#include "ui/mainwindow.h"

#include "ui/browseractions.h"
#include "ui/dialogs/adddownloaddialog.h"
#include "ui/dialogs/programspage.h"
#include "ui/dialogs/settingsdialog.h"
#include "ui/driveorders.h"
#include "ui/flashorders.h"
#include "ui/jobactions.h"
#include "ui/links.h"
#include "ui/models/drivelistmodel.h"
#include "ui/models/joblistmodel.h"
#include "ui/models/jobsortproxy.h"
#include "ui/symbols.h"
#include "ui/text/prompttext.h"
#include "ui/views/agentspane.h"
#include "ui/views/drivespane.h"
#include "ui/views/joblistview.h"
#include "ui/views/jobspane.h"
#include "ui/views/noticebar.h"
#include "ui/views/statusline.h"
#include "ui/views/workflowspane.h"
#include "ui/workfloworders.h"

#include <QAction>
#include <QClipboard>
#include <QCloseEvent>
#include <QComboBox>
#include <QGuiApplication>
#include <QLineEdit>
#include <QMenu>
#include <QMimeData>
#include <QSettings>
#include <QTabWidget>
#include <QToolBar>
#include <QVBoxLayout>

namespace ui {
namespace {

using namespace Qt::StringLiterals;

constexpr auto GeometryKey = "window/geometry"_L1;
constexpr QSize FirstSize{1040, 660};

} // namespace

MainWindow::MainWindow(Surroundings surroundings)
    : m_surroundings(std::move(surroundings))
    , m_orders(new JobOrders(m_surroundings.commands, m_surroundings.openUrl, this))
    , m_flashes(new FlashOrders(m_surroundings.commands, m_surroundings.drives, this))
    , m_driveOrders(new DriveOrders(m_surroundings.commands, m_surroundings.drives, this))
    , m_workflowOrders(new WorkflowOrders({.access = m_surroundings.workflowAccess,
                                           .workflows = m_surroundings.workflows,
                                           .drives = m_surroundings.drives,
                                           .window = this}))
    , m_proxy(new JobSortProxy(m_surroundings.jobs, this))
    , m_actions(new JobActions(this))
    , m_browser(new BrowserActions({.openPage = m_surroundings.openPage,
                                    .extension = {.exportTo = m_surroundings.exportExtension,
                                                  .openUrl = m_surroundings.openUrl}},
                                   this))
{
    setWindowTitle(u"Dray"_s);
    setWindowIcon(appIcon());
    setAcceptDrops(true);
    makeActions();
    makeCentre();
    makeToolBar();
    m_status = new StatusLine;
    setStatusBar(m_status);
    connectParts();
    connectOrders();
    connectModel();
    restoreLayout();
    showSelection();
    m_jobs->showRightPage();
    m_list->setFocus();
}

MainWindow::~MainWindow() = default;

void MainWindow::offerLinks(const QStringList &links)
{
    if (!m_addDialog) {
        m_addDialog = new AddDownloadDialog(m_surroundings.downloadFolder, this);
        m_addDialog->setAttribute(Qt::WA_DeleteOnClose);
        connect(m_addDialog, &AddDownloadDialog::downloadsChosen, m_orders, &JobOrders::add);
        m_addDialog->open();
        const auto offer = [dialog = QPointer(m_addDialog.data())](const QStringList &names) {
            if (dialog)
                dialog->offerCategories(names);
        };
        m_surroundings.commands.listCategories(offer);
    }
    m_addDialog->addLinks(links);
}

void MainWindow::offerAdding()
{
    const QMimeData *clipboard = QGuiApplication::clipboard()->mimeData();
    offerLinks(clipboard ? linksIn(*clipboard) : QStringList());
}

void MainWindow::offerFlash(const QString &image)
{
    m_flashes->offer(image);
}

void MainWindow::notice(const QString &text)
{
    m_notices->add(text);
}

void MainWindow::setServerAddress(const QString &url, const QString &fingerprint)
{
    m_status->setServerAddress(url, fingerprint);
    m_browser->page().setEnabled(!url.isEmpty());
}

void MainWindow::saveLayout()
{
    m_surroundings.settings.setValue(GeometryKey, saveGeometry());
    m_jobs->saveLayout(m_surroundings.settings);
}

void MainWindow::closeEvent(QCloseEvent *event)
{
    saveLayout();
    event->ignore();
    emit closeRequested();
}

void MainWindow::showEvent(QShowEvent *event)
{
    QMainWindow::showEvent(event);
    emit viewingChanged(Viewing::Yes);
}

void MainWindow::hideEvent(QHideEvent *event)
{
    QMainWindow::hideEvent(event);
    emit viewingChanged(Viewing::No);
}

void MainWindow::changeEvent(QEvent *event)
{
    QMainWindow::changeEvent(event);
    if (event->type() == QEvent::WindowStateChange && isVisible())
        emit viewingChanged(isMinimized() ? Viewing::No : Viewing::Yes);
}

void MainWindow::dragEnterEvent(QDragEnterEvent *event)
{
    const QMimeData &dragged = *event->mimeData();
    if (!linksIn(dragged).isEmpty() || !imageIn(dragged).isEmpty())
        event->acceptProposedAction();
}

void MainWindow::dropEvent(QDropEvent *event)
{
    const QStringList links = linksIn(*event->mimeData());
    if (links.isEmpty())
        offerFlash(imageIn(*event->mimeData()));
    else
        offerLinks(links);
    event->acceptProposedAction();
}

void MainWindow::makeActions()
{
    m_add = makeAction(u"add"_s, tr("&Add"), QKeySequence::New);
    m_add->setToolTip(tr("Add downloads (%1)").arg(m_add->shortcut().toString()));
    connect(m_add, &QAction::triggered, this, &MainWindow::offerAdding);
    m_write = makeAction(u"kindflash"_s, tr("&Write to USB"), QKeySequence(Qt::CTRL | Qt::Key_U));
    m_write->setObjectName(u"write"_s);
    m_write->setToolTip(
        tr("Write an image to USB drives (%1)").arg(m_write->shortcut().toString()));
    connect(m_write, &QAction::triggered, this,
            [this] { offerFlash(imageOf(m_list->selectedJobs())); });
    connect(makeAction(u"copy"_s, tr("Paste links"), QKeySequence::Paste), &QAction::triggered,
            this, &MainWindow::paste);
    connect(makeAction(u"search"_s, tr("Search"), QKeySequence::Find), &QAction::triggered, this,
            [this] { m_search->setFocus(Qt::ShortcutFocusReason); });
    m_limit = makeAction(u"limit"_s, tr("Speed limit of &all"), QKeySequence(Qt::CTRL | Qt::Key_L));
    m_limit->setObjectName(u"limitall"_s);
    connect(m_limit, &QAction::triggered, this, [this] { m_orders->limitAll(); });
    m_settings = makeAction(u"settings"_s, tr("&Settings"), QKeySequence(Qt::CTRL | Qt::Key_Comma));
    connect(m_settings, &QAction::triggered, this, &MainWindow::showSettings);
    connect(makeAction(u"quit"_s, tr("Quit"), QKeySequence(Qt::CTRL | Qt::Key_Q)),
            &QAction::triggered, this, &MainWindow::quitRequested);
    addActions(m_actions->all());
}

QAction *
MainWindow::makeAction(const QString &symbolName, const QString &text, const QKeySequence &key)
{
    auto *action = new QAction(symbol(symbolName), text, this);
    action->setObjectName(symbolName);
    action->setShortcut(key);
    addAction(action);
    return action;
}

void MainWindow::makeToolBar()
{
    QToolBar *bar = addToolBar(tr("Commands"));
    bar->setObjectName(u"commands"_s);
    bar->setMovable(false);
    bar->setContextMenuPolicy(Qt::PreventContextMenu);
    bar->setIconSize({20, 20});
    bar->setToolButtonStyle(Qt::ToolButtonTextUnderIcon);
    bar->addAction(m_add);
    bar->addAction(m_write);
    bar->addSeparator();
    for (const JobAction action : {JobAction::Pause, JobAction::Resume, JobAction::Cancel,
                                   JobAction::Retry, JobAction::Remove})
        bar->addAction(m_actions->action(action));
    bar->addSeparator();
    bar->addAction(m_actions->action(JobAction::OpenFile));
    bar->addAction(m_actions->action(JobAction::OpenFolder));
    bar->addSeparator();
    m_browser->addTo(*bar);
    bar->addAction(m_settings);
    bar->addWidget(makeFilter());
}

QWidget *MainWindow::makeFilter()
{
    auto *filter = new QWidget;
    auto *line = new QHBoxLayout(filter);
    auto *shown = new QComboBox;
    shown->setObjectName(u"shown"_s);
    shown->setAccessibleName(tr("Which jobs are shown"));
    shown->addItems({tr("All"), tr("Unfinished"), tr("Done"), tr("Failed")}); // as in Shown
    connect(shown, &QComboBox::currentIndexChanged, this, [this](int index) {
        m_proxy->setShown(Shown(index));
        m_jobs->showRightPage();
    });
    m_search = new QLineEdit;
    m_search->setObjectName(u"searchField"_s);
    m_search->setAccessibleName(tr("Search"));
    m_search->setPlaceholderText(tr("Search"));
    m_search->setClearButtonEnabled(true);
    m_search->addAction(symbol(u"search"_s, Tone::Muted), QLineEdit::LeadingPosition);
    m_search->setMaximumWidth(240);
    connect(m_search, &QLineEdit::textChanged, this, [this](const QString &text) {
        m_proxy->setSearch(text);
        m_jobs->showRightPage();
    });
    line->addStretch();
    line->addWidget(shown);
    line->addWidget(m_search);
    return filter;
}

void MainWindow::makeCentre()
{
    m_notices = new NoticeBar;
    m_jobs = new JobsPane({.jobs = m_surroundings.jobs,
                           .proxy = *m_proxy,
                           .drives = m_surroundings.drives,
                           .add = *m_add});
    m_list = &m_jobs->list();
    m_drives = new DrivesPane(m_surroundings.drives, *m_write, *m_driveOrders);
    m_workflows = new WorkflowsPane(m_surroundings.workflows, *m_workflowOrders);
    m_agents = new AgentsPane(m_surroundings.agents, m_surroundings.agentSource);
    m_tabs = new QTabWidget;
    m_tabs->setObjectName(u"tabs"_s);
    m_tabs->setDocumentMode(true);
    m_tabs->addTab(m_jobs, tr("&Jobs"));
    m_tabs->addTab(m_drives, tr("&Drives"));
    m_tabs->addTab(m_workflows, tr("Wor&kflows"));
    m_tabs->addTab(m_agents, tr("A&gents"));
    auto *centre = new QWidget;
    auto *column = new QVBoxLayout(centre);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addWidget(m_notices);
    column->addWidget(m_tabs, 1);
    setCentralWidget(centre);
}

void MainWindow::connectParts()
{
    connect(m_actions, &JobActions::triggered, this,
            [this](JobAction action) { m_orders->carryOut(action, m_list->selectedJobs()); });
    connect(m_tabs, &QTabWidget::currentChanged, this, &MainWindow::showSelection);
    connect(m_list, &JobListView::selectedJobsChanged, this, &MainWindow::showSelection);
    connect(m_list, &JobListView::toggleRequested, this, &MainWindow::togglePause);
    connect(m_list, &JobListView::openRequested, this, &MainWindow::openSelected);
    connect(m_list, &QWidget::customContextMenuRequested, this, &MainWindow::showContextMenu);
}

void MainWindow::connectOrders()
{
    connect(m_orders, &JobOrders::refused, this, &MainWindow::notice);
    connect(m_orders, &JobOrders::existingChosen, this, &MainWindow::showJob);
    connect(m_orders, &JobOrders::added, this, &MainWindow::showJob);
    connect(m_flashes, &FlashOrders::added, this, &MainWindow::showJob);
    connect(m_driveOrders, &DriveOrders::added, this, &MainWindow::showJob);
    connect(m_driveOrders, &DriveOrders::said, this, &MainWindow::notice);
    connect(m_workflowOrders, &WorkflowOrders::said, this, &MainWindow::notice);
    connect(m_workflowOrders, &WorkflowOrders::jobWanted, this, &MainWindow::showJob);
    connect(m_workflowOrders, &WorkflowOrders::added, this, &MainWindow::showWorkflow);
    connect(m_agents, &AgentsPane::jobWanted, this, &MainWindow::showJob);
    connect(m_agents, &AgentsPane::jobActionChosen, this, [this](core::JobId id, JobAction action) {
        if (const int row = m_surroundings.jobs.rowOf(id); row >= 0)
            m_orders->carryOut(action, {m_surroundings.jobs.job(row)});
    });
}

void MainWindow::connectModel()
{
    connect(&m_surroundings.jobs, &JobListModel::totalsChanged, this, [this] {
        m_status->setTotals(m_surroundings.jobs.totals());
        m_flashes->setJobs(m_surroundings.jobs.jobs());
        showSelection();
        m_jobs->showRightPage();
    });
}

void MainWindow::paste()
{
    const QMimeData *clipboard = QGuiApplication::clipboard()->mimeData();
    const QStringList links = clipboard ? linksIn(*clipboard) : QStringList();
    if (links.isEmpty())
        notice(noLinkInText());
    else
        offerLinks(links);
}

void MainWindow::showSettings()
{
    if (!m_settingsDialog) {
        m_settingsDialog = new SettingsDialog(m_surroundings.commands, this);
        m_settingsDialog->setAttribute(Qt::WA_DeleteOnClose);
        m_settingsDialog->addPage(new ProgramsPage(m_surroundings.programs, m_surroundings.access),
                                  tr("&Programs with access"));
        m_settingsDialog->open();
    }
    m_settingsDialog->raise();
}

void MainWindow::showContextMenu(const QPoint &position)
{
    auto *menu = new QMenu(this);
    menu->setAttribute(Qt::WA_DeleteOnClose);
    for (QAction *action : m_actions->all())
        if (action->isEnabled())
            menu->addAction(action);
    menu->addSeparator();
    menu->addActions({m_limit, m_add, m_browser->extension(), m_settings});
    menu->popup(m_list->viewport()->mapToGlobal(position));
}

void MainWindow::togglePause()
{
    const QList<core::JobSnapshot> jobs = m_list->selectedJobs();
    const bool canPause = !allowedFor(JobAction::Pause, jobs).isEmpty();
    m_orders->carryOut(canPause ? JobAction::Pause : JobAction::Resume, jobs);
}

void MainWindow::openSelected()
{
    const QList<core::JobSnapshot> jobs = m_list->selectedJobs();
    if (jobs.size() == 1 && jobs.first().progress.stage == core::Stage::AwaitingConfirmation)
        emit questionOpened(jobs.first().id);
    else
        m_orders->carryOut(JobAction::OpenFile, jobs);
}

void MainWindow::showJob(core::JobId id)
{
    m_tabs->setCurrentWidget(m_jobs);
    m_list->selectJob(id);
}

void MainWindow::showWorkflow(core::WorkflowId id)
{
    m_tabs->setCurrentWidget(m_workflows);
    m_workflows->selectWorkflow(id);
}

/// What cannot be seen is not commanded.
void MainWindow::showSelection()
{
    const bool isShown = m_tabs->currentWidget() == m_jobs;
    m_actions->setSelection(isShown ? m_list->selectedJobs() : QList<core::JobSnapshot>());
    m_jobs->showSelection();
}

void MainWindow::restoreLayout()
{
    resize(FirstSize);
    restoreGeometry(m_surroundings.settings.value(GeometryKey).toByteArray());
    m_jobs->restoreLayout(m_surroundings.settings);
}

} // namespace ui
