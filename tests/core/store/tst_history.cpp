#include "core/store/history.h"
#include "tests/core/store/storebench.h"

using namespace core;
using namespace std::chrono_literals;
using namespace Qt::StringLiterals;
using tests::StoreBench;

namespace {

JobSnapshot job(qint64 id, JobState state)
{
    JobSnapshot snapshot;
    snapshot.id = JobId{id};
    snapshot.owner = u"local"_s;
    snapshot.state = state;
    snapshot.details.title = u"a.iso"_s;
    snapshot.source = u"http://host/a.iso"_s;
    snapshot.progress.done = 1000 + id;
    snapshot.startedAt = 5;
    snapshot.finishedAt = 1'790'000'000'000 + id;
    return snapshot;
}

JobEvents step(const JobSnapshot &before, const JobSnapshot &after)
{
    return {{1, JobChanged{before, after}}};
}
JobEvents ended(const JobSnapshot &after)
{
    return step(job(after.id.value, JobState::Running), after);
}

HistoryEntry driveEntry(HistoryVerdict verdict, qint64 id = 7)
{
    return {.job = JobId{id},
            .kind = JobKind::Flash,
            .owner = u"local"_s,
            .title = u"a.img"_s,
            .source = u"/a.img"_s,
            .bytes = 1LL << 40,
            .sha256 = QString(64, u'a'),
            .verdict = verdict,
            .drive = HistoryDrive{u"usb-1"_s, u"0815"_s, 1LL << 39, 30'000'000, 90'000'000, 2}};
}

struct Bench : StoreBench {
    Bench() { open(); }
    History history{store, clock};

    History::Page page(const Principal &who = Principal::localUser(), History::Query query = {})
    {
        std::optional<Result<History::Page>> answered;
        history.list(who, query, &history, [&](const auto &listed) { answered = listed; });
        if (!QTest::qWaitFor([&] { return answered.has_value(); }) || !*answered)
            qFatal("the history is not listed");
        return **answered;
    }
    QList<HistoryVerdict> verdicts()
    {
        QCoreApplication::processEvents(); // what was added goes to the store
        QList<HistoryVerdict> verdicts;
        const History::Page listed = page();
        for (const HistoryEntry &entry : listed.entries)
            verdicts.append(entry.verdict);
        return verdicts;
    }
};

} // namespace

class TestHistory : public QObject
{
    Q_OBJECT
private slots:
    void whatEndedIsKept_data()
    {
        QTest::addColumn<JobState>("state");
        QTest::addColumn<HistoryVerdict>("verdict");
        QTest::newRow("succeeded") << JobState::Succeeded << HistoryVerdict::Succeeded;
        QTest::newRow("failed") << JobState::Failed << HistoryVerdict::Failed;
        QTest::newRow("canceled") << JobState::Canceled << HistoryVerdict::Canceled;
    }
    void whatEndedIsKept()
    {
        QFETCH(const JobState, state);
        Bench bench;
        JobSnapshot after = job(3, state);
        after.details.target = u"/downloads/a.iso"_s;
        after.details.sha256 = QString(64, u'b');
        if (state == JobState::Failed)
            after.error = Error{ErrorCode::ChecksumMismatch, u"a is not b"_s};
        bench.history.record(ended(after));
        QTRY_COMPARE(bench.page().entries.size(), 1);
        const HistoryEntry entry = bench.page().entries.constFirst();
        QTEST(entry.verdict, "verdict");
        QCOMPARE(entry,
                 (HistoryEntry{.id = 1,
                               .finishedAt = after.finishedAt,
                               .job = after.id,
                               .kind = JobKind::Download,
                               .owner = u"local"_s,
                               .title = u"a.iso"_s,
                               .source = u"http://host/a.iso"_s,
                               .target = u"/downloads/a.iso"_s,
                               .bytes = 1003,
                               .sha256 = after.details.sha256,
                               .verdict = entry.verdict,
                               .error = after.error}));
    }
    void whatDidNotEndOrNeverRanIsNotKept()
    {
        Bench bench;
        bench.history.record(ended(job(1, JobState::Paused)));
        JobSnapshot never = job(2, JobState::Canceled);
        never.startedAt = 0;
        bench.history.record(ended(never));
        bench.history.record(step(job(3, JobState::Succeeded), job(3, JobState::Succeeded)));
        QVERIFY(bench.verdicts().isEmpty());
    }
    void everyDriveIsKeptWithItsFigures()
    {
        Bench bench;
        const HistoryEntry verified = driveEntry(HistoryVerdict::Verified);
        HistoryEntry failed = driveEntry(HistoryVerdict::Failed);
        failed.drive->id = u"usb-2"_s;
        failed.error = Error{ErrorCode::DeviceGone, u"unplugged"_s};
        bench.history.add(verified);
        bench.history.add(failed);
        bench.history.record(ended(job(7, JobState::Failed)));
        QTRY_COMPARE(bench.page().entries.size(), 2);
        QList<HistoryEntry> kept = bench.page().entries;
        std::ranges::reverse(kept);
        const QList<HistoryEntry> wanted{verified, failed};
        for (qsizetype i = 0; i < 2; ++i) {
            QCOMPARE(kept[i].finishedAt, bench.clock.wallTime().count());
            kept[i].finishedAt = 0;
            kept[i].id = 0;
            QCOMPARE(kept[i], wanted[i]);
        }
    }
    void aPausedFlashIsNotCalledCanceled()
    {
        Bench bench;
        bench.history.add(driveEntry(HistoryVerdict::Canceled));
        bench.history.record(ended(job(7, JobState::Paused)));
        bench.history.record(step(job(7, JobState::Queued), job(7, JobState::Running)));
        bench.history.add(driveEntry(HistoryVerdict::Unverified));
        bench.history.record(ended(job(7, JobState::Succeeded)));
        QCOMPARE(bench.verdicts(), QList{HistoryVerdict::Unverified});
    }
    void aCanceledOneIs()
    {
        Bench bench;
        bench.history.add(driveEntry(HistoryVerdict::Canceled));
        bench.history.record(ended(job(7, JobState::Canceled)));
        QCOMPARE(bench.verdicts(), QList{HistoryVerdict::Canceled});
    }
    void aFlashThatReachedNoDriveIsKeptAsAJob()
    {
        Bench bench;
        bench.history.record(ended(job(7, JobState::Failed)));
        QCOMPARE(bench.verdicts(), QList{HistoryVerdict::Failed});
        QVERIFY(!bench.page().entries.constFirst().drive);
    }
    void everyRetryIsKept()
    {
        Bench bench;
        for (int i = 0; i < 2; ++i) {
            bench.history.add(driveEntry(HistoryVerdict::Failed));
            bench.history.record(ended(job(7, JobState::Failed)));
            bench.clock.advance(1s);
        }
        QCOMPARE(bench.verdicts().size(), 2);
    }
    void othersSeeOnlyTheirOwn()
    {
        Bench bench;
        JobSnapshot annas = job(1, JobState::Succeeded);
        annas.owner = u"ann"_s;
        bench.history.record(ended(annas));
        bench.history.record(ended(job(2, JobState::Succeeded)));
        QTRY_COMPARE(bench.page().entries.size(), 2);
        const Principal ann{.name = u"ann"_s, .owner = u"ann"_s, .scopes = Scope::Read};
        QCOMPARE(bench.page(ann).entries.size(), 1);
        QCOMPARE(bench.page(ann).entries.constFirst().job, JobId{1});
        std::optional<Result<History::Page>> refused;
        bench.history.list({.name = u"mute"_s, .owner = u"ann"_s, .scopes = Scope::Add}, {},
                           &bench.history, [&](const auto &listed) { refused = listed; });
        QVERIFY(refused && !*refused);
        QCOMPARE(refused->error().code, ErrorCode::Forbidden);
    }
    void pagesFollowEachOther()
    {
        Bench bench;
        for (int i = 1; i <= 5; ++i)
            bench.history.record(ended(job(i, JobState::Succeeded)));
        QTRY_COMPARE(bench.page().entries.size(), 5);
        QList<qint64> jobs;
        History::Query query{.limit = 2};
        for (int pages = 0; pages < 3; ++pages) {
            const History::Page page = bench.page(Principal::localUser(), query);
            for (const HistoryEntry &entry : page.entries)
                jobs.append(entry.job.value);
            QCOMPARE(page.next.has_value(), pages < 2);
            query.before = page.next.value_or(0);
        }
        QCOMPARE(jobs, (QList<qint64>{5, 4, 3, 2, 1}));
    }
    void onlyTheLatestStay()
    {
        Bench bench;
        const auto filled = bench.store.runNow([](Database &database) {
            return database.run(
                u"fill"_s,
                u"WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ?) "
                "INSERT INTO history SELECT i, i, i, 'download', 'local', '', '', '', 0, '', "
                "'succeeded', NULL, NULL, '', '', 0, 0, 0, 0 FROM n"_s,
                {History::MostEntries});
        });
        QVERIFY(filled);
        bench.history.record(ended(job(99'999, JobState::Succeeded)));
        QTRY_COMPARE(bench.page().entries.constFirst().job, JobId{99'999});
        QCOMPARE(bench.committed(u"SELECT count(*) FROM history"_s),
                 QVariantList{History::MostEntries});
        QCOMPARE(bench.committed(u"SELECT min(id) FROM history"_s), QVariantList{2});
    }
    void anOlderDatabaseGetsTheTable()
    {
        StoreBench bench;
        const auto all = schemaMigrations();
        {
            const auto before = Database::open(bench.path, all.first(3), {});
            QVERIFY(before);
            QVERIFY(before->database->run(u"old"_s, u"INSERT INTO settings VALUES ('a', 'b')"_s));
        }
        QCOMPARE(StoreBench::valuesIn(bench.path, u"SELECT count(*) FROM history"_s),
                 QVariantList{0});
        QCOMPARE(StoreBench::valuesIn(bench.path, u"SELECT value FROM settings"_s),
                 QVariantList{u"b"_s});
    }
};

QTEST_GUILESS_MAIN(TestHistory)
#include "tst_history.moc"
