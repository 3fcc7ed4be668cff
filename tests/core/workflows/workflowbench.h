#pragma once
#include "core/flashdownloads.h"
#include "core/flashservice.h"
#include "core/jobs/jobregistry.h"
#include "core/jobservice.h"
#include "core/store/jobstore.h"
#include "core/store/settings.h"
#include "core/store/workflowstore.h"
#include "core/workflows/workflowplanjson.h"
#include "core/workflows/workflows.h"
#include "tests/core/workflows/stepworker.h"
#include "tests/support/fakeclock.h"

#include <QJsonDocument>
#include <QTemporaryDir>
#include <QTest>

namespace tests {

/// Workflows with everything that they need, in a folder of its own; begin() again is the next run of the
/// program on it. Jobs do as told, by the name of their step.
struct WorkflowBench {
    struct Run {
        explicit Run(WorkflowBench &bench)
            : b(bench)
        {
            if (!thread.open(b.folder.filePath(QStringLiteral("dray.db"))) || !settings.load())
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
        ~Run()
        {
            if (!registry.stopForExit(std::chrono::seconds(10)))
                qFatal("a worker hangs");
        }
        [[nodiscard]] core::WorkerFactory factory()
        {
            return [this](const core::JobSnapshot &job)
                       -> core::Result<std::unique_ptr<core::JobWorker>> {
                const QString step = job.workflow.section(QLatin1Char('/'), 1);
                return std::make_unique<StepWorker>(b.switchOf(job.workflow),
                                                    b.path(step + QStringLiteral(".bin")));
            };
        }

        WorkflowBench &b;
        core::StoreThread thread{b.clock};
        core::JobStore store{thread, b.clock};
        core::WorkflowStore workflowStore{thread};
        core::Settings settings{thread};
        core::JobRegistry registry{b.clock, factory()};
        core::JobService service{{.clock = b.clock,
                                  .registry = registry,
                                  .store = store,
                                  .settings = settings,
                                  .makeWorker = factory(),
                                  .downloadFolder = b.path({}),
                                  .ownPorts = [] { return QList<quint16>{8765}; }}};
        core::DriveList drives{core::DrivePolicy()};
        core::FlashDownloads flashDownloads{registry, service, b.path(QStringLiteral(".images"))};
        core::FlashService flashes{{.clock = b.clock,
                                    .registry = registry,
                                    .store = store,
                                    .drives = drives,
                                    .downloads = flashDownloads,
                                    .targetRules = [this] { return service.targetRules(); }}};
        core::StepJobs stepJobs{{.registry = registry, .service = service, .flashes = flashes}};
        core::Workflows workflows{
            {.clock = b.clock, .registry = registry, .store = workflowStore, .jobs = stepJobs}};
        core::WorkflowEvents events;
    };

    WorkflowBench() { begin(); }
    void begin()
    {
        run.reset();
        run = std::make_unique<Run>(*this);
        run->registry.setLimits({.downloads = 100, .others = 100});
    }
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
    /// `json` with single quotes for double ones.
    [[nodiscard]] static core::Result<core::WorkflowPlan> plan(QByteArray json)
    {
        const QJsonDocument document = QJsonDocument::fromJson(json.replace('\'', '"'));
        if (!document.isObject())
            qFatal("not JSON: %s", json.constData());
        return core::workflowPlanFromJson(document.object());
    }
    /// Waits until it is on disk.
    core::Result<core::Workflow> add(const QByteArray &json,
                                     const core::Principal &who = core::Principal::localUser())
    {
        auto asked = plan(json);
        if (!asked)
            return core::fail(asked.error());
        std::optional<core::Result<core::Workflow>> answer;
        run->workflows.add(who, *asked,
                           [&](const core::Result<core::Workflow> &added) { answer = added; });
        if (!QTest::qWaitFor([&] { return answer.has_value(); }, 10'000))
            qFatal("no answer");
        return *answer;
    }
    [[nodiscard]] core::Workflow get(core::WorkflowId id)
    {
        return *run->workflows.get(core::Principal::localUser(), id);
    }
    [[nodiscard]] core::WorkflowStep step(core::WorkflowId id, const QString &name)
    {
        const core::Workflow workflow = get(id);
        return workflow.steps[workflow.indexOf(name)];
    }
    [[nodiscard]] core::JobState stateOf(core::WorkflowId id, const QString &name)
    {
        return step(id, name).state;
    }
    [[nodiscard]] bool isRunning(core::WorkflowId id, const QString &name)
    {
        return stateOf(id, name) == core::JobState::Running;
    }
    void order(core::WorkflowId id, const QString &name, int how)
    {
        switchOf(core::WorkflowLink{id, name}.toString())->order = how;
    }
    void complete(core::WorkflowId id, const QString &name) { order(id, name, 1); }
    void failStep(core::WorkflowId id, const QString &name) { order(id, name, 2); }

    QTemporaryDir folder;
    FakeClock clock;
    QHash<QString, std::shared_ptr<StepWorker::Switch>> switches;
    std::unique_ptr<Run> run;
};

} // namespace tests
