#include "core/replacedfile.h"
#include "tests/core/storedservice.h"
#include "tests/support/switchedworker.h"

#include <QFile>
#include <QTemporaryDir>
#include <QTest>

using namespace core;
using namespace std::chrono_literals;
using namespace Qt::StringLiterals;
using tests::SwitchedWorker;

/// Whose the file is that several jobs name as their target.
class TestReplacedFile : public QObject
{
    Q_OBJECT
private slots:
    void onlyWhatMakesAFileReplacesOne_data()
    {
        QTest::addColumn<JobKind>("kind");
        QTest::addColumn<JobState>("state");
        QTest::addColumn<qint64>("finishedAt"); // the first finished at 5
        QTest::addColumn<bool>("replaces");
        QTest::addColumn<bool>("mayReplace");
        const auto row = [](const char *name, JobKind kind, JobState state,
                            qint64 finishedAt) -> QTestData & {
            return QTest::newRow(name) << kind << state << finishedAt;
        };
        using enum JobState;
        row("a later one", JobKind::Download, Succeeded, 6) << true << true;
        row("an earlier one", JobKind::Download, Succeeded, 4) << false << false;
        row("one that reads it", JobKind::Read, Running, 0) << true << true;
        row("one that is on its way", JobKind::Download, Running, 0) << false << true;
        row("one that waits", JobKind::Download, Queued, 0) << false << false;
        row("one that is paused", JobKind::Download, Paused, 0) << false << false;
        row("one that failed", JobKind::Media, Failed, 6) << false << false;
        row("what moved it", JobKind::Command, Succeeded, 6) << false << false;
        row("what moves it", JobKind::Command, Running, 0) << false << false;
    }
    void onlyWhatMakesAFileReplacesOne()
    {
        QFETCH(JobKind, kind);
        QFETCH(JobState, state);
        QFETCH(qint64, finishedAt);
        JobSnapshot first{.id = JobId{1}, .state = JobState::Succeeded};
        first.details.target = u"/d/f"_s;
        first.finishedAt = 5;
        JobSnapshot other = first;
        other.id = JobId{2};
        other.kind = kind;
        other.state = state;
        other.finishedAt = finishedAt;
        QTEST(isReplaced(first, {first, other}), "replaces");
        QTEST(mayBeReplaced(first, {first, other}), "mayReplace");
        if (state != JobState::Running || kind != JobKind::Download)
            return;
        other.progress.stage = Stage::Moving;
        QVERIFY(isReplaced(first, {first, other}));
    }

    void removingTheOldJobLeavesWhatALaterOneMayHavePutThere_data()
    {
        QTest::addColumn<JobState>("later");
        QTest::addColumn<bool>("isLeft");
        QTest::newRow("it is on its way") << JobState::Running << true;
        QTest::newRow("it waits") << JobState::Queued << false;
        QTest::newRow("it is paused") << JobState::Paused << false;
    }
    void removingTheOldJobLeavesWhatALaterOneMayHavePutThere()
    {
        QFETCH(JobState, later);
        QTemporaryDir folder;
        JobSnapshot job{.kind = JobKind::Download, .owner = u"local"_s};
        job.details.target = folder.filePath(u"file.bin"_s);
        QFile made(job.details.target);
        QVERIFY(made.open(QIODevice::WriteOnly));
        tests::StoredService hub(folder.path(), [](const JobSnapshot &) {
            return std::make_unique<SwitchedWorker>(std::make_shared<SwitchedWorker::Switch>());
        });
        job.state = JobState::Succeeded;
        const JobId first = hub.registry.add(job);
        job.state = later == JobState::Paused ? JobState::Paused : JobState::Queued;
        const JobId second = hub.registry.add(job);
        if (later == JobState::Running)
            QTRY_COMPARE(hub.job(second).progress.stage, Stage::Transferring);
        QCOMPARE(hub.job(second).state, later);
        hub.service.remove(Principal::localUser(), first, RemoveFiles::Yes, [](const auto &) {});
        QTRY_VERIFY(!hub.registry.find(first));
        QTEST(made.exists(), "isLeft");
        QVERIFY(hub.registry.stopForExit(10s) && hub.service.stopForExit(10s));
    }
};
QTEST_GUILESS_MAIN(TestReplacedFile)
#include "tst_replacedfile.moc"
