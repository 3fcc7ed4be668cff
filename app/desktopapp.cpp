#include "app/desktopapp.h"

#include "app/drayctl/hubconnection.h"
#include "app/endsignals.h"
#include "app/extensionexport.h"
#include "app/hubthread.h"
#include "app/logging.h"
#include "app/singleinstance.h"
#include "core/jobservice.h"
#include "core/store/settings.h"
#include "ui/desktop.h"
#include "ui/hubagents.h"
#include "ui/hubcommands.h"
#include "ui/hubdrives.h"
#include "ui/hubfeed.h"
#include "ui/hubprogramaccess.h"
#include "ui/hubquestions.h"
#include "ui/hubworkflows.h"
#include "ui/text/noticetext.h"

#include <QApplication>
#include <QDesktopServices>
#include <QMessageBox>
#include <QTextStream>

namespace app {

using namespace Qt::StringLiterals;

namespace {

ExitCode complain(const core::Error &error, ExitCode code)
{
    QTextStream(stderr) << "dray: " << error.context << '\n';
    return code;
}

/// For errors after which no window can say anything.
ExitCode complainInWindow(const core::Error &error)
{
    const ExitCode code = complain(error, ExitCode::Failed);
    QMessageBox::critical(nullptr, QApplication::applicationDisplayName(),
                          ui::cannotStartText(error));
    return code;
}

/// Another program owns the data folder: a window takes our arguments; of a drayd we add the links
/// and open the page.
ExitCode joinRunningHub(const HubOptions &options)
{
    if (SingleInstance::handOver(options.dataDir, options.arguments))
        return ExitCode::Done;
    HubConnection hub;
    if (const auto hello = hub.open(options.dataDir); !hello)
        return complainInWindow(hello.error());
    for (const QString &url : options.arguments)
        if (const auto added = hub.call(u"job.add"_s, {{u"url"_s, url}}); !added)
            return complainInWindow({core::ErrorCode::InvalidArgument, added.error().message});
    const auto link = hub.call(u"session.link"_s);
    if (!link)
        return complainInWindow({core::ErrorCode::Internal, link.error().message});
    const QUrl page((*link)[u"url"_s].toString());
    QDesktopServices::openUrl(page);
    const QString said = ui::alreadyRunsText(page.toString(QUrl::RemoveFragment));
    QTextStream(stdout) << said << '\n';
    return ExitCode::Done;
}

/// Window, tray and the connections between them and the hub.
class DesktopApp final : public QObject
{
public:
    /// `clock` outlives the hub's thread, which asks it.
    DesktopApp(HubThread &hub, const core::Clock &clock, const QString &dataDir)
        : m_hub(hub)
        , m_commands({.jobs = hub.hub().service(),
                      .flashes = hub.hub().flashes(),
                      .driveWork = hub.hub().driveWork(),
                      .settings = hub.hub().settings()},
                     hub.context())
        , m_feed(hub.hub().registry(), hub.context())
        , m_drives(hub.hub().drives(), hub.context())
        , m_questions(hub.hub().flashes(), hub.context())
        , m_access(hub.hub().pairings(), hub.hub().tokens(), hub.context())
        , m_workflows({.workflows = hub.hub().workflows(), .flashes = hub.hub().flashes()},
                      hub.context())
        , m_agents(hub.hub().agents(), clock, hub.context())
        , m_desktop(surroundings(dataDir))
        , m_instance(dataDir)
    {
        // Not quit(): that closes the window first, which hides into the tray or asks.
        const auto end = [] { QCoreApplication::exit(0); };
        connect(&m_desktop, &ui::Desktop::quitRequested, this, end);
        connect(&m_endSignals, &EndSignals::endRequested, this, end);
        connect(&m_instance, &SingleInstance::argumentsReceived, this, &DesktopApp::onLaterStart);
        connect(&hub.hub().settings(), &core::Settings::changed, this,
                &DesktopApp::onSettingChanged);
        connect(&hub.hub(), &Hub::storeFailed, this,
                [this](const core::Error &error) { m_desktop.notice(ui::storeFailedText(error)); });
        connect(&hub.hub(), &Hub::storeRecovered, this,
                [this] { m_desktop.notice(ui::storeRecoveredText()); });
    }

    core::Result<void> run(const QStringList &urls)
    {
        const QString damaged = m_hub.askHub([](Hub &hub) { return hub.damagedDatabase(); });
        if (!damaged.isEmpty())
            m_desktop.notice(ui::damagedDatabaseText(damaged));
        const QUrl page = m_hub.askHub([](Hub &hub) { return hub.pageUrl(); });
        m_desktop.setServerAddress(
            page.toString(), m_hub.askHub([](Hub &hub) { return hub.certificateFingerprint(); }));
        m_desktop.show();
        m_desktop.addUrls(urls);
        return m_instance.listen();
    }

private:
    ui::Desktop::Surroundings surroundings(const QString &dataDir)
    {
        return {.commands = m_commands,
                .jobs = m_feed,
                .drives = m_drives,
                .questions = m_questions,
                .access = m_access,
                .workflows = m_workflows,
                .agents = m_agents,
                .settingsPath = dataDir + u"/window.ini"_s,
                .downloadFolder = downloadFolder(),
                .closeToTray = closeToTray(),
                .openPage = [this] { openPage(); },
                .exportExtension = &exportExtension,
                .openUrl = &QDesktopServices::openUrl};
    }
    QString downloadFolder()
    {
        return m_hub.askHub([](Hub &hub) { return hub.service().downloadFolder(); });
    }
    ui::CloseToTray closeToTray()
    {
        const bool closes = m_hub.askHub(
            [](Hub &hub) { return hub.settings().value(u"window.closeToTray").toBool(); });
        return closes ? ui::CloseToTray::Yes : ui::CloseToTray::No;
    }
    void onSettingChanged(const QString &key)
    {
        if (key == u"download.folder")
            m_desktop.setDownloadFolder(downloadFolder());
        if (key == u"window.closeToTray")
            m_desktop.setCloseToTray(closeToTray());
    }
    void openPage()
    {
        QDesktopServices::openUrl(m_hub.askHub([](Hub &hub) { return hub.makeLoginUrl(); }));
    }
    void onLaterStart(const QStringList &arguments)
    {
        m_desktop.raise();
        m_desktop.addUrls(arguments);
    }

    HubThread &m_hub;
    EndSignals m_endSignals;
    ui::HubCommands m_commands;
    ui::HubFeed m_feed;
    ui::HubDrives m_drives;
    ui::HubQuestions m_questions;
    ui::HubProgramAccess m_access;
    ui::HubWorkflows m_workflows;
    ui::HubAgents m_agents;
    ui::Desktop m_desktop;
    SingleInstance m_instance;
};

} // namespace

ExitCode runDesktop(const QStringList &arguments)
{
    const auto options = parseHubOptions(arguments, u"Dray: downloads and USB drives, live"_s);
    if (!options)
        return complain(options.error(), ExitCode::Usage);
    setUpLogging(options->logLevel);
    auto folder = DataFolder::take(options->dataDir);
    if (!folder && folder.error().code == core::ErrorCode::Busy)
        return joinRunningHub(*options);
    if (!folder)
        return complainInWindow(folder.error());
    const core::SystemClock clock;
    HubThread hub;
    if (const auto started = hub.start(*options, std::move(*folder)); !started)
        return complainInWindow(started.error());
    DesktopApp desktop(hub, clock, options->dataDir);
    if (const auto running = desktop.run(options->arguments); !running)
        return complainInWindow(running.error());
    QApplication::exec();
    return ExitCode::Done;
}

} // namespace app
