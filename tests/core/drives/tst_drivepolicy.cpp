#include "core/base/units.h"
#include "core/drives/drivepolicy.h"

#include <QTest>

#include <functional>

using namespace Qt::StringLiterals;
using namespace core::literals;
using core::Bus;
using core::Drive;
using core::DriveContent;
using core::DriveMount;
using core::DrivePolicy;
using core::DriveRisk;
using core::DriveVerdict;
using LoopDevices = core::DrivePolicy::LoopDevices;
using Refusal = core::DriveVerdict::Refusal;

namespace {

using Change = std::function<void(Drive &)>;

Drive stick()
{
    Drive drive;
    drive.id = u"usb-Acme_Stick_0001-0:0"_s;
    drive.path = u"/dev/sdb"_s;
    drive.serial = u"0001"_s;
    drive.size = 16_GiB;
    drive.bus = Bus::Usb;
    drive.isRemovable = true;
    return drive;
}

core::DriveIdentity imagesDrive()
{
    return {u"image"_s, stick().serial, stick().size, 7};
}

Change mountedAt(const QString &point)
{
    return [point](Drive &drive) {
        DriveContent content;
        content.path = u"/dev/sdb1"_s;
        content.mounts = {{u"/dev/sdb1"_s, point}};
        drive.contents.append(content);
    };
}

Change onBus(Bus bus, bool isRemovable)
{
    return [=](Drive &drive) {
        drive.bus = bus;
        drive.isRemovable = isRemovable;
    };
}

void row(const char *name,
         const Change &change,
         Refusal refusal,
         LoopDevices loops = LoopDevices::Refused)
{
    QTest::newRow(name) << change << loops << refusal;
}

void addSystemRows()
{
    row("a USB drive that runs the system", mountedAt(u"/"_s), Refusal::System);
    row("a USB drive with /boot/efi", mountedAt(u"/boot/efi"_s), Refusal::System);
    row("a live system's medium", mountedAt(u"/run/live/medium"_s), Refusal::System);
    row(
        "swap on a stick",
        [](Drive &drive) {
            drive.contents = {{.path = u"/dev/sdb2"_s, .swaps = {u"/dev/sdb2"_s}}};
        },
        Refusal::System);
    row(
        "the kernel was told to find the root on it",
        [](Drive &drive) {
            drive.contents = {{.path = u"/dev/sdb1"_s, .bootNames = {u"root=LABEL=live"_s}}};
        },
        Refusal::System);
    row(
        "mounted by fstab, wherever",
        [](Drive &drive) {
            drive.contents = {
                {.path = u"/dev/sdb1"_s, .mounts = {{u"/dev/sdb1"_s, u"/data"_s, true}}}};
        },
        Refusal::System);
    row(
        "an allowed loop device with the root on it",
        [](Drive &drive) {
            drive.bus = Bus::Loop;
            mountedAt(u"/"_s)(drive);
        },
        Refusal::System, LoopDevices::Allowed);
}

} // namespace

class tst_DrivePolicy : public QObject
{
    Q_OBJECT

private slots:
    void judges_data();
    void judges();
    void knowsSystemPaths_data();
    void knowsSystemPaths();
    void showsRisks_data();
    void showsRisks();
    void namesTheSystemPathInItsReason();
    void everyRefusalHasAReason();
};

void tst_DrivePolicy::judges_data()
{
    QTest::addColumn<Change>("change");
    QTest::addColumn<LoopDevices>("loopDevices");
    QTest::addColumn<Refusal>("refusal");
    row(
        "a stick is allowed", [](Drive &) {}, Refusal::None);
    row("an SD card is allowed", onBus(Bus::Sd, false), Refusal::None);
    row("a USB hard drive is allowed", onBus(Bus::Usb, false), Refusal::None);
    row("a hot-plugged medium is allowed", onBus(Bus::Scsi, true), Refusal::None);
    row("soldered eMMC is internal", onBus(Bus::Emmc, false), Refusal::Internal);
    row("soldered eMMC that says removable is internal", onBus(Bus::Emmc, true), Refusal::Internal);
    row("an NVMe drive is internal", onBus(Bus::Nvme, false), Refusal::Internal);
    row("a SATA drive is internal", onBus(Bus::Ata, false), Refusal::Internal);
    row("a virtual machine's drive is internal", onBus(Bus::Virtio, false), Refusal::Internal);
    row("an unknown bus is internal", onBus(Bus::Unknown, false), Refusal::Internal);
    row("a loop device is refused", onBus(Bus::Loop, false), Refusal::LoopDevice);
    row("a loop device is allowed when asked for", onBus(Bus::Loop, false), Refusal::None,
        LoopDevices::Allowed);
    row(
        "optical", [](Drive &drive) { drive.isOptical = true; }, Refusal::Optical);
    row(
        "no medium", [](Drive &drive) { drive.size = 0; }, Refusal::NoMedium);
    row(
        "read-only", [](Drive &drive) { drive.isReadOnly = true; }, Refusal::ReadOnly);
    row(
        "the image lies on it",
        [](Drive &drive) {
            drive.id = u"image"_s;
            drive.diskseq = 7;
        },
        Refusal::HoldsImage);
    row(
        "a twin of the drive that the image lies on",
        [](Drive &drive) {
            drive.id = u"image@1-4"_s;
            drive.diskseq = 8;
        },
        Refusal::None);
    row(
        "a drive that may be the image's: the kernel does not count media",
        [](Drive &drive) { drive.id = u"image@1-4"_s; }, Refusal::HoldsImage);
    row("a user's mount is no obstacle", mountedAt(u"/media/ann/STICK"_s), Refusal::None);
    addSystemRows();
}

void tst_DrivePolicy::judges()
{
    QFETCH(Change, change);
    QFETCH(LoopDevices, loopDevices);
    QFETCH(Refusal, refusal);
    Drive drive = stick();
    change(drive);
    const DriveVerdict verdict = DrivePolicy(loopDevices).judge(drive, {imagesDrive()});
    QCOMPARE(verdict.refusal, refusal);
    QCOMPARE(verdict.isAllowed(), refusal == Refusal::None);
    QCOMPARE(verdict.reason.isEmpty(), verdict.isAllowed());
    const DriveVerdict reading = DrivePolicy(loopDevices).judgeReading(drive, {imagesDrive()});
    QCOMPARE(reading.refusal, refusal == Refusal::ReadOnly ? Refusal::None : refusal);
    QCOMPARE(reading.reason.isEmpty(), reading.isAllowed());
}

void tst_DrivePolicy::knowsSystemPaths_data()
{
    QTest::addColumn<QString>("point");
    QTest::addColumn<bool>("isSystem");
    for (const auto point : {"/", "/boot", "/boot/efi", "/efi", "/usr", "/var", "/var/lib/docker",
                             "/home", "/home/ann", "/etc", "/tmp", "/run/live/medium",
                             "/run/initramfs/live", "/cdrom", "/nix/store", "/opt", "/srv/www"})
        QTest::newRow(point) << QString::fromLatin1(point) << true;
    for (const auto point : {"/media/ann/STICK", "/run/media/ann/STICK", "/mnt", "/mnt/stick",
                             "/media/usb", "/home/ann/stick", "/tmp/stick", "/bootstick", "/users"})
        QTest::newRow(point) << QString::fromLatin1(point) << false;
}

void tst_DrivePolicy::knowsSystemPaths()
{
    QFETCH(QString, point);
    QTEST(core::isSystemPath(point), "isSystem");
}

void tst_DrivePolicy::showsRisks_data()
{
    QTest::addColumn<Change>("change");
    QTest::addColumn<QList<DriveRisk>>("risks");
    using Risks = QList<DriveRisk>;
    const auto row = [](const char *name, const Change &change, const Risks &risks) {
        QTest::newRow(name) << change << risks;
    };
    row(
        "an empty stick has none", [](Drive &) {}, Risks{});
    row(
        "a stick of 128 GB is not large", [](Drive &drive) { drive.size = 128'000'000'000; },
        Risks{});
    row(
        "large", [](Drive &drive) { drive.size = 256_GiB; }, Risks{DriveRisk::Large});
    row("mounted", mountedAt(u"/media/ann/STICK"_s), Risks{DriveRisk::Mounted});
    row(
        "in use by a RAID",
        [](Drive &drive) { drive.contents = {{.path = u"/dev/sdb"_s, .holders = {u"md0"_s}}}; },
        Risks{DriveRisk::InUse});
    row(
        "has a file system",
        [](Drive &drive) { drive.contents = {{.path = u"/dev/sdb1"_s, .fileSystem = u"vfat"_s}}; },
        Risks{DriveRisk::FileSystem});
    row(
        "turns",
        [](Drive &drive) {
            drive.isRotational = true;
            drive.isRemovable = false;
        },
        Risks{DriveRisk::Rotational});
    row(
        "a stick that the kernel takes for turning",
        [](Drive &drive) { drive.isRotational = true; }, Risks{});
}

void tst_DrivePolicy::showsRisks()
{
    QFETCH(Change, change);
    Drive drive = stick();
    change(drive);
    QTEST(DrivePolicy().judge(drive).risks, "risks");
}

void tst_DrivePolicy::namesTheSystemPathInItsReason()
{
    Drive drive = stick();
    mountedAt(u"/boot/efi"_s)(drive);
    const DriveVerdict verdict = DrivePolicy().judge(drive);
    QVERIFY(verdict.isSystem());
    QCOMPARE(verdict.reason,
             u"/dev/sdb is never written: the running system has /boot/efi on it."_s);
}

void tst_DrivePolicy::everyRefusalHasAReason()
{
    QVERIFY(DrivePolicy().judge(Drive{}).reason.endsWith(u'.'));
    for (const DriveRisk risk : {DriveRisk::Large, DriveRisk::Mounted, DriveRisk::InUse,
                                 DriveRisk::FileSystem, DriveRisk::Rotational})
        QVERIFY(!core::driveRiskName(risk).isEmpty());
    QCOMPARE(core::busName(Bus::Usb), "usb"_L1);
}

QTEST_GUILESS_MAIN(tst_DrivePolicy)
#include "tst_drivepolicy.moc"
