#include "core/base/units.h"
#include "core/drives/drivepolicy.h"
#include "core/drives/sysfsdrives.h"
#include "tests/core/drives/recordedtree.h"

#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QTest>

using namespace Qt::StringLiterals;
using core::Bus;
using core::Drive;
using core::DriveContent;
using core::DriveMount;
using core::DrivePolicy;
using core::SysfsDrives;
using tests::RecordedTree;
using LoopDevices = core::DrivePolicy::LoopDevices;

namespace {

QString nameOf(const Drive &drive)
{
    return drive.path.mid(5);
}

/// "sda system", "sdb allowed", …: the drives in order and what the policy says.
QStringList verdicts(const SysfsDrives &drives)
{
    const DrivePolicy policy(LoopDevices::Allowed);
    QStringList lines;
    for (const Drive &drive : drives.read()) {
        using Refusal = core::DriveVerdict::Refusal;
        static const QMap<Refusal, QString> words = {
            {Refusal::None, u"allowed"_s},       {Refusal::System, u"system"_s},
            {Refusal::HoldsImage, u"image"_s},   {Refusal::LoopDevice, u"loop"_s},
            {Refusal::Optical, u"optical"_s},    {Refusal::NoMedium, u"no medium"_s},
            {Refusal::ReadOnly, u"read-only"_s}, {Refusal::Internal, u"internal"_s}};
        lines.append(nameOf(drive) + u' ' + words.value(policy.judge(drive).refusal));
    }
    return lines;
}

Drive driveNamed(const SysfsDrives &drives, const QString &name)
{
    for (const Drive &drive : drives.read())
        if (nameOf(drive) == name)
            return drive;
    qFatal("no drive %s", qPrintable(name));
}

} // namespace

class tst_SysfsDrives : public QObject
{
    Q_OBJECT

private slots:
    void neverOffersTheSystem_data();
    void neverOffersTheSystem();
    void aMountPointOfFstabIsKnownHoweverItIsWritten_data();
    void aMountPointOfFstabIsKnownHoweverItIsWritten();
    void whatTheSystemWasStartedWithIsTheSystems_data();
    void whatTheSystemWasStartedWithIsTheSystems();
    void everyCopyOfARootThatIsNotMountedIsTheSystems();
    void readsAStick();
    void readsWhatIsStackedOnADrive();
    void readsAnSdCard();
    void givesDrivesOfOneSerialIdsOfTheirOwn();
    void aTwinIsTheSameMediumUnderAnotherId();
    void aTwinIsNotTheOtherWhereMediaAreNotCounted();
    void swappedMediumIsAnotherIdentity();
    void knowsWhereAFileLies_data();
    void knowsWhereAFileLies();
    void findsADriveByNumber();
    void readsThisMachine();
    void anEmptySystemHasNoDrives();
};

void tst_SysfsDrives::neverOffersTheSystem_data()
{
    QTest::addColumn<QString>("tree");
    QTest::addColumn<QStringList>("expected");
    QTest::newRow("virtual machine: zram and loops without file are no drives")
        << u"virtual-machine"_s << QStringList{u"vda system"_s};
    QTest::newRow("desktop: fstab makes a USB drive part of the system")
        << u"desktop"_s
        << QStringList{u"sda system"_s, u"sdb allowed"_s, u"sdc system"_s, u"sr0 optical"_s};
    QTest::newRow("root on LVM on LUKS on USB")
        << u"luks-on-usb"_s << QStringList{u"sda system"_s, u"sdb allowed"_s};
    QTest::newRow("home on a RAID of SATA and USB, swap in a file")
        << u"raid-over-usb"_s
        << QStringList{u"nvme0n1 system"_s, u"sda system"_s, u"sdb system"_s, u"sdc allowed"_s};
    QTest::newRow("second member of the root's btrfs is a USB drive")
        << u"btrfs-over-usb"_s << QStringList{u"sda system"_s, u"sdb system"_s, u"sdc allowed"_s};
    QTest::newRow("eMMC holds the system; its boot areas are no drives")
        << u"emmc"_s << QStringList{u"mmcblk0 system"_s, u"mmcblk1 allowed"_s};
    QTest::newRow("card reader with an empty slot")
        << u"card-reader"_s
        << QStringList{u"sdb no medium"_s, u"sdc allowed"_s, u"sdd allowed"_s, u"sde allowed"_s,
                       u"sdf read-only"_s};
    QTest::newRow("live system: the stick below its squashfs")
        << u"live-system"_s
        << QStringList{u"loop0 system"_s, u"loop1 allowed"_s, u"sda system"_s, u"sdb allowed"_s};
}

void tst_SysfsDrives::neverOffersTheSystem()
{
    QFETCH(QString, tree);
    QFETCH(QStringList, expected);
    const RecordedTree recorded(tree);
    QCOMPARE(verdicts(SysfsDrives(recorded.roots())), expected);
}

void tst_SysfsDrives::aMountPointOfFstabIsKnownHoweverItIsWritten_data()
{
    QTest::addColumn<QString>("written"); // from the folder of the test
    QTest::addColumn<bool>("isKnown");
    QTest::newRow("as the kernel does") << u"disk"_s << true;
    QTest::newRow("with a slash behind") << u"disk/"_s << true;
    QTest::newRow("with slashes and dots") << u"/./disk//"_s << true;
    QTest::newRow("a link") << u"link"_s << true;
    QTest::newRow("below a link") << u"here/disk/"_s << true;
    QTest::newRow("another") << u"disk2"_s << false;
}

void tst_SysfsDrives::aMountPointOfFstabIsKnownHoweverItIsWritten()
{
    QFETCH(QString, written);
    QFETCH(bool, isKnown);
    const QTemporaryDir folder;
    QVERIFY(QDir(folder.path()).mkdir(u"disk"_s));
    QVERIFY(QFile::link(u"disk"_s, folder.filePath(u"link"_s)));
    QVERIFY(QFile::link(u"."_s, folder.filePath(u"here"_s)));
    const QByteArray point = QFileInfo(folder.path()).canonicalFilePath().toUtf8();
    RecordedTree recorded(u"desktop"_s);
    recorded.write(u"proc/self/mountinfo"_s,
                   "44 1 8:33 / " + point + "/disk rw,relatime shared:44 - ext4 /dev/sdc1 rw\n");
    recorded.write(u"etc/fstab"_s,
                   "UUID=2 " + point + '/' + written.toUtf8() + " ext4 defaults 0 2\n");
    const QList<DriveMount> mounts = driveNamed(SysfsDrives(recorded.roots()), u"sdc"_s).mounts();
    QCOMPARE(mounts.size(), 1);
    QCOMPARE(mounts.constFirst().isPermanent, isKnown);
}

void tst_SysfsDrives::whatTheSystemWasStartedWithIsTheSystems_data()
{
    QTest::addColumn<QString>("tree");
    QTest::addColumn<QByteArray>("commandLine");
    QTest::addColumn<QStringList>("expected");
    const auto row = [](const char *name, const QByteArray &line, const QString &stick) {
        QTest::newRow(name) << u"desktop"_s << line
                            << QStringList{u"sda system"_s, u"sdb "_s + stick, u"sdc system"_s,
                                           u"sr0 optical"_s};
    };
    row("nothing of the stick", "root=UUID=0a resume=/dev/sda3 quiet", u"allowed"_s);
    row("its partition's path", "root=/dev/sdb1", u"system"_s);
    row("its own path", "root=/dev/sdb", u"system"_s);
    row("its number", "root=8:17", u"system"_s);
    row("its file system's UUID, in other letters", "root=UUID=1234-abcd", u"system"_s);
    row("its file system's label", "root=live:LABEL=MY\\x20STICK", u"system"_s);
    row("its partition's UUID", "root=PARTUUID=738A4D67-01", u"system"_s);
    row("its partition's name", "resume=PARTLABEL=keep", u"system"_s);
    row("a hibernated system's memory", "root=/dev/sda2 resume=UUID=1234-ABCD", u"system"_s);
    row("a copy of the root that runs is not meant", "root=UUID=c0de", u"allowed"_s);
    row("a part of a UUID", "root=UUID=1234", u"allowed"_s);
    QTest::newRow("a mapped device over LUKS")
        << u"luks-on-usb"_s << QByteArray("resume=/dev/mapper/luks-1234")
        << QStringList{u"sda system"_s, u"sdb system"_s};
    QTest::newRow("the LUKS itself")
        << u"luks-on-usb"_s << QByteArray("rd.luks.uuid=luks-1234-abcd")
        << QStringList{u"sda system"_s, u"sdb system"_s};
}

void tst_SysfsDrives::whatTheSystemWasStartedWithIsTheSystems()
{
    QFETCH(QString, tree);
    QFETCH(QByteArray, commandLine);
    RecordedTree recorded(tree);
    recorded.write(u"proc/cmdline"_s, commandLine + '\n');
    recorded.write(u"run/udev/data/b8:2"_s, "E:ID_FS_UUID=c0de\n");
    recorded.write(u"run/udev/data/b8:16"_s, "E:ID_FS_UUID=1234-ABCD\n");
    recorded.write(u"run/udev/data/b8:17"_s,
                   "E:ID_FS_UUID=1234-ABCD\nE:ID_FS_LABEL_ENC=MY\\x20STICK\n"
                   "E:ID_PART_ENTRY_UUID=738a4d67-01\nE:ID_PART_ENTRY_NAME=keep\n");
    QTEST(verdicts(SysfsDrives(recorded.roots())), "expected");
}

/// The root of a live system is in memory, and what it came from may be mounted nowhere.
void tst_SysfsDrives::everyCopyOfARootThatIsNotMountedIsTheSystems()
{
    RecordedTree recorded(u"live-system"_s);
    recorded.write(u"proc/cmdline"_s, "root=live:CDLABEL=Debian\\x20live\n");
    recorded.write(u"run/udev/data/b8:17"_s, "E:ID_FS_LABEL_ENC=Debian\\x20live\n");
    const SysfsDrives drives(recorded.roots());
    QCOMPARE(
        verdicts(drives),
        (QStringList{u"loop0 system"_s, u"loop1 allowed"_s, u"sda system"_s, u"sdb allowed"_s}));
    recorded.write(u"proc/self/mountinfo"_s, "52 1 0:25 / / rw - overlay overlay rw\n");
    QCOMPARE(
        verdicts(drives),
        (QStringList{u"loop0 read-only"_s, u"loop1 allowed"_s, u"sda system"_s, u"sdb system"_s}));
    QCOMPARE(DrivePolicy().judge(driveNamed(drives, u"sda"_s)).reason,
             u"/dev/sda is never written: the system was started with "
             "root=live:CDLABEL=Debian\\x20live, and that is on it."_s);
}

void tst_SysfsDrives::readsAStick()
{
    const RecordedTree recorded(u"desktop"_s);
    const Drive stick = driveNamed(SysfsDrives(recorded.roots()), u"sdb"_s);
    QCOMPARE(stick.id, u"usb-Kingston_DataTraveler_3.0_60A44C3FACC9-0:0"_s);
    QCOMPARE(stick.vendor, u"Kingston"_s);
    QCOMPARE(stick.model, u"DataTraveler 3.0"_s);
    QCOMPARE(stick.serial, u"60A44C3FACC9"_s);
    QCOMPARE(stick.size, qint64(30869504) * 512);
    QCOMPARE(stick.diskseq, quint64(12));
    QCOMPARE(stick.bus, Bus::Usb);
    QVERIFY(stick.isRemovable && !stick.isOptical && !stick.isReadOnly);
    const DriveContent content{u"/dev/sdb1"_s,
                               qint64(30867456) * 512,
                               u"MY STICK"_s,
                               u"vfat"_s,
                               {{u"/dev/sdb1"_s, u"/media/ann/MY STICK"_s, false}},
                               {},
                               {}};
    QCOMPARE(stick.contents, QList<DriveContent>{content});
}

void tst_SysfsDrives::readsWhatIsStackedOnADrive()
{
    const RecordedTree recorded(u"luks-on-usb"_s);
    const SysfsDrives drives(recorded.roots());
    const Drive stick = driveNamed(drives, u"sdb"_s);
    QCOMPARE(stick.holders(), QStringList{u"dm-3"_s});
    QCOMPARE(stick.mounts(), (QList<DriveMount>{{u"/dev/dm-3"_s, u"/media/ann/secret"_s, false}}));
    QCOMPARE(stick.contents.value(0).fileSystem, u"crypto_LUKS"_s);
    const Drive system = driveNamed(drives, u"sda"_s);
    QCOMPARE(system.contents.size(), 2);
    QCOMPARE(system.contents[0].mounts, QList<DriveMount>());
    QCOMPARE(system.contents[1].holders, (QStringList{u"dm-0"_s, u"dm-1"_s, u"dm-2"_s}));
    QCOMPARE(system.contents[1].swaps, QStringList{u"/dev/dm-2"_s});
}

void tst_SysfsDrives::readsAnSdCard()
{
    const RecordedTree recorded(u"emmc"_s);
    const SysfsDrives drives(recorded.roots());
    QCOMPARE(driveNamed(drives, u"mmcblk0"_s).bus, Bus::Emmc);
    const Drive card = driveNamed(drives, u"mmcblk1"_s);
    QCOMPARE(card.bus, Bus::Sd);
    QCOMPARE(card.id, u"sd-SD32G_0x01020304"_s);
}

void tst_SysfsDrives::givesDrivesOfOneSerialIdsOfTheirOwn()
{
    const RecordedTree recorded(u"card-reader"_s);
    QStringList ids;
    for (const Drive &drive : SysfsDrives(recorded.roots()).read())
        ids.append(drive.id);
    QCOMPARE(
        ids,
        (QStringList{u"usb-Generic_SD_MMC_READER1-0:0"_s, u"usb-Generic_MS_MS-PRO_READER1-0:1"_s,
                     u"usb-Acme_Stick_0123456789-0:0"_s, u"usb-Acme_Stick_0123456789-0:0@1-8"_s,
                     u"sdf"_s}));
}

/// Two readings that know nothing of each other, and one that knows what was there before.
void tst_SysfsDrives::aTwinIsTheSameMediumUnderAnotherId()
{
    RecordedTree recorded(u"card-reader"_s);
    const SysfsDrives drives(recorded.roots());
    const QList<Drive> before = drives.read();
    const Drive twin = driveNamed(drives, u"sde"_s);
    recorded.remove(u"sys/block/sdd"_s);
    const Drive alone = driveNamed(drives, u"sde"_s);
    QCOMPARE(alone.id, u"usb-Acme_Stick_0123456789-0:0"_s);
    QVERIFY(alone.identity() != twin.identity());
    QVERIFY(alone.identity().isSameMedium(twin.identity()));
    QCOMPARE(drives.read(before).value(2), twin);
    recorded.write(u"sys/block/sde/diskseq"_s, "31\n");
    QVERIFY(!driveNamed(drives, u"sde"_s).identity().isSameMedium(twin.identity()));
}

/// The reading that meets the twin alone calls it what the other was called.
void tst_SysfsDrives::aTwinIsNotTheOtherWhereMediaAreNotCounted()
{
    RecordedTree recorded(u"card-reader"_s);
    recorded.remove(u"sys/block/sdd/diskseq"_s);
    recorded.remove(u"sys/block/sde/diskseq"_s);
    const SysfsDrives drives(recorded.roots());
    const Drive agreed = driveNamed(drives, u"sdd"_s);
    const Drive twin = driveNamed(drives, u"sde"_s);
    QVERIFY(driveNamed(drives, u"sdd"_s).identity().isSameMedium(agreed.identity()));
    recorded.remove(u"sys/block/sdd"_s);
    const Drive alone = driveNamed(drives, u"sde"_s);
    QCOMPARE(alone.id, agreed.id);
    QVERIFY(!alone.identity().isSameMedium(agreed.identity()));
    QVERIFY(alone.identity().isSameMedium(twin.identity()));
}

void tst_SysfsDrives::swappedMediumIsAnotherIdentity()
{
    RecordedTree recorded(u"card-reader"_s);
    const SysfsDrives drives(recorded.roots());
    const Drive before = driveNamed(drives, u"sdc"_s);
    recorded.write(u"sys/block/sdc/diskseq"_s, "17\n");
    const Drive after = driveNamed(drives, u"sdc"_s);
    QCOMPARE(after.id, before.id);
    QVERIFY(after.identity() != before.identity());
}

void tst_SysfsDrives::knowsWhereAFileLies_data()
{
    QTest::addColumn<QString>("tree");
    QTest::addColumn<QString>("path");
    QTest::addColumn<QStringList>("ids");
    const QString sata = u"ata-Samsung_SSD_870_S62ANJ0R1"_s;
    const QString usb = u"usb-Kingston_DataTraveler_3.0_60A44C3FACC9-0:0"_s;
    QTest::newRow("on the stick") << u"desktop"_s << u"/media/ann/MY STICK/a.iso"_s
                                  << QStringList{usb};
    QTest::newRow("in the home folder")
        << u"desktop"_s << u"/home/ann/a.iso"_s << QStringList{sata};
    QTest::newRow("a folder with a similar name")
        << u"desktop"_s << u"/media/ann/MY STICK2/a.iso"_s << QStringList{sata};
    QTest::newRow("on a mirror: both")
        << u"raid-over-usb"_s << u"/home/ann/a.iso"_s << QStringList{sata, usb};
    QTest::newRow("on btrfs: both")
        << u"btrfs-over-usb"_s << u"/home/ann/a.iso"_s << QStringList{sata, usb};
    QTest::newRow("on LUKS") << u"luks-on-usb"_s << u"/media/ann/secret/a.iso"_s
                             << QStringList{u"usb-Kingston_DataTraveler_3.0_AA11-0:0"_s};
    QTest::newRow("in memory") << u"live-system"_s << u"/tmp/a.iso"_s << QStringList();
}

void tst_SysfsDrives::knowsWhereAFileLies()
{
    QFETCH(QString, tree);
    QFETCH(QString, path);
    const RecordedTree recorded(tree);
    QStringList ids;
    for (const core::DriveIdentity &drive : SysfsDrives(recorded.roots()).drivesHolding(path))
        ids.append(drive.id);
    QTEST(ids, "ids");
}

void tst_SysfsDrives::findsADriveByNumber()
{
    const RecordedTree recorded(u"desktop"_s);
    const SysfsDrives drives(recorded.roots());
    QCOMPARE(drives.driveWithDevnum("8:16").value_or(Drive{}).path, u"/dev/sdb"_s);
    QVERIFY(!drives.driveWithDevnum("8:17")); // a partition
    QVERIFY(!drives.driveWithDevnum("99:1"));
}

void tst_SysfsDrives::readsThisMachine()
{
    const DrivePolicy policy;
    for (const Drive &drive : SysfsDrives().read()) {
        QVERIFY(drive.path.startsWith("/dev/"_L1));
        for (const DriveMount &mount : drive.mounts())
            if (mount.point == "/"_L1)
                QVERIFY(policy.judge(drive).isSystem());
    }
}

void tst_SysfsDrives::anEmptySystemHasNoDrives()
{
    const QTemporaryDir folder;
    const QString path = folder.path();
    QVERIFY(SysfsDrives({path, path, path, path}).read().isEmpty());
}

QTEST_GUILESS_MAIN(tst_SysfsDrives)
#include "tst_sysfsdrives.moc"
