#include "core/base/units.h"
#include "core/drives/driverelease.h"
#include "core/drives/udisks2names.h"
#include "tests/core/drives/driveservices.h"
#include "tests/core/drives/loopdrive.h"
#include "tests/core/drives/mockudisks.h"
#include "tests/core/drives/recordedtree.h"

#include <QDBusObjectPath>
#include <QDBusVariant>
#include <QTest>

#include <future>

using namespace Qt::StringLiterals;
using namespace core::literals;
using core::Drive;
using core::DriveIdentity;
using core::DrivePolicy;
using core::DriveRelease;
using core::ErrorCode;
using core::SysfsDrives;
using tests::DriveServices;
using tests::LoopDrive;
using tests::MockUDisks;
using tests::RecordedTree;
using Ending = core::DriveRelease::Ending;

namespace {

const DrivePolicy WithLoops(DrivePolicy::LoopDevices::Allowed);

DriveIdentity identityOf(const SysfsDrives &reader, const QString &path)
{
    for (const Drive &drive : reader.read())
        if (drive.path == path)
            return drive.identity();
    return {};
}

/// Runs `work` as a job does, on a thread of its own, while the test's event loop runs on.
template<typename Work>
auto onJobThread(Work work)
{
    auto result = std::async(std::launch::async, std::move(work));
    const auto isDone = [&result] {
        return result.wait_for(std::chrono::seconds(0)) == std::future_status::ready;
    };
    if (!QTest::qWaitFor(isDone, 30'000))
        qFatal("the work does not end");
    return result.get();
}

} // namespace

class tst_DriveRelease : public QObject
{
    Q_OBJECT

private slots:
    void init();
    void endsAsTheHardwareCan_data();
    void endsAsTheHardwareCan();
    void powersOffWhereNoProgramEjects();
    void neverEjectsTheSystem();
    void doesNotEjectWhatIsInUse();
    void isGoneWhenAnotherMediumIsThere();
    void unmountsARealLoopDevice();
    void rereadsThePartitionsOfARealLoopDevice();
    void asksUDisksToRescanWhatWeMayNotOpen();

private:
    void answerProperties(const QStringList &trueOnes);
    [[nodiscard]] core::Result<Ending> eject(const RecordedTree &tree, const QString &path);

    std::unique_ptr<DriveServices> m_services;
    std::unique_ptr<MockUDisks> m_udisks;
};

void tst_DriveRelease::init()
{
    m_udisks.reset();
    m_services = std::make_unique<DriveServices>();
    if (!m_services->hasBus())
        QSKIP("needs dbus-daemon");
}

void tst_DriveRelease::answerProperties(const QStringList &trueOnes)
{
    m_udisks = std::make_unique<MockUDisks>(m_services->address());
    m_udisks->onCall(u"Get"_s, [trueOnes](const QDBusMessage &call) {
        const QString name = call.arguments().value(1).toString();
        const QVariant value = name == "Drive"_L1
            ? QVariant::fromValue(QDBusObjectPath(core::udisks2::Root + u"/drives/Stick"_s))
            : QVariant(trueOnes.contains(name));
        return call.createReply(QVariant::fromValue(QDBusVariant(value)));
    });
}

core::Result<Ending> tst_DriveRelease::eject(const RecordedTree &tree, const QString &path)
{
    const SysfsDrives reader(tree.roots());
    const DriveRelease release(reader, WithLoops, m_services->bus());
    return onJobThread([&] { return release.eject(identityOf(reader, path), {}); });
}

void tst_DriveRelease::endsAsTheHardwareCan_data()
{
    QTest::addColumn<QString>("tree");
    QTest::addColumn<QStringList>("properties");
    QTest::addColumn<Ending>("ending");
    QTest::addColumn<QString>("lastCall");
    const QString reader = u"card-reader"_s; // sdb shares its plug with sdc
    const QString stick = u"luks-on-usb"_s;
    QTest::newRow("a medium is ejected")
        << reader << QStringList{u"MediaRemovable"_s} << Ending::Ejected << u"Stick Eject"_s;
    QTest::newRow("a stick is powered off")
        << stick << QStringList{u"CanPowerOff"_s} << Ending::PoweredOff << u"Stick PowerOff"_s;
    QTest::newRow("a medium is ejected rather than powered off")
        << stick << QStringList{u"CanPowerOff"_s, u"Ejectable"_s} << Ending::Ejected
        << u"Stick Eject"_s;
    QTest::newRow("others share the plug: not powered off")
        << reader << QStringList{u"CanPowerOff"_s} << Ending::Unmounted << u"Stick Get"_s;
    QTest::newRow("neither is possible")
        << stick << QStringList{} << Ending::Unmounted << u"Stick Get"_s;
}

void tst_DriveRelease::endsAsTheHardwareCan()
{
    QFETCH(QString, tree);
    QFETCH(QStringList, properties);
    answerProperties(properties);
    RecordedTree machine(tree);
    machine.write(u"proc/self/mountinfo"_s, "41 1 8:1 / / rw - ext4 /dev/sda1 rw\n");
    if (tree == "luks-on-usb"_L1)
        machine.remove(u"sys/block/dm-3"_s); // the stick is locked
    const auto ended = eject(machine, u"/dev/sdb"_s);
    QVERIFY2(ended, qPrintable(ended ? QString() : ended.error().context));
    QTEST(*ended, "ending");
    QTEST(m_udisks->calls().last(), "lastCall");
}

void tst_DriveRelease::powersOffWhereNoProgramEjects()
{
    answerProperties({u"CanPowerOff"_s, u"Ejectable"_s});
    m_udisks->onCall(
        u"Eject"_s,
        MockUDisks::error(u"org.freedesktop.UDisks2.Error.Failed"_s,
                          u"Error ejecting /dev/sdb: Error spawning command-line `eject "
                          "'/dev/sdb'': Failed to execute child process “eject” (No such file or "
                          "directory) (g-exec-error-quark, 8)"_s));
    RecordedTree machine(u"luks-on-usb"_s);
    machine.write(u"proc/self/mountinfo"_s, "41 1 8:1 / / rw - ext4 /dev/sda1 rw\n");
    machine.remove(u"sys/block/dm-3"_s); // the stick is locked
    const auto ended = eject(machine, u"/dev/sdb"_s);
    QVERIFY2(ended, qPrintable(ended ? QString() : ended.error().context));
    QCOMPARE(*ended, Ending::PoweredOff);
    QCOMPARE(m_udisks->calls().last(), u"Stick PowerOff"_s);
}

void tst_DriveRelease::neverEjectsTheSystem()
{
    answerProperties({u"MediaRemovable"_s});
    const auto refused = eject(RecordedTree(u"luks-on-usb"_s), u"/dev/sda"_s);
    QCOMPARE(refused.error().code, ErrorCode::Forbidden);
    QCOMPARE(m_udisks->calls(), QStringList());
}

void tst_DriveRelease::doesNotEjectWhatIsInUse()
{
    answerProperties({u"MediaRemovable"_s});
    m_udisks->onCall(u"Unmount"_s,
                     MockUDisks::error(u"org.freedesktop.UDisks2.Error.DeviceBusy"_s, u"busy"_s));
    const auto refused = eject(RecordedTree(u"desktop"_s), u"/dev/sdb"_s);
    QCOMPARE(refused.error().code, ErrorCode::DeviceBusy);
    QCOMPARE(m_udisks->calls(), QStringList{u"sdb1 Unmount"_s});
}

void tst_DriveRelease::isGoneWhenAnotherMediumIsThere()
{
    const RecordedTree tree(u"card-reader"_s);
    const SysfsDrives reader(tree.roots());
    DriveIdentity agreed = identityOf(reader, u"/dev/sdc"_s);
    ++agreed.diskseq;
    const DriveRelease release(reader, WithLoops, m_services->bus());
    QCOMPARE(release.eject(agreed, {}).error().code, ErrorCode::DeviceGone);
}

void tst_DriveRelease::unmountsARealLoopDevice()
{
    const QTemporaryDir point;
    LoopDrive stick(8_MiB);
    if (!stick.isThere() || !m_services->startUdev() || !m_services->startUDisks())
        QSKIP("needs root, loop devices, udevd and udisksd");
    QVERIFY(stick.mountFileSystem(u"STICK"_s, point.path()));
    const SysfsDrives reader;
    const DriveRelease release(reader, WithLoops, m_services->bus());
    const auto ended =
        onJobThread([&] { return release.eject(identityOf(reader, stick.path()), {}); });
    QVERIFY2(ended, qPrintable(ended ? QString() : ended.error().context));
    QCOMPARE(*ended, Ending::Unmounted);
    for (const Drive &drive : reader.read())
        QVERIFY(drive.path != stick.path() || drive.mounts().isEmpty());
}

void tst_DriveRelease::rereadsThePartitionsOfARealLoopDevice()
{
    LoopDrive stick(8_MiB);
    if (!stick.isThere())
        QSKIP("needs root and loop devices");
    const DriveRelease release(SysfsDrives(), WithLoops, m_services->bus());
    QVERIFY(release.rereadPartitions(stick.path(), {}));
}

void tst_DriveRelease::asksUDisksToRescanWhatWeMayNotOpen()
{
    answerProperties({});
    const DriveRelease release(SysfsDrives(), WithLoops, m_services->bus());
    const QString path = u"/dev/no-such-drive"_s;
    QVERIFY(onJobThread([&] { return release.rereadPartitions(path, {}); }));
    QCOMPARE(m_udisks->calls(), QStringList{u"no_2dsuch_2ddrive Rescan"_s});
}

QTEST_GUILESS_MAIN(tst_DriveRelease)
#include "tst_driverelease.moc"
