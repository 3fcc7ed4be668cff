#include "core/storedspecjson.h"
#include "tests/core/workflows/workflowbench.h"

#include <QDir>

using namespace core;
using namespace Qt::StringLiterals;
using tests::WorkflowBench;

namespace {

const Principal User = Principal::localUser();
const Principal Page{.name = u"page"_s, .owner = u"local"_s, .scopes = DefaultScopes};

Drive stick(quint64 diskseq)
{
    return {.id = u"usb-sdb"_s,
            .path = u"/dev/sdb"_s,
            .serial = u"SDB"_s,
            .size = 31'900'000'000,
            .diskseq = diskseq,
            .bus = Bus::Usb,
            .isRemovable = true};
}

/// A program says that it may go on; then an image is written.
struct FlashBench : WorkflowBench {
    FlashBench()
    {
        run->drives.update({stick(7)});
        QFile image(path(u"a.img"_s));
        if (!QDir().mkpath(path({})) || !image.open(QIODevice::WriteOnly) || image.write("x") != 1)
            qFatal("no image");
    }
    Result<Workflow> addFlash(const Principal &who, const QByteArray &more)
    {
        return add(
            "{'steps':[{'name':'go','kind':'report','job':'go'},{'name':'write','kind':'flash',"
            "'needs':['go'],'image':'"
                + path(u"a.img"_s).toUtf8() + "'," + more + "}]}",
            who);
    }
    void go(WorkflowId id)
    {
        if (!QTest::qWaitFor([&] { return step(id, u"go"_s).job.value > 0; }))
            qFatal("no step");
        run->service.externalJobs().report(User, {.job = u"go"_s, .state = JobState::Succeeded},
                                           [](const auto &) {});
    }
    [[nodiscard]] bool isHeld(WorkflowId id)
    {
        const JobSnapshot *job = run->registry.find(step(id, u"write"_s).job);
        return job && job->progress.stage == Stage::AwaitingConfirmation;
    }
};

} // namespace

/// A workflow writes to the drives that somebody agreed to, and to nothing else.
class WorkflowFlashTest : public QObject
{
    Q_OBJECT
private slots:
    void aYesThatCameWithTheWorkflowIsGood();
    void withoutOneTheLocalUserIsAsked_data();
    void withoutOneTheLocalUserIsAsked();
    void anotherMediumIsNotWritten();
    void whatMayNotBeWrittenIsRefusedAtOnce_data();
    void whatMayNotBeWrittenIsRefusedAtOnce();
    void aYesCountsOnce();
    void aYesLapsesWithARetry();
    void aYesLapsesWhenSomebodyElseResumes();
    void aYesLapsesWithARestart();
    void aRevokedTokensYesIsNone();
    void nothingIsWrittenThatWasCanceledWhileTheImageWasLookedAt();
};

void WorkflowFlashTest::aYesThatCameWithTheWorkflowIsGood()
{
    FlashBench bench;
    const auto added = bench.addFlash(User, "'drives':['usb-sdb'],'erase':['SDB']");
    QVERIFY(added);
    bench.go(added->id);
    QTRY_VERIFY(bench.isRunning(added->id, u"write"_s));
    const JobSnapshot *job = bench.run->registry.find(bench.step(added->id, u"write"_s).job);
    QCOMPARE(decodeAgreedFlash(job->spec)->drives, QList{stick(7).identity()});
    bench.complete(added->id, u"write"_s);
    QTRY_COMPARE(bench.get(added->id).state, JobState::Succeeded);
}

void WorkflowFlashTest::withoutOneTheLocalUserIsAsked_data()
{
    QTest::addColumn<bool>("isUser");
    QTest::addColumn<QByteArray>("more");
    QTest::newRow("nothing is said of erasing") << true << QByteArray("'drives':['usb-sdb']");
    QTest::newRow("who says it may not")
        << false << QByteArray("'drives':['usb-sdb'],'erase':['SDB']");
}

void WorkflowFlashTest::withoutOneTheLocalUserIsAsked()
{
    QFETCH(const bool, isUser);
    QFETCH(const QByteArray, more);
    FlashBench bench;
    const auto added = bench.addFlash(isUser ? User : Page, more);
    QVERIFY(added);
    bench.go(added->id);
    QTRY_VERIFY(bench.isHeld(added->id));
    QTRY_COMPARE(bench.get(added->id).message, u"waits for the yes of the local user"_s);
    bench.run->flashes.confirm(User,
                               {.job = bench.step(added->id, u"write"_s).job, .erase = {u"SDB"_s}},
                               [](const Result<JobSnapshot> &job) { QVERIFY(job); });
    QTRY_VERIFY(bench.isRunning(added->id, u"write"_s));
    bench.complete(added->id, u"write"_s);
    QTRY_COMPARE(bench.get(added->id).state, JobState::Succeeded);
}

void WorkflowFlashTest::anotherMediumIsNotWritten()
{
    FlashBench bench;
    const auto added = bench.addFlash(User, "'drives':['usb-sdb'],'erase':['usb-sdb']");
    bench.run->drives.update({stick(8)});
    bench.go(added->id);
    QTRY_COMPARE(bench.get(added->id).state, JobState::Failed);
    QCOMPARE(bench.step(added->id, u"write"_s).error->code, ErrorCode::DeviceGone);
    QCOMPARE(bench.run->registry.snapshots().size(), 1);
}

void WorkflowFlashTest::whatMayNotBeWrittenIsRefusedAtOnce_data()
{
    QTest::addColumn<QByteArray>("more");
    QTest::addColumn<ErrorCode>("code");
    QTest::newRow("a drive that there is not")
        << QByteArray("'drives':['usb-sdx']") << ErrorCode::NotFound;
    QTest::newRow("another one is named to be erased")
        << QByteArray("'drives':['usb-sdb'],'erase':['SDC']") << ErrorCode::ConfirmationRequired;
    QTest::newRow("no drive") << QByteArray("'drives':[]") << ErrorCode::InvalidArgument;
    QTest::newRow("a drive that a program names later")
        << QByteArray("'drives':['${go.drive}']") << ErrorCode::InvalidArgument;
}

void WorkflowFlashTest::whatMayNotBeWrittenIsRefusedAtOnce()
{
    QFETCH(const QByteArray, more);
    QFETCH(const ErrorCode, code);
    FlashBench bench;
    const auto added = bench.addFlash(User, more);
    QVERIFY(!added);
    QCOMPARE(added.error().code, code);
}

void WorkflowFlashTest::aYesCountsOnce()
{
    FlashBench bench;
    const WorkflowId id = bench.addFlash(User, "'drives':['usb-sdb'],'erase':['SDB']")->id;
    bench.go(id);
    bench.failStep(id, u"write"_s);
    QTRY_COMPARE(bench.get(id).state, JobState::Failed);
    bool isGone = false;
    bench.run->service.remove(User, bench.step(id, u"write"_s).job, RemoveFiles::No,
                              [&](const Result<void> &gone) { isGone = gone.has_value(); });
    QTRY_VERIFY(isGone);
    QTRY_COMPARE(bench.step(id, u"write"_s).job.value, 0);
    QVERIFY(bench.run->workflows.retry(User, id));
    QTRY_VERIFY(bench.isHeld(id));
}

void WorkflowFlashTest::aYesLapsesWithARetry()
{
    FlashBench bench;
    const WorkflowId id = bench.addFlash(User, "'drives':['usb-sdb'],'erase':['SDB']")->id;
    QTRY_VERIFY(bench.step(id, u"go"_s).job.value > 0);
    bench.run->service.externalJobs().report(User, {.job = u"go"_s, .state = JobState::Failed},
                                             [](const auto &) {});
    QTRY_COMPARE(bench.get(id).state, JobState::Failed);
    QVERIFY(bench.run->workflows.retry(User, id)); // the drive may have been used since
    bench.go(id);
    QTRY_VERIFY(bench.isHeld(id));
}

void WorkflowFlashTest::aYesLapsesWhenSomebodyElseResumes()
{
    FlashBench bench;
    const WorkflowId id = bench.addFlash(User, "'drives':['usb-sdb'],'erase':['SDB']")->id;
    QVERIFY(bench.run->workflows.pause(User, id));
    QTRY_COMPARE(bench.get(id).state, JobState::Paused);
    QVERIFY(bench.run->workflows.resume(Page, id));
    bench.go(id);
    QTRY_VERIFY(bench.isHeld(id));
}

void WorkflowFlashTest::aYesLapsesWithARestart()
{
    FlashBench bench;
    const WorkflowId id = bench.addFlash(User, "'drives':['usb-sdb'],'erase':['SDB']")->id;
    QTRY_VERIFY(bench.step(id, u"go"_s).job.value > 0);
    bench.begin();
    bench.run->drives.update({stick(7)});
    bench.go(id);
    QTRY_VERIFY(bench.isHeld(id));
}

void WorkflowFlashTest::aRevokedTokensYesIsNone()
{
    FlashBench bench;
    const Principal lab{
        .name = u"lab"_s, .owner = u"local"_s, .scopes = DefaultScopes | Scope::Flash};
    const WorkflowId id = bench.addFlash(lab, "'drives':['usb-sdb'],'erase':['SDB']")->id;
    bench.run->workflows.distrust({.name = u"lab"_s, .owner = u"local"_s});
    bench.go(id);
    QTRY_VERIFY(bench.isHeld(id));
    QVERIFY(!bench.get(id).asker.has(Scope::Flash));
}

void WorkflowFlashTest::nothingIsWrittenThatWasCanceledWhileTheImageWasLookedAt()
{
    FlashBench bench;
    const WorkflowId id = bench.addFlash(User, "'drives':['usb-sdb'],'erase':['SDB']")->id;
    QObject watcher;
    bool isCanceled = false;
    // Succeeding frees the flash in the turn after; its image is looked at on another thread then.
    connect(&bench.run->workflows, &Workflows::eventsReady, &watcher,
            [&](const WorkflowEvents &events) {
                const auto *changed = std::get_if<WorkflowChanged>(&events.constFirst());
                if (changed && changed->workflow.steps[0].state == JobState::Succeeded
                    && !isCanceled) {
                    isCanceled = true;
                    QMetaObject::invokeMethod(
                        &watcher, [&] { QVERIFY(bench.run->workflows.cancel(User, id)); },
                        Qt::QueuedConnection);
                }
            });
    bench.go(id);
    QTRY_COMPARE(bench.get(id).state, JobState::Canceled);
    for (const JobSnapshot &job : bench.run->registry.snapshots())
        QVERIFY(job.kind != JobKind::Flash || job.startedAt == 0);
}

QTEST_GUILESS_MAIN(WorkflowFlashTest)
#include "tst_workflowflash.moc"
