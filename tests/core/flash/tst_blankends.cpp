#include "core/base/units.h"
#include "core/flash/alignedbuffer.h"
#include "core/flash/blankends.h"
#include "tests/support/failingblockdevice.h"

#include <QTest>

using namespace core;
using namespace tests;
using namespace Qt::StringLiterals;

class TestBlankEnds : public QObject
{
    Q_OBJECT
private slots:
    void everyBlockOfBothEndsCounts_data()
    {
        QTest::addColumn<qint64>("size");
        QTest::addColumn<qint64>("usedAt");
        QTest::addColumn<bool>("isBlank");
        const qint64 odd = 5_MiB + 4096; // no whole number of MiB
        QTest::newRow("nothing") << odd << qint64(-1) << true;
        QTest::newRow("first block") << odd << qint64(0) << false;
        QTest::newRow("last block of the first MiB") << odd << 1_MiB - 512 << false;
        QTest::newRow("behind the first MiB") << odd << qint64(1_MiB) << true;
        QTest::newRow("before the last MiB") << odd << odd - 1_MiB - 512 << true;
        QTest::newRow("first block of the last MiB") << odd << odd - 1_MiB << false;
        QTest::newRow("last block") << odd << odd - 512 << false;
        QTest::newRow("small drive") << qint64(64_KiB) << qint64(-1) << true;
        QTest::newRow("small drive, used") << qint64(64_KiB) << qint64(32_KiB) << false;
    }
    void everyBlockOfBothEndsCounts()
    {
        QFETCH(const qint64, size);
        QFETCH(const qint64, usedAt);
        FailingBlockDevice drive(size, 512, '\0');
        AlignedBuffer block(512);
        block.all().back() = 'x';
        if (usedAt >= 0)
            QVERIFY(drive.write(usedAt, block.all()));
        const auto isBlank = hasBlankEnds(drive);
        QVERIFY(isBlank);
        QTEST(*isBlank, "isBlank");
    }
    void whatCannotBeReadIsNotCalledBlank()
    {
        FailingBlockDevice drive(4_MiB, 512, '\0');
        drive.add({DriveFault::Kind::ReadError, 3_MiB, 4_MiB});
        const auto isBlank = hasBlankEnds(drive);
        QVERIFY(!isBlank);
        QCOMPARE(isBlank.error().code, ErrorCode::DeviceFailed);
    }
};
QTEST_GUILESS_MAIN(TestBlankEnds)
#include "tst_blankends.moc"
