#include "core/flash/comparepace.h"

#include <QTest>

using namespace core;

class TestComparePace : public QObject
{
    Q_OBJECT
private slots:
    void equalExtentsAreAllLookedAt()
    {
        ComparePace pace;
        for (int i = 0; i < 1000; ++i) {
            QVERIFY(pace.looks());
            pace.foundEqual();
        }
    }
    void differentOnesAreLookedAtEverMoreRarely()
    {
        ComparePace pace;
        QList<int> looked;
        for (int i = 0; i < 300; ++i)
            if (pace.looks()) {
                looked.append(i);
                pace.foundDifferent();
            }
        QCOMPARE(looked, (QList<int>{0, 2, 5, 10, 19, 36, 69, 134, 199, 264}));
    }
    void anEqualOneBeginsAnew()
    {
        ComparePace pace;
        for (int i = 0; i < 100; ++i)
            if (pace.looks())
                pace.foundDifferent();
        while (!pace.looks()) { }
        pace.foundEqual();
        QVERIFY(pace.looks());
        pace.foundDifferent();
        QVERIFY(!pace.looks());
        QVERIFY(pace.looks());
    }
};
QTEST_GUILESS_MAIN(TestComparePace)
#include "tst_comparepace.moc"
