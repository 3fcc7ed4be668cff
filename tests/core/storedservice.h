#pragma once
#include "core/followers.h"
#include "core/jobs/jobregistry.h"
#include "core/jobservice.h"
#include "core/store/jobstore.h"
#include "core/store/settings.h"
#include "tests/support/eventrecorder.h"
#include "tests/support/fakeclock.h"

#include <QTest>

namespace tests {

/// The service with a real store in `folder`, as after a start of the program there: jobs come back as the
/// one before left them. Nothing has a worker, unless the test gives some.
struct StoredService {
    explicit StoredService(const QString &folder, core::WorkerFactory makeWorker = noWorker)
        : registry(clock, std::move(makeWorker))
    {
        if (!thread.open(folder + QStringLiteral("/dray.db")))
            qFatal("the store cannot be opened");
        const auto jobs = store.load();
        if (!jobs || !settings.load())
            qFatal("the store cannot be read");
        QObject::connect(&registry, &core::JobRegistry::eventsReady, &store,
                         &core::JobStore::record);
        for (const core::JobSnapshot &job : *jobs)
            registry.restore(job, core::afterCrash(job));
    }

    core::Result<core::JobSnapshot> report(const core::JobReport &said, const core::Principal &who)
    {
        std::optional<core::Result<core::JobSnapshot>> answered;
        service.externalJobs().report(
            who, said, [&](const core::Result<core::JobSnapshot> &answer) { answered = answer; });
        if (!QTest::qWaitFor([&] { return answered.has_value(); }, 10'000))
            qFatal("a report was not answered");
        return *answered;
    }
    [[nodiscard]] const core::JobSnapshot &job(core::JobId id) const { return *registry.find(id); }
    /// A silence of programs.
    void wait(core::Milliseconds time)
    {
        clock.advance(time);
        service.externalJobs().markStale();
    }
    /// Waits until other work, which has no worker, was started and failed.
    void letTheQueueRun()
    {
        const core::JobId ours =
            registry.add({.kind = core::JobKind::Verify, .owner = QStringLiteral("local")});
        QTRY_COMPARE(job(ours).state, core::JobState::Failed);
    }
    [[nodiscard]] static core::Result<std::unique_ptr<core::JobWorker>>
    noWorker(const core::JobSnapshot &)
    {
        return core::fail(core::ErrorCode::Unsupported);
    }

    FakeClock clock;
    core::StoreThread thread{clock};
    core::JobStore store{thread, clock};
    core::Settings settings{thread};
    core::JobRegistry registry;
    EventRecorder recorder{registry};
    core::JobService service{{.clock = clock,
                              .registry = registry,
                              .store = store,
                              .settings = settings,
                              .makeWorker = noWorker,
                              .downloadFolder = QStringLiteral("/nonexistent"),
                              .ownPorts = [] { return QList<quint16>(); }}};
};

} // namespace tests
