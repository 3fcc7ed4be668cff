#include "core/agents/agents.h"
#include "core/jobs/jobregistry.h"
#include "core/store/jobstore.h"
#include "tests/support/eventrecorder.h"
#include "tests/support/fakeclock.h"

#include <QTest>

using namespace core;
using namespace std::chrono_literals;
using namespace Qt::StringLiterals;

namespace {

Principal owner(const QString &name)
{
    return {.name = u"program"_s, .owner = name, .scopes = DefaultScopes};
}
const Principal Local = owner(u"local"_s);

class Link final : public AgentLink
{
public:
    void takeOffer(const WorkOffer &offer) override { offers.append(offer); }
    void loseOffer(const QString &offer) override { lost.append(offer); }
    void lose() override { isReplaced = true; }

    QList<WorkOffer> offers;
    QStringList lost;
    bool isReplaced = false;
};

JobSnapshot work(const QString &ownedBy = u"local"_s)
{
    return {.kind = JobKind::External,
            .owner = ownedBy,
            .spec = encodeSpec(
                AgentWork{.kind = u"scan"_s, .spec = "{\"file\":\"a\"}", .outputs = {}})};
}

struct Bench {
    Result<std::optional<WorkOffer>>
    join(const QString &name, Link &link, const Principal &who = Local)
    {
        auto joined = agents.join(who, {.name = name, .capabilities = {u"scan"_s}}, link);
        agents.run();
        return joined;
    }
    JobId add(const QString &ownedBy = u"local"_s)
    {
        const JobId id = registry.add(work(ownedBy));
        agents.run();
        return id;
    }
    void wait(Milliseconds time)
    {
        clock.advance(time);
        agents.run();
    }
    [[nodiscard]] const JobSnapshot &job(JobId id) const { return *registry.find(id); }
    [[nodiscard]] AgentStatus status(const QString &name) const
    {
        return agents.board().find(name)->status;
    }

    tests::FakeClock clock;
    JobRegistry registry{clock, [](const JobSnapshot &) -> Result<std::unique_ptr<JobWorker>> {
                             return fail(ErrorCode::Unsupported);
                         }};
    tests::EventRecorder recorder{registry};
    StoreThread thread{clock}; // not open: nothing is to be written
    JobStore store{thread, clock};
    Agents agents{clock, registry, store};
};

constexpr Milliseconds Lease = Agents::DefaultLease;

} // namespace

class AgentsTest final : public QObject
{
    Q_OBJECT
private slots:
    void anAgentDoesAJobFromOfferToOutputs()
    {
        Link link;
        QVERIFY(m_bench->join(u"a"_s, link));
        const JobId id = m_bench->add();
        QCOMPARE(link.offers.size(), 1);
        QCOMPARE(link.offers[0].kind, u"scan"_s);
        QCOMPARE(link.offers[0].spec, "{\"file\":\"a\"}");
        QCOMPARE(link.offers[0].lease, Lease);
        const QString offer = link.offers[0].id;
        QCOMPARE(m_bench->job(id).state, JobState::Queued);

        QVERIFY(m_bench->agents.accept(link, offer));
        QCOMPARE(m_bench->job(id).state, JobState::Running);
        QCOMPARE(m_bench->status(u"a"_s), AgentStatus::Busy);
        QVERIFY(m_bench->agents.progress(link, offer, {.fraction = 0.5, .message = u"half"_s}));
        QCOMPARE(m_bench->job(id).progress.done * 2, m_bench->job(id).progress.total);
        QCOMPARE(m_bench->job(id).details.message, u"half"_s);
        m_bench->clock.advance(4s);
        QVERIFY(m_bench->agents.complete(link, offer, "{\"n\":1}"));
        QCOMPARE(m_bench->job(id).state, JobState::Succeeded);
        QCOMPARE(decodeAgentWork(m_bench->job(id).spec)->outputs, "{\"n\":1}");
        QCOMPARE(m_bench->job(id).progress.done, m_bench->job(id).progress.total);
        QCOMPARE(m_bench->recorder.states(id),
                 (QStringList{u"queued"_s, u"running"_s, u"succeeded"_s}));
        const Agent agent = *m_bench->agents.board().find(u"a"_s);
        QCOMPARE(agent.status, AgentStatus::Idle);
        QCOMPARE(agent.metrics.messageCount, 3);
        QCOMPARE(agent.metrics.averageExecutionSeconds, 4.0);
    }

    void whatIsRefused_data()
    {
        QTest::addColumn<QString>("name");
        QTest::addColumn<QString>("capability");
        QTest::addColumn<Principal>("who");
        QTest::addColumn<ErrorCode>("why");
        const QString scan = u"scan"_s;
        QTest::newRow("no name") << QString() << scan << Local << ErrorCode::InvalidArgument;
        QTest::newRow("a long name")
            << QString(65, u'a') << scan << Local << ErrorCode::InvalidArgument;
        QTest::newRow("a slash") << u"a/b"_s << scan << Local << ErrorCode::InvalidArgument;
        QTest::newRow("a built-in name")
            << u"flasher"_s << scan << Local << ErrorCode::InvalidArgument;
        QTest::newRow("a capability with a blank")
            << u"a"_s << u"a b"_s << Local << ErrorCode::InvalidArgument;
        QTest::newRow("no scope") << u"a"_s << scan
                                  << Principal{.owner = u"local"_s, .scopes = Scope::Read}
                                  << ErrorCode::Forbidden;
        QTest::newRow("another owner's name")
            << u"taken"_s << scan << owner(u"anna"_s) << ErrorCode::Forbidden;
    }
    void whatIsRefused()
    {
        QFETCH(const QString, name);
        QFETCH(const QString, capability);
        QFETCH(const Principal, who);
        Link taken;
        QVERIFY(m_bench->join(u"taken"_s, taken));
        Link link;
        const auto joined =
            m_bench->agents.join(who, {.name = name, .capabilities = {capability}}, link);
        QVERIFY(!joined);
        QTEST(joined.error().code, "why");
    }

    void aConnectionIsOneAgent()
    {
        Link link;
        QVERIFY(m_bench->join(u"a"_s, link));
        QVERIFY(m_bench->join(u"a"_s, link)); // its capabilities may be others
        QCOMPARE(m_bench->join(u"b"_s, link).error().code, ErrorCode::InvalidState);
        QVERIFY(!link.isReplaced);
    }

    void theSecondConnectionReplacesTheFirst()
    {
        Link first;
        Link second;
        QVERIFY(m_bench->join(u"a"_s, first));
        const JobId id = m_bench->add();
        QVERIFY(m_bench->agents.accept(first, first.offers[0].id));
        const auto held = m_bench->join(u"a"_s, second);
        QVERIFY(first.isReplaced);
        QCOMPARE((*held)->id, first.offers[0].id);
        QCOMPARE((*held)->job, id);
        QCOMPARE(m_bench->agents.complete(first, first.offers[0].id, "{}").error().code,
                 ErrorCode::InvalidState);
        m_bench->agents.leave(first);
        QCOMPARE(m_bench->status(u"a"_s), AgentStatus::Busy);
        QVERIFY(m_bench->agents.complete(second, first.offers[0].id, "{}"));
    }

    void whoComesBackWithinTheLeaseKeepsItsWork()
    {
        Link link;
        QVERIFY(m_bench->join(u"a"_s, link));
        const JobId id = m_bench->add();
        const QString offer = link.offers[0].id;
        QVERIFY(m_bench->agents.accept(link, offer));
        m_bench->agents.leave(link);
        QCOMPARE(m_bench->status(u"a"_s), AgentStatus::Offline);
        Link other;
        QVERIFY(m_bench->join(u"b"_s, other));
        m_bench->wait(Lease - 1s);
        QVERIFY(other.offers.isEmpty());
        Link again;
        QCOMPARE((*m_bench->join(u"a"_s, again))->id, offer);
        m_bench->wait(Lease - 1s); // the lease that it was told begins there
        QVERIFY(m_bench->agents.progress(again, offer, {.done = 1}));
        m_bench->wait(Lease - 1s);
        QVERIFY(m_bench->agents.complete(again, offer, "{}"));
        QCOMPARE(m_bench->job(id).state, JobState::Succeeded);
        QCOMPARE(m_bench->job(id).attempt, 1);
    }

    void whoDiesOfItsWorkEachTimeDoesNotKeepIt()
    {
        Link first;
        QVERIFY(m_bench->join(u"a"_s, first));
        const JobId id = m_bench->add();
        QVERIFY(m_bench->agents.accept(first, first.offers[0].id));
        m_bench->agents.leave(first);
        for (int i = 0; i < 3; ++i) {
            m_bench->wait(Lease / 2);
            Link again;
            (void)m_bench->join(u"a"_s, again);
            m_bench->agents.leave(again);
        }
        QCOMPARE(m_bench->job(id).state, JobState::Queued);
    }

    void whatALostAgentHadGoesToAnother()
    {
        Link lost;
        QVERIFY(m_bench->join(u"a"_s, lost));
        const JobId id = m_bench->add();
        QVERIFY(m_bench->agents.accept(lost, lost.offers[0].id));
        QVERIFY(m_bench->agents.progress(lost, lost.offers[0].id, {.done = 5, .total = 9}));
        m_bench->agents.leave(lost);
        Link other;
        QVERIFY(m_bench->join(u"b"_s, other));
        m_bench->wait(Lease);
        QCOMPARE(other.offers.size(), 1);
        QCOMPARE(m_bench->job(id).state, JobState::Queued);
        QCOMPARE(m_bench->job(id).attempt, 2);
        QCOMPARE(m_bench->job(id).progress.done, 0);
        QCOMPARE(m_bench->agents.board().find(u"a"_s)->metrics.errorCount, 1);

        Link back;
        QVERIFY(!*m_bench->join(u"a"_s, back));
        QCOMPARE(m_bench->agents.complete(back, lost.offers[0].id, "{}").error().code,
                 ErrorCode::InvalidState);
        QVERIFY(m_bench->agents.accept(other, other.offers[0].id));
        QVERIFY(m_bench->agents.complete(other, other.offers[0].id, "{}"));
        QCOMPARE(
            m_bench->recorder.states(id),
            (QStringList{u"queued"_s, u"running"_s, u"queued"_s, u"running"_s, u"succeeded"_s}));
    }

    void aSilentAgentLosesItsWorkThoughItIsConnected()
    {
        Link link;
        QVERIFY(m_bench->join(u"a"_s, link));
        (void)m_bench->add();
        QVERIFY(m_bench->agents.accept(link, link.offers[0].id));
        m_bench->wait(Lease);
        QCOMPARE(link.lost, QStringList{link.offers[0].id});
        QCOMPARE(m_bench->status(u"a"_s), AgentStatus::Error);
    }

    void anOfferThatWasNotAcceptedGoesWithItsConnection()
    {
        Link link;
        Link other;
        QVERIFY(m_bench->join(u"a"_s, link));
        (void)m_bench->add();
        QVERIFY(m_bench->join(u"b"_s, other));
        m_bench->agents.leave(link);
        m_bench->agents.run();
        QCOMPARE(other.offers.size(), 1);
    }

    void whatSomebodyStopsIsTakenFromItsAgent_data()
    {
        QTest::addColumn<bool>("isAccepted");
        QTest::addColumn<bool>("isPause");
        QTest::newRow("offered, canceled") << false << false;
        QTest::newRow("offered, paused") << false << true;
        QTest::newRow("running, canceled") << true << false;
        QTest::newRow("running, paused") << true << true;
    }
    void whatSomebodyStopsIsTakenFromItsAgent()
    {
        QFETCH(const bool, isAccepted);
        QFETCH(const bool, isPause);
        Link link;
        QVERIFY(m_bench->join(u"a"_s, link));
        const JobId id = m_bench->add();
        const QString offer = link.offers[0].id;
        if (isAccepted)
            QVERIFY(m_bench->agents.accept(link, offer));
        QVERIFY(isPause ? m_bench->registry.pause(id) : m_bench->registry.cancel(id));
        QCOMPARE(link.lost, QStringList{offer});
        QCOMPARE(m_bench->job(id).state, isPause ? JobState::Paused : JobState::Canceled);
        QVERIFY(!m_bench->agents.accept(link, offer));
        QVERIFY(!m_bench->agents.complete(link, offer, "{}"));
        QCOMPARE(m_bench->status(u"a"_s), AgentStatus::Idle);
        QCOMPARE(m_bench->agents.board().find(u"a"_s)->metrics.errorCount, 0);
        QVERIFY(isPause ? m_bench->registry.resume(id) : m_bench->registry.retry(id));
        m_bench->agents.run();
        QCOMPARE(link.offers.size(), 2);
    }

    void aJobThatIsRemovedWhileOfferedIsTakenBack()
    {
        Link link;
        QVERIFY(m_bench->join(u"a"_s, link));
        const JobId id = m_bench->add();
        QVERIFY(m_bench->registry.cancel(id));
        QVERIFY(m_bench->registry.remove(id));
        QVERIFY(!m_bench->agents.accept(link, link.offers[0].id));
        (void)m_bench->add();
        QCOMPARE(link.offers.size(), 2);
    }

    void failingFailsOrTriesAgain_data()
    {
        using Worth = Agents::Failure::Worth;
        QTest::addColumn<bool>("isAccepted");
        QTest::addColumn<Worth>("worth");
        QTest::addColumn<JobState>("state");
        QTest::newRow("declined") << false << Worth::Retry << JobState::Queued;
        QTest::newRow("impossible") << false << Worth::Nothing << JobState::Failed;
        QTest::newRow("this time") << true << Worth::Retry << JobState::Queued;
        QTest::newRow("for good") << true << Worth::Nothing << JobState::Failed;
    }
    void failingFailsOrTriesAgain()
    {
        QFETCH(const bool, isAccepted);
        QFETCH(const Agents::Failure::Worth, worth);
        QFETCH(const JobState, state);
        Link link;
        QVERIFY(m_bench->join(u"a"_s, link));
        const JobId id = m_bench->add();
        if (isAccepted)
            QVERIFY(m_bench->agents.accept(link, link.offers[0].id));
        QVERIFY(m_bench->agents.fail(link, link.offers[0].id, {u"out of ink"_s, worth}));
        QCOMPARE(m_bench->job(id).state, state);
        if (state == JobState::Failed)
            QCOMPARE(m_bench->job(id).error->context, u"out of ink"_s);
        QCOMPARE(m_bench->status(u"a"_s), isAccepted ? AgentStatus::Error : AgentStatus::Idle);
        Link other;
        QVERIFY(m_bench->join(u"b"_s, other));
        QCOMPARE(other.offers.size(), state == JobState::Queued ? 1 : 0);
    }

    void whatFailsThreeTimesHasFailed()
    {
        Link link;
        QVERIFY(m_bench->join(u"a"_s, link));
        const JobId id = m_bench->add();
        for (int i = 0; i < Agents::MostTries; ++i) {
            QCOMPARE(m_bench->job(id).state, JobState::Queued);
            QVERIFY(m_bench->agents.accept(link, link.offers.constLast().id));
            QVERIFY(m_bench->agents.fail(link, link.offers.constLast().id,
                                         {u"busy"_s, Agents::Failure::Worth::Retry}));
            m_bench->wait(OfferTable::Rest);
        }
        QCOMPARE(m_bench->job(id).state, JobState::Failed);
        QVERIFY(!m_bench->agents.board().find(u"a"_s)->metrics.isHealthy);
    }

    void nobodyIsGivenAnotherOwnersWork()
    {
        Link annas;
        QVERIFY(m_bench->join(u"a"_s, annas, owner(u"anna"_s)));
        (void)m_bench->add();
        QVERIFY(annas.offers.isEmpty());
        (void)m_bench->add(u"anna"_s);
        QCOMPARE(annas.offers.size(), 1);
    }

    void doneNeverGoesBack()
    {
        Link link;
        QVERIFY(m_bench->join(u"a"_s, link));
        const JobId id = m_bench->add();
        QVERIFY(m_bench->agents.accept(link, link.offers[0].id));
        QVERIFY(m_bench->agents.progress(link, link.offers[0].id, {.done = 5, .total = 9}));
        QVERIFY(m_bench->agents.progress(link, link.offers[0].id, {.done = 3}));
        QCOMPARE(m_bench->job(id).progress.done, 5);
        QVERIFY(!m_bench->agents.progress(link, link.offers[0].id, {.fraction = 1.5}));
        QVERIFY(!m_bench->agents.progress(link, link.offers[0].id, {.stage = Stage::Stale}));
    }

    void fiftyChangesASecondAndNumbersAreFree()
    {
        Link link;
        QVERIFY(m_bench->join(u"a"_s, link));
        (void)m_bench->add();
        const QString offer = link.offers[0].id;
        QVERIFY(m_bench->agents.accept(link, offer));
        for (int i = 1; i < 50; ++i)
            QVERIFY(m_bench->agents.progress(link, offer, {.message = QString::number(i)}));
        QCOMPARE(m_bench->agents.progress(link, offer, {.message = u"x"_s}).error().code,
                 ErrorCode::RateLimited);
        for (int i = 0; i < 1000; ++i)
            QVERIFY(m_bench->agents.progress(link, offer, {.done = i}));
        m_bench->clock.advance(1s);
        QVERIFY(m_bench->agents.progress(link, offer, {.message = u"x"_s}));
    }

    void aRestartLeavesTheWorkWithItsAgent()
    {
        Link link;
        QVERIFY(m_bench->join(u"a"_s, link));
        const JobId id = m_bench->add();
        const QString offer = link.offers[0].id;
        QVERIFY(m_bench->agents.accept(link, offer));
        const JobSnapshot stored = m_bench->job(id);
        m_bench.emplace();
        m_bench->registry.restore(stored, AfterCrash::GoOn);
        m_bench->agents.takeUp();
        Link other;
        QVERIFY(m_bench->join(u"b"_s, other));
        QVERIFY(other.offers.isEmpty());
        m_bench->wait(1s);
        Link back;
        QCOMPARE((*m_bench->join(u"a"_s, back))->id, offer);
        QCOMPARE(m_bench->status(u"a"_s), AgentStatus::Busy);
        m_bench->wait(Lease - 1s);
        QVERIFY(m_bench->agents.complete(back, offer, "{}"));
        QCOMPARE(m_bench->job(id).state, JobState::Succeeded);
    }

    void afterARestartTheLeaseRunsOutToo()
    {
        Link link;
        QVERIFY(m_bench->join(u"a"_s, link));
        const JobId id = m_bench->add();
        QVERIFY(m_bench->agents.accept(link, link.offers[0].id));
        const JobSnapshot stored = m_bench->job(id);
        m_bench.emplace();
        m_bench->registry.restore(stored, AfterCrash::GoOn);
        m_bench->agents.takeUp();
        m_bench->wait(Lease);
        QCOMPARE(m_bench->job(id).state, JobState::Queued);
        Link other;
        QVERIFY(m_bench->join(u"b"_s, other));
        QCOMPARE(other.offers.size(), 1);
    }

    void init() { m_bench.emplace(); }

private:
    std::optional<Bench> m_bench;
};

QTEST_GUILESS_MAIN(AgentsTest)
#include "tst_agents.moc"
