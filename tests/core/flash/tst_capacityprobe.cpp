#include "core/base/units.h"
#include "core/flash/capacityprobe.h"
#include "tests/support/failingblockdevice.h"

#include <QTest>

using namespace core;
using namespace tests;
using namespace Qt::StringLiterals;
using Kind = DriveFault::Kind;

Q_DECLARE_METATYPE(tests::DriveFault)

class TestCapacityProbe : public QObject
{
    Q_OBJECT
private slots:
    void honestDrivePasses_data()
    {
        QTest::addColumn<qint64>("size");
        QTest::addColumn<qint64>("block");
        for (const qint64 block : {512, 4096})
            for (const qint64 size : {64_KiB, 1_MiB, 1_MiB + 4096, 2_MiB, 3_MiB, 33_MiB + 8192})
                QTest::addRow("%lld bytes, blocks of %lld", size, block) << size << block;
    }
    void honestDrivePasses()
    {
        QFETCH(const qint64, size);
        QFETCH(const qint64, block);
        FailingBlockDevice drive(size, block);
        QVERIFY(CapacityProbe(drive).run());
        QVERIFY(drive.content() == QByteArray(size, '\x5a')); // as it was
        QCOMPARE(drive.writeCalls() > 0, size > 1_MiB);
    }
    void wrappedDriveIsFoundAtOnce_data()
    {
        QTest::addColumn<qint64>("real");
        for (const qint64 real : {2_MiB, 4_MiB, 8_MiB, 16_MiB})
            QTest::addRow("%lld bytes", real) << real;
    }
    void wrappedDriveIsFoundAtOnce()
    {
        QFETCH(const qint64, real);
        FailingBlockDevice drive(64_MiB);
        drive.wrapAt(real);
        const auto probed = CapacityProbe(drive).run();
        QVERIFY(!probed);
        QCOMPARE(probed.error().code, ErrorCode::CounterfeitDrive);
        QVERIFY(probed.error().context.contains("overwrites"_L1));
        // Nothing that lands at the beginning looks like boot code.
        QVERIFY(!drive.content().mid(510, 2).startsWith("\x55\xAA"));
    }
    void driveThatKeepsNothingFromSomewhereIsFound()
    {
        FailingBlockDevice drive(64_MiB);
        drive.add({Kind::DropWrite, 10_MiB, 64_MiB});
        const auto probed = CapacityProbe(drive).run();
        QVERIFY(!probed);
        QCOMPARE(probed.error().code, ErrorCode::CounterfeitDrive);
        QCOMPARE(probed.error().context, u"fake drive keeps nothing from byte 12582912 on"_s);
    }
    void otherFaultsAreNoEvidence_data()
    {
        QTest::addColumn<DriveFault>("fault");
        QTest::newRow("one place is bad") << DriveFault{Kind::DropWrite, 4_MiB, 5_MiB};
        QTest::newRow("the end cannot be written") << DriveFault{Kind::WriteError, 16_MiB, 64_MiB};
        QTest::newRow("the end cannot be read") << DriveFault{Kind::ReadError, 16_MiB, 64_MiB};
        QTest::newRow("nothing is kept anywhere") << DriveFault{Kind::DropWrite, 0, 64_MiB};
    }
    void otherFaultsAreNoEvidence()
    {
        QFETCH(const DriveFault, fault);
        FailingBlockDevice drive(64_MiB);
        drive.add(fault);
        QVERIFY(CapacityProbe(drive).run());
    }
    void unpluggedDriveIsNamed()
    {
        FailingBlockDevice drive(64_MiB);
        drive.vanishAfter(20'000);
        const auto probed = CapacityProbe(drive).run();
        QVERIFY(!probed);
        QCOMPARE(probed.error().code, ErrorCode::DeviceGone);
    }
};
QTEST_GUILESS_MAIN(TestCapacityProbe)
#include "tst_capacityprobe.moc"
