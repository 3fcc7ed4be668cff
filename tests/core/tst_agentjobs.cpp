#include "core/agents/agentworkjson.h"
#include "core/externaljobs.h"
#include "tests/core/storedservice.h"

#include <QTemporaryDir>
#include <QTest>

using namespace core;
using namespace std::chrono_literals;
using namespace Qt::StringLiterals;

namespace {

JobSnapshot work(JobState state = JobState::Queued)
{
    return {.kind = JobKind::External,
            .owner = u"local"_s,
            .state = state,
            .spec = encodeSpec(AgentWork{.kind = u"scan"_s, .spec = "{}", .outputs = {}})};
}

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
        m_bench->wait(ExternalJobs::StaleAfter * 2);
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
    std::optional<tests::StoredService> m_bench;
};

QTEST_GUILESS_MAIN(AgentJobsTest)
#include "tst_agentjobs.moc"
