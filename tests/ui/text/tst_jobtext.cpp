#include "tests/ui/support/samplejobs.h"
#include "ui/text/jobtext.h"
#include "ui/text/prompttext.h"

#include <QLocale>
#include <QTest>

using namespace core;
using namespace Qt::StringLiterals;
using tests::makeJob;

class TestJobText : public QObject
{
    Q_OBJECT
private slots:
    void initTestCase() { QLocale::setDefault(QLocale::c()); }

    void everyEnumeratorHasWords()
    {
        for (int kind = 0; kind <= int(JobKind::External); ++kind)
            QVERIFY(!ui::kindText(JobKind(kind)).isEmpty());
        for (int state = 0; state <= int(JobState::Canceled); ++state)
            QVERIFY(!ui::stateText(JobState(state)).isEmpty());
        for (int stage = int(Stage::Resolving); stage <= int(Stage::Stale); ++stage)
            QVERIFY(!ui::stageText(Stage(stage)).isEmpty());
    }

    void everyErrorNamesItsValueAndSaysWhatToDo()
    {
        for (int code = 0; code <= int(ErrorCode::Internal); ++code) {
            const QString text = ui::errorText({ErrorCode(code), u"the value."_s});
            QVERIFY2(text.contains(u": the value. "_s), qPrintable(text));
            QVERIFY2(text.endsWith(u'.'), qPrintable(text));
            const QString bare = ui::errorText({ErrorCode(code), {}});
            QVERIFY2(!bare.contains(u": ."_s) && bare.count(u'.') >= 2, qPrintable(bare));
        }
    }

    void fullDiskReadsLikeAPersonWroteIt()
    {
        QCOMPARE(ui::errorText({ErrorCode::NoSpace, u"/home/ada/x.iso"_s}),
                 u"The disk is full: /home/ada/x.iso. Free some space and retry; what is already "
                 "here is kept."_s);
    }

    void name_data()
    {
        QTest::addColumn<QString>("title");
        QTest::addColumn<QString>("target");
        QTest::addColumn<QString>("source");
        QTest::addColumn<QString>("name");
        const QString link = u"https://example.org/a%20b.iso?token=1"_s;
        QTest::newRow("the title") << u"T"_s << u"/d/f.iso"_s << link << u"T"_s;
        QTest::newRow("the file") << QString() << u"/d/f.iso"_s << link << u"f.iso"_s;
        QTest::newRow("the link's last part") << QString() << QString() << link << u"a b.iso"_s;
        QTest::newRow("the whole link")
            << QString() << QString() << u"https://example.org/"_s << u"https://example.org/"_s;
    }
    void name()
    {
        QFETCH(QString, title);
        QFETCH(QString, target);
        QFETCH(QString, source);
        JobSnapshot job;
        job.details.title = title;
        job.details.target = target;
        job.source = source;
        QTEST(ui::jobName(job), "name");
    }

    void sentence_data()
    {
        QTest::addColumn<int>("job");
        QTest::addColumn<QString>("activity");
        QTest::addColumn<QString>("sentence");
        QTest::newRow("downloading")
            << 0 << u"Downloading"_s << u"Downloading 56 % of 3.7 GiB at 46.0 MiB/s, 37 s left."_s;
        QTest::newRow("checking") << 1 << u"Checking"_s << u"Checking 99 % of 2.0 GiB."_s;
        QTest::newRow("unknown size")
            << 2 << u"Downloading"_s << u"Downloading 311.0 MiB at 3.0 MiB/s."_s;
        QTest::newRow("waiting") << 3 << u"Waiting"_s << u"Waiting for its turn."_s;
        QTest::newRow("paused") << 4 << u"Paused"_s
                                << u"Paused with 42 % of 28.2 GiB kept on disk."_s;
        QTest::newRow("done") << 5 << u"Done"_s << u"Done: 642.0 MiB, every byte accounted for."_s;
        QTest::newRow("failed") << 6 << u"Failed"_s << u"Failed after 31.0 MiB."_s;
        QTest::newRow("canceled") << 8 << u"Canceled"_s << u"Canceled; nothing was kept."_s;
    }
    void sentence()
    {
        QFETCH(int, job);
        const JobSnapshot sample = tests::sampleJobs().at(job);
        QTEST(ui::activityText(sample), "activity");
        QTEST(ui::progressSentence(sample), "sentence");
    }

    void sentenceByKind_data()
    {
        QTest::addColumn<JobSnapshot>("job");
        QTest::addColumn<QString>("sentence");
        const auto row = [](const char *title, JobKind kind, JobState state,
                            const QString &sentence) {
            QTest::newRow(title) << JobSnapshot{.kind = kind, .state = state} << sentence;
        };
        row("command runs", JobKind::Command, JobState::Running, u"Running."_s);
        row("command is done", JobKind::Command, JobState::Succeeded, u"Done."_s);
        row("command has failed", JobKind::Command, JobState::Failed, u"Failed."_s);
        row("paused before its start", JobKind::Download, JobState::Paused, u"Paused."_s);
        JobSnapshot list{.kind = JobKind::Media, .state = JobState::Succeeded};
        list.details.message = u"12 items, each a job of its own"_s;
        QTest::newRow("list of a page") << list << u"Done: 12 items, each a job of its own."_s;
        JobSnapshot media{.kind = JobKind::Media, .state = JobState::Running};
        media.progress.stage = Stage::Resolving;
        QTest::newRow("page is looked at") << media << u"Looking at the page."_s;
        media.progress = {.stage = Stage::Writing, .done = 90, .total = 100};
        QTest::newRow("sound and picture are joined")
            << media << u"Putting together 90 % of 100 B."_s;
        JobSnapshot archive{.kind = JobKind::Extract, .state = JobState::Running};
        archive.progress = {.stage = Stage::Extracting, .done = 50, .total = 100};
        QTest::newRow("archive is unpacked") << archive << u"Unpacking 50 % of 100 B."_s;
        JobSnapshot flash{.kind = JobKind::Flash, .state = JobState::Running};
        flash.progress = {.stage = Stage::Writing, .done = 50, .total = 200};
        QTest::newRow("drive is written") << flash << u"Writing 25 %."_s;
        flash.state = JobState::Canceled;
        QTest::newRow("drive is left") << flash << u"Canceled; the drives were left blank."_s;
        flash.state = JobState::Succeeded;
        QTest::newRow("drive is proven") << flash << u"Written, read back and compared."_s;
        flash.details.message = u"not verified"_s;
        QTest::newRow("drive is unverified")
            << flash << u"Written, but not read back: nobody knows whether the drives hold it."_s;
        JobSnapshot external{.kind = JobKind::External, .state = JobState::Paused};
        external.progress = {.done = 20, .total = 100};
        QTest::newRow("another program pauses") << external << u"Paused after 20 %."_s;
        external.progress.total = 200;
        QTest::newRow("it counts bytes") << external << u"Paused after 10 % of 200 B."_s;
        JobSnapshot asked{.kind = JobKind::Flash, .state = JobState::Queued};
        asked.progress.stage = Stage::AwaitingConfirmation;
        QTest::newRow("question is open")
            << asked << u"Waits for your yes: open it to see what it erases."_s;
    }
    void sentenceByKind()
    {
        QFETCH(JobSnapshot, job);
        QTEST(ui::progressSentence(job), "sentence");
    }

    void stepsAreNamedWithTheirStates()
    {
        JobSnapshot job;
        QCOMPARE(ui::stepsText(job), QString());
        job.details.steps = {{u"Pack"_s, JobState::Succeeded, 1}, {u"Send"_s, JobState::Running}};
        QCOMPARE(ui::stepsText(job), u"Pack: Done \u00b7 Send: Running"_s);
    }

    void stoppingIsSaidBeforeTheState()
    {
        JobSnapshot job = makeJob(1, JobState::Running);
        job.stopRequested = true;
        QCOMPARE(ui::activityText(job), u"Stopping"_s);
    }

    void aDriveThatIsReadIsNoDownload()
    {
        JobSnapshot job{.kind = JobKind::Read, .state = JobState::Running};
        job.progress.stage = Stage::Transferring;
        QCOMPARE(ui::activityText(job), u"Reading"_s);
    }

    void questionsNameOneJobAndCountSeveral()
    {
        const JobSnapshot one = makeJob(1, JobState::Succeeded);
        QCOMPARE(ui::removeQuestion({one}), u"Remove “job1.iso” from the list?"_s);
        QCOMPARE(ui::removeQuestion({one, one}), u"Remove 2 jobs from the list?"_s);
        QVERIFY(ui::cancelQuestion({one}).contains(u"100.0 MiB"_s));
    }

    void quittingWhileADriveIsWrittenWarns()
    {
        QVERIFY(ui::quitQuestion({.running = 1, .flashing = 1}).contains(u"USB drive"_s));
        QVERIFY(ui::quitQuestion({.running = 2}).startsWith(u"2 running."_s));
    }

    void manyEndingsBecomeOneNotice()
    {
        const JobSnapshot good = makeJob(1, JobState::Succeeded);
        JobSnapshot bad = makeJob(2, JobState::Failed);
        bad.error = Error{ErrorCode::NoSpace, u"/d"_s};
        QCOMPARE(ui::endingText({good}).title, u"Finished: job1.iso"_s);
        QCOMPARE(ui::endingText({bad}).title, u"Failed: job2.iso"_s);
        QVERIFY(ui::endingText({bad}).text.contains(u"/d"_s));
        QCOMPARE(ui::endingText({good, bad, good}).title, u"2 jobs finished"_s);
        QCOMPARE(ui::endingText({good, bad, good}).text, u"1 failed"_s);
    }
};

QTEST_GUILESS_MAIN(TestJobText)
#include "tst_jobtext.moc"
