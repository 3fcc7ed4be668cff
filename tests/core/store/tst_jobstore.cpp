#include "core/jobs/jobregistry.h"
#include "core/store/jobstore.h"
#include "tests/core/store/storebench.h"

#include <QSignalSpy>

#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <sys/mount.h>
#include <sys/wait.h>
#include <unistd.h>

using namespace core;
using namespace std::chrono_literals;
using namespace Qt::StringLiterals;
using tests::FakeClock;
using tests::StoreBench;

namespace {

JobSnapshot job(qint64 id)
{
    JobSnapshot snapshot;
    snapshot.id = JobId{id};
    snapshot.position = id;
    snapshot.owner = u"local"_s;
    snapshot.source = u"http://example.org/%1"_s.arg(id);
    return snapshot;
}

JobSnapshot fullJob()
{
    JobSnapshot full = job(1LL << 60);
    full.kind = JobKind::Flash;
    full.owner = u"ann ü 🚚"_s;
    full.state = JobState::Failed;
    full.progress = {Stage::Verifying, 1LL << 61, 1LL << 62, 0, -1};
    full.details.title = u"a \"title\" with 'quotes'"_s;
    full.details.message = u"line\nline"_s;
    full.details.target = u"/tmp/ü"_s;
    full.details.sha256 = QString(64, u'a');
    full.details.steps = {{u"one"_s, JobState::Succeeded, 1}, {u"two"_s, JobState::Running, 0.1}};
    full.details.drives = {
        {u"usb:1"_s, JobState::Succeeded, 1LL << 60, std::nullopt},
        {u"usb:2"_s, JobState::Failed, 7, Error{ErrorCode::DeviceGone, u"gone"_s}}};
    full.error = Error{ErrorCode::ChecksumMismatch, u"a is not b"_s};
    full.spec = QByteArray("\0\xff{}\n", 5);
    full.prerequisites = {JobId{3}, JobId{1LL << 59}};
    full.fedBy = JobId{4};
    full.workflow = u"w1"_s;
    full.stopRequested = true;
    full.stopsAs = JobState::Paused;
    full.position = -5;
    full.speedLimit = 1LL << 40;
    full.startAt = 1'790'000'000'004;
    full.stopAt = 1'790'000'000'005;
    full.waitsForHours = true;
    full.ignoresHours = true;
    full.attempt = 3;
    full.createdAt = 1'790'000'000'001;
    full.startedAt = 1'790'000'000'002;
    full.finishedAt = 1'790'000'000'003;
    full.rev = 1LL << 58;
    return full;
}

JobEvents added(const JobSnapshot &snapshot)
{
    return {{1, JobAdded{snapshot}}};
}
JobEvents changed(const JobSnapshot &snapshot)
{
    return {{1, JobChanged{snapshot, snapshot}}};
}

struct Bench : StoreBench {
    Bench() { open(); }
    JobStore jobs{store, clock};

    /// What the next run of the program finds.
    [[nodiscard]] QList<JobSnapshot> reload()
    {
        JobStore later(store, clock);
        return later.load().value();
    }
    void waitUntilCommitted(JobId id)
    {
        std::optional<Result<void>> answer;
        jobs.whenCommitted(id, &jobs, [&](const Result<void> &result) { answer = result; });
        QTRY_VERIFY(answer);
        QVERIFY2(*answer, answer->has_value() ? "" : qPrintable(answer->error().context));
    }
    /// What was handed to the store thread in this turn is committed when this returns.
    void endTurn()
    {
        QCoreApplication::processEvents();
        QVERIFY(store.runNow([](Database &) { return Result<void>(); }));
        QCoreApplication::processEvents();
    }
    /// A job that is on disk.
    [[nodiscard]] JobSnapshot addOne()
    {
        jobs.record(added(job(1)));
        waitUntilCommitted(JobId{1});
        return job(1);
    }
    void record(JobSnapshot &one, const QString &message)
    {
        const JobSnapshot before = one;
        one.details.message = message;
        one.rev += 1;
        jobs.record({{1, JobChanged{before, one}}});
    }
    void say(JobSnapshot &one, const QString &message)
    {
        record(one, message);
        endTurn();
    }
    /// From here on, in writes().
    void countWrites()
    {
        QVERIFY(store.runNow([](Database &database) {
            return database.run(u"test"_s, u"CREATE TABLE writes (n INTEGER)"_s).and_then([&] {
                return database.run(u"test"_s,
                                    u"CREATE TRIGGER counter AFTER UPDATE ON jobs BEGIN "
                                    "INSERT INTO writes VALUES (1); END"_s);
            });
        }));
    }
    [[nodiscard]] qint64 writes() const
    {
        return committed(u"SELECT count(*) FROM writes"_s).value(0).toLongLong();
    }
};

/// Stores one job, prints its id once it is committed and waits to be killed.
int runAsVictim(int &argc, char **argv)
{
    QCoreApplication app(argc, argv);
    FakeClock clock;
    StoreThread store(clock);
    if (!store.open(QString::fromLocal8Bit(argv[2])))
        return 1;
    JobStore jobs(store, clock);
    jobs.record(added(job(42)));
    jobs.whenCommitted(JobId{42}, &jobs, [](const Result<void> &result) {
        const char *word = result ? "42\n" : "failed\n";
        if (::write(STDOUT_FILENO, word, strlen(word)) < 0)
            std::abort();
    });
    return app.exec();
}

/// Starts runAsVictim() with its output in the file `said`. Not by QProcess, whose clone(2) stops
/// ThreadSanitizer.
pid_t spawnVictim(const QString &database, const QString &said)
{
    QByteArray program = QCoreApplication::applicationFilePath().toLocal8Bit();
    QByteArray option = "--victim";
    QByteArray path = database.toLocal8Bit();
    std::array<char *, 4> arguments{program.data(), option.data(), path.data(), nullptr};
    posix_spawn_file_actions_t actions;
    ::posix_spawn_file_actions_init(&actions);
    ::posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, qPrintable(said),
                                       O_CREAT | O_WRONLY, 0600);
    pid_t pid = -1;
    const int error =
        ::posix_spawn(&pid, program.data(), &actions, nullptr, arguments.data(), environ);
    ::posix_spawn_file_actions_destroy(&actions);
    return error == 0 ? pid : -1;
}

} // namespace

class TestJobStore : public QObject
{
    Q_OBJECT
private slots:
    void everythingThatMustSurviveComesBack()
    {
        Bench bench;
        QVERIFY(bench.jobs.load()->isEmpty());
        bench.jobs.record(added(fullJob()) + added(job(2)));
        bench.waitUntilCommitted(fullJob().id);
        QCOMPARE(bench.reload(), (QList{fullJob(), job(2)}));
    }

    void theEventsOfAJobBecomeItsRow()
    {
        Bench bench;
        JobSnapshot one = job(1);
        bench.jobs.record(added(one) + added(job(2)) + added(job(3)));
        bench.waitUntilCommitted(one.id);
        one.state = JobState::Succeeded;
        one.rev = 2;
        JobSnapshot two = job(2);
        two.progress.done = 77;
        two.rev = 9;
        bench.jobs.record(changed(one)
                          + JobEvents{{1, JobProgressed{two}}, {2, JobRemoved{JobId{3}, {}}}});
        bench.waitUntilCommitted(one.id);
        QCOMPARE(bench.reload(), (QList{one, job(2)}));
    }

    void theLastIdIsKnownAfterItsJobIsGone()
    {
        Bench bench;
        bench.jobs.record(added(job(1)) + added(job(5)));
        bench.waitUntilCommitted(JobId{5});
        bench.jobs.record({{3, JobRemoved{JobId{5}, {}}}});
        bench.waitUntilCommitted(JobId{5});
        QVERIFY(bench.jobs.load());
        QCOMPARE(bench.jobs.lastId(), JobId{5});
    }

    void onlyTheNewestChangeOfATurnIsWritten()
    {
        Bench bench;
        JobSnapshot one = job(1);
        bench.jobs.record(added(one));
        for (one.rev = 2; one.rev < 100; ++one.rev)
            bench.jobs.record(changed(one));
        bench.jobs.record({{1, JobRemoved{JobId{1}, {}}}});
        bench.jobs.record(added(one));
        bench.waitUntilCommitted(one.id);
        QCOMPARE(bench.reload(), QList{one});
    }

    void changesWhileTheDiskIsSlowAreWrittenInOrder()
    {
        Bench bench;
        JobSnapshot one = job(1);
        auto release = bench.holdThread();
        QStringList answers;
        for (one.rev = 1; one.rev <= 3; ++one.rev) {
            bench.jobs.record(changed(one));
            bench.jobs.whenCommitted(one.id, this, [&, rev = one.rev](const Result<void> &result) {
                QVERIFY(result);
                const qint64 stored =
                    bench.committed(u"SELECT rev FROM jobs"_s).value(0).toLongLong();
                QVERIFY2(stored >= rev, "told before it was committed");
                answers.append(QString::number(rev));
            });
            QCoreApplication::processEvents();
        }
        QVERIFY(answers.isEmpty());
        release.set_value();
        QTRY_COMPARE(answers, (QStringList{u"1"_s, u"2"_s, u"3"_s}));
        QCOMPARE(bench.reload().value(0).rev, 3);
    }

    void whatAProgramSaysOftenIsWrittenSeldom()
    {
        Bench bench;
        JobSnapshot one = bench.addOne();
        bench.countWrites();
        for (int i = 0; i < 50; ++i)
            bench.say(one, u"message %1"_s.arg(i));
        bench.waitUntilCommitted(one.id);
        QCOMPARE(bench.reload(), QList{one});
        const qint64 writes = bench.writes();
        QVERIFY2(writes >= 1 && writes < 50, qPrintable(QString::number(writes)));
    }

    void whatAProgramSaysIsWrittenAlsoWhenNobodyWaits()
    {
        Bench bench;
        JobSnapshot one = bench.addOne();
        bench.say(one, u"once"_s);
        QTRY_COMPARE(bench.committed(u"SELECT rev FROM jobs"_s), QVariantList{2});
        auto release = bench.holdThread();
        const JobSnapshot before = one;
        one.state = JobState::Paused;
        one.rev += 1;
        bench.jobs.record({{1, JobChanged{before, one}}});
        QCoreApplication::processEvents(); // handed over, and not yet written
        bench.record(one, u"while the disk is slow"_s);
        release.set_value();
        QTRY_COMPARE(bench.committed(u"SELECT rev FROM jobs"_s), QVariantList{4});
    }

    void aStateIsWrittenAtOnceWithWhatWasSaid()
    {
        Bench bench;
        JobSnapshot one = bench.addOne();
        bench.say(one, u"nearly"_s);
        const JobSnapshot before = one;
        one.state = JobState::Paused;
        one.rev += 1;
        bench.jobs.record({{3, JobChanged{before, one}}});
        bench.endTurn();
        QCOMPARE(bench.reload(), QList{one});
    }

    void whatWasSaidLastIsWrittenBeforeTheEnd()
    {
        Bench bench;
        JobSnapshot one = bench.addOne();
        bench.say(one, u"good night"_s);
        QVERIFY(bench.store.close(5s));
        QCOMPARE(bench.committed(u"SELECT rev FROM jobs"_s), QVariantList{2});
    }

    void committedIsSaidAfterTheCommit()
    {
        Bench bench;
        bench.jobs.record(added(job(1)));
        QVariantList seen;
        bench.jobs.whenCommitted(JobId{1}, this, [&](const Result<void> &result) {
            QVERIFY(result);
            seen = bench.committed(u"SELECT id FROM jobs"_s);
        });
        QTRY_COMPARE(seen, QVariantList{1});
        bool isSaidAtOnce = false;
        bench.jobs.whenCommitted(JobId{1}, this,
                                 [&](const Result<void> &) { isSaidAtOnce = true; });
        QVERIFY(isSaidAtOnce);
    }

    void aFullDiskLosesNothing()
    {
        Bench bench;
        const QSignalSpy failed(&bench.jobs, &JobStore::failed);
        const QSignalSpy recovered(&bench.jobs, &JobStore::recovered);
        bench.jobs.record(added(job(1)));
        bench.waitUntilCommitted(JobId{1});
        bench.limitGrowth(0);
        recordBig(bench.jobs, 2, 12);
        std::optional<Error> answer;
        bench.jobs.whenCommitted(JobId{2}, this, [&](const Result<void> &result) {
            answer = result ? Error{} : result.error();
        });
        QTRY_VERIFY(answer);
        QCOMPARE(answer->code, ErrorCode::NoSpace);
        QVERIFY2(answer->context.contains(u"full"_s), qPrintable(answer->context));
        QTRY_COMPARE(failed.size(), 1);
        QCOMPARE(bench.reload(), QList{job(1)});

        bench.limitGrowth(-1);
        JobSnapshot one = job(1);
        one.rev = 2;
        bench.jobs.record(changed(one)); // the next write brings the others along
        QTRY_COMPARE_WITH_TIMEOUT(recovered.size(), 1, 4000);
        QCOMPARE(failed.size(), 1);
        QCOMPARE(bench.reload().size(), 12);
        QCOMPARE(bench.reload().at(11), big(12));
    }

    void withoutAnotherWriteItIsTriedAgainSoon()
    {
        Bench bench;
        const QSignalSpy failed(&bench.jobs, &JobStore::failed);
        const QSignalSpy recovered(&bench.jobs, &JobStore::recovered);
        bench.limitGrowth(0);
        recordBig(bench.jobs, 1, 2);
        QTRY_COMPARE(failed.size(), 1);
        bench.limitGrowth(-1);
        QTRY_COMPARE_WITH_TIMEOUT(recovered.size(), 1, 20'000);
        QCOMPARE(bench.reload(), (QList{big(1), big(2)}));
    }

    void aFullFileSystemLosesNothing()
    {
        QTemporaryDir place;
        if (::mount("dray", qPrintable(place.path()), "tmpfs", 0, "size=1m") != 0)
            QSKIP("mounting needs root");
        const auto unmount = qScopeGuard([&] { ::umount2(qPrintable(place.path()), MNT_DETACH); });
        FakeClock clock;
        StoreThread store(clock);
        QVERIFY(store.open(place.filePath(u"dray.db"_s)));
        JobStore jobs(store, clock);
        const QSignalSpy failed(&jobs, &JobStore::failed);
        const QSignalSpy recovered(&jobs, &JobStore::recovered);
        QFile filler(place.filePath(u"filler"_s));
        QVERIFY(filler.open(QIODevice::WriteOnly | QIODevice::Unbuffered));
        while (filler.write(QByteArray(4096, 'f')) == 4096) { }
        recordBig(jobs, 1, 3);
        QTRY_COMPARE(failed.size(), 1);
        QCOMPARE(failed[0][0].value<Error>().code, ErrorCode::NoSpace);
        QVERIFY(filler.remove());
        jobs.record(added(job(4)));
        QTRY_COMPARE_WITH_TIMEOUT(recovered.size(), 1, 4000);
        JobStore later(store, clock);
        QCOMPARE(later.load().value(), (QList{big(1), big(2), big(3), job(4)}));
    }

    void aJobThatWasAnsweredSurvivesKill9()
    {
        StoreBench bench;
        for (int round = 0; round < 5; ++round) {
            QFile said(bench.folder.filePath(u"said"_s));
            const pid_t victim = spawnVictim(bench.path, said.fileName());
            QVERIFY(victim > 0);
            QTRY_VERIFY(said.exists());
            QVERIFY(said.open(QIODevice::ReadOnly));
            QByteArray words;
            QTRY_VERIFY((words += said.readAll()).endsWith('\n'));
            QCOMPARE(::kill(victim, SIGKILL), 0);
            QCOMPARE(::waitpid(victim, nullptr, 0), victim);
            QCOMPARE(words, "42\n"_ba);
            QVERIFY(said.remove());
            QCOMPARE(bench.committed(u"SELECT id FROM jobs"_s), QVariantList{42});
            QVERIFY(QFile::remove(bench.path));
        }
    }

    void whatIsRecordedJustBeforeTheEndIsKept()
    {
        Bench bench;
        auto release = bench.holdThread();
        JobSnapshot one = job(1);
        bench.jobs.record(added(one));
        QCoreApplication::processEvents(); // under way
        one.rev = 2;
        bench.jobs.record(changed(one) + added(job(2)));
        release.set_value();
        QVERIFY(bench.store.close(5s));
        QCOMPARE(bench.committed(u"SELECT rev FROM jobs ORDER BY id"_s), (QVariantList{2, 1}));
    }

    void aStoreThatGoesFirstWritesWhatItHas()
    {
        Bench bench;
        {
            JobStore other(bench.store, bench.clock);
            other.record(added(job(1)));
        }
        QCOMPARE(bench.reload(), QList{job(1)});
    }

    void anUnreadableRowComesBackAsFailed_data()
    {
        QTest::addColumn<QString>("column");
        QTest::addColumn<QString>("value");
        for (const char *column : {"kind", "state", "stage", "steps", "drives", "prerequisites"})
            QTest::newRow(column) << QString::fromLatin1(column) << u"[{"_s;
        QTest::newRow("errorCode") << u"errorCode"_s << u"oops"_s;
    }
    void anUnreadableRowComesBackAsFailed()
    {
        QFETCH(QString, column);
        QFETCH(QString, value);
        Bench bench;
        bench.jobs.record(added(job(1)) + added(job(2)));
        bench.waitUntilCommitted(JobId{1});
        QVERIFY(bench.store.runNow(
            StoreBench::statement(u"UPDATE jobs SET %1 = '%2' WHERE id = 1"_s.arg(column, value))));
        const QList<JobSnapshot> jobs = bench.reload();
        QCOMPARE(jobs.size(), 2);
        QCOMPARE(jobs[0].state, JobState::Failed);
        QCOMPARE(
            jobs[0].error,
            (Error{ErrorCode::StoreFailed, u"stored job: %1 is not a %2"_s.arg(value, column)}));
        QCOMPARE(jobs[1], job(2));
    }

    void idempotencyKeysAreRememberedForADay()
    {
        Bench bench;
        bench.jobs.record(added(job(1)) + added(job(2)));
        bench.jobs.rememberIdem(u"ann"_s, u"k"_s, "digest"_ba, JobId{1});
        bench.jobs.rememberIdem(u"bob"_s, u"k"_s, "other"_ba, JobId{2});
        bench.waitUntilCommitted(JobId{1});
        const auto found = bench.jobs.findIdem(u"ann"_s, u"k"_s);
        QVERIFY(found);
        QCOMPARE(found->job, JobId{1});
        QCOMPARE(found->specDigest, "digest"_ba);
        QVERIFY(!bench.jobs.findIdem(u"ann"_s, u"x"_s));

        bench.clock.advance(JobStore::IdemLifetime);
        JobStore later(bench.store, bench.clock);
        QVERIFY(later.load());
        QCOMPARE(later.findIdem(u"bob"_s, u"k"_s)->job, JobId{2});
        bench.clock.advance(1ms);
        QVERIFY(!bench.jobs.findIdem(u"ann"_s, u"k"_s));
        QVERIFY(!later.findIdem(u"bob"_s, u"k"_s));
        later.rememberIdem(u"ann"_s, u"new"_s, "d"_ba, JobId{1});
        QTRY_COMPARE(bench.committed(u"SELECT key FROM idems"_s), QVariantList{u"new"_s});
    }

    void aJobAndItsIdempotencyKeyAreCommittedTogether()
    {
        Bench bench;
        bench.jobs.record(added(job(1)));
        bench.jobs.rememberIdem(u"ann"_s, u"k"_s, "digest"_ba, JobId{1});
        QVariantList seen;
        bench.jobs.whenCommitted(JobId{1}, this, [&](const Result<void> &) {
            seen = bench.committed(u"SELECT job FROM idems"_s);
        });
        QTRY_COMPARE(seen, QVariantList{1});
    }

    void aRemovedJobTakesItsIdempotencyKeyAlong()
    {
        Bench bench;
        bench.jobs.record(added(job(1)));
        bench.jobs.rememberIdem(u"ann"_s, u"k"_s, "digest"_ba, JobId{1});
        bench.waitUntilCommitted(JobId{1});
        bench.jobs.record({{1, JobRemoved{JobId{1}, {}}}});
        QVERIFY(!bench.jobs.findIdem(u"ann"_s, u"k"_s));
        bench.waitUntilCommitted(JobId{1});
        QVERIFY(bench.committed(u"SELECT key FROM idems"_s).isEmpty());
    }

    void tenThousandJobs()
    {
        Bench bench;
        QElapsedTimer timer;
        timer.start();
        for (int i = 1; i <= 10'000; ++i)
            bench.jobs.record(added(job(i)));
        bench.waitUntilCommitted(JobId{10'000});
        const qint64 writeMs = timer.restart();
        const QList<JobSnapshot> jobs = bench.reload();
        const qint64 readMs = timer.restart();
        QCOMPARE(jobs.size(), 10'000);
        QCOMPARE(jobs.last(), job(10'000));
        for (const JobSnapshot &one : jobs)
            bench.jobs.record(added(one));
        bench.waitUntilCommitted(JobId{10'000});
        qInfo("10,000 jobs: recorded in %lld ms, loaded in %lld ms, recorded unchanged in %lld ms",
              writeMs, readMs, timer.elapsed());
    }

    void aRegistrysJobsComeBackInTheNextRun()
    {
        Bench bench;
        const WorkerFactory refuse = [](const JobSnapshot &) -> Result<std::unique_ptr<JobWorker>> {
            return fail(ErrorCode::InvalidUrl, u"nowhere"_s);
        };
        JobRegistry registry(bench.clock, refuse);
        connect(&registry, &JobRegistry::eventsReady, &bench.jobs, &JobStore::record);
        JobSnapshot wanted = job(0);
        wanted.state = JobState::Paused;
        const JobId paused = registry.add(wanted);
        const JobId failing = registry.add(job(0));
        QTRY_COMPARE(registry.find(failing)->state, JobState::Failed);
        bench.waitUntilCommitted(failing);
        QCOMPARE(bench.reload(), registry.snapshots());
        JobRegistry later(bench.clock, refuse);
        for (const JobSnapshot &one : bench.reload())
            later.restore(one);
        QCOMPARE(later.snapshots(), registry.snapshots());
        QCOMPARE(later.find(paused)->state, JobState::Paused);
    }

private:
    [[nodiscard]] static JobSnapshot big(qint64 id)
    {
        JobSnapshot snapshot = job(id);
        snapshot.spec = QByteArray(50'000, char('a' + id % 26));
        return snapshot;
    }
    static void recordBig(JobStore &jobs, qint64 first, qint64 last)
    {
        for (qint64 id = first; id <= last; ++id)
            jobs.record(added(big(id)));
    }
};

int main(int argc, char **argv)
{
    if (argc == 3 && qstrcmp(argv[1], "--victim") == 0)
        return runAsVictim(argc, argv);
    QCoreApplication app(argc, argv);
    TestJobStore test;
    return QTest::qExec(&test, argc, argv);
}
#include "tst_jobstore.moc"
