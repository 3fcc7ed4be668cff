#include "core/agents/agentworkjson.h"
#include "tests/core/workflows/workflowbench.h"

using namespace core;
using namespace std::chrono_literals;
using namespace Qt::StringLiterals;
using tests::WorkflowBench;

namespace {

const QByteArray
    Chain("{'title':'Chain','steps':["
          "{'name':'fetch','kind':'download','url':'http://example.test/a.bin'},"
          "{'name':'check','kind':'verify','file':'${fetch.file}','sha256':'${fetch.sha256}'},"
          "{'name':'unpack','kind':'extract','file':'${fetch.file}','needs':['check']}]}");
const QByteArray Fork("{'steps':["
                      "{'name':'a','kind':'download','url':'http://example.test/a.bin'},"
                      "{'name':'b','kind':'verify','file':'${a.file}','sha256':'${a.sha256}'},"
                      "{'name':'c','kind':'download','url':'http://example.test/c.bin'},"
                      "{'name':'d','kind':'verify','file':'${c.file}','sha256':'${c.sha256}'}]}");

Principal other(const QString &owner, Scopes scopes)
{
    return {.name = owner, .owner = owner, .scopes = scopes};
}

const Principal Me = Principal::localUser();

} // namespace

class WorkflowsTest : public QObject
{
    Q_OBJECT
private slots:
    void stepsRunOneAfterTheOtherWithTheirOutputs();
    void nothingStartsBeforeItIsOnDisk();
    void aFailedStepStopsOnlyWhatNeedsIt();
    void aRetryGoesOnFromTheFailedStep();
    void oneStepIsRetriedWithWhatNeedsIt();
    void aJobThatIsRetriedByItselfFreesWhatNeedsIt();
    void pauseStopsWhatRunsAndResumeGoesOn();
    void whatFailsWhilePausedIsRetried();
    void aRevokedTokenStartsNoCommand();
    void aCommandThatMayHaveRunIsNotStartedAgain_data();
    void aCommandThatMayHaveRunIsNotStartedAgain();
    void commandsThatBeginTogetherAreAllKnownToHaveBegun();
    void cancelEndsEveryStep();
    void aJobOfACanceledWorkflowCanBeRetried();
    void whatComesBackToTheQueueOfAPausedWorkflowWaits();
    void theSecondOfTwoClientsIsToldTheState();
    void wrongStepsAreRefusedBeforeAnythingStarts_data();
    void wrongStepsAreRefusedBeforeAnythingStarts();
    void othersSeeAndSteerNothing();
    void rightsAreThoseOfWhoAddedIt();
    void progressIsWeightedAndNeverGoesBack();
    void goesOnAfterARestart_data();
    void goesOnAfterARestart();
    void aStepWithoutItsOutputFailsSayingSo();
    void removesTheWorkflowWithItsJobs();
    void reportsAndAgentsAreExternalJobs();
    void idsAreNotGivenAgain();
};

void WorkflowsTest::stepsRunOneAfterTheOtherWithTheirOutputs()
{
    WorkflowBench bench;
    const auto added = bench.add(Chain);
    QVERIFY(added);
    const WorkflowId id = added->id;
    QCOMPARE(added->state, JobState::Queued);
    QTRY_VERIFY(bench.isRunning(id, u"fetch"_s));
    QCOMPARE(bench.get(id).state, JobState::Running);
    QCOMPARE(bench.run->registry.snapshots().size(), 1);
    QCOMPARE(bench.run->registry.snapshots().constFirst().workflow, u"w1/fetch"_s);
    bench.complete(id, u"fetch"_s);
    QTRY_VERIFY(bench.isRunning(id, u"check"_s));
    QCOMPARE(bench.get(id).stage, 1);
    const JobSnapshot *check = bench.run->registry.find(bench.step(id, u"check"_s).job);
    QCOMPARE(check->kind, JobKind::Verify);
    QCOMPARE(check->source, bench.path(u"fetch.bin"_s));
    bench.complete(id, u"check"_s);
    QTRY_VERIFY(bench.isRunning(id, u"unpack"_s));
    bench.complete(id, u"unpack"_s);
    QTRY_COMPARE(bench.get(id).state, JobState::Succeeded);
    QCOMPARE(bench.get(id).progress, 1.0);
    QVERIFY(bench.get(id).finishedAt > 0);
    QCOMPARE(bench.run->registry.snapshots().size(), 3);
}

void WorkflowsTest::nothingStartsBeforeItIsOnDisk()
{
    WorkflowBench bench;
    bool isAnswered = false;
    bench.run->workflows.add(Me, *WorkflowBench::plan(Chain), [&](const Result<Workflow> &added) {
        isAnswered = added.has_value();
        QVERIFY(bench.run->registry.snapshots().isEmpty());
    });
    QVERIFY(!isAnswered);
    QVERIFY(bench.run->events.isEmpty());
    QTRY_COMPARE(bench.run->registry.snapshots().size(), 1);
    QVERIFY(isAnswered);
}

void WorkflowsTest::aFailedStepStopsOnlyWhatNeedsIt()
{
    WorkflowBench bench;
    const WorkflowId id = bench.add(Fork)->id;
    QTRY_VERIFY(bench.isRunning(id, u"a"_s) && bench.isRunning(id, u"c"_s));
    bench.failStep(id, u"a"_s);
    QTRY_COMPARE(bench.stateOf(id, u"b"_s), JobState::Failed);
    QCOMPARE(bench.step(id, u"b"_s).error->code, ErrorCode::Prerequisite);
    QCOMPARE(bench.step(id, u"b"_s).job.value, 0);
    QCOMPARE(bench.get(id).state, JobState::Running);
    bench.complete(id, u"c"_s);
    QTRY_VERIFY(bench.isRunning(id, u"d"_s));
    bench.complete(id, u"d"_s);
    QTRY_COMPARE(bench.get(id).state, JobState::Failed);
    QCOMPARE(bench.get(id).steps[bench.get(id).stage].name, u"a"_s);
    QCOMPARE(bench.get(id).message, u"reset"_s);
}

void WorkflowsTest::aRetryGoesOnFromTheFailedStep()
{
    WorkflowBench bench;
    const WorkflowId id = bench.add(Chain)->id;
    bench.complete(id, u"fetch"_s);
    bench.failStep(id, u"check"_s);
    QTRY_COMPARE(bench.get(id).state, JobState::Failed);
    const JobId fetched = bench.step(id, u"fetch"_s).job;
    const auto again = bench.run->workflows.retry(Me, id);
    QVERIFY(again);
    QCOMPARE(again->attempt, 2);
    QCOMPARE(again->state, JobState::Running); // something has succeeded
    QCOMPARE(again->steps[2].state, JobState::Queued);
    bench.complete(id, u"check"_s);
    bench.complete(id, u"unpack"_s);
    QTRY_COMPARE(bench.get(id).state, JobState::Succeeded);
    QCOMPARE(bench.step(id, u"fetch"_s).job, fetched);
    QCOMPARE(bench.switchOf(u"w1/fetch"_s)->runs, 1);
    QCOMPARE(bench.switchOf(u"w1/check"_s)->runs, 2);
    QCOMPARE(bench.run->workflows.retry(Me, id).error().code, ErrorCode::InvalidState);
}

void WorkflowsTest::oneStepIsRetriedWithWhatNeedsIt()
{
    WorkflowBench bench;
    const WorkflowId id = bench.add(Fork)->id;
    bench.failStep(id, u"a"_s);
    bench.failStep(id, u"c"_s);
    QTRY_COMPARE(bench.get(id).state, JobState::Failed);
    QCOMPARE(bench.run->workflows.retry(Me, id, u"b"_s).error().code, ErrorCode::InvalidState);
    QCOMPARE(bench.run->workflows.retry(Me, id, u"none"_s).error().code, ErrorCode::NotFound);
    QVERIFY(bench.run->workflows.retry(Me, id, u"c"_s));
    bench.complete(id, u"c"_s);
    QTRY_VERIFY(bench.isRunning(id, u"d"_s));
    QCOMPARE(bench.stateOf(id, u"a"_s), JobState::Failed);
    QCOMPARE(bench.stateOf(id, u"b"_s), JobState::Failed);
    bench.complete(id, u"d"_s);
    QTRY_COMPARE(bench.get(id).state, JobState::Failed);
}

void WorkflowsTest::aJobThatIsRetriedByItselfFreesWhatNeedsIt()
{
    WorkflowBench bench;
    const WorkflowId id = bench.add(Chain)->id;
    bench.failStep(id, u"fetch"_s);
    QTRY_COMPARE(bench.get(id).state, JobState::Failed);
    QVERIFY(bench.run->service.retry(Me, bench.step(id, u"fetch"_s).job));
    QTRY_VERIFY(bench.isRunning(id, u"fetch"_s));
    QCOMPARE(bench.stateOf(id, u"unpack"_s), JobState::Queued);
    bench.complete(id, u"fetch"_s);
    QTRY_VERIFY(bench.isRunning(id, u"check"_s));
}

void WorkflowsTest::pauseStopsWhatRunsAndResumeGoesOn()
{
    WorkflowBench bench;
    const WorkflowId id = bench.add(Fork)->id;
    QTRY_VERIFY(bench.isRunning(id, u"a"_s) && bench.isRunning(id, u"c"_s));
    const auto paused = bench.run->workflows.pause(Me, id);
    QVERIFY(paused);
    QCOMPARE(paused->wish, WorkflowWish::Pause);
    QTRY_COMPARE(bench.get(id).state, JobState::Paused);
    QCOMPARE(bench.run->workflows.pause(Me, id).error().code, ErrorCode::InvalidState);
    QCOMPARE(bench.stateOf(id, u"a"_s), JobState::Paused);
    const auto resumed = bench.run->workflows.resume(Me, id);
    QVERIFY(resumed);
    QVERIFY(resumed->state != JobState::Paused);
    QCOMPARE(bench.run->workflows.resume(Me, id).error().code, ErrorCode::InvalidState);
    bench.complete(id, u"a"_s);
    QTRY_VERIFY(bench.isRunning(id, u"b"_s));
}

void WorkflowsTest::whatFailsWhilePausedIsRetried()
{
    WorkflowBench bench;
    const WorkflowId id =
        bench.add("{'steps':[{'name':'tell','kind':'report','job':'build','title':'Build'}]}")->id;
    const auto say = [&bench](JobState state) {
        bench.run->service.externalJobs().report(
            Me, {.job = u"build"_s, .state = state},
            [](const Result<JobSnapshot> &told) { QVERIFY(told); });
    };
    QTRY_VERIFY(bench.step(id, u"tell"_s).job.value > 0);
    say(JobState::Running);
    QTRY_VERIFY(bench.isRunning(id, u"tell"_s));
    QVERIFY(bench.run->workflows.pause(Me, id)); // what others do goes on
    QCOMPARE(bench.get(id).state, JobState::Paused);
    say(JobState::Failed);
    QTRY_COMPARE(bench.get(id).state, JobState::Failed);
    QCOMPARE(bench.run->workflows.resume(Me, id).error().code, ErrorCode::InvalidState);
    QVERIFY(bench.run->workflows.retry(Me, id));
    QVERIFY(bench.get(id).state != JobState::Failed);
    QCOMPARE(bench.get(id).wish, WorkflowWish::Run);
}

void WorkflowsTest::aRevokedTokenStartsNoCommand()
{
    WorkflowBench bench;
    const Principal robot{.name = u"robot"_s, .owner = u"local"_s, .scopes = Scope::Admin};
    const WorkflowId id =
        bench
            .add("{'steps':[{'name':'go','kind':'report','job':'go'},"
                 "{'name':'do','kind':'command','command':'true','needs':['go']}]}",
                 robot)
            ->id;
    QTRY_VERIFY(bench.step(id, u"go"_s).job.value > 0);
    bench.run->workflows.distrust({.name = u"robot"_s, .owner = u"local"_s});
    QTRY_VERIFY(!bench.get(id).asker.has(Scope::Admin));
    bench.run->service.externalJobs().report(Me, {.job = u"go"_s, .state = JobState::Succeeded},
                                             [](const auto &) {});
    QTRY_COMPARE(bench.stateOf(id, u"do"_s), JobState::Failed);
    QCOMPARE(bench.step(id, u"do"_s).error->code, ErrorCode::Forbidden);
    QCOMPARE(bench.switchOf(u"w1/do"_s)->runs, 0);
}

void WorkflowsTest::aCommandThatMayHaveRunIsNotStartedAgain_data()
{
    QTest::addColumn<qint64>("job");
    QTest::newRow("killed before there was a job") << qint64(0);
    QTest::newRow("killed before its job was on disk") << qint64(7);
}

void WorkflowsTest::aCommandThatMayHaveRunIsNotStartedAgain()
{
    QFETCH(const qint64, job);
    WorkflowBench bench;
    const WorkflowId id =
        bench
            .add("{'steps':[{'name':'go','kind':'report','job':'go'},"
                 "{'name':'do','kind':'command','command':'true','needs':['go']}]}")
            ->id;
    QTRY_VERIFY(bench.step(id, u"go"_s).job.value > 0); // nothing else is stored after that
    Workflow begun = bench.get(id);
    begun.steps[1].isBegun = true;
    begun.steps[1].job = JobId{job};
    bool isStored = false;
    bench.run->workflowStore.put(begun);
    bench.run->workflowStore.whenCommitted(id, &bench.run->workflows,
                                           [&](const auto &written) { isStored = bool(written); });
    QTRY_VERIFY(isStored);
    bench.begin();
    QTRY_COMPARE(bench.stateOf(id, u"do"_s), JobState::Failed);
    QCOMPARE(bench.step(id, u"do"_s).error->code, ErrorCode::WorkFailed);
    QCOMPARE(bench.switchOf(u"w1/do"_s)->runs, 0);
    bench.run->service.externalJobs().report(Me, {.job = u"go"_s, .state = JobState::Succeeded},
                                             [](const auto &) {});
    QTRY_COMPARE(bench.get(id).state, JobState::Failed);
    QVERIFY(bench.run->workflows.retry(Me, id, u"do"_s));
    bench.complete(id, u"do"_s);
    QTRY_COMPARE(bench.get(id).state, JobState::Succeeded);
}

void WorkflowsTest::cancelEndsEveryStep()
{
    WorkflowBench bench;
    const WorkflowId id = bench.add(Chain)->id;
    bench.complete(id, u"fetch"_s);
    QTRY_VERIFY(bench.isRunning(id, u"check"_s));
    QVERIFY(bench.run->workflows.cancel(Me, id));
    QTRY_COMPARE(bench.get(id).state, JobState::Canceled);
    QCOMPARE(bench.stateOf(id, u"fetch"_s), JobState::Succeeded);
    QCOMPARE(bench.stateOf(id, u"check"_s), JobState::Canceled);
    QCOMPARE(bench.stateOf(id, u"unpack"_s), JobState::Canceled);
    QVERIFY(bench.run->workflows.retry(Me, id));
    bench.complete(id, u"check"_s);
    bench.complete(id, u"unpack"_s);
    QTRY_COMPARE(bench.get(id).state, JobState::Succeeded);
}

void WorkflowsTest::commandsThatBeginTogetherAreAllKnownToHaveBegun()
{
    WorkflowBench bench;
    const WorkflowId id = bench
                              .add("{'steps':[{'name':'a','kind':'command','command':'true'},"
                                   "{'name':'tell','kind':'report','job':'tell'},"
                                   "{'name':'b','kind':'command','command':'true'}]}")
                              ->id;
    QTRY_VERIFY(bench.isRunning(id, u"a"_s) && bench.isRunning(id, u"b"_s));
    QVERIFY(bench.step(id, u"a"_s).isBegun);
    QVERIFY(bench.step(id, u"b"_s).isBegun);
}

void WorkflowsTest::aJobOfACanceledWorkflowCanBeRetried()
{
    WorkflowBench bench;
    const WorkflowId id = bench.add(Chain)->id;
    QTRY_VERIFY(bench.isRunning(id, u"fetch"_s));
    QVERIFY(bench.run->workflows.cancel(Me, id));
    QTRY_COMPARE(bench.get(id).state, JobState::Canceled);
    QVERIFY(bench.run->service.retry(Me, bench.step(id, u"fetch"_s).job));
    QTRY_COMPARE(bench.get(id).state, JobState::Running);
    bench.complete(id, u"fetch"_s);
    QTRY_COMPARE(bench.get(id).state, JobState::Canceled);
    QCOMPARE(bench.stateOf(id, u"fetch"_s), JobState::Succeeded);
}

void WorkflowsTest::whatComesBackToTheQueueOfAPausedWorkflowWaits()
{
    WorkflowBench bench;
    const WorkflowId id = bench.add("{'steps':[{'name':'guess','kind':'oracle','n':3}]}")->id;
    QTRY_VERIFY(bench.step(id, u"guess"_s).job.value > 0);
    const auto become = [&](JobState state) {
        JobSnapshot job = *bench.run->registry.find(bench.step(id, u"guess"_s).job);
        job.state = state;
        QVERIFY(bench.run->registry.report(job.id, job));
    };
    become(JobState::Running);
    QTRY_VERIFY(bench.isRunning(id, u"guess"_s));
    QVERIFY(bench.run->workflows.pause(Me, id));
    QVERIFY(bench.isRunning(id, u"guess"_s)); // an agent is at it
    become(JobState::Queued); // and is lost
    QTRY_COMPARE(bench.stateOf(id, u"guess"_s), JobState::Paused);
    QVERIFY(bench.run->workflows.resume(Me, id));
    QTRY_COMPARE(bench.stateOf(id, u"guess"_s), JobState::Queued);
}

void WorkflowsTest::theSecondOfTwoClientsIsToldTheState()
{
    WorkflowBench bench;
    const WorkflowId id = bench.add(Fork)->id;
    QTRY_VERIFY(bench.isRunning(id, u"a"_s));
    Workflows &workflows = bench.run->workflows;
    QVERIFY(workflows.cancel(Me, id));
    const auto second = workflows.cancel(Me, id);
    QCOMPARE(second.error().code, ErrorCode::InvalidState);
    for (const auto &refused :
         {workflows.pause(Me, id), workflows.resume(Me, id), workflows.retry(Me, id)})
        QCOMPARE(refused.error().code, ErrorCode::InvalidState);
    QTRY_COMPARE(bench.get(id).state, JobState::Canceled);
    QCOMPARE(workflows.cancel(Me, id).error().context,
             u"workflow w1 is canceled and cannot be canceled"_s);
}

void WorkflowsTest::wrongStepsAreRefusedBeforeAnythingStarts_data()
{
    QTest::addColumn<QByteArray>("step");
    QTest::addColumn<ErrorCode>("code");
    using Code = ErrorCode;
    const auto row = [](const char *name, const char *step, Code code) {
        QTest::newRow(name) << QByteArray(step) << code;
    };
    row("a download without a URL", "'kind':'download'", Code::InvalidUrl);
    row("a URL of another sort", "'kind':'download','url':'gopher://x/y'", Code::UnsupportedScheme);
    row("a download that is followed", "'kind':'download','url':'http://h/x','after':['extract']",
        Code::InvalidArgument);
    row("our own port", "'kind':'download','url':'http://127.0.0.1:8765/x'", Code::Forbidden);
    row("a folder outside", "'kind':'download','url':'http://h/x','to':'/etc'", Code::Forbidden);
    row("a file outside", "'kind':'verify','file':'/etc/passwd','sha256':'${ok.sha256}'",
        Code::Forbidden);
    row("a checksum that is none", "'kind':'verify','file':'${ok.file}','sha256':'12'",
        Code::InvalidArgument);
    row("an archive without a path", "'kind':'extract','file':'x.zip'", Code::InvalidArgument);
    row("unpacking to a folder outside", "'kind':'extract','file':'${ok.file}','to':'/usr'",
        Code::Forbidden);
    row("a command", "'kind':'command','command':'true'", Code::Forbidden);
    row("a command with what nobody knows yet", "'kind':'command','command':'x ${ok.else}'",
        Code::Forbidden);
    row("a report with a name too long", "'kind':'report','job':7", Code::InvalidArgument);
}

void WorkflowsTest::wrongStepsAreRefusedBeforeAnythingStarts()
{
    QFETCH(const QByteArray, step);
    QFETCH(const ErrorCode, code);
    WorkflowBench bench;
    const auto added = bench.add(
        "{'steps':[{'name':'ok','kind':'download','url':'http://example.test/a.bin'},{'name':'bad',"
            + step + "}]}",
        other(u"local"_s, DefaultScopes));
    QVERIFY(!added);
    QCOMPARE(added.error().code, code);
    QVERIFY2(added.error().context.startsWith("step \"bad\": "_L1),
             qPrintable(added.error().context));
    QVERIFY(bench.run->registry.snapshots().isEmpty());
    QVERIFY(bench.run->workflows.list(Me)->isEmpty());
}

void WorkflowsTest::othersSeeAndSteerNothing()
{
    WorkflowBench bench;
    const WorkflowId id = bench.add(Chain)->id;
    const Principal eve = other(u"eve"_s, DefaultScopes);
    Workflows &workflows = bench.run->workflows;
    QVERIFY(workflows.list(eve)->isEmpty());
    QCOMPARE(workflows.get(eve, id).error().code, ErrorCode::NotFound);
    QCOMPARE(workflows.cancel(eve, id).error().code, ErrorCode::NotFound);
    QCOMPARE(workflows.cancel(other(u"local"_s, Scope::Read), id).error().code,
             ErrorCode::Forbidden);
    QCOMPARE(bench.add(Chain, other(u"local"_s, Scope::Control)).error().code,
             ErrorCode::Forbidden);
    const WorkflowId hers = bench.add(Chain, eve)->id;
    QCOMPARE(workflows.list(eve)->size(), 1);
    QCOMPARE(workflows.list(Me)->size(), 2); // an admin sees all
    QTRY_COMPARE(bench.run->registry.snapshots().size(), 2);
    QCOMPARE(bench.run->registry.find(bench.step(hers, u"fetch"_s).job)->owner, u"eve"_s);
}

/// Whoever retries it: the path comes from what a program said.
void WorkflowsTest::rightsAreThoseOfWhoAddedIt()
{
    WorkflowBench bench;
    const auto id =
        bench
            .add("{'steps':[{'name':'ask','kind':'guess'},{'name':'look','kind':'verify',"
                 "'file':'${ask.where}','sha256':'"
                     + QByteArray(64, 'a') + "'}]}",
                 other(u"eve"_s, DefaultScopes))
            ->id;
    QTRY_VERIFY(bench.step(id, u"ask"_s).job.value > 0);
    for (int run = 0; run < 2; ++run) {
        JobRegistry &registry = bench.run->registry;
        JobSnapshot said = *registry.find(bench.step(id, u"ask"_s).job);
        if (run == 0) {
            auto work = *decodeAgentWork(said.spec);
            work.outputs = "{\"where\":\"/etc/passwd\"}";
            said.spec = encodeSpec(work);
            for (const JobState state : {JobState::Running, JobState::Succeeded}) {
                said.state = state;
                QVERIFY(registry.report(said.id, said));
            }
        } else {
            bench.begin();
            QVERIFY(bench.run->workflows.retry(Me, id));
        }
        QTRY_COMPARE(bench.get(id).state, JobState::Failed);
        QCOMPARE(bench.step(id, u"look"_s).error->code, ErrorCode::Forbidden);
        QCOMPARE(bench.run->registry.snapshots().size(), 1);
    }
}

void WorkflowsTest::progressIsWeightedAndNeverGoesBack()
{
    WorkflowBench bench;
    const WorkflowId id = bench.add(Fork)->id;
    QTRY_VERIFY(bench.isRunning(id, u"a"_s));
    bench.switchOf(u"w1/a"_s)->done = 500;
    QTRY_VERIFY(bench.step(id, u"a"_s).progress >= 0.5);
    QCOMPARE(bench.get(id).progress, 0.125);
    bench.complete(id, u"a"_s);
    bench.complete(id, u"b"_s);
    bench.failStep(id, u"c"_s);
    QTRY_COMPARE(bench.get(id).state, JobState::Failed);
    double last = 0;
    for (const WorkflowEvent &event : std::as_const(bench.run->events))
        if (const auto *changed = std::get_if<WorkflowChanged>(&event)) {
            QVERIFY(changed->workflow.progress >= last);
            QCOMPARE(changed->workflow.rev, changed->before.rev + 1);
            last = changed->workflow.progress;
        }
    QCOMPARE(last, 0.5);
}

void WorkflowsTest::goesOnAfterARestart_data()
{
    QTest::addColumn<QString>("until");
    QTest::addColumn<bool>("isPaused");
    QTest::newRow("while the first step runs") << u"fetch"_s << false;
    QTest::newRow("in the middle") << u"check"_s << false;
    QTest::newRow("while it is paused") << u"check"_s << true;
}

void WorkflowsTest::goesOnAfterARestart()
{
    QFETCH(const QString, until);
    QFETCH(const bool, isPaused);
    WorkflowBench bench;
    const WorkflowId id = bench.add(Chain)->id;
    if (until == "check"_L1)
        bench.complete(id, u"fetch"_s);
    QTRY_VERIFY(bench.isRunning(id, until));
    QTRY_COMPARE(bench.switchOf(u"w1/"_s + until)->runs, 1);
    if (isPaused) {
        QVERIFY(bench.run->workflows.pause(Me, id));
        QTRY_COMPARE(bench.get(id).state, JobState::Paused);
    }
    const JobId job = bench.step(id, until).job;
    bench.begin();
    QCOMPARE(bench.step(id, until).job, job);
    if (isPaused) {
        QCOMPARE(bench.get(id).state, JobState::Paused);
        QVERIFY(bench.run->workflows.resume(Me, id));
    }
    for (const auto &name : {u"fetch"_s, u"check"_s, u"unpack"_s})
        bench.complete(id, name);
    QTRY_COMPARE(bench.get(id).state, JobState::Succeeded);
    QCOMPARE(bench.run->registry.snapshots().size(), 3);
    QCOMPARE(bench.switchOf(u"w1/fetch"_s)->runs, until == "fetch"_L1 ? 2 : 1);
}

void WorkflowsTest::aStepWithoutItsOutputFailsSayingSo()
{
    WorkflowBench bench;
    const WorkflowId id =
        bench
            .add("{'steps':[{'name':'a','kind':'download','url':'http://h.test/x'},"
                 "{'name':'b','kind':'guess','in':'${a.words}'}]}")
            ->id;
    bench.complete(id, u"a"_s);
    QTRY_COMPARE(bench.get(id).state, JobState::Failed);
    QCOMPARE(bench.get(id).message, u"in: step \"a\" made no output \"words\""_s);
}

void WorkflowsTest::removesTheWorkflowWithItsJobs()
{
    WorkflowBench bench;
    const WorkflowId id = bench.add(Chain)->id;
    std::optional<Result<void>> answer;
    const auto remove = [&] {
        answer.reset();
        bench.run->workflows.remove(Me, id, [&](const Result<void> &removed) { answer = removed; });
    };
    remove();
    QCOMPARE(answer->error().code, ErrorCode::InvalidState);
    bench.complete(id, u"fetch"_s);
    bench.failStep(id, u"check"_s);
    QTRY_COMPARE(bench.get(id).state, JobState::Failed);
    remove();
    QTRY_VERIFY(answer && *answer);
    QVERIFY(bench.run->registry.snapshots().isEmpty());
    QVERIFY(std::holds_alternative<WorkflowRemoved>(bench.run->events.constLast()));
    bench.begin();
    QVERIFY(bench.run->workflows.list(Me)->isEmpty());
}

void WorkflowsTest::reportsAndAgentsAreExternalJobs()
{
    WorkflowBench bench;
    const WorkflowId id =
        bench
            .add("{'steps':[{'name':'tell','kind':'report','job':'build-7','title':'Build'},"
                 "{'name':'guess','kind':'oracle','n':3,'of':'${tell.sha256}x'}]}")
            ->id;
    QTRY_VERIFY(bench.step(id, u"tell"_s).job.value > 0);
    ExternalJobs &external = bench.run->service.externalJobs();
    QCOMPARE(bench.run->registry.find(bench.step(id, u"tell"_s).job)->details.title, u"Build"_s);
    external.report(Me, {.job = u"build-7"_s, .state = JobState::Succeeded, .message = u"done"_s},
                    [](const Result<JobSnapshot> &told) { QVERIFY(told); });
    QTRY_COMPARE(bench.get(id).state, JobState::Failed); // a report makes no digest
    QCOMPARE(bench.stateOf(id, u"tell"_s), JobState::Succeeded);
    QCOMPARE(bench.step(id, u"tell"_s).bytes, -1);
}

void WorkflowsTest::idsAreNotGivenAgain()
{
    WorkflowBench bench;
    const WorkflowId id = bench.add(Chain)->id;
    bench.failStep(id, u"fetch"_s);
    QTRY_COMPARE(bench.get(id).state, JobState::Failed);
    bool isGone = false;
    bench.run->workflows.remove(Me, id,
                                [&](const Result<void> &gone) { isGone = gone.has_value(); });
    QTRY_VERIFY(isGone);
    bench.begin();
    QCOMPARE(bench.add(Chain)->id.toString(), u"w2"_s);
}

QTEST_GUILESS_MAIN(WorkflowsTest)
#include "tst_workflows.moc"
