#include "tests/support/eventrecorder.h"
#include "tests/support/fakeclock.h"

#include <QDateTime>
#include <QTest>

#include <condition_variable>

using namespace core;
using namespace std::chrono_literals;
using namespace Qt::StringLiterals;
using tests::FakeClock;

namespace {

/// Works until it is told to stop.
class EndlessWorker final : public JobWorker
{
public:
    Result<Outcome> run(std::stop_token stop, ProgressCell &) override
    {
        std::mutex mutex;
        std::condition_variable_any stopped;
        std::unique_lock lock(mutex);
        stopped.wait(lock, stop, [] { return false; });
        return Outcome::Stopped;
    }
    void discard() override { }
};

/// A registry at noon; downloads run from 23:00 to 07:00.
struct Bench {
    FakeClock clock;
    JobRegistry registry{clock, [](const JobSnapshot &) -> Result<std::unique_ptr<JobWorker>> {
                             return std::make_unique<EndlessWorker>();
                         }};

    Bench()
    {
        goTo(u"12:00"_s);
        setHours(u"23:00-07:00"_s);
    }
    ~Bench()
    {
        if (!registry.stopForExit(10s))
            qFatal("a worker hangs");
    }
    [[nodiscard]] QDateTime now() const
    {
        return QDateTime::fromMSecsSinceEpoch(clock.wallTime().count(), Qt::LocalTime);
    }
    [[nodiscard]] qint64 next(const QString &time) const
    {
        const QTime ofDay = QTime::fromString(time, u"HH:mm"_s);
        const QDateTime today(now().date(), ofDay);
        return (today > now() ? today : today.addDays(1)).toMSecsSinceEpoch();
    }
    /// The clock goes on to this time of day, and the registry asks it.
    void goTo(const QString &time)
    {
        clock.advance(Milliseconds(next(time)) - clock.wallTime());
        registry.setLimits({});
    }
    /// The user sets the clock, and the registry asks it.
    void setClock(Milliseconds by)
    {
        clock.set(by);
        registry.setLimits({.downloads = 2});
    }
    void setHours(const QString &text) { registry.setHours(*QueueHours::parse(text)); }
    [[nodiscard]] JobSnapshot job(JobId id) const { return *registry.find(id); }
    [[nodiscard]] JobState state(JobId id) const { return job(id).state; }
};

} // namespace

Q_DECLARE_METATYPE(core::JobState)
Q_DECLARE_METATYPE(core::Milliseconds)

class TestJobHours : public QObject
{
    Q_OBJECT
private slots:
    void aDownloadWaitsForTheHoursAndGoesBackAfterThem()
    {
        Bench bench;
        const JobId id = bench.registry.add({});
        QTRY_VERIFY(bench.job(id).waitsForHours);
        QCOMPARE(bench.state(id), JobState::Queued);
        QCOMPARE(bench.job(id).startAt, bench.next(u"23:00"_s));
        bench.goTo(u"23:00"_s);
        QTRY_COMPARE(bench.state(id), JobState::Running);
        QCOMPARE(bench.job(id).startAt, 0);
        bench.goTo(u"06:59"_s);
        QCoreApplication::processEvents();
        QCOMPARE(bench.state(id), JobState::Running);
        bench.goTo(u"07:00"_s);
        QTRY_COMPARE(bench.state(id), JobState::Queued);
        QTRY_COMPARE(bench.job(id).startAt, bench.next(u"23:00"_s));
        bench.goTo(u"23:00"_s);
        QTRY_COMPARE(bench.state(id), JobState::Running);
        QCOMPARE(bench.job(id).attempt, 1);
    }

    void whatTheUserPausedStaysPaused()
    {
        Bench bench;
        const JobId id = bench.registry.add({});
        QTRY_VERIFY(bench.job(id).waitsForHours);
        QVERIFY(bench.registry.pause(id));
        QCOMPARE(bench.state(id), JobState::Paused);
        QCOMPARE(bench.job(id).startAt, 0);
        bench.goTo(u"23:00"_s);
        QCoreApplication::processEvents();
        QCOMPARE(bench.state(id), JobState::Paused);
    }

    void aPauseWhileTheHoursCloseIsAPause()
    {
        Bench bench;
        bench.setHours(u""_s);
        const JobId id = bench.registry.add({});
        QTRY_COMPARE(bench.state(id), JobState::Running);
        bench.setHours(u"23:00-07:00"_s);
        QTRY_VERIFY(bench.job(id).stopRequested || bench.state(id) == JobState::Queued);
        QVERIFY(bench.registry.pause(id));
        QTRY_COMPARE(bench.state(id), JobState::Paused);
    }

    void resumedByHandRunsOutsideTheHours_data()
    {
        QTest::addColumn<JobState>("from");
        QTest::newRow("a job that waits") << JobState::Queued;
        QTest::newRow("a paused job") << JobState::Paused;
    }
    void resumedByHandRunsOutsideTheHours()
    {
        QFETCH(JobState, from);
        Bench bench;
        const JobId id = bench.registry.add({.state = from});
        QTRY_COMPARE(bench.job(id).waitsForHours, from == JobState::Queued);
        QVERIFY(bench.registry.resume(id));
        QTRY_COMPARE(bench.state(id), JobState::Running);
        bench.goTo(u"23:00"_s);
        bench.goTo(u"07:00"_s);
        QCoreApplication::processEvents();
        QCOMPARE(bench.state(id), JobState::Running);
        QVERIFY(!bench.job(id).stopRequested);
        QVERIFY(bench.registry.cancel(id));
        QTRY_COMPARE(bench.state(id), JobState::Canceled);
        QVERIFY(!bench.job(id).ignoresHours);
    }

    void aTimeTheUserChoseIsKept()
    {
        Bench bench;
        const qint64 later = bench.next(u"11:00"_s);
        const JobId id = bench.registry.add({.startAt = later});
        const JobId other = bench.registry.add({});
        QTRY_VERIFY(bench.job(other).waitsForHours);
        QCOMPARE(bench.job(id).startAt, later);
        QVERIFY(!bench.job(id).waitsForHours);
        bench.setHours(u""_s);
        QTRY_COMPARE(bench.state(other), JobState::Running);
        QCOMPARE(bench.job(id).startAt, later);
    }

    void otherHoursMoveWhoWaits()
    {
        Bench bench;
        const JobId id = bench.registry.add({});
        QTRY_COMPARE(bench.job(id).startAt, bench.next(u"23:00"_s));
        bench.setHours(u"20:00-21:00"_s);
        QTRY_COMPARE(bench.job(id).startAt, bench.next(u"20:00"_s));
    }

    void workOnFilesThatAreHereTakesNoHeed()
    {
        Bench bench;
        const JobId id = bench.registry.add({.kind = JobKind::Extract});
        QTRY_COMPARE(bench.state(id), JobState::Running);
    }

    void theHoursHoldAfterARestart_data()
    {
        QTest::addColumn<bool>("ignoresHours");
        QTest::addColumn<JobState>("state");
        QTest::newRow("it ran by itself") << false << JobState::Queued;
        QTest::newRow("it was resumed by hand") << true << JobState::Running;
    }
    void theHoursHoldAfterARestart()
    {
        QFETCH(bool, ignoresHours);
        QFETCH(JobState, state);
        Bench bench;
        bench.registry.restore({.id = JobId{1},
                                .state = JobState::Running,
                                .position = 1,
                                .ignoresHours = ignoresHours});
        bench.registry.restore({.id = JobId{2},
                                .state = JobState::Running,
                                .stopRequested = true,
                                .stopsAs = JobState::Queued,
                                .position = 2});
        bench.registry.restore({.id = JobId{3}, .state = JobState::Paused, .position = 3});
        QTRY_VERIFY(bench.job(JobId{2}).waitsForHours);
        QTRY_COMPARE(bench.state(JobId{1}), state);
        bench.goTo(u"23:00"_s);
        QTRY_COMPARE(bench.state(JobId{1}), JobState::Running);
        QTRY_COMPARE(bench.state(JobId{2}), JobState::Running);
        QCOMPARE(bench.state(JobId{3}), JobState::Paused);
    }

    void pausesAtItsStopTime_data()
    {
        QTest::addColumn<int>("places");
        QTest::addColumn<JobState>("before");
        QTest::newRow("running") << 1 << JobState::Running;
        QTest::newRow("queued") << 0 << JobState::Queued;
    }
    void pausesAtItsStopTime()
    {
        QFETCH(int, places);
        QFETCH(JobState, before);
        Bench bench;
        bench.setHours(u""_s);
        bench.registry.setLimits({.downloads = places});
        const JobId id = bench.registry.add({.stopAt = bench.next(u"13:00"_s)});
        QTRY_COMPARE(bench.state(id), before);
        bench.goTo(u"13:00"_s);
        QTRY_COMPARE(bench.state(id), JobState::Paused);
        QVERIFY(bench.registry.resume(id));
        QCOMPARE(bench.job(id).stopAt, 0);
        QTRY_COMPARE(bench.state(id), JobState::Running);
    }

    void aStopTimeThatIsToComeOutlivesAPause()
    {
        Bench bench;
        bench.setHours(u""_s);
        const qint64 stopAt = bench.next(u"13:00"_s);
        const JobId id = bench.registry.add({.state = JobState::Paused, .stopAt = stopAt});
        QVERIFY(bench.registry.resume(id));
        QCOMPARE(bench.job(id).stopAt, stopAt);
    }

    void timesHoldWhenTheClockIsSet_data()
    {
        QTest::addColumn<Milliseconds>("by");
        QTest::addColumn<JobState>("expectedStart");
        QTest::addColumn<JobState>("expectedStop");
        const auto row = [](const char *name, Milliseconds by, JobState starting, JobState stops) {
            QTest::newRow(name) << by << starting << stops;
        };
        row("before both times", 1h, JobState::Queued, JobState::Running);
        row("past the start", 3h, JobState::Running, JobState::Running);
        row("past both", 5h, JobState::Running, JobState::Paused);
        row("a day back", -24h, JobState::Queued, JobState::Running);
    }
    void timesHoldWhenTheClockIsSet()
    {
        QFETCH(Milliseconds, by);
        QFETCH(JobState, expectedStart);
        QFETCH(JobState, expectedStop);
        Bench bench;
        bench.setHours(u""_s);
        bench.registry.setLimits({.downloads = 2});
        const JobId starting = bench.registry.add({.startAt = bench.next(u"14:00"_s)});
        const JobId stopping = bench.registry.add({.stopAt = bench.next(u"16:00"_s)});
        QTRY_COMPARE(bench.state(stopping), JobState::Running);
        bench.setClock(by);
        QTRY_COMPARE(bench.state(starting), expectedStart);
        QTRY_COMPARE(bench.state(stopping), expectedStop);
    }

    void hoursHoldWhenTheClockIsSet_data()
    {
        QTest::addColumn<QString>("from");
        QTest::addColumn<Milliseconds>("by");
        QTest::addColumn<JobState>("expected");
        QTest::newRow("forward into them") << u"12:00"_s << Milliseconds(12h) << JobState::Running;
        QTest::newRow("back into them") << u"12:00"_s << Milliseconds(-6h) << JobState::Running;
        QTest::newRow("a day back") << u"12:00"_s << Milliseconds(-24h) << JobState::Queued;
        QTest::newRow("forward out of them") << u"23:30"_s << Milliseconds(8h) << JobState::Queued;
        QTest::newRow("back out of them") << u"23:30"_s << Milliseconds(-1h) << JobState::Queued;
    }
    void hoursHoldWhenTheClockIsSet()
    {
        QFETCH(QString, from);
        QFETCH(Milliseconds, by);
        QFETCH(JobState, expected);
        Bench bench;
        const JobId id = bench.registry.add({});
        QTRY_VERIFY(bench.job(id).waitsForHours);
        if (from != u"12:00"_s)
            bench.goTo(from);
        QTRY_COMPARE(bench.state(id), from == u"12:00"_s ? JobState::Queued : JobState::Running);
        bench.setClock(by);
        QTRY_COMPARE(bench.state(id), expected);
        if (expected == JobState::Queued)
            QTRY_COMPARE(bench.job(id).startAt, bench.next(u"23:00"_s));
    }

    void aClockThatIsSetBackWhileItRunsEndsNothing()
    {
        Bench bench;
        bench.setHours(u""_s);
        const JobId id = bench.registry.add({.stopAt = bench.next(u"13:00"_s)});
        QTRY_COMPARE(bench.state(id), JobState::Running);
        bench.setClock(-48h);
        QCoreApplication::processEvents();
        QCOMPARE(bench.state(id), JobState::Running);
        bench.setClock(50h);
        QTRY_COMPARE(bench.state(id), JobState::Paused);
    }

    void theAlarmLooksAtTheClockOftenEnough()
    {
        // Timers do not count while a machine sleeps, nor do they know of a clock that was set.
        QVERIFY(JobRegistry::LongestAlarm <= 60s);
    }

    void aStopTimeThatPassedWhileTheProgramWasAwayCounts()
    {
        Bench bench;
        bench.setHours(u""_s);
        bench.registry.restore({.id = JobId{1},
                                .state = JobState::Running,
                                .position = 1,
                                .stopAt = bench.clock.wallTime().count() - 1});
        QTRY_COMPARE(bench.state(JobId{1}), JobState::Paused);
    }
};

QTEST_GUILESS_MAIN(TestJobHours)
#include "tst_jobhours.moc"
