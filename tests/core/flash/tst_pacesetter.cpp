#include "core/flash/pacesetter.h"

#include <QTest>

using namespace core;
using namespace std::chrono_literals;
using Side = Pacesetter::Side;

namespace {

void addMany(Pacesetter &pace,
             int extents,
             Pacesetter::Duration reading,
             Pacesetter::Duration waiting)
{
    for (int i = 0; i < extents; ++i)
        pace.add(reading, waiting);
}

} // namespace

class PacesetterTest : public QObject
{
    Q_OBJECT

private slots:
    void namesWhomTheOtherWaitsFor_data()
    {
        QTest::addColumn<int>("readingMs");
        QTest::addColumn<int>("waitingMs");
        QTest::addColumn<Side>("side");
        QTest::newRow("a slow stick") << 1 << 30 << Side::Drives;
        QTest::newRow("a slow unpacking") << 30 << 0 << Side::Image;
        QTest::newRow("equally fast") << 10 << 11 << Side::Unknown;
        QTest::newRow("no time at all") << 0 << 0 << Side::Unknown;
    }
    void namesWhomTheOtherWaitsFor()
    {
        QFETCH(int, readingMs);
        QFETCH(int, waitingMs);
        Pacesetter pace;
        addMany(pace, 100, readingMs * 1ms, waitingMs * 1ms);
        QTEST(pace.side(), "side");
    }

    void saysNothingAfterAFewExtents()
    {
        Pacesetter pace;
        addMany(pace, Pacesetter::FewestExtents - 1, 1ms, 30ms);
        QCOMPARE(pace.side(), Side::Unknown);
    }

    void followsAChangeAndStaysWithASmallLead()
    {
        Pacesetter pace;
        addMany(pace, 1000, 1ms, 30ms);
        addMany(pace, 300, 12ms, 10ms);
        QCOMPARE(pace.side(), Side::Drives);
        addMany(pace, 300, 30ms, 1ms);
        QCOMPARE(pace.side(), Side::Image);
    }
};

QTEST_GUILESS_MAIN(PacesetterTest)
#include "tst_pacesetter.moc"
