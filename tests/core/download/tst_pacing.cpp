#include "core/download/connectionramp.h"
#include "core/download/ratelimiter.h"

#include <QTest>

#include <functional>

using namespace core;
using namespace std::chrono_literals;

namespace {

constexpr qint64 MiB = 1 << 20;

/// How many requests the ramp settles on when `speed` gives bytes per second for a number of them.
int settledTarget(int most, const std::function<qint64(int)> &speed)
{
    ConnectionRamp ramp(most);
    qint64 bytes = 0;
    for (auto now = 0ms; now < 20s; now += 50ms) {
        bytes += speed(ramp.target()) / 20;
        (void)ramp.sample(now, bytes);
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
        row("the line is full with one", 8, 10 * MiB, 10 * MiB, 1);
        row("the line is full with four", 16, 10 * MiB, 40 * MiB, 4);
        row("this machine is the limit", 8, 900 * MiB, 2000 * MiB, 1);
        row("one is all that was asked for", 1, 2 * MiB, 1000 * MiB, 1);
    }
    void connectionsGrowOnlyWhileTheyHelp()
    {
        QFETCH(int, most);
        QFETCH(qint64, perConnection);
        QFETCH(qint64, line);
        QTEST(settledTarget(most, [=](int count) { return std::min(line, count * perConnection); }),
              "target");
    }

    void refusedConnectionsAreNotTriedAgain()
    {
        ConnectionRamp ramp(8);
        qint64 bytes = 0;
        for (auto now = 0ms; now < 2s; now += 50ms)
            (void)ramp.sample(now, bytes += ramp.target() * 100'000);
        QCOMPARE(ramp.target(), 8);
        ramp.onRefused(3);
        QCOMPARE(ramp.target(), 3);
        ramp.onRefused(0);
        QCOMPARE(ramp.target(), 1);
        for (auto now = 2s; now < 9s; now += 1s)
            QVERIFY(!ramp.sample(now, bytes *= 2));
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
