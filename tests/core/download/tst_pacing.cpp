#include "core/base/ratelimiter.h"
#include "core/base/speedschedule.h"
#include "core/download/connectionramp.h"
#include "core/download/retrywait.h"
#include "core/download/speedlimits.h"
#include "tests/support/fakeclock.h"

#include <QSignalSpy>
#include <QTest>

#include <functional>

using namespace core;
using namespace std::chrono_literals;
using namespace Qt::StringLiterals;

namespace {

constexpr qint64 MiB = 1 << 20;

/// How many requests the ramp settles on when `speed` gives bytes per second for a number of them.
int settledTarget(int most, int first, const std::function<qint64(int)> &speed)
{
    ConnectionRamp ramp(most, first);
    qint64 bytes = 0;
    for (auto now = 0ms; now < 20s; now += 50ms) {
        bytes += speed(ramp.target()) / 20;
        (void)ramp.sample(now, bytes, 0);
    }
    return ramp.target();
}

/// Bytes each of the shares got when all of them always want more, for `time`.
QList<qint64> readFor(std::chrono::milliseconds time,
                      tests::FakeClock &clock,
                      const QList<std::shared_ptr<SpeedLimits::Share>> &shares)
{
    QList<qint64> bytes(shares.size(), 0);
    for (auto passed = 0ms; passed < time; passed += 20ms) {
        clock.advance(20ms);
        for (qsizetype i = 0; i < shares.size(); ++i)
            bytes[i] += shares[i]->take(MiB);
    }
    return bytes;
}

bool isAbout(qint64 bytes, qint64 expected)
{
    return std::abs(bytes - expected) <= expected / 20;
}

} // namespace

class TestPacing : public QObject
{
    Q_OBJECT
private slots:
    void connectionsGrowOnlyWhileTheyHelp_data()
    {
        QTest::addColumn<int>("most");
        QTest::addColumn<qint64>("perConnection");
        QTest::addColumn<qint64>("line");
        QTest::addColumn<int>("target");
        const auto row = [](const char *name, int most, qint64 each, qint64 line, int target) {
            QTest::newRow(name) << most << each << line << target;
        };
        row("server limits each connection", 8, 2 * MiB, 1000 * MiB, 8);
        row("the most is not a power of two", 6, 2 * MiB, 1000 * MiB, 6);
        row("the line is full with one", 8, 10 * MiB, 10 * MiB, 2);
        row("thirty-two", 32, 2 * MiB, 1000 * MiB, 32);
        row("the line is full with four", 16, 10 * MiB, 40 * MiB, 4);
        row("this machine is the limit", 8, 900 * MiB, 2000 * MiB, 1);
        row("one is all that was asked for", 1, 2 * MiB, 1000 * MiB, 1);
    }
    void connectionsGrowOnlyWhileTheyHelp()
    {
        QFETCH(int, most);
        QFETCH(qint64, perConnection);
        QFETCH(qint64, line);
        QTEST(settledTarget(most, 2,
                            [=](int count) { return std::min(line, count * perConnection); }),
              "target");
    }

    void knownHostIsFilledAtOnce()
    {
        ConnectionRamp ramp(32, 12);
        QCOMPARE(ramp.target(), 12);
        QCOMPARE(ConnectionRamp(4, 12).target(), 4);
        QCOMPARE(settledTarget(32, 12, [](int count) { return std::min(count, 12) * MiB; }), 12);
    }

    void doublingTakesAQuarterSecond()
    {
        ConnectionRamp ramp(16, 2);
        qint64 bytes = 0;
        auto now = 0ms;
        for (; ramp.target() < 16; now += 50ms)
            (void)ramp.sample(now, bytes += ramp.target() * MiB, 0);
        QCOMPARE(now, 750ms); // 2 → 4 → 8 → 16, each after one tick and a window
    }

    void requestsThatOpenAreNotMeasured()
    {
        ConnectionRamp ramp(8, 2);
        for (auto now = 0ms; now < ConnectionRamp::LongestOpening; now += 50ms)
            QVERIFY(!ramp.sample(now, now.count() * MiB, 1));
        for (auto now = ConnectionRamp::LongestOpening; now < 3s; now += 50ms)
            (void)ramp.sample(now, now.count() * 1000, 1);
        QVERIFY(ramp.target() > 2);
    }

    void machineThatIsTheLimitMayStopBeing()
    {
        ConnectionRamp ramp(8, 2);
        qint64 bytes = 0;
        auto now = 0ms;
        for (; now < 1s; now += 50ms)
            (void)ramp.sample(now, bytes += 50 * MiB, 0);
        QCOMPARE(ramp.target(), 1);
        QVERIFY(ramp.isAlone() && !ramp.isSettled());
        for (; now < 3s; now += 50ms)
            (void)ramp.sample(now, bytes += ramp.target() * MiB, 0);
        QCOMPARE(ramp.target(), 8);
    }

    void refusalsHalveOnceAnEpoch()
    {
        ConnectionRamp ramp(8, 8);
        QVERIFY(ramp.mayOpen(1s));
        ramp.onRefused(1000ms, 1s);
        ramp.onRefused(1100ms, 1s);
        QCOMPARE(ramp.target(), 4);
        QVERIFY(!ramp.mayOpen(2s));
        QVERIFY(ramp.mayOpen(2100ms));
        ramp.onRefused(2200ms, 5s);
        QCOMPARE(ramp.target(), 2);
        QVERIFY(!ramp.mayOpen(7s));
        ramp.onRefused(8s, 1s);
        ramp.onRefused(10s, 1s);
        QCOMPARE(ramp.target(), 1);
        QVERIFY(ramp.isSettled() && ramp.wasRefused());
        for (auto now = 20s; now < 30s; now += 1s)
            QVERIFY(!ramp.sample(now, now.count() * MiB, 0));
    }

    void limiterGivesWhatTimeEarned()
    {
        RateLimiter limiter(1000);
        QCOMPARE(limiter.available(5000ms), 0);
        QCOMPARE(limiter.available(5100ms), 100);
        limiter.consume(60);
        QCOMPARE(limiter.available(5100ms), 40);
        QCOMPARE(limiter.available(9000ms), 200); // a fifth of a second is all that is saved up
        limiter.consume(200);
        QCOMPARE(limiter.available(9010ms), 10);
    }

    void whatWasConsumedAheadIsWaitedFor()
    {
        RateLimiter limiter(1000);
        QCOMPARE(limiter.available(0ms), 0);
        QCOMPARE(limiter.available(100ms), 100);
        QCOMPARE(limiter.wait(), 0ms);
        limiter.consume(2099);
        QCOMPARE(limiter.wait(), 2001ms);
        QCOMPARE(limiter.available(100ms + 1999ms), 0);
        QVERIFY(limiter.available(100ms + 2001ms) > 0);
        QCOMPARE(RateLimiter(0).wait(), 0ms);
    }

    void smallLimitLosesNothingToRounding()
    {
        RateLimiter limiter(7);
        qint64 sum = 0;
        for (auto now = 0ms; now <= 100s; now += 1ms) {
            const qint64 bytes = limiter.available(now);
            limiter.consume(bytes);
            sum += bytes;
        }
        QVERIFY2(sum >= 690 && sum <= 700, qPrintable(QString::number(sum)));
    }

    void jobsShareTheTotalFairly()
    {
        tests::FakeClock clock;
        const auto limits = std::make_shared<SpeedLimits>(clock);
        limits->setTotal(900'000);
        const QList shares{limits->join(JobId{1}, 0), limits->join(JobId{2}, 0),
                           limits->join(JobId{3}, 0)};
        for (const qint64 bytes : readFor(10s, clock, shares))
            QVERIFY2(isAbout(bytes, 3'000'000), qPrintable(QString::number(bytes)));
    }

    void whatOneJobMayNotUseGoesToTheOthers()
    {
        tests::FakeClock clock;
        const auto limits = std::make_shared<SpeedLimits>(clock);
        limits->setTotal(900'000);
        const QList shares{limits->join(JobId{1}, 100'000), limits->join(JobId{2}, 0)};
        const auto bytes = readFor(10s, clock, shares);
        QVERIFY2(isAbout(bytes[0], 1'000'000), qPrintable(QString::number(bytes[0])));
        QVERIFY2(isAbout(bytes[1], 8'000'000), qPrintable(QString::number(bytes[1])));
    }

    void aJobThatStopsAskingLeavesItsShare()
    {
        tests::FakeClock clock;
        const auto limits = std::make_shared<SpeedLimits>(clock);
        limits->setTotal(800'000);
        const QList shares{limits->join(JobId{1}, 0), limits->join(JobId{2}, 0)};
        (void)readFor(2s, clock, shares);
        (void)readFor(1s, clock, shares.mid(0, 1));
        const auto bytes = readFor(10s, clock, shares.mid(0, 1));
        QVERIFY2(isAbout(bytes[0], 8'000'000), qPrintable(QString::number(bytes[0])));
    }

    void limitsChangeWhileJobsRun()
    {
        tests::FakeClock clock;
        const auto limits = std::make_shared<SpeedLimits>(clock);
        const QList shares{limits->join(JobId{1}, 0)};
        QVERIFY(!shares[0]->isLimited());
        QCOMPARE(shares[0]->take(MiB), MiB);
        limits->setJob(JobId{1}, 200'000);
        QVERIFY(shares[0]->isLimited());
        QVERIFY(isAbout(readFor(10s, clock, shares)[0], 2'000'000));
        limits->setTotal(100'000);
        QVERIFY(isAbout(readFor(10s, clock, shares)[0], 1'000'000));
        limits->setTotal(0);
        limits->setJob(JobId{1}, 0);
        QVERIFY(!shares[0]->isLimited());
        QCOMPARE(shares[0]->take(MiB), MiB);
    }

    void whatWasNotReadIsGivenBack()
    {
        tests::FakeClock clock;
        const auto limits = std::make_shared<SpeedLimits>(clock);
        limits->setTotal(100'000);
        const auto share = limits->join(JobId{1}, 0);
        (void)share->take(1);
        clock.advance(100ms);
        const qint64 taken = share->take(MiB);
        QVERIFY(taken > 9'000);
        share->giveBack(taken);
        QCOMPARE(share->take(MiB), taken);
    }

    void scheduleGivesTheLimitOfTheHour_data()
    {
        QTest::addColumn<QString>("text");
        QTest::addColumn<QTime>("time");
        QTest::addColumn<qint64>("limit"); // -1: none of its windows
        const QString day = u"08:00-18:00 500K, 18:00-23:30 2M"_s;
        QTest::newRow("inside") << day << QTime(8, 0) << qint64(500 * 1024);
        QTest::newRow("second") << day << QTime(18, 0) << qint64(2 * MiB);
        QTest::newRow("outside") << day << QTime(7, 59, 59) << qint64(-1);
        QTest::newRow("over midnight, late") << u"22:00-06:00 0"_s << QTime(23, 0) << qint64(0);
        QTest::newRow("over midnight, early") << u"22:00-06:00 0"_s << QTime(5, 59) << qint64(0);
        QTest::newRow("after midnight") << u"22:00-06:00 0"_s << QTime(6, 0) << qint64(-1);
        QTest::newRow("empty") << u" "_s << QTime(6, 0) << qint64(-1);
    }
    void scheduleGivesTheLimitOfTheHour()
    {
        QFETCH(QString, text);
        QFETCH(QTime, time);
        const auto schedule = SpeedSchedule::parse(text);
        QVERIFY(schedule);
        QTEST(schedule->bytesPerSecondAt(time).value_or(-1), "limit");
    }

    void scheduleThatMakesNoSenseIsNamed()
    {
        for (const QString &wrong : {u"8-18 500K"_s, u"25:00-26:00 1M"_s, u"08:00-18:00 fast"_s}) {
            const auto schedule = SpeedSchedule::parse(u"01:00-02:00 1M, "_s + wrong);
            QVERIFY(!schedule);
            QVERIFY2(schedule.error().context.contains(wrong),
                     qPrintable(schedule.error().context));
        }
    }

    void withoutANetworkNoTryIsCounted()
    {
        bool isOnline = false;
        RetryPolicy policy{.maxTries = 2, .firstDelay = 0ms, .offlineCheck = 1ms};
        policy.isOnline = [&isOnline] { return isOnline; };
        ProgressCell cell;
        RetryWait wait(policy, cell);
        const QSignalSpy due(&wait, &RetryWait::due);
        for (int i = 0; i < 10; ++i)
            QVERIFY(wait.begin({ErrorCode::HostNotFound, u"no host"_s}, 0ms));
        wait.show();
        QCOMPARE(cell.takeDetails()->message, u"waiting for the network"_s);
        QCOMPARE(wait.failures(), 0);
        QVERIFY(due.isEmpty());
        isOnline = true;
        QTRY_COMPARE(due.size(), 1);
        QVERIFY(wait.begin({ErrorCode::Network, u"closed"_s}, 0ms));
        QVERIFY(!wait.begin({ErrorCode::Network, u"closed"_s}, 0ms));
    }

    void aNameThatIsNotFoundIsLookedUpForLonger()
    {
        const RetryPolicy policy{.maxTries = 2, .maxLookups = 4, .firstDelay = 0ms};
        ProgressCell cell;
        RetryWait wait(policy, cell);
        for (int i = 0; i < 3; ++i)
            QVERIFY(wait.begin({ErrorCode::HostNotFound, u"no host"_s}, 0ms));
        QVERIFY(!wait.begin({ErrorCode::HostNotFound, u"no host"_s}, 0ms));
    }

    void noLimitIsNoLimit()
    {
        RateLimiter limiter(0);
        QVERIFY(!limiter.isLimited());
        QVERIFY(limiter.available(0ms) > 1'000'000'000'000);
    }
};

QTEST_GUILESS_MAIN(TestPacing)
#include "tst_pacing.moc"
