#include "core/agents/agentworkjson.h"
#include "core/externaljobs.h"
#include "core/followers.h"
#include "core/jobs/jobregistry.h"
#include "core/jobservice.h"
#include "core/store/jobstore.h"
#include "core/store/settings.h"
#include "tests/support/eventrecorder.h"
#include "tests/support/fakeclock.h"

#include <QTemporaryDir>
#include <QTest>

using namespace core;
using namespace std::chrono_literals;
using namespace Qt::StringLiterals;

namespace {

Result<std::unique_ptr<JobWorker>> noWorker(const JobSnapshot &)
{
    return fail(ErrorCode::Unsupported);
}

JobSnapshot work(JobState state = JobState::Queued)
{
    return {.kind = JobKind::External,
            .owner = u"local"_s,
            .state = state,
            .spec = encodeSpec(AgentWork{.kind = u"scan"_s, .spec = "{}", .outputs = {}})};
}

/// The service with a real store.
struct Bench {
    explicit Bench(const QString &folder)
    {
        if (!thread.open(folder + u"/dray.db"_s))
            qFatal("the store cannot be opened");
        const auto jobs = store.load();
        if (!jobs || !settings.load())
            qFatal("the store cannot be read");
        QObject::connect(&registry, &JobRegistry::eventsReady, &store, &JobStore::record);
        for (const JobSnapshot &job : *jobs)
            registry.restore(job, afterCrash(job));
    }
    /// Waits until other work, which has no worker, was started and failed.
    void letTheQueueRun()
    {
        const JobId ours = registry.add({.kind = JobKind::Verify, .owner = u"local"_s});
        QTRY_COMPARE(job(ours).state, JobState::Failed);
    }
    [[nodiscard]] const JobSnapshot &job(JobId id) const { return *registry.find(id); }

    tests::FakeClock clock;
    StoreThread thread{clock};
    JobStore store{thread, clock};
    Settings settings{thread};
    JobRegistry registry{clock, noWorker};
    tests::EventRecorder recorder{registry};
    JobService service{{.clock = clock,
                        .registry = registry,
                        .store = store,
                        .settings = settings,
                        .makeWorker = noWorker,
                        .downloadFolder = u"/nonexistent"_s,
                        .ownPorts = [] { return QList<quint16>(); }}};
};

} // namespace

/// Jobs that are work for agents, as registry and service treat them.
class AgentJobsTest final : public QObject
{
    Q_OBJECT
private slots:
    void itWaitsForAnAgentAndTakesNoPlaceInTheQueue()
    {
        m_bench->registry.setLimits({.downloads = 1, .flashes = 1, .others = 1});
        const JobId waiting = m_bench->registry.add(work());
        const JobId running = m_bench->registry.add(work(JobState::Running));
        m_bench->letTheQueueRun();
        QCOMPARE(m_bench->job(waiting).state, JobState::Queued);
        QCOMPARE(m_bench->job(running).state, JobState::Running);
    }

    void itIsCommandedLikeWorkOfOurs()
    {
        const Principal who = Principal::localUser();
        const JobId id = m_bench->registry.add(work());
        QCOMPARE(m_bench->service.pause(who, id)->state, JobState::Paused);
        QCOMPARE(m_bench->service.resume(who, id)->state, JobState::Queued);
        QCOMPARE(m_bench->service.cancel(who, id)->state, JobState::Canceled);
        QCOMPARE(m_bench->service.retry(who, id)->state, JobState::Queued);
        QCOMPARE(m_bench->job(id).attempt, 2);
    }

    void itStopsAtOnceWhenItRuns()
    {
        const JobId id = m_bench->registry.add(work(JobState::Running));
        QCOMPARE(m_bench->service.pause(Principal::localUser(), id)->state, JobState::Paused);
        QVERIFY(!m_bench->job(id).stopRequested);
    }

    void itIsNeverStale()
    {
        const JobId id = m_bench->registry.add(work(JobState::Running));
        m_bench->clock.advance(ExternalJobs::StaleAfter * 2);
        m_bench->service.externalJobs().markStale();
        QCOMPARE(m_bench->job(id).progress.stage, Stage::None);
    }

    void nobodyReportsIt()
    {
        const JobId id = m_bench->registry.add(work(JobState::Running));
        m_bench->service.externalJobs().report(
            Principal::localUser(), {.job = id.toString(), .done = 5},
            [](const auto &answer) { QCOMPARE(answer.error().code, ErrorCode::InvalidState); });
        QCOMPARE(m_bench->job(id).progress.done, 0);
    }

    void aRestartKeepsItAsItWas_data()
    {
        QTest::addColumn<JobState>("state");
        QTest::newRow("queued") << JobState::Queued;
        QTest::newRow("running: the lease goes on") << JobState::Running;
        QTest::newRow("paused") << JobState::Paused;
        QTest::newRow("succeeded") << JobState::Succeeded;
    }
    void aRestartKeepsItAsItWas()
    {
        QFETCH(const JobState, state);
        const JobId id = m_bench->registry.add(work(state));
        const JobSnapshot before = m_bench->job(id);
        m_bench.reset();
        m_bench.emplace(m_folder->path());
        QCOMPARE(m_bench->job(id), before);
        m_bench->letTheQueueRun();
        QCOMPARE(m_bench->job(id), before);
    }

    void init()
    {
        m_bench.reset();
        m_folder.emplace();
        m_bench.emplace(m_folder->path());
    }

private:
    std::optional<QTemporaryDir> m_folder;
    std::optional<Bench> m_bench;
};

QTEST_GUILESS_MAIN(AgentJobsTest)
#include "tst_agentjobs.moc"
