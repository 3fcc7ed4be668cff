#include "tests/ui/support/samplejobs.h"
#include "ui/models/joblistmodel.h"
#include "ui/models/jobsortproxy.h"

#include <QAbstractItemModelTester>
#include <QElapsedTimer>
#include <QSignalSpy>
#include <QTest>

using namespace core;
using namespace Qt::StringLiterals;
using tests::makeJob;
using ui::JobListModel;
using ui::JobSortProxy;

namespace {

/// A model under Qt's own model tester, fed by events with running numbers.
struct Bench {
    JobListModel model;
    JobSortProxy proxy{model};
    QAbstractItemModelTester tester{&model, QAbstractItemModelTester::FailureReportingMode::Fatal};
    QAbstractItemModelTester proxyTester{&proxy,
                                         QAbstractItemModelTester::FailureReportingMode::Fatal};
    quint64 sequence = 0;

    void apply(const QList<JobChange> &changes)
    {
        JobEvents events;
        for (const JobChange &change : changes)
            events.append({++sequence, change});
        model.apply(events);
    }
    [[nodiscard]] QStringList names() const
    {
        QStringList result;
        for (const JobSnapshot &job : model.jobs())
            result.append(job.id.toString() + u':' + jobStateName(job.state));
        return result;
    }
};

JobAdded added(qint64 id)
{
    return {makeJob(id, JobState::Queued)};
}

JobChanged changed(qint64 id, JobState before, JobState after)
{
    return {.before = makeJob(id, before), .job = makeJob(id, after)};
}

JobProgressed progressed(qint64 id, qint64 done)
{
    JobSnapshot job = makeJob(id, JobState::Running);
    job.progress.done = done;
    return {job};
}

} // namespace

class TestJobListModel : public QObject
{
    Q_OBJECT
private slots:
    void batch_data()
    {
        QTest::addColumn<QList<JobChange>>("changes");
        QTest::addColumn<QStringList>("rows");
        using Changes = QList<JobChange>;
        using enum JobState;
        QTest::newRow("one job more")
            << Changes{added(4)}
            << QStringList{u"1:queued"_s, u"2:queued"_s, u"3:queued"_s, u"4:queued"_s};
        QTest::newRow("changed") << Changes{changed(2, Queued, Running)}
                                 << QStringList{u"1:queued"_s, u"2:running"_s, u"3:queued"_s};
        QTest::newRow("first and last removed")
            << Changes{JobRemoved{{1}}, JobRemoved{{3}}} << QStringList{u"2:queued"_s};
        QTest::newRow("removed in any order")
            << Changes{JobRemoved{{3}}, JobRemoved{{2}}, JobRemoved{{1}}} << QStringList{};
        QTest::newRow("added, started and removed within one batch")
            << Changes{added(4), changed(4, Queued, Running), JobRemoved{{4}}, added(5)}
            << QStringList{u"1:queued"_s, u"2:queued"_s, u"3:queued"_s, u"5:queued"_s};
        QTest::newRow("a change after a removal finds its row")
            << Changes{JobRemoved{{1}}, changed(3, Queued, Failed), JobRemoved{{2}}}
            << QStringList{u"3:failed"_s};
        QTest::newRow("unknown jobs are passed over")
            << Changes{JobRemoved{{9}}, progressed(8, 5)}
            << QStringList{u"1:queued"_s, u"2:queued"_s, u"3:queued"_s};
    }
    void batch()
    {
        QFETCH(QList<JobChange>, changes);
        Bench bench;
        bench.model.reset({added(1).job, added(2).job, added(3).job}, 0);
        bench.apply(changes);
        QTEST(bench.names(), "rows");
        for (int row = 0; row < bench.model.rowCount(); ++row)
            QCOMPARE(bench.model.rowOf(bench.model.job(row).id), row);
        QCOMPARE(bench.proxy.rowCount(), bench.model.rowCount());
    }

    void eventsBeforeTheSnapshotAreIgnored()
    {
        Bench bench;
        bench.model.reset({makeJob(1, JobState::Running)}, 7);
        bench.model.apply({{6, added(2)}, {7, JobRemoved{{1}}}, {8, added(3)}});
        QCOMPARE(bench.names(), (QStringList{u"1:running"_s, u"3:queued"_s}));
    }

    void neighboursBecomeOneChangeOfTheView()
    {
        Bench bench;
        QSignalSpy inserted(&bench.model, &QAbstractItemModel::rowsInserted);
        QSignalSpy data(&bench.model, &QAbstractItemModel::dataChanged);
        QSignalSpy removed(&bench.model, &QAbstractItemModel::rowsRemoved);
        bench.apply({added(1), added(2), added(3)});
        QCOMPARE(inserted.size(), 1);
        bench.apply({progressed(2, 1), progressed(1, 1), progressed(2, 2)});
        QCOMPARE(data.size(), 1);
        bench.apply({JobRemoved{{2}}, JobRemoved{{1}}});
        QCOMPARE(removed.size(), 1);
    }

    void totalsFollowEveryStep()
    {
        Bench bench;
        bench.model.reset(tests::sampleJobs(), 0);
        QCOMPARE(bench.model.totals().running, 3);
        QCOMPARE(bench.model.totals().failed, 2);
        bench.apply({JobRemoved{{7}}, JobRemoved{{1}}, added(20)});
        QCOMPARE(bench.model.totals().running, 2);
        QCOMPARE(bench.model.totals().queued, 2);
        QCOMPARE(bench.model.totals().failed, 1);
    }

    void endingsAreToldOnce()
    {
        Bench bench;
        QStringList ended;
        connect(&bench.model, &JobListModel::jobEnded, this,
                [&](const JobSnapshot &job) { ended.append(job.id.toString()); });
        bench.apply({added(1), added(2), changed(1, JobState::Running, JobState::Succeeded),
                     changed(1, JobState::Succeeded, JobState::Succeeded),
                     changed(2, JobState::Running, JobState::Canceled)});
        QCOMPARE(ended, QStringList{u"1"_s});
    }

    void cellsShowWhatAUserReads()
    {
        QLocale::setDefault(QLocale::c());
        Bench bench;
        bench.model.reset(tests::sampleJobs(), 0);
        const auto cell = [&](int row, int column) {
            return bench.model.index(row, column).data().toString();
        };
        QCOMPARE(cell(0, JobListModel::State), u"Downloading"_s);
        QCOMPARE(cell(0, JobListModel::Progress), u"56 %"_s);
        QCOMPARE(cell(0, JobListModel::Speed), u"46.0 MiB/s"_s);
        QCOMPARE(cell(0, JobListModel::TimeLeft), u"37 s"_s);
        QCOMPARE(cell(0, JobListModel::Size), u"3.7 GiB"_s);
        QCOMPARE(cell(4, JobListModel::Speed), QString());
        QCOMPARE(cell(5, JobListModel::Progress), u"100 %"_s);
        QVERIFY(bench.model.index(6, 0).data(Qt::ToolTipRole).toString().contains(u"full"_s));
    }

    void sizesSortAsNumbers()
    {
        Bench bench;
        JobSnapshot small = makeJob(1, JobState::Queued);
        small.progress.total = 900; // "900 B" is the larger text
        bench.model.reset({makeJob(2, JobState::Queued), small}, 0);
        bench.proxy.sort(JobListModel::Size, Qt::AscendingOrder);
        QCOMPARE(bench.proxy.job(bench.proxy.index(0, 0)).id, small.id);
    }

    void searchTakesEveryWordInNameOrSource()
    {
        Bench bench;
        bench.model.reset(tests::sampleJobs(), 0);
        bench.proxy.setSearch(u"  DEBIAN cdimage "_s);
        QCOMPARE(bench.proxy.rowCount(), 1);
        bench.proxy.setSearch(u"debian fedora"_s);
        QCOMPARE(bench.proxy.rowCount(), 0);
        bench.proxy.setSearch({});
        bench.proxy.setShown(ui::Shown::Failed);
        QCOMPARE(bench.proxy.rowCount(), 2);
        QVERIFY(!bench.proxy.indexOf({1}).isValid());
        bench.apply({changed(1, JobState::Running, JobState::Failed)});
        QVERIFY(bench.proxy.indexOf({1}).isValid());
    }

    void aTickOfThousandJobsIsCheap()
    {
        JobListModel model;
        JobSortProxy proxy(model);
        proxy.sort(JobListModel::Added, Qt::DescendingOrder);
        constexpr int Count = 10'000;
        QList<JobSnapshot> jobs;
        for (int id = 1; id <= Count; ++id)
            jobs.append(makeJob(id, JobState::Running));
        model.reset(jobs, 0);
        JobEvents tick;
        for (int id = 1; id <= 1000; ++id)
            tick.append({quint64(id), progressed(id * 7, id)});
        QElapsedTimer timer;
        timer.start();
        model.apply(tick);
        qInfo("1000 of %d jobs progressed: %lld ms", Count, timer.elapsed());
        JobEvents clear;
        for (int id = 1; id <= Count; id += 2)
            clear.append({quint64(2000 + id), JobRemoved{{id}}});
        timer.restart();
        model.apply(clear);
        qInfo("every second of %d jobs removed: %lld ms", Count, timer.elapsed());
        QCOMPARE(proxy.rowCount(), Count / 2);
    }
};

QTEST_MAIN(TestJobListModel)
#include "tst_joblistmodel.moc"
