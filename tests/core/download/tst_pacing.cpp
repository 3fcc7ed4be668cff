#include "core/download/connectionramp.h"
#include "core/download/ratelimiter.h"

#include <QTest>

#include <functional>

using namespace core;
using namespace std::chrono_literals;

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

    void noLimitIsNoLimit()
    {
        RateLimiter limiter(0);
        QVERIFY(!limiter.isLimited());
        QVERIFY(limiter.available(0ms) > 1'000'000'000'000);
    }
};

QTEST_GUILESS_MAIN(TestPacing)
#include "tst_pacing.moc"
