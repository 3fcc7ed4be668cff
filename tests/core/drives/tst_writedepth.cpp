#include "core/drives/sysfsdrives.h"
#include "core/drives/writedepth.h"
#include "tests/core/drives/recordedtree.h"

#include <QTest>

using namespace core;
using namespace Qt::StringLiterals;

class TestWriteDepth : public QObject
{
    Q_OBJECT
private slots:
    void everyTransportHasItsDepth_data()
    {
        QTest::addColumn<Bus>("bus");
        QTest::addColumn<QString>("usbDriver");
        QTest::addColumn<int>("depth");
        QTest::newRow("USB mass storage takes one command") << Bus::Usb << u"usb-storage"_s << 2;
        QTest::newRow("USB attached SCSI has a queue") << Bus::Usb << u"uas"_s << 4;
        QTest::newRow("USB card reader of its own sort") << Bus::Usb << u"rtsx_usb"_s << 2;
        QTest::newRow("USB, the kernel does not tell") << Bus::Usb << QString() << 2;
        QTest::newRow("SD card") << Bus::Sd << QString() << 4;
        QTest::newRow("eMMC") << Bus::Emmc << QString() << 4;
        QTest::newRow("NVMe") << Bus::Nvme << QString() << 4;
        QTest::newRow("SATA") << Bus::Ata << QString() << 4;
        QTest::newRow("SCSI") << Bus::Scsi << QString() << 4;
        QTest::newRow("virtio") << Bus::Virtio << QString() << 4;
        QTest::newRow("loop device") << Bus::Loop << QString() << 4;
        QTest::newRow("FireWire") << Bus::FireWire << QString() << 2;
        QTest::newRow("unknown") << Bus::Unknown << QString() << 2;
    }
    void everyTransportHasItsDepth()
    {
        QFETCH(const Bus, bus);
        QFETCH(const QString, usbDriver);
        QTEST(writeDepth({.bus = bus, .usbDriver = usbDriver}), "depth");
    }
    void driverOfAUsbDriveIsThatOfItsInterface()
    {
        const tests::RecordedTree recorded(u"desktop"_s);
        QStringList drivers;
        for (const Drive &drive : SysfsDrives(recorded.roots()).read())
            drivers.append(drive.path + u' ' + drive.usbDriver);
        QCOMPARE(drivers,
                 (QStringList{u"/dev/sda "_s, u"/dev/sdb usb-storage"_s, u"/dev/sdc uas"_s,
                              u"/dev/sr0 "_s}));
    }
};
QTEST_GUILESS_MAIN(TestWriteDepth)
#include "tst_writedepth.moc"
