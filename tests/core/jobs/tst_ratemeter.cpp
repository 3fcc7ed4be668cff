#include "core/jobs/ratemeter.h"

#include <QTest>

using namespace core;
using namespace std::chrono_literals;

class TestRateMeter : public QObject
{
    Q_OBJECT
private slots:
    void isZeroUntilTwoTimesAreKnown()
    {
        RateMeter meter;
        QCOMPARE(meter.bytesPerSecond(), 0);
        meter.add(0ms, 0);
        meter.add(0ms, 500);
        QCOMPARE(meter.bytesPerSecond(), 0);
        QCOMPARE(meter.etaSeconds(100), -1);
    }
    void measuresTheWindowOnly()
    {
        RateMeter meter;
        meter.add(0ms, 0);
        for (int second = 1; second <= 10; ++second)
            meter.add(second * 1000ms, 1000 * second);
        QCOMPARE(meter.bytesPerSecond(), 1000);
        // The speed doubles; after a whole window nothing of the slow time is left.
        for (int second = 1; second <= 5; ++second)
            meter.add(10s + second * 1000ms, 10'000 + 2000 * second);
        QCOMPARE(meter.bytesPerSecond(), 2000);
    }
    void fallsToZeroWhenNothingMoves()
    {
        RateMeter meter;
        meter.add(0ms, 0);
        meter.add(1s, 1000);
        for (int i = 2; i < 12; ++i)
            meter.add(i * 1000ms, 1000);
        QCOMPARE(meter.bytesPerSecond(), 0);
    }
    void timeLeftIsRoundedUp()
    {
        RateMeter meter;
        meter.add(0ms, 0);
        meter.add(1s, 1000);
        QCOMPARE(meter.etaSeconds(1001), 2);
        QCOMPARE(meter.etaSeconds(0), 0);
        QCOMPARE(meter.etaSeconds(-1), -1);
    }
};
QTEST_GUILESS_MAIN(TestRateMeter)
#include "tst_ratemeter.moc"
