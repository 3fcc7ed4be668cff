#pragma once
#include "core/flashdownloads.h"
#include "core/jobs/jobregistry.h"
#include "core/store/jobstore.h"
#include "core/store/workflowstore.h"
#include "server/dialects/dialects.h"
#include "server/dialects/native/nativefeedcodec.h"
#include "tests/server/dialects/knowntokens.h"
#include "tests/support/fakeclock.h"
#include "tests/support/slowdisk.h"
#include "tests/support/switchedworker.h"

#include <QTemporaryDir>
#include <QTest>

namespace tests {

/// Everything behind the dialects, with a store in a folder of its own, workers that do as told and a
/// clock that stands still. Tokens: those of grantOfKnown().
struct HubParts {
    const QString epoch;
    QTemporaryDir folder;
    FakeClock clock;
    core::StoreThread thread{clock};
    core::JobStore store{thread, clock};
    core::History history{thread, clock};
    core::Settings settings{thread};
    core::Tokens tokens{thread, clock};
    core::Pairings pairings{tokens, clock};
    QHash<core::JobId, std::shared_ptr<SwitchedWorker::Switch>> switches;
    core::JobRegistry registry{clock,
                               [this](const core::JobSnapshot &job) { return makeWorker(job); }};
    /// Files in there are on that disk; the test says so before it asks for one.
    std::shared_ptr<QString> slowFolder = std::make_shared<QString>(QStringLiteral("/slow"));
    std::shared_ptr<SlowDisk> slowDisk = std::make_shared<SlowDisk>();
    core::JobService service{
        {.clock = clock,
         .registry = registry,
         .store = store,
         .settings = settings,
         .makeWorker = [this](const core::JobSnapshot &job) { return makeWorker(job); },
         .downloadFolder = folder.filePath(QStringLiteral("downloads")),
         .ownPorts = [] { return QList<quint16>{8765}; },
         .openFile =
             [folder = slowFolder, disk = slowDisk](const QString &path,
                                                    const QStringList &folders) {
                 return path.startsWith(*folder) ? disk->open(path)
                                                 : core::openInside(path, folders);
             }}};
    core::DriveList drives{core::DrivePolicy()};
    core::FlashDownloads flashDownloads{registry, service,
                                        folder.filePath(QStringLiteral("flash-images"))};
    core::FlashService flashes{{.clock = clock,
                                .registry = registry,
                                .store = store,
                                .drives = drives,
                                .downloads = flashDownloads,
                                .targetRules = [this] { return service.targetRules(); }}};
    core::DriveService driveWork{
        {.registry = registry,
         .store = store,
         .drives = drives,
         .targetRules = [this] { return service.targetRules(); },
         .eject = [](const core::DriveIdentity &) { return core::DriveRelease::Ending::Ejected; }}};
    core::WorkflowStore workflowStore{thread};
    core::StepJobs stepJobs{{.registry = registry, .service = service, .flashes = flashes}};
    core::Workflows workflows{
        {.clock = clock, .registry = registry, .store = workflowStore, .jobs = stepJobs}};
    core::Agents agents{clock, registry, store};
    server::Access access{clock,
                          {.lookUp = grantOfKnown, .isPaired = [this](const QByteArray &origin) {
                               return tokens.isPaired(origin);
                           }}};
    server::NativeFeedCodec codec;
    server::EventFeed feed{registry, clock, codec, epoch};
    server::Router router;
    std::function<server::HttpCounters()> httpCounters = [] { return server::HttpCounters(); };
    server::Dialects dialects{{service, flashes, driveWork, workflows, agents, history, registry,
                               tokens, settings, pairings, access, feed, clock,
                               [] { return QUrl(QStringLiteral("http://127.0.0.1:1/#t=x")); },
                               [this] { return httpCounters(); }}};

    explicit HubParts(QString ofEpoch = QStringLiteral("epoch1"))
        : epoch(std::move(ofEpoch))
    {
        if (!thread.open(folder.filePath(QStringLiteral("dray.db"))) || !store.load()
            || !settings.load() || !tokens.load())
            qFatal("no store");
        QObject::connect(&registry, &core::JobRegistry::eventsReady, &store,
                         &core::JobStore::record);
        QObject::connect(&drives, &core::DriveList::changed, &feed, &server::EventFeed::tellDrives);
        QObject::connect(&registry, &core::JobRegistry::eventsReady, &history,
                         &core::History::record);
        QObject::connect(&tokens, &core::Tokens::revoked, &access, &server::Access::revoke);
        QObject::connect(&workflows, &core::Workflows::eventsReady, &agents.board(),
                         &core::AgentBoard::countWorkflows);
        dialects.addRoutes(router);
    }
    ~HubParts()
    {
        if (!registry.stopForExit(std::chrono::seconds(10)))
            qFatal("a worker hangs");
    }

    core::Result<std::unique_ptr<core::JobWorker>> makeWorker(const core::JobSnapshot &job)
    {
        auto order = switchOf(job.id);
        if (isFinal(job.state)) // it is removed: only its files are to go
            switches.remove(job.id);
        return std::make_unique<SwitchedWorker>(std::move(order));
    }
    std::shared_ptr<SwitchedWorker::Switch> switchOf(core::JobId id)
    {
        auto &order = switches[id];
        if (!order)
            order = std::make_shared<SwitchedWorker::Switch>();
        return order;
    }
};

} // namespace tests
