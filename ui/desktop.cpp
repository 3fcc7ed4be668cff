#include "ui/desktop.h"

#include "ui/dialogs/addform.h"
#include "ui/dialogs/flashform.h"
#include "ui/dialogs/questions.h"
#include "ui/flashanswers.h"
#include "ui/pairinganswers.h"
#include "ui/text/accesstext.h"
#include "ui/text/drivetext.h"

#include <QApplication>
#include <QFileInfo>
#include <QPointer>
#include <QUrl>

#include <algorithm>

namespace ui {
namespace {

using namespace Qt::StringLiterals;

constexpr auto ToldKey = "window/toldAboutTray"_L1;

/// The absolute path of the image that `argument` names as a path or file link; "" when it names none.
QString imageFile(const QString &argument)
{
    const QUrl url(argument);
    const QFileInfo file(url.isLocalFile() ? url.toLocalFile() : argument);
    return file.isAbsolute() && file.isFile() && isImageName(file.filePath()) ? file.filePath()
                                                                              : QString();
}

} // namespace

Desktop::Desktop(const Surroundings &surroundings)
    : m_settings(surroundings.settingsPath, QSettings::IniFormat)
    , m_source(surroundings.jobs)
    , m_closeToTray(surroundings.closeToTray)
    , m_window({.commands = surroundings.commands,
                .jobs = m_jobs,
                .drives = m_drives,
                .programs = m_programs,
                .access = surroundings.access,
                .workflows = m_workflows,
                .workflowAccess = surroundings.workflows,
                .agents = m_agents,
                .agentSource = surroundings.agents,
                .settings = m_settings,
                .downloadFolder = surroundings.downloadFolder,
                .openPage = surroundings.openPage,
                .exportExtension = surroundings.exportExtension,
                .openUrl = surroundings.openUrl})
    , m_answers(new FlashAnswers(surroundings.commands, &m_window))
    , m_pairings(new PairingAnswers(surroundings.access, m_clock, &m_window))
{
    QGuiApplication::setQuitOnLastWindowClosed(false);
    connect(&m_window, &MainWindow::closeRequested, this, &Desktop::close);
    connect(&m_window, &MainWindow::quitRequested, this, &Desktop::quit);
    connect(&m_window, &MainWindow::viewingChanged, this,
            [this](Viewing viewing) { m_source.setViewing(viewing); });
    connect(&m_jobs, &JobListModel::totalsChanged, this,
            [this] { m_tray.setTotals(m_jobs.totals()); });
    connect(&m_jobs, &JobListModel::jobEnded, &m_endings, &Endings::add);
    connect(&m_endings, &Endings::gathered, this, &Desktop::announce);
    connect(&m_tray, &Tray::pageRequested, this, surroundings.openPage);
    connectTray();
    m_source.join(m_jobs);
    surroundings.drives.join(m_drives);
    surroundings.workflows.join(m_workflows);
    surroundings.agents.join(m_agents);
    connectQuestions(surroundings.questions);
    connectPrograms(surroundings.access);
}

Desktop::~Desktop()
{
    m_window.saveLayout();
    m_source.setViewing(Viewing::No);
}

void Desktop::show()
{
    m_window.show();
}

void Desktop::raise()
{
    m_window.setWindowState(m_window.windowState() & ~Qt::WindowMinimized);
    m_window.show();
    m_window.raise();
    m_window.activateWindow();
}

void Desktop::addUrls(const QStringList &urls)
{
    for (const QString &url : urls) {
        if (const QString image = imageFile(url); !image.isEmpty()) {
            m_window.offerFlash(image);
            continue;
        }
        const AddRequest request = checked({.links = url});
        if (request.problem == AddProblem::None)
            m_window.orders().add(request.downloads);
        else
            notice(addProblemText(request.problem, request.value));
    }
}

void Desktop::notice(const QString &text)
{
    m_window.notice(text);
}

void Desktop::setServerAddress(const QString &url, const QString &fingerprint)
{
    m_window.setServerAddress(url, fingerprint);
    m_tray.setPageAvailable(!url.isEmpty());
}

void Desktop::connectTray()
{
    connect(&m_tray, &Tray::showRequested, this, &Desktop::raise);
    connect(&m_tray, &Tray::quitRequested, this, &Desktop::quit);
    connect(&m_tray, &Tray::addRequested, this, [this] {
        raise();
        m_window.offerAdding();
    });
    connect(&m_tray, &Tray::pauseAllRequested, this,
            [this] { m_window.orders().carryOut(JobAction::Pause, m_jobs.jobs()); });
    connect(&m_tray, &Tray::resumeAllRequested, this,
            [this] { m_window.orders().carryOut(JobAction::Resume, m_jobs.jobs()); });
}

void Desktop::connectQuestions(QuestionSource &questions)
{
    connect(&m_window, &MainWindow::questionOpened, m_answers, &FlashAnswers::ask);
    connect(m_answers, &FlashAnswers::asked, this, [this](const core::FlashQuestion &question) {
        m_tray.announce(tr("May drives be erased?"),
                        flashQuestionText(question.asker, question.image),
                        QSystemTrayIcon::Warning);
    });
    questions.join([answers = QPointer(m_answers)](const auto &open) {
        if (answers)
            answers->setQuestions(open);
    });
}

void Desktop::connectPrograms(ProgramAccess &access)
{
    connect(m_pairings, &PairingAnswers::asked, this, &Desktop::onAsked);
    connect(m_pairings, &PairingAnswers::said, this, &Desktop::notice);
    connect(&m_window, &MainWindow::viewingChanged, m_pairings, &PairingAnswers::show);
    connect(&m_tray, &Tray::showRequested, m_pairings, &PairingAnswers::show);
    access.join([pairings = QPointer(m_pairings), programs = &m_programs](const Programs &all) {
        if (!pairings)
            return;
        programs->setPrograms(all.letIn);
        pairings->setAsking(all.asking);
    });
}

/// Where nobody would see the dialog, a notification leads to it.
void Desktop::onAsked(const core::Pairing &pairing)
{
    if (m_window.isActiveWindow())
        return;
    m_tray.announce(tr("Let this program in?"), pairingText(pairing.name),
                    QSystemTrayIcon::Information);
    const bool isSeen = m_window.isVisible() && !m_window.isMinimized();
    if (!m_tray.isAvailable() && !isSeen)
        raise();
}

void Desktop::close()
{
    const CloseSituation situation{.setting = m_closeToTray,
                                   .hasTray = m_tray.isAvailable(),
                                   .wasTold = m_settings.value(ToldKey).toBool()};
    switch (closeAction(situation)) {
    case CloseAction::Hide:
        return m_window.hide();
    case CloseAction::HideAndTell:
        return hideAndTell();
    case CloseAction::Quit:
        return quit();
    }
}

void Desktop::quit()
{
    if (m_jobs.totals().running == 0) {
        emit quitRequested();
        return;
    }
    raise();
    askQuit(&m_window, m_jobs.totals(), [this] { emit quitRequested(); });
}

void Desktop::hideAndTell()
{
    m_settings.setValue(ToldKey, true);
    m_window.hide();
    m_tray.announce(u"Dray"_s, stillInTrayText(), QSystemTrayIcon::Information);
}

void Desktop::announce(const QList<core::JobSnapshot> &jobs)
{
    if (m_window.isActiveWindow()) // the user sees it there
        return;
    const EndingText text = endingText(jobs);
    const bool hasFailure = std::any_of(jobs.begin(), jobs.end(), [](const auto &job) {
        return job.state == core::JobState::Failed;
    });
    m_tray.announce(text.title, text.text,
                    hasFailure ? QSystemTrayIcon::Warning : QSystemTrayIcon::Information);
}

} // namespace ui
