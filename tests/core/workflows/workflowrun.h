#pragma once
#include "core/flashdownloads.h"
#include "core/flashservice.h"
#include "core/jobs/jobregistry.h"
#include "core/jobservice.h"
#include "core/store/jobstore.h"
#include "core/store/settings.h"
#include "core/store/workflowstore.h"
#include "core/workflows/workflows.h"
#include "tests/core/workflows/stepworker.h"
#include "tests/support/fakeclock.h"

#include <QTemporaryDir>

namespace tests {

/// What stays between two runs of the program: its folder, the time, and how jobs are told to end.
struct WorkflowDisk {
    [[nodiscard]] QString path(const QString &name) const
    {
        return folder.filePath(QStringLiteral("downloads/") + name);
    }
    std::shared_ptr<StepWorker::Switch> switchOf(const QString &link)
    {
        auto &order = switches[link];
        if (!order)
            order = std::make_shared<StepWorker::Switch>();
        return order;
    }

    QTemporaryDir folder;
    FakeClock clock;
    QHash<QString, std::shared_ptr<StepWorker::Switch>> switches; // by the link of the step
};

/// One run of the program: all that workflows need, restored from the folder.
struct WorkflowRun {
    explicit WorkflowRun(WorkflowDisk &whatStays)
        : disk(whatStays)
    {
        if (!thread.open(disk.folder.filePath(QStringLiteral("dray.db"))) || !settings.load())
            qFatal("no store");
        const auto jobs = store.load();
        const auto stored = workflowStore.load();
        if (!jobs || !stored)
            qFatal("the store cannot be read");
        QObject::connect(&registry, &core::JobRegistry::eventsReady, &store,
                         &core::JobStore::record);
        for (const core::JobSnapshot &job : *jobs)
            registry.restore(job);
        registry.reserveIds(store.lastId());
        workflows.restore(*stored, workflowStore.lastId());
        QObject::connect(&workflows, &core::Workflows::eventsReady, &workflows,
                         [this](const core::WorkflowEvents &more) { events += more; });
    }
    ~WorkflowRun()
    {
        if (!registry.stopForExit(std::chrono::seconds(10)))
            qFatal("a worker hangs");
    }
    [[nodiscard]] core::WorkerFactory factory()
    {
        return
            [this](const core::JobSnapshot &job) -> core::Result<std::unique_ptr<core::JobWorker>> {
                const QString step = job.workflow.section(QLatin1Char('/'), 1);
                return std::make_unique<StepWorker>(disk.switchOf(job.workflow),
                                                    disk.path(step + QStringLiteral(".bin")));
            };
    }

    WorkflowDisk &disk;
    core::StoreThread thread{disk.clock};
    core::JobStore store{thread, disk.clock};
    core::WorkflowStore workflowStore{thread};
    core::Settings settings{thread};
    core::JobRegistry registry{disk.clock, factory()};
    core::JobService service{{.clock = disk.clock,
                              .registry = registry,
                              .store = store,
                              .settings = settings,
                              .makeWorker = factory(),
                              .downloadFolder = disk.path({}),
                              .ownPorts = [] { return QList<quint16>{8765}; }}};
    core::DriveList drives{core::DrivePolicy()};
    core::FlashDownloads flashDownloads{registry, service, disk.path(QStringLiteral(".images"))};
    core::FlashService flashes{{.clock = disk.clock,
                                .registry = registry,
                                .store = store,
                                .drives = drives,
                                .downloads = flashDownloads,
                                .targetRules = [this] { return service.targetRules(); }}};
    core::StepJobs stepJobs{{.registry = registry, .service = service, .flashes = flashes}};
    core::Workflows workflows{
        {.clock = disk.clock, .registry = registry, .store = workflowStore, .jobs = stepJobs}};
    core::WorkflowEvents events;
};

} // namespace tests
