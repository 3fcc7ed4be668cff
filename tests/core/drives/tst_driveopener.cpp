#include "core/base/units.h"
#include "core/drives/driveopener.h"
#include "core/drives/udisks2names.h"
#include "tests/core/drives/driveservices.h"
#include "tests/core/drives/loopdrive.h"
#include "tests/core/drives/opening.h"

#include <QDBusArgument>
#include <QProcess>
#include <QScopeGuard>
#include <QTest>

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>

using namespace Qt::StringLiterals;
using namespace core::literals;
using core::Drive;
using core::DriveIdentity;
using core::DriveOpener;
using core::DrivePolicy;
using core::ErrorCode;
using core::FileDescriptor;
using core::SysfsDrives;
using tests::DriveServices;
using tests::LoopDrive;
using tests::Opening;
using Way = core::DriveOpener::Way;

namespace {

constexpr auto Loops = DrivePolicy::LoopDevices::Allowed;

DriveIdentity identityOf(const LoopDrive &stick)
{
    for (const Drive &drive : SysfsDrives().read())
        if (drive.path == stick.path())
            return drive.identity();
    return {};
}

QStringList mountPointsOf(const LoopDrive &stick)
{
    QStringList points;
    for (const Drive &drive : SysfsDrives().read())
        if (drive.path == stick.path())
            for (const core::DriveMount &mount : drive.mounts())
                points.append(mount.point);
    return points;
}

FileDescriptor openPath(const LoopDrive &stick, int flags)
{
    return FileDescriptor(::open(stick.path().toLocal8Bit().constData(), flags | O_CLOEXEC));
}

} // namespace

/// On the real udisksd, udevd and loop devices, as root.
class tst_DriveOpener : public QObject
{
    Q_OBJECT

private slots:
    void init();
    void cleanup();
    void opensAloneDirectAndLocked_data();
    void opensAloneDirectAndLocked();
    void readsAloneAndCannotWrite_data();
    void readsAloneAndCannotWrite();
    void writtenBytesArrive();
    void unmountsFirst_data();
    void unmountsFirst();
    void aMountInUseStays_data();
    void aMountInUseStays();
    void refusesAnotherMedium_data();
    void refusesAnotherMedium();
    void aSwappedMediumIsRefusedBeforeItIsUnmounted();
    void refusesWhatThePolicyRefuses();
    void neverSharesADrive_data();
    void neverSharesADrive();
    void waitsForAPassingLock();
    void stopsWhileWaitingForALock();
    void opensForAUserAsPolkitSays_data();
    void opensForAUserAsPolkitSays();

private:
    [[nodiscard]] DriveOpener opener(Way way, DrivePolicy::LoopDevices loops = Loops) const;
    /// False where the services of that way cannot be started.
    [[nodiscard]] bool startFor(Way way);
    /// Waits until udisksd has seen what is mounted from the stick.
    [[nodiscard]] bool isMountKnown(Way way, const LoopDrive &stick) const;
    static void addWays();

    std::unique_ptr<DriveServices> m_services;
};

void tst_DriveOpener::init()
{
    if (::geteuid() != 0 || !LoopDrive(1_MiB).isThere())
        QSKIP("needs root and loop devices");
    m_services = std::make_unique<DriveServices>();
}

void tst_DriveOpener::cleanup()
{
    m_services.reset();
}

DriveOpener tst_DriveOpener::opener(Way way, DrivePolicy::LoopDevices loops) const
{
    return DriveOpener(SysfsDrives(), DrivePolicy(loops), m_services->bus(), way);
}

bool tst_DriveOpener::startFor(Way way)
{
    return m_services->hasBus()
        && (way == Way::DirectlyIfPermitted
            || (m_services->startUdev() && m_services->startUDisks()));
}

bool tst_DriveOpener::isMountKnown(Way way, const LoopDrive &stick) const
{
    const core::UDisks2 udisks(m_services->bus());
    const QString object = core::udisks2::blockObject(stick.name());
    return way == Way::DirectlyIfPermitted
        || QTest::qWaitFor(
               [&] {
                   const auto points =
                       udisks.property(object, core::udisks2::FileSystem, u"MountPoints"_s);
                   return points && !qdbus_cast<QByteArrayList>(*points).isEmpty();
               },
               10'000);
}

void tst_DriveOpener::addWays()
{
    QTest::addColumn<Way>("way");
    QTest::newRow("UDisks2") << Way::UDisks2;
    QTest::newRow("directly") << Way::DirectlyIfPermitted;
}

void tst_DriveOpener::opensAloneDirectAndLocked_data()
{
    QTest::addColumn<Way>("way");
    QTest::addColumn<int>("blockBytes");
    QTest::newRow("UDisks2, 512-byte blocks") << Way::UDisks2 << 512;
    QTest::newRow("UDisks2, 4096-byte blocks") << Way::UDisks2 << 4096;
    QTest::newRow("directly, 512-byte blocks") << Way::DirectlyIfPermitted << 512;
    QTest::newRow("directly, 4096-byte blocks") << Way::DirectlyIfPermitted << 4096;
}

void tst_DriveOpener::opensAloneDirectAndLocked()
{
    QFETCH(Way, way);
    QFETCH(int, blockBytes);
    if (!startFor(way))
        QSKIP("needs dbus-daemon, udevd and udisksd");
    LoopDrive stick(8_MiB, blockBytes);
    const DriveOpener drives = opener(way);
    Opening opening(drives, identityOf(stick));
    const auto opened = opening.result();
    QVERIFY2(opened, qPrintable(opened ? QString() : opened.error().context));
    QCOMPARE(opened->drive.size, 8_MiB);
    QCOMPARE(opened->drive.blockBytes, blockBytes);
    QVERIFY(opened->isDirect);
    QVERIFY((::fcntl(opened->fd.get(), F_GETFL) & O_DIRECT) != 0);
    QVERIFY((::fcntl(opened->fd.get(), F_GETFD) & FD_CLOEXEC) != 0);
    QVERIFY(!openPath(stick, O_RDWR | O_EXCL).isOpen());
    QCOMPARE(errno, EBUSY);
    const FileDescriptor other = openPath(stick, O_RDONLY);
    QVERIFY(::flock(other.get(), LOCK_SH | LOCK_NB) != 0);
    QCOMPARE(errno, EWOULDBLOCK);
}

void tst_DriveOpener::readsAloneAndCannotWrite_data()
{
    QTest::addColumn<Way>("way");
    QTest::addColumn<bool>("isReadOnly");
    QTest::newRow("UDisks2") << Way::UDisks2 << false;
    QTest::newRow("directly") << Way::DirectlyIfPermitted << false;
    QTest::newRow("directly, from a write-protected drive") << Way::DirectlyIfPermitted << true;
}

void tst_DriveOpener::readsAloneAndCannotWrite()
{
    QFETCH(Way, way);
    QFETCH(bool, isReadOnly);
    if (!startFor(way))
        QSKIP("needs dbus-daemon, udevd and udisksd");
    LoopDrive stick(8_MiB);
    // A loop device keeps this when its file is gone.
    const auto writableAgain = qScopeGuard([&stick] {
        (void)tests::runs(u"blockdev"_s, {u"--setrw"_s, stick.path()});
    });
    QVERIFY(!isReadOnly || tests::runs(u"blockdev"_s, {u"--setro"_s, stick.path()}));
    const DriveOpener drives = opener(way);
    Opening opening(drives, identityOf(stick), core::DriveAccess::Read);
    const auto opened = opening.result();
    QVERIFY2(opened, qPrintable(opened ? QString() : opened.error().context));
    QCOMPARE(::fcntl(opened->fd.get(), F_GETFL) & O_ACCMODE, O_RDONLY);
    QVERIFY(opened->isDirect);
    QVERIFY(!openPath(stick, O_RDONLY | O_EXCL).isOpen());
    QCOMPARE(errno, EBUSY);
    const FileDescriptor other = openPath(stick, O_RDONLY);
    QVERIFY(::flock(other.get(), LOCK_SH | LOCK_NB) != 0);
    if (!isReadOnly)
        return;
    const DriveOpener writing = opener(way);
    Opening refused(writing, identityOf(stick));
    QCOMPARE(refused.result().error().code, ErrorCode::Forbidden);
}

void tst_DriveOpener::writtenBytesArrive()
{
    if (!startFor(Way::UDisks2))
        QSKIP("needs dbus-daemon, udevd and udisksd");
    LoopDrive stick(1_MiB, 4096);
    const DriveOpener drives = opener(Way::UDisks2);
    Opening opening(drives, identityOf(stick));
    const auto opened = opening.result();
    QVERIFY(opened);
    alignas(4096) std::array<char, 4096> block;
    block.fill('D');
    QCOMPARE(::pwrite(opened->fd.get(), block.data(), block.size(), 4096), ssize_t(4096));
    block.fill(0);
    QCOMPARE(::pread(opened->fd.get(), block.data(), block.size(), 4096), ssize_t(4096));
    QCOMPARE(block[4095], 'D');
}

void tst_DriveOpener::unmountsFirst_data()
{
    addWays();
}

void tst_DriveOpener::unmountsFirst()
{
    QFETCH(Way, way);
    if (!startFor(way))
        QSKIP("needs dbus-daemon, udevd and udisksd");
    const QTemporaryDir point;
    const QTemporaryDir again;
    LoopDrive stick(8_MiB);
    QVERIFY(stick.mountFileSystem(u"STICK"_s, point.path()));
    QVERIFY(tests::runs(u"mount"_s, {u"--bind"_s, point.path(), again.path()}));
    QCOMPARE(mountPointsOf(stick).size(), 2);
    QVERIFY(isMountKnown(way, stick));
    const DriveOpener drives = opener(way);
    Opening opening(drives, identityOf(stick));
    const auto opened = opening.result();
    QVERIFY2(opened, qPrintable(opened ? QString() : opened.error().context));
    QCOMPARE(mountPointsOf(stick), QStringList());
}

void tst_DriveOpener::aMountInUseStays_data()
{
    addWays();
}

void tst_DriveOpener::aMountInUseStays()
{
    QFETCH(Way, way);
    if (!startFor(way))
        QSKIP("needs dbus-daemon, udevd and udisksd");
    const QTemporaryDir point;
    LoopDrive stick(8_MiB);
    QVERIFY(stick.mountFileSystem(u"STICK"_s, point.path()));
    QFile user(point.filePath(u"open.txt"_s));
    QVERIFY(user.open(QIODevice::WriteOnly));
    QVERIFY(isMountKnown(way, stick));
    const DriveOpener drives = opener(way);
    Opening opening(drives, identityOf(stick));
    const auto opened = opening.result();
    QVERIFY(!opened);
    QCOMPARE(opened.error().code, ErrorCode::DeviceBusy);
    QCOMPARE(opened.error().context, u"%1 is in use by tst_driveopener"_s.arg(point.path()));
    QCOMPARE(mountPointsOf(stick), QStringList{point.path()});
}

void tst_DriveOpener::refusesAnotherMedium_data()
{
    QTest::addColumn<std::function<void(DriveIdentity &)>>("change");
    using Change = std::function<void(DriveIdentity &)>;
    QTest::newRow("another id") << Change([](DriveIdentity &expected) { expected.id += u'x'; });
    QTest::newRow("another serial")
        << Change([](DriveIdentity &expected) { expected.serial = u"1"_s; });
    QTest::newRow("another size") << Change([](DriveIdentity &expected) { ++expected.size; });
    QTest::newRow("another medium") << Change([](DriveIdentity &expected) { ++expected.diskseq; });
}

void tst_DriveOpener::refusesAnotherMedium()
{
    using Change = std::function<void(DriveIdentity &)>;
    QFETCH(Change, change);
    LoopDrive stick(4_MiB);
    DriveIdentity expected = identityOf(stick);
    change(expected);
    const DriveOpener drives = opener(Way::DirectlyIfPermitted);
    Opening opening(drives, expected);
    const auto opened = opening.result();
    QVERIFY(!opened);
    QCOMPARE(opened.error().code, ErrorCode::DeviceGone);
    // The same is asked of an open descriptor.
    const auto proven = core::provenDrive(openPath(stick, O_RDONLY), core::DriveAccess::Write,
                                          expected, SysfsDrives());
    QVERIFY(!proven);
    QCOMPARE(proven.error().code, ErrorCode::DeviceGone);
}

void tst_DriveOpener::aSwappedMediumIsRefusedBeforeItIsUnmounted()
{
    const QTemporaryDir point;
    LoopDrive stick(8_MiB);
    const DriveIdentity agreed = identityOf(stick);
    stick.unplug();
    stick.plug(8_MiB);
    QVERIFY(stick.mountFileSystem(u"OTHER"_s, point.path()));
    const DriveOpener drives = opener(Way::DirectlyIfPermitted);
    Opening opening(drives, agreed);
    const auto opened = opening.result();
    QVERIFY(!opened);
    QCOMPARE(opened.error().code, ErrorCode::DeviceGone);
    QCOMPARE(mountPointsOf(stick), QStringList{point.path()});
}

void tst_DriveOpener::refusesWhatThePolicyRefuses()
{
    LoopDrive stick(4_MiB);
    const DriveOpener drives = opener(Way::DirectlyIfPermitted, DrivePolicy::LoopDevices::Refused);
    Opening opening(drives, identityOf(stick));
    const auto opened = opening.result();
    QVERIFY(!opened);
    QCOMPARE(opened.error().code, ErrorCode::Forbidden);
    QVERIFY(opened.error().context.contains(u"loop device"_s));
}

void tst_DriveOpener::neverSharesADrive_data()
{
    addWays();
}

void tst_DriveOpener::neverSharesADrive()
{
    QFETCH(Way, way);
    if (!startFor(way))
        QSKIP("needs dbus-daemon, udevd and udisksd");
    LoopDrive stick(4_MiB);
    const FileDescriptor other = openPath(stick, O_RDWR | O_EXCL);
    QVERIFY(other.isOpen());
    const DriveOpener drives = opener(way);
    Opening opening(drives, identityOf(stick));
    const auto opened = opening.result();
    QVERIFY(!opened);
    QCOMPARE(opened.error().code, ErrorCode::DeviceBusy);
}

void tst_DriveOpener::waitsForAPassingLock()
{
    LoopDrive stick(4_MiB);
    FileDescriptor other = openPath(stick, O_RDONLY);
    QCOMPARE(::flock(other.get(), LOCK_SH), 0);
    const DriveOpener drives = opener(Way::DirectlyIfPermitted);
    Opening opening(drives, identityOf(stick));
    QVERIFY(!opening.isDone());
    other = {};
    QVERIFY(opening.result());
}

void tst_DriveOpener::stopsWhileWaitingForALock()
{
    LoopDrive stick(4_MiB);
    const FileDescriptor other = openPath(stick, O_RDONLY);
    QCOMPARE(::flock(other.get(), LOCK_SH), 0);
    const DriveOpener drives = opener(Way::DirectlyIfPermitted);
    Opening opening(drives, identityOf(stick));
    opening.requestStop();
    const auto opened = opening.result();
    QVERIFY(!opened);
    QCOMPARE(opened.error().code, ErrorCode::InvalidState);
}

void tst_DriveOpener::opensForAUserAsPolkitSays_data()
{
    QTest::addColumn<DriveServices::Users>("users");
    QTest::addColumn<QStringList>("words");
    QTest::newRow("a password is needed and no agent asks for it")
        << DriveServices::Users::NeedPassword
        << QStringList{u"forbidden: "_s, u"no authentication agent runs"_s};
    QTest::newRow("the user may") << DriveServices::Users::MayAll << QStringList{u"opened"_s};
}

void tst_DriveOpener::opensForAUserAsPolkitSays()
{
    QFETCH(DriveServices::Users, users);
    QFETCH(QStringList, words);
    if (!m_services->hasBus() || !m_services->startPolkit(users))
        QSKIP("needs dbus-daemon and polkitd");
    if (!startFor(Way::UDisks2))
        QSKIP("needs dbus-daemon, udevd and udisksd");
    const QTemporaryDir point;
    LoopDrive stick(8_MiB);
    QVERIFY(stick.mountFileSystem(u"STICK"_s, point.path()));
    QVERIFY(isMountKnown(Way::UDisks2, stick));
    QProcess user; // nobody
    user.start(u"setpriv"_s,
               {u"--reuid=65534"_s, u"--regid=65534"_s, u"--clear-groups"_s,
                QStringLiteral(OPEN_AS_USER), m_services->address(), stick.name()});
    QVERIFY(QTest::qWaitFor([&user] { return user.state() == QProcess::NotRunning; }, 30'000));
    if (user.exitCode() == 127 || user.error() == QProcess::FailedToStart)
        QSKIP("needs setpriv and a build folder that everyone may read");
    const QString said = QString::fromLocal8Bit(user.readAllStandardOutput());
    for (const QString &word : words)
        QVERIFY2(said.contains(word), qPrintable(said));
    QCOMPARE(mountPointsOf(stick).isEmpty(), users == DriveServices::Users::MayAll);
}

QTEST_GUILESS_MAIN(tst_DriveOpener)
#include "tst_driveopener.moc"
