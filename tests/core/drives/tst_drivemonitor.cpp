#include "core/base/units.h"
#include "core/drives/udevdrivemonitor.h"
#include "core/drives/udisks2drivemonitor.h"
#include "core/drives/udisks2names.h"
#include "tests/core/drives/driveservices.h"
#include "tests/core/drives/loopdrive.h"
#include "tests/core/drives/recordedtree.h"

#include <QDBusMessage>
#include <QSignalSpy>
#include <QTest>

using namespace Qt::StringLiterals;
using namespace core::literals;
using core::Drive;
using core::DriveMonitor;
using core::SysfsDrives;
using core::UdevDriveMonitor;
using core::UDisks2DriveMonitor;
using tests::DriveServices;
using tests::LoopDrive;
using tests::RecordedTree;

namespace {

enum class Kind { UDisks2, Udev };

std::unique_ptr<DriveMonitor> makeMonitor(Kind kind, const DriveServices &services)
{
    if (kind == Kind::Udev)
        return std::make_unique<UdevDriveMonitor>(SysfsDrives());
    return std::make_unique<UDisks2DriveMonitor>(services.bus(), SysfsDrives());
}

/// The drive with that path as the monitor knows it; without id when it knows none.
Drive driveAt(const DriveMonitor &monitor, const QString &path)
{
    for (const Drive &drive : monitor.drives())
        if (drive.path == path)
            return drive;
    return {};
}

/// One signal of UDisks2 that says nothing but that something changed.
void announceChange(const QDBusConnection &bus)
{
    QDBusMessage signal = QDBusMessage::createSignal(
        core::udisks2::blockObject(u"sdb"_s), core::udisks2::Properties, u"PropertiesChanged"_s);
    signal << core::udisks2::Block << QVariantMap() << QStringList();
    QVERIFY(bus.send(signal));
}

} // namespace

class tst_DriveMonitor : public QObject
{
    Q_OBJECT

private slots:
    void init();
    void cleanup();
    void seesRealDrivesComeGoAndChange_data();
    void seesRealDrivesComeGoAndChange();
    void seesRealMounts_data();
    void seesRealMounts();
    void listensThroughARestartOfUDisks();
    void worksWithoutABus();
    void oneBurstOfSignalsIsOneChange();
    void aDriveKeepsItsIdWhenItsTwinComesOrGoes();
    void silentWhenNothingChanged();
    void writesObjectPathsLikeUDisks_data();
    void writesObjectPathsLikeUDisks();

private:
    /// False where that is not possible.
    [[nodiscard]] bool startRealServices();

    std::unique_ptr<DriveServices> m_services;
};

void tst_DriveMonitor::init()
{
    m_services = std::make_unique<DriveServices>();
}

void tst_DriveMonitor::cleanup()
{
    m_services.reset();
}

bool tst_DriveMonitor::startRealServices()
{
    return m_services->hasBus() && m_services->startUdev() && m_services->startUDisks();
}

void tst_DriveMonitor::seesRealDrivesComeGoAndChange_data()
{
    QTest::addColumn<Kind>("kind");
    QTest::newRow("UDisks2") << Kind::UDisks2;
    QTest::newRow("udev") << Kind::Udev;
}

void tst_DriveMonitor::seesRealDrivesComeGoAndChange()
{
    QFETCH(Kind, kind);
    if (!startRealServices())
        QSKIP("needs root, dbus-daemon, udevd and udisksd");
    const auto monitor = makeMonitor(kind, *m_services);
    LoopDrive stick(8_MiB, 4096);
    if (!stick.isThere())
        QSKIP("needs loop devices");
    QTRY_COMPARE(driveAt(*monitor, stick.path()).size, 8_MiB);
    const Drive first = driveAt(*monitor, stick.path());
    QCOMPARE(first.blockBytes, 4096);

    stick.unplug();
    QTRY_VERIFY(driveAt(*monitor, stick.path()).id.isEmpty());

    stick.plug(8_MiB);
    QTRY_COMPARE(driveAt(*monitor, stick.path()).size, 8_MiB);
    const Drive second = driveAt(*monitor, stick.path());
    QCOMPARE(second.blockBytes, 512);
    QCOMPARE(second.id, first.id);
    QVERIFY(second.identity() != first.identity()); // the kernel counted another medium
}

void tst_DriveMonitor::seesRealMounts_data()
{
    seesRealDrivesComeGoAndChange_data();
}

void tst_DriveMonitor::seesRealMounts()
{
    QFETCH(Kind, kind);
    if (!startRealServices())
        QSKIP("needs root, dbus-daemon, udevd and udisksd");
    const QTemporaryDir point;
    LoopDrive stick(8_MiB);
    if (!stick.isThere())
        QSKIP("needs loop devices");
    const auto monitor = makeMonitor(kind, *m_services);
    QVERIFY(stick.mountFileSystem(u"SEEN"_s, point.path()));
    QTRY_COMPARE(driveAt(*monitor, stick.path()).mounts().size(), 1);
    QCOMPARE(driveAt(*monitor, stick.path()).mounts().first().point, point.path());
    // udev looks when a writer closes the device; one that is faster than its watch is not seen by it.
    QVERIFY(tests::runs(u"udevadm"_s, {u"trigger"_s, u"--action=change"_s, stick.path()}));
    QTRY_COMPARE(driveAt(*monitor, stick.path()).contents.value(0).label, u"SEEN"_s);
    QVERIFY(tests::runs(u"umount"_s, {point.path()}));
    QTRY_VERIFY(driveAt(*monitor, stick.path()).mounts().isEmpty());
}

void tst_DriveMonitor::listensThroughARestartOfUDisks()
{
    if (!startRealServices())
        QSKIP("needs root, dbus-daemon, udevd and udisksd");
    UDisks2DriveMonitor monitor(m_services->bus(), SysfsDrives());
    QVERIFY(monitor.isServed());
    m_services->stopUDisks();
    QTRY_VERIFY(!monitor.isServed());
    LoopDrive meanwhile(4_MiB);
    if (!meanwhile.isThere())
        QSKIP("needs loop devices");
    QTRY_COMPARE(driveAt(monitor, meanwhile.path()).size, 4_MiB);
    QVERIFY(m_services->startUDisks());
    QTRY_VERIFY(monitor.isServed());
    LoopDrive afterwards(5_MiB);
    QTRY_COMPARE(driveAt(monitor, afterwards.path()).size, 5_MiB);
}

void tst_DriveMonitor::worksWithoutABus()
{
    if (!m_services->startUdev())
        QSKIP("needs root and udevd");
    UDisks2DriveMonitor monitor(QDBusConnection(u"no such bus"_s), SysfsDrives());
    QVERIFY(!monitor.isServed());
    LoopDrive stick(4_MiB);
    if (!stick.isThere())
        QSKIP("needs loop devices");
    QTRY_COMPARE(driveAt(monitor, stick.path()).size, 4_MiB);
}

void tst_DriveMonitor::oneBurstOfSignalsIsOneChange()
{
    if (!m_services->hasBus())
        QSKIP("needs dbus-daemon");
    RecordedTree tree(u"desktop"_s);
    QVERIFY(m_services->bus().registerService(core::udisks2::Service));
    UDisks2DriveMonitor monitor(m_services->bus(), SysfsDrives(tree.roots()));
    QSignalSpy changes(&monitor, &DriveMonitor::drivesChanged);
    tree.write(u"sys/block/sdb/diskseq"_s, "99\n");
    for (int i = 0; i < 20; ++i)
        announceChange(m_services->bus());
    QVERIFY(changes.wait());
    QCOMPARE(driveAt(monitor, u"/dev/sdb"_s).diskseq, quint64(99));
    tree.remove(u"sys/block/sdb"_s);
    announceChange(m_services->bus());
    QVERIFY(changes.wait());
    QCOMPARE(changes.size(), 2);
    QCOMPARE(changes.last().first().value<QList<Drive>>(), monitor.drives());
    QVERIFY(driveAt(monitor, u"/dev/sdb"_s).id.isEmpty());
}

/// Which drive an id means never changes while the drive is plugged in, whatever its twin does.
void tst_DriveMonitor::aDriveKeepsItsIdWhenItsTwinComesOrGoes()
{
    if (!m_services->hasBus())
        QSKIP("needs dbus-daemon");
    RecordedTree tree(u"card-reader"_s);
    QVERIFY(m_services->bus().registerService(core::udisks2::Service));
    UDisks2DriveMonitor monitor(m_services->bus(), SysfsDrives(tree.roots()));
    QSignalSpy changes(&monitor, &DriveMonitor::drivesChanged);
    const Drive second = driveAt(monitor, u"/dev/sde"_s);
    QVERIFY(second.id.endsWith("@1-8"_L1));
    tree.remove(u"sys/block/sdd"_s);
    announceChange(m_services->bus());
    QVERIFY(changes.wait());
    QVERIFY(driveAt(monitor, u"/dev/sdd"_s).path.isEmpty());
    QCOMPARE(driveAt(monitor, u"/dev/sde"_s), second);
}

void tst_DriveMonitor::silentWhenNothingChanged()
{
    if (!m_services->hasBus())
        QSKIP("needs dbus-daemon");
    RecordedTree tree(u"desktop"_s);
    QVERIFY(m_services->bus().registerService(core::udisks2::Service));
    UDisks2DriveMonitor monitor(m_services->bus(), SysfsDrives(tree.roots()));
    QSignalSpy changes(&monitor, &DriveMonitor::drivesChanged);
    announceChange(m_services->bus());
    QVERIFY(!changes.wait(int(4 * DriveMonitor::BurstTime.count())));
}

void tst_DriveMonitor::writesObjectPathsLikeUDisks_data()
{
    QTest::addColumn<QString>("name");
    QTest::addColumn<QString>("end");
    QTest::newRow("letters and digits") << u"nvme0n1p1"_s << u"nvme0n1p1"_s;
    QTest::newRow("a dash") << u"dm-0"_s << u"dm_2d0"_s;
}

void tst_DriveMonitor::writesObjectPathsLikeUDisks()
{
    QFETCH(QString, name);
    QFETCH(QString, end);
    QCOMPARE(core::udisks2::blockObject(name), u"/org/freedesktop/UDisks2/block_devices/"_s + end);
}

QTEST_GUILESS_MAIN(tst_DriveMonitor)
#include "tst_drivemonitor.moc"
