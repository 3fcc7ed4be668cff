#include "app/hub.h"

#include "app/accessoptions.h"
#include "app/filelimit.h"
#include "app/joblimits.h"
#include "core/base/logging.h"
#include "core/base/queuehours.h"
#include "core/drives/udisks2drivemonitor.h"
#include "core/driveservice.h"
#include "core/flashdownloads.h"
#include "core/flashservice.h"
#include "core/flashtraces.h"
#include "core/followers.h"
#include "core/jobs/jobregistry.h"
#include "core/jobservice.h"
#include "core/listitems.h"
#include "core/pairings.h"
#include "core/store/history.h"
#include "core/store/jobstore.h"
#include "core/store/settings.h"
#include "core/store/tokens.h"
#include "core/store/workflowstore.h"
#include "core/workers.h"
#include "resources/dashboard.h"
#include "server/dialects/dialects.h"
#include "server/dialects/native/nativefeedcodec.h"
#include "server/dialects/rest/documents.h"
#include "server/feed/eventfeed.h"
#include "server/http/assets.h"
#include "server/http/httpserver.h"
#include "server/http/sessionroutes.h"
#include "ui/text/noticetext.h"

#include <QCoreApplication>
#include <QDir>

namespace app {

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;
using core::fail;
using core::Result;

namespace {

constexpr core::Milliseconds WorkersEnd = 5s;
constexpr core::Milliseconds StoreEnd = 5s;

core::DrivePolicy drivePolicyFor(const HubOptions &options)
{
    using enum core::DrivePolicy::LoopDevices;
    return core::DrivePolicy(options.allowLoopDevices ? Allowed : Refused);
}

core::DriveService::Eject ejectFor(const HubOptions &options)
{
    return [release = core::DriveRelease::forThisComputer(drivePolicyFor(options))](
               const core::DriveIdentity &drive) { return release.eject(drive, {}); };
}

} // namespace

struct Hub::Parts {
    explicit Parts(const HubOptions &options)
        : registry(clock, makeWorkers(options))
        , drives(drivePolicyFor(options))
        , service({.clock = clock,
                   .registry = registry,
                   .store = store,
                   .settings = settings,
                   .makeWorker = makeWorkers(options),
                   .downloadFolder = options.downloadDir,
                   .ownPorts = [this] { return http.ports(); },
                   .feedAgain = [this](core::JobId id) { return flashDownloads.feedAgain(id); }})
        , flashDownloads(registry, service, options.dataDir + u"/flash-images"_s)
        , flashes({.clock = clock,
                   .registry = registry,
                   .store = store,
                   .drives = drives,
                   .downloads = flashDownloads,
                   .targetRules = [this] { return service.targetRules(); }})
        , driveWork({.registry = registry,
                     .store = store,
                     .drives = drives,
                     .targetRules = [this] { return service.targetRules(); },
                     .eject = ejectFor(options)})
        , stepJobs({.registry = registry,
                    .service = service,
                    .flashes = flashes,
                    .feedAgain = [this](core::JobId id) { return flashDownloads.feedAgain(id); }})
        , workflows(
              {.clock = clock, .registry = registry, .store = workflowStore, .jobs = stepJobs})
        , agents(clock, registry, store)
        , access(clock, accessOptions(options, tokens, jwtKeys, clock))
        , feed(registry, clock, feedCodec, server::Journal::randomEpoch())
        , dialects({.service = service,
                    .flashes = flashes,
                    .driveWork = driveWork,
                    .workflows = workflows,
                    .agents = agents,
                    .history = history,
                    .registry = registry,
                    .tokens = tokens,
                    .settings = settings,
                    .pairings = pairings,
                    .access = access,
                    .feed = feed,
                    .clock = clock,
                    .makeLoginUrl = [this] { return loginUrl(); },
                    .http = [this] { return http.counters(); },
                    .maxConnections = options.maxConnections})
        , http(router, access, clock, httpOptions(options))
    {
        drives.update(monitor.drives());
        QObject::connect(&monitor, &core::DriveMonitor::drivesChanged, &drives,
                         &core::DriveList::update);
        QObject::connect(&drives, &core::DriveList::changed, &feed, &server::EventFeed::tellDrives);
    }

    /// What it asks for is called by workers, which run when everything is made.
    [[nodiscard]] core::WorkerFactory makeWorkers(const HubOptions &options)
    {
        return core::workerFactory({
            .settings = settings,
            .speed = limits.speed(),
            .writing = limits.writing(),
            .findJob = [this](core::JobId id) { return registry.find(id); },
            .addItems = [this](core::JobId list, const auto &items,
                               const auto &stop) { return listItems.add(list, items, stop); },
            .growingFile = [this](core::JobId id) { return flashDownloads.fileOf(id); },
            .ownPorts = [this] { return http.ports(); },
            .fixedFolder = options.downloadDir,
            .privateFolder = options.dataDir,
            .drivePolicy = drivePolicyFor(options),
            .touchDrive = [this](core::JobId id, const QString &drive,
                                 const auto &stop) { return flashTraces.touch(id, drive, stop); },
            .keepTrace = [this](core::JobId id, const auto &trace) { flashTraces.keep(id, trace); },
            .recordDrive =
                [this](const core::HistoryEntry &entry) {
                    QMetaObject::invokeMethod(
                        &history, [this, entry] { history.add(entry); }, Qt::QueuedConnection);
                },
        });
    }

    [[nodiscard]] QUrl loginUrl()
    {
        const QString token = QString::fromLatin1(access.makeOneTimeToken());
        return http.urls().constFirst().resolved(QUrl(u"/#t="_s + token));
    }

    core::SystemClock clock;
    core::StoreThread thread{clock};
    core::Settings settings{thread};
    core::Tokens tokens{thread, clock};
    JwtKeys jwtKeys{settings};
    core::Pairings pairings{tokens, clock};
    core::JobStore store{thread, clock};
    core::WorkflowStore workflowStore{thread};
    core::History history{thread, clock};
    JobLimits limits{clock, settings};
    core::JobRegistry registry;
    core::ListItems listItems{registry, store};
    core::FlashTraces flashTraces{registry, store};
    core::UDisks2DriveMonitor monitor{QDBusConnection::systemBus(), core::SysfsDrives()};
    core::DriveList drives;
    core::JobService service;
    core::FlashDownloads flashDownloads;
    core::FlashService flashes;
    core::DriveService driveWork;
    core::StepJobs stepJobs;
    core::Workflows workflows;
    core::Agents agents;
    server::Access access;
    server::NativeFeedCodec feedCodec;
    server::EventFeed feed;
    server::Router router;
    server::Dialects dialects;
    server::HttpServer http;
};

Hub::Hub(HubOptions options, DataFolder folder)
    : m_options(std::move(options))
    , m_folder(std::move(folder))
    , m_parts(std::make_unique<Parts>(m_options))
{ }

Hub::~Hub() = default;

Result<void> Hub::start()
{
    if (const auto opened = openStore(); !opened)
        return opened;
    if (const auto made = makeDownloadFolder(); !made)
        return made;
    return serve();
}

Result<void> Hub::openStore()
{
    const auto opened = m_parts->thread.open(m_folder.path() + u"/dray.db"_s);
    if (!opened)
        return fail(opened.error());
    m_damagedDatabase = opened->damagedPath;
    if (const auto loaded = m_parts->settings.load(); !loaded)
        return loaded;
    if (const auto loaded = m_parts->tokens.load(); !loaded)
        return loaded;
    const auto jobs = m_parts->store.load();
    if (!jobs)
        return fail(jobs.error());
    restoreJobs(*jobs);
    const auto workflows = m_parts->workflowStore.load();
    if (!workflows)
        return fail(workflows.error());
    m_parts->workflows.restore(*workflows, m_parts->workflowStore.lastId());
    takeUpAgents();
    return {};
}

void Hub::restoreJobs(const QList<core::JobSnapshot> &jobs)
{
    applyQueueLimits();
    m_parts->limits.apply();
    connect(&m_parts->settings, &core::Settings::changed, this, &Hub::applyQueueLimits);
    connect(&m_parts->registry, &core::JobRegistry::eventsReady, &m_parts->limits,
            &JobLimits::follow);
    // Connected first: what restoring changes (a running job is queued again) is stored too.
    connect(&m_parts->registry, &core::JobRegistry::eventsReady, &m_parts->store,
            &core::JobStore::record);
    connect(&m_parts->registry, &core::JobRegistry::eventsReady, &m_parts->history,
            &core::History::record);
    connect(&m_parts->store, &core::JobStore::failed, this, [this](const core::Error &error) {
        m_parts->feed.notice(server::EventFeed::NoticeLevel::Error, ui::storeFailedText(error));
        emit storeFailed(error);
    });
    connect(&m_parts->store, &core::JobStore::recovered, this, &Hub::storeRecovered);
    connect(&m_parts->workflowStore, &core::WorkflowStore::failed, this, &Hub::storeFailed);
    for (const core::JobSnapshot &job : jobs)
        m_parts->registry.restore(job, core::afterCrash(job));
    m_parts->registry.reserveIds(m_parts->store.lastId());
    m_parts->flashDownloads.endEarlier();
}

void Hub::takeUpAgents()
{
    core::AgentBoard &board = m_parts->agents.board();
    const auto workflows = m_parts->workflows.list(core::Principal::localUser());
    board.restoreWorkflows(workflows.value_or(QList<core::Workflow>()));
    connect(&m_parts->workflows, &core::Workflows::eventsReady, &board,
            &core::AgentBoard::countWorkflows);
    m_parts->agents.takeUp();
}

Result<void> Hub::makeDownloadFolder()
{
    const QString folder = m_parts->service.downloadFolder();
    if (QDir().mkpath(folder))
        return {};
    return fail(
        core::ErrorCode::FileAccess,
        u"the download folder %1 cannot be made; choose another with --download-dir"_s.arg(folder));
}

Result<void> Hub::serve()
{
    if (const auto added = addRoutes(); !added)
        return added;
    connect(&m_parts->tokens, &core::Tokens::revoked, &m_parts->access, &server::Access::revoke);
    connect(&m_parts->tokens, &core::Tokens::revoked, &m_parts->workflows,
            [parts = m_parts.get()](const QString &, const core::TokenEntry &token) {
                parts->workflows.distrust({.name = token.name, .owner = token.owner});
            });
    useJwtKeys();
    connect(&m_parts->http, &server::HttpServer::aboutToClose, this,
            [this] { m_parts->dialects.sayGoodbye(); });
    connect(&m_parts->http, &server::HttpServer::closed, this, &Hub::finishStop);
    if (const auto room = makeRoomForConnections(m_options.maxConnections); !room)
        qCWarning(lcHub).noquote() << room.error().context;
    if (const auto listening = m_parts->http.listen(); !listening)
        return listening;
    if (!m_damagedDatabase.isEmpty())
        m_parts->feed.notice(server::EventFeed::NoticeLevel::Warning,
                             ui::damagedDatabaseText(m_damagedDatabase));
    return m_folder.writeEndpoint({.url = pageUrl(),
                                   .pid = QCoreApplication::applicationPid(),
                                   .token = QString::fromLatin1(m_parts->access.adminToken())});
}

void Hub::useJwtKeys()
{
    connect(&m_parts->jwtKeys, &JwtKeys::changed, &m_parts->access,
            [this] { m_parts->access.revoke(QString(server::JwtTokenId)); });
    connect(&m_parts->jwtKeys, &JwtKeys::failed, this, [this](const core::Error &error) {
        const QString text = ui::keyFailedText(error);
        qCWarning(lcHub).noquote() << text;
        m_parts->feed.notice(server::EventFeed::NoticeLevel::Error, text);
    });
    m_parts->jwtKeys.read();
}

Result<void> Hub::addRoutes()
{
    m_parts->dialects.addRoutes(m_parts->router);
    server::addSessionRoutes(m_parts->router, m_parts->access);
    resources::initDashboard();
    server::addDocumentRoutes(m_parts->router, u":/schema"_s);
    if (const auto assets = server::addAssetRoutes(m_parts->router, u":/dashboard"_s); !assets)
        return fail(assets.error());
    return {};
}

core::JobRegistry &Hub::registry()
{
    return m_parts->registry;
}

core::JobService &Hub::service()
{
    return m_parts->service;
}

core::FlashService &Hub::flashes()
{
    return m_parts->flashes;
}

core::DriveService &Hub::driveWork()
{
    return m_parts->driveWork;
}

const core::DriveList &Hub::drives()
{
    return m_parts->drives;
}

core::Workflows &Hub::workflows()
{
    return m_parts->workflows;
}

const core::AgentBoard &Hub::agents()
{
    return m_parts->agents.board();
}

core::Settings &Hub::settings()
{
    return m_parts->settings;
}

core::Pairings &Hub::pairings()
{
    return m_parts->pairings;
}

core::Tokens &Hub::tokens()
{
    return m_parts->tokens;
}

QUrl Hub::pageUrl() const
{
    return m_parts->http.urls().constFirst();
}

QString Hub::certificateFingerprint() const
{
    return m_parts->http.certificateFingerprint();
}

QUrl Hub::makeLoginUrl()
{
    return m_parts->loginUrl();
}

void Hub::applyQueueLimits()
{
    m_parts->registry.setLimits({.downloads = m_parts->settings.value(u"queue.downloads").toInt()});
    const auto hours = core::QueueHours::parse(m_parts->settings.value(u"queue.hours").toString());
    m_parts->registry.setHours(hours.value_or(core::QueueHours()));
}

void Hub::stop()
{
    m_parts->http.close();
}

void Hub::finishStop()
{
    const bool haveWorkersEnded = m_parts->registry.stopForExit(WorkersEnd)
        && m_parts->service.stopForExit(WorkersEnd) && m_parts->flashes.stopForExit(WorkersEnd)
        && m_parts->driveWork.stopForExit(WorkersEnd);
    m_parts->flashTraces.settleForExit();
    m_isStuck = !m_parts->thread.close(StoreEnd) || !haveWorkersEnded;
    emit stopped();
}

} // namespace app
