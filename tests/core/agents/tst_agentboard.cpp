#include "core/agents/agentboard.h"
#include "core/jobs/jobregistry.h"
#include "tests/support/fakeclock.h"

#include <QTest>

using namespace core;
using namespace std::chrono_literals;
using namespace Qt::StringLiterals;

namespace {

struct Bench {
    Bench()
    {
        QObject::connect(
            &board, &AgentBoard::agentChanged, &context, [this](const AgentChange &change) {
                told.append(change.agent.name + u' ' + agentStatusName(change.agent.status));
            });
        QObject::connect(&board, &AgentBoard::countsChanged, &context,
                         [this](const CoordinatorCounts &) { ++countsTold; });
    }
    void become(JobId id, JobState state)
    {
        JobSnapshot next = *registry.find(id);
        next.state = state;
        QVERIFY(registry.report(id, next));
    }

    tests::FakeClock clock;
    JobRegistry registry{clock, [](const JobSnapshot &) -> Result<std::unique_ptr<JobWorker>> {
                             return fail(ErrorCode::Unsupported);
                         }};
    AgentBoard board{clock, registry};
    QObject context;
    QStringList told;
    int countsTold = 0;
};

QStringList names(const QList<Agent> &agents)
{
    QStringList names;
    for (const Agent &agent : agents)
        names.append(agent.name);
    return names;
}

} // namespace

class AgentBoardTest final : public QObject
{
    Q_OBJECT
private slots:
    void builtInAgentsComeFirst()
    {
        m_bench->board.arrive(u"anvil"_s, u"local"_s, {});
        m_bench->board.arrive(u"zither"_s, u"local"_s, {});
        QCOMPARE(names(m_bench->board.list()),
                 (QStringList{u"downloader"_s, u"flasher"_s, u"media"_s, u"verifier"_s, u"anvil"_s,
                              u"zither"_s}));
        QCOMPARE(m_bench->board.find(u"flasher"_s)->capabilities,
                 (QStringList{u"flash"_s, u"read"_s, u"compare"_s, u"format"_s}));
    }

    void builtInAgentsAreMeasuredByTheirJobs()
    {
        const JobId id = m_bench->registry.add({.kind = JobKind::Flash, .owner = u"local"_s});
        m_bench->become(id, JobState::Running);
        const auto flasher = [this] { return *m_bench->board.find(u"flasher"_s); };
        QCOMPARE(flasher().status, AgentStatus::Busy);
        QCOMPARE(flasher().current, id);
        m_bench->clock.advance(10s);
        m_bench->become(id, JobState::Failed);
        QCOMPARE(flasher().status, AgentStatus::Error);
        QCOMPARE(flasher().metrics.errorCount, 1);
        QCOMPARE(flasher().metrics.averageExecutionSeconds, 10.0);
        QCOMPARE(flasher().current, JobId());
        QCOMPARE(flasher().metrics.messageCount, 2);
        QCOMPARE(m_bench->told, (QStringList{u"flasher busy"_s, u"flasher error"_s}));
        QCOMPARE(m_bench->board.history(u"flasher"_s).constLast().failed, 1);
    }

    void whatIsCanceledIsNoExecution()
    {
        const JobId id = m_bench->registry.add({.kind = JobKind::Verify, .owner = u"local"_s});
        m_bench->become(id, JobState::Running);
        m_bench->become(id, JobState::Canceled);
        QCOMPARE(m_bench->board.find(u"verifier"_s)->status, AgentStatus::Idle);
        QCOMPARE(m_bench->board.find(u"verifier"_s)->metrics.errorRate, 0.0);
    }

    void aReportedJobIsNoBuiltInAgentsWork()
    {
        const JobId id = m_bench->registry.add({.kind = JobKind::External, .owner = u"local"_s});
        m_bench->become(id, JobState::Running);
        QVERIFY(m_bench->told.isEmpty());
        QCOMPARE(m_bench->board.counts().totalMessages, 0);
    }

    void stepsAreToldAtOnceAndNumbersLater()
    {
        m_bench->board.arrive(u"a"_s, u"local"_s, {});
        m_bench->board.begin(u"a"_s, JobId{7});
        for (int i = 0; i < 100; ++i)
            m_bench->board.countMessage(u"a"_s);
        QCOMPARE(m_bench->told, (QStringList{u"a idle"_s, u"a busy"_s}));
        m_bench->board.tellNumbers();
        m_bench->board.tellNumbers();
        QCOMPARE(m_bench->told.size(), 3);
        m_bench->board.end(u"a"_s, AgentBoard::End::Succeeded);
        QCOMPARE(m_bench->told.constLast(), u"a idle"_s);
    }

    void theCoordinatorCounts()
    {
        QCOMPARE(m_bench->board.counts().registeredAgents, 4);
        m_bench->board.arrive(u"a"_s, u"local"_s, {});
        QCOMPARE(m_bench->board.counts().registeredAgents, 5);
        QCOMPARE(m_bench->countsTold, 1);
        m_bench->board.leave(u"a"_s);
        QCOMPARE(m_bench->board.counts().registeredAgents, 4);
        QCOMPARE(m_bench->board.counts().healthyAgents, 4);
        const Workflow running{.state = JobState::Running};
        const Workflow ended{.state = JobState::Succeeded};
        m_bench->board.restoreWorkflows({running, ended});
        QCOMPARE(m_bench->countsTold, 3);
        m_bench->board.countWorkflows({WorkflowAdded{running}, WorkflowAdded{running},
                                       WorkflowChanged{running, ended}, WorkflowRemoved{}});
        QCOMPARE(m_bench->countsTold, 4);
        m_bench->board.countMessage(u"a"_s);
        QCOMPARE(m_bench->countsTold, 4);
        m_bench->board.tellNumbers();
        QCOMPARE(m_bench->countsTold, 5);
        QCOMPARE(m_bench->board.counts(),
                 (CoordinatorCounts{.totalMessages = 1,
                                    .totalWorkflows = 3,
                                    .registeredAgents = 4,
                                    .healthyAgents = 4,
                                    .activeWorkflows = 2}));
    }

    void agentsThatLeftAreRememberedUpToABound()
    {
        for (int i = 0; i < AgentBoard::MostOffline + 10; ++i) {
            m_bench->board.arrive(QString::number(i), u"local"_s, {});
            m_bench->board.leave(QString::number(i));
        }
        QCOMPARE(m_bench->board.list().size(), AgentBoard::MostOffline + 4);
        QVERIFY(!m_bench->board.find(u"9"_s));
        QVERIFY(m_bench->board.find(u"10"_s));
    }

    void anotherOwnersNameBeginsAnew()
    {
        m_bench->board.arrive(u"a"_s, u"local"_s, {});
        m_bench->board.countMessage(u"a"_s);
        m_bench->board.leave(u"a"_s);
        m_bench->board.arrive(u"a"_s, u"anna"_s, {});
        QCOMPARE(m_bench->board.find(u"a"_s)->metrics.messageCount, 0);
    }

    void init() { m_bench.emplace(); }

private:
    std::optional<Bench> m_bench;
};

QTEST_GUILESS_MAIN(AgentBoardTest)
#include "tst_agentboard.moc"
