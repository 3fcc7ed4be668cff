#pragma once
#include "core/driveservice.h"
#include "core/flashdownloads.h"
#include "core/flashservice.h"
#include "core/jobs/jobregistry.h"
#include "core/jobservice.h"
#include "core/pairings.h"
#include "core/store/jobstore.h"
#include "core/store/settings.h"
#include "tests/support/fakeclock.h"
#include "ui/hubcommands.h"

#include <QTemporaryDir>
#include <QThread>

#include <future>

namespace tests {

/// What the window talks to in a hub, with a store in a folder; ejecting a drive always works.
struct HubParts {
    FakeClock clock;
    core::StoreThread store{clock};
    core::JobStore jobStore{store, clock};
    core::Settings settings{store};
    core::Tokens tokens{store, clock};
    core::Pairings pairings{tokens, clock};
    core::JobRegistry registry;
    core::JobService service;
    core::DriveList drives{core::DrivePolicy()};
    core::FlashDownloads downloads;
    core::FlashService flashes;
    core::DriveService driveWork;

    HubParts(const QString &folder, const core::WorkerFactory &makeWorker)
        : registry(clock, makeWorker)
        , service({.clock = clock,
                   .registry = registry,
                   .store = jobStore,
                   .settings = settings,
                   .makeWorker = makeWorker,
                   .downloadFolder = folder,
                   .ownPorts = [] { return QList<quint16>{8765}; }})
        , downloads(registry, service, folder + QStringLiteral("/hidden"))
        , flashes({.clock = clock,
                   .registry = registry,
                   .store = jobStore,
                   .drives = drives,
                   .downloads = downloads,
                   .targetRules = [this] { return service.targetRules(); }})
        , driveWork({.registry = registry,
                     .store = jobStore,
                     .drives = drives,
                     .targetRules = [this] { return service.targetRules(); },
                     .eject = [](const core::DriveIdentity &)
                         -> core::Result<core::DriveRelease::Ending> {
                         return core::DriveRelease::Ending::Ejected;
                     }})
    {
        if (!store.open(folder + QStringLiteral("/dray.db")) || !jobStore.load()
            || !settings.load())
            qFatal("the store cannot be opened");
        QObject::connect(&registry, &core::JobRegistry::eventsReady, &jobStore,
                         &core::JobStore::record);
    }
    ~HubParts()
    {
        constexpr core::Milliseconds patience{10'000};
        if (!registry.stopForExit(patience) || !flashes.stopForExit(patience)
            || !driveWork.stopForExit(patience))
            qFatal("a worker does not stop");
    }
    [[nodiscard]] ui::HubCommands::Doors doors() { return {service, flashes, driveWork, settings}; }
};

/// A hub on a thread of its own; the test is the UI thread.
struct ThreadedHub {
    QTemporaryDir folder;
    QThread thread;
    QObject context;
    std::unique_ptr<HubParts> hub;

    explicit ThreadedHub(const core::WorkerFactory &makeWorker)
    {
        std::promise<void> made;
        context.moveToThread(&thread);
        QMetaObject::invokeMethod( // before the start, which TSan sees as the hand-over
            &context,
            [this, &made, makeWorker] {
                hub = std::make_unique<HubParts>(folder.path(), makeWorker);
                made.set_value();
            },
            Qt::QueuedConnection);
        thread.start();
        made.get_future().wait();
    }
    ~ThreadedHub()
    {
        onHub([this] { hub.reset(); });
        thread.quit();
        thread.wait();
    }
    template<typename Call>
    void onHub(Call call)
    {
        QMetaObject::invokeMethod(&context, call, Qt::BlockingQueuedConnection);
    }
};

} // namespace tests
