#include "core/base/units.h"
#include "core/drives/driveopener.h"
#include "tests/core/drives/driveservices.h"
#include "tests/core/drives/loopdrive.h"
#include "tests/core/drives/mockudisks.h"
#include "tests/core/drives/opening.h"
#include "tests/core/drives/recordedtree.h"

#include <QFile>
#include <QSignalSpy>
#include <QTest>
#include <QTimer>

#include <fcntl.h>

using namespace Qt::StringLiterals;
using namespace core::literals;
using core::Drive;
using core::DriveIdentity;
using core::DriveOpener;
using core::DrivePolicy;
using core::ErrorCode;
using core::SysfsDrives;
using tests::DriveServices;
using tests::LoopDrive;
using tests::MockUDisks;
using tests::Opening;
using tests::RecordedTree;

namespace {

QString udisksError(const char *name)
{
    return u"org.freedesktop.UDisks2.Error."_s + QLatin1StringView(name);
}

DriveIdentity identityOf(const SysfsDrives &reader, const QString &name)
{
    for (const Drive &drive : reader.read())
        if (drive.path == "/dev/"_L1 + name)
            return drive.identity();
    return {};
}

} // namespace

/// Against a UDisks2 that refuses, delays and lies, on the stick "sdb" of recorded machines.
class tst_UDisksRefusals : public QObject
{
    Q_OBJECT

private slots:
    void init();
    void cleanup();
    void saysWhyItWasRefused_data();
    void saysWhyItWasRefused();
    void asksForTheRightFlags();
    void asksToReadOnlyWhatIsOnlyRead();
    void opensWithoutDirectWhereThatIsImpossible();
    void waitsAsLongAsAPersonTypes();
    void stopsWhileAPersonTypes();
    void survivesUDisksEndingMeanwhile();
    void refusesWhatIsNoDrive();
    void refusesAnotherDrivesDescriptor();
    void doesNotOpenWhatIsStillMounted();
    void unmountsWhatLiesBelowFirst();
    void locksWhatWasUnlocked();
    void namesWhatStaysStackedOnTheDrive();
    void readsTheErrorsOfUDisks_data();
    void readsTheErrorsOfUDisks();

private:
    /// The tree's machine with everything of sdb unmounted.
    void unmountStick();
    [[nodiscard]] DriveIdentity stick() const
    {
        return identityOf(SysfsDrives(m_tree->roots()), u"sdb"_s);
    }

    std::unique_ptr<DriveServices> m_services;
    std::unique_ptr<MockUDisks> m_udisks;
    std::unique_ptr<RecordedTree> m_tree;
    std::unique_ptr<DriveOpener> m_opener;
};

void tst_UDisksRefusals::init()
{
    m_services = std::make_unique<DriveServices>();
    if (!m_services->hasBus())
        QSKIP("needs dbus-daemon");
    m_udisks = std::make_unique<MockUDisks>(m_services->address());
    m_tree = std::make_unique<RecordedTree>(u"luks-on-usb"_s);
    m_opener = std::make_unique<DriveOpener>(SysfsDrives(m_tree->roots()),
                                             DrivePolicy(DrivePolicy::LoopDevices::Allowed),
                                             m_services->bus(), DriveOpener::Way::UDisks2);
}

void tst_UDisksRefusals::cleanup()
{
    m_opener.reset();
    m_tree.reset();
    m_udisks.reset();
    m_services.reset();
}

void tst_UDisksRefusals::unmountStick()
{
    m_tree->write(u"proc/self/mountinfo"_s, "41 1 253:1 / / rw - ext4 /dev/mapper/vg-root rw\n");
    m_tree->remove(u"sys/block/dm-3"_s);
}

void tst_UDisksRefusals::saysWhyItWasRefused_data()
{
    QTest::addColumn<QString>("name");
    QTest::addColumn<QString>("message");
    QTest::addColumn<ErrorCode>("code");
    QTest::addColumn<QString>("words");
    QTest::newRow("no agent") << udisksError("NotAuthorizedCanObtain") << u"Not authorized"_s
                              << ErrorCode::Forbidden << u"no authentication agent runs"_s;
    QTest::newRow("dismissed") << udisksError("NotAuthorizedDismissed") << u"Dismissed"_s
                               << ErrorCode::Forbidden << u"was dismissed"_s;
    QTest::newRow("not allowed") << udisksError("NotAuthorized") << u"Not authorized"_s
                                 << ErrorCode::Forbidden << u"this user may not"_s;
    QTest::newRow("in use") << udisksError("Failed")
                            << u"Error opening /dev/sdb: Device or resource busy"_s
                            << ErrorCode::DeviceBusy << u"/dev/sdb"_s;
    QTest::newRow("pulled out") << u"org.freedesktop.DBus.Error.UnknownObject"_s << u"gone"_s
                                << ErrorCode::DeviceGone << u"does not know it"_s;
}

void tst_UDisksRefusals::saysWhyItWasRefused()
{
    QFETCH(QString, name);
    QFETCH(QString, message);
    QFETCH(QString, words);
    unmountStick();
    m_udisks->onCall(u"OpenDevice"_s, MockUDisks::error(name, message));
    Opening opening(*m_opener, stick());
    const auto opened = opening.result();
    QVERIFY(!opened);
    QTEST(opened.error().code, "code");
    QVERIFY2(opened.error().context.contains(words), qPrintable(opened.error().context));
}

void tst_UDisksRefusals::asksForTheRightFlags()
{
    unmountStick();
    m_udisks->onCall(u"OpenDevice"_s, MockUDisks::error(udisksError("NotAuthorized"), {}));
    Opening opening(*m_opener, stick());
    QVERIFY(!opening.result());
    QCOMPARE(m_udisks->calls(), QStringList{u"sdb OpenDevice"_s});
    QCOMPARE(m_udisks->lastOptions(), (QVariantMap{{u"flags"_s, O_EXCL | O_DIRECT | O_CLOEXEC}}));
}

void tst_UDisksRefusals::asksToReadOnlyWhatIsOnlyRead()
{
    unmountStick();
    QString mode;
    m_udisks->onCall(u"OpenDevice"_s, [&mode](const QDBusMessage &call) {
        mode = call.arguments().constFirst().toString();
        return call.createErrorReply(udisksError("NotAuthorized"), {});
    });
    Opening opening(*m_opener, stick(), core::DriveAccess::Read);
    QVERIFY(!opening.result());
    QCOMPARE(mode, u"r"_s);
    QCOMPARE(m_udisks->lastOptions(), (QVariantMap{{u"flags"_s, O_EXCL | O_DIRECT | O_CLOEXEC}}));
}

void tst_UDisksRefusals::opensWithoutDirectWhereThatIsImpossible()
{
    unmountStick();
    m_udisks->onCall(
        u"OpenDevice"_s,
        MockUDisks::error(udisksError("Failed"), u"Error opening /dev/sdb: Invalid argument"_s));
    Opening opening(*m_opener, stick());
    QVERIFY(!opening.result());
    QCOMPARE(m_udisks->calls(), (QStringList{u"sdb OpenDevice"_s, u"sdb OpenDevice"_s}));
    QCOMPARE(m_udisks->lastOptions(), (QVariantMap{{u"flags"_s, O_EXCL | O_CLOEXEC}}));
}

void tst_UDisksRefusals::waitsAsLongAsAPersonTypes()
{
    unmountStick();
    QDBusMessage question;
    m_udisks->onCall(u"OpenDevice"_s, [&](const QDBusMessage &call) {
        question = call;
        return QDBusMessage();
    });
    Opening opening(*m_opener, stick());
    // QtDBus gives up after 25 s unless told otherwise.
    QVERIFY(!QTest::qWaitFor([&] { return opening.isDone(); }, 26'000));
    m_udisks->send(question.createErrorReply(udisksError("NotAuthorizedDismissed"), u"typed"_s));
    QCOMPARE(opening.result().error().code, ErrorCode::Forbidden);
}

void tst_UDisksRefusals::stopsWhileAPersonTypes()
{
    unmountStick();
    QDBusMessage question;
    m_udisks->onCall(u"OpenDevice"_s, [&](const QDBusMessage &call) {
        question = call;
        return QDBusMessage();
    });
    Opening opening(*m_opener, stick());
    QTRY_COMPARE(m_udisks->calls().size(), 1);
    opening.requestStop();
    QCOMPARE(opening.result().error().code, ErrorCode::InvalidState);
    // A late answer meets nobody.
    m_udisks->send(MockUDisks::descriptor(u"/dev/null"_s, O_RDWR)(question));
}

void tst_UDisksRefusals::survivesUDisksEndingMeanwhile()
{
    unmountStick();
    m_udisks->onCall(u"OpenDevice"_s, [](const QDBusMessage &) { return QDBusMessage(); });
    Opening opening(*m_opener, stick());
    QTRY_COMPARE(m_udisks->calls().size(), 1);
    m_udisks.reset();
    const auto opened = opening.result();
    QCOMPARE(opened.error().code, ErrorCode::Unsupported);
}

void tst_UDisksRefusals::refusesWhatIsNoDrive()
{
    unmountStick();
    m_udisks->onCall(u"OpenDevice"_s, MockUDisks::descriptor(u"/dev/null"_s, O_RDWR));
    Opening opening(*m_opener, stick());
    QCOMPARE(opening.result().error().code, ErrorCode::Unsupported);
}

void tst_UDisksRefusals::refusesAnotherDrivesDescriptor()
{
    LoopDrive other(4_MiB);
    if (!other.isThere())
        QSKIP("needs root and loop devices");
    unmountStick();
    m_udisks->onCall(u"OpenDevice"_s, MockUDisks::descriptor(other.path(), O_RDWR));
    Opening opening(*m_opener, stick());
    QCOMPARE(opening.result().error().code, ErrorCode::DeviceGone);
}

void tst_UDisksRefusals::doesNotOpenWhatIsStillMounted()
{
    m_udisks->onCall(u"Unmount"_s,
                     MockUDisks::error(udisksError("DeviceBusy"), u"target is busy"_s));
    Opening opening(*m_opener, stick());
    const auto opened = opening.result();
    QVERIFY(!opened);
    QCOMPARE(opened.error().code, ErrorCode::DeviceBusy);
    QVERIFY(opened.error().context.startsWith(u"/media/ann/secret"_s));
    QCOMPARE(m_udisks->calls(), QStringList{u"dm_2d3 Unmount"_s});
    QCOMPARE(m_udisks->lastOptions(), QVariantMap()); // neither lazily nor by force
}

void tst_UDisksRefusals::unmountsWhatLiesBelowFirst()
{
    unmountStick();
    QByteArrayList table{"50 1 8:18 / /mnt rw - ext4 /dev/sdb2 rw\n",
                         "51 50 8:17 / /mnt/boot rw - vfat /dev/sdb1 rw\n"};
    for (const QString &part : {u"1"_s, u"2"_s}) {
        const QString folder = u"sys/block/sdb/sdb%1/"_s.arg(part);
        m_tree->write(folder + u"partition"_s, part.toLatin1());
        m_tree->write(folder + u"size"_s, "2048");
        m_tree->write(folder + u"dev"_s, "8:" + QByteArray::number(16 + part.toInt()));
    }
    m_tree->write(u"proc/self/mountinfo"_s, table.join());
    m_udisks->onCall(u"Unmount"_s, [&](const QDBusMessage &call) {
        table.removeLast();
        m_tree->write(u"proc/self/mountinfo"_s, table.join());
        return call.createReply();
    });
    m_udisks->onCall(u"OpenDevice"_s, MockUDisks::error(udisksError("NotAuthorized"), {}));
    Opening opening(*m_opener, stick());
    QVERIFY(!opening.result());
    QCOMPARE(m_udisks->calls(),
             (QStringList{u"sdb1 Unmount"_s, u"sdb2 Unmount"_s, u"sdb OpenDevice"_s}));
}

void tst_UDisksRefusals::locksWhatWasUnlocked()
{
    m_udisks->onCall(u"Unmount"_s, [this](const QDBusMessage &call) {
        m_tree->write(u"proc/self/mountinfo"_s, "");
        return call.createReply();
    });
    m_udisks->onCall(u"Lock"_s, [this](const QDBusMessage &call) {
        m_tree->remove(u"sys/block/dm-3"_s);
        return call.createReply();
    });
    m_udisks->onCall(u"OpenDevice"_s, MockUDisks::error(udisksError("NotAuthorized"), {}));
    Opening opening(*m_opener, stick());
    QVERIFY(!opening.result());
    QCOMPARE(m_udisks->calls(),
             (QStringList{u"dm_2d3 Unmount"_s, u"sdb Lock"_s, u"sdb OpenDevice"_s}));
}

void tst_UDisksRefusals::namesWhatStaysStackedOnTheDrive()
{
    m_tree = std::make_unique<RecordedTree>(u"raid-over-usb"_s);
    m_udisks.reset(); // nobody who could lock or stop anything
    const DriveOpener opener(SysfsDrives(m_tree->roots()), DrivePolicy(), m_services->bus());
    Opening opening(opener, identityOf(SysfsDrives(m_tree->roots()), u"sdc"_s));
    const auto opened = opening.result();
    QCOMPARE(opened.error().code, ErrorCode::DeviceBusy);
    QCOMPARE(opened.error().context, u"/dev/sdc is in use by md1"_s);
}

void tst_UDisksRefusals::readsTheErrorsOfUDisks_data()
{
    QTest::addColumn<QString>("name");
    QTest::addColumn<QString>("message");
    QTest::addColumn<ErrorCode>("code");
    const QString dbus = u"org.freedesktop.DBus.Error."_s;
    QTest::newRow("not mounted") << udisksError("NotMounted") << QString() << ErrorCode::NotFound;
    QTest::newRow("no such interface")
        << dbus + u"UnknownMethod"_s << u"No such interface"_s << ErrorCode::NotFound;
    QTest::newRow("no such object, GLib's way")
        << dbus + u"UnknownMethod"_s << u"Object does not exist at path /a"_s
        << ErrorCode::DeviceGone;
    QTest::newRow("no service") << dbus + u"ServiceUnknown"_s << QString()
                                << ErrorCode::Unsupported;
    QTest::newRow("no medium") << udisksError("Failed") << u"Error opening: No medium found"_s
                               << ErrorCode::DeviceGone;
    QTest::newRow("write-protected")
        << udisksError("Failed") << u"Read-only file system"_s << ErrorCode::Forbidden;
    QTest::newRow("anything else") << udisksError("Failed") << u"odd"_s << ErrorCode::FileAccess;
}

void tst_UDisksRefusals::readsTheErrorsOfUDisks()
{
    QFETCH(QString, name);
    QFETCH(QString, message);
    const core::Error error = core::udisks2Error(name, message, u"/dev/sdb"_s);
    QTEST(error.code, "code");
    QVERIFY(error.context.startsWith(u"/dev/sdb: "_s));
    QVERIFY(error.context.contains(message));
}

QTEST_GUILESS_MAIN(tst_UDisksRefusals)
#include "tst_udisksrefusals.moc"
