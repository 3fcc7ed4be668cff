#include "core/base/units.h"
#include "core/drives/drivewords.h"
#include "core/drives/flashticket.h"

#include <QTest>

#include <functional>

using namespace Qt::StringLiterals;
using namespace core::literals;
using core::Drive;
using core::DriveContent;
using core::DrivePolicy;
using core::ErrorCode;
using core::FlashTicket;
using core::ImageIdentity;
using core::Milliseconds;

namespace {

constexpr Milliseconds Start{1'000'000};
constexpr Milliseconds End{1'300'000};

Drive stick(const QString &name, const QString &serial)
{
    Drive drive;
    drive.id = u"usb-Acme_"_s + serial + u'-' + name;
    drive.path = u"/dev/"_s + name;
    drive.serial = serial;
    drive.size = 16'000'000'000;
    drive.diskseq = 7;
    drive.bus = core::Bus::Usb;
    return drive;
}

ImageIdentity image()
{
    return {u"/home/ann/a.iso"_s, 4_GiB, 1'700'000'000'000, {}};
}

FlashTicket::Request requestFor(const QList<Drive> &drives)
{
    return {u"ticket-1"_s, image(), drives, {}, End};
}

FlashTicket ticketFor(const QList<Drive> &drives)
{
    const auto ticket = FlashTicket::prepare(requestFor(drives), DrivePolicy());
    if (!ticket)
        qFatal("%s", qPrintable(ticket.error().context));
    return *ticket;
}

/// The name of the error's code, "ok" without one.
QString outcome(const core::Result<void> &result)
{
    return result ? u"ok"_s : QString(core::errorCodeName(result.error().code));
}

} // namespace

class tst_FlashTicket : public QObject
{
    Q_OBJECT

private slots:
    void saysWhatIsErased_data();
    void saysWhatIsErased();
    void isRefusedForDrivesThatMayNotBeWritten();
    void neverChoosesADrive();
    void needsEveryDriveNamed_data();
    void needsEveryDriveNamed();
    void aSharedSerialNamesNoDrive();
    void tellsWhatWouldBeErased();
    void saysWhatToThinkAboutTwice();
    void followsWhatIsOnTheDrive();
    void isGoodOnlyForWhatWasShown_data();
    void isGoodOnlyForWhatWasShown();
    void knowsTheIdentityToOpen();
};

void tst_FlashTicket::saysWhatIsErased_data()
{
    QTest::addColumn<QList<DriveContent>>("contents");
    QTest::addColumn<QString>("words");
    using Contents = QList<DriveContent>;
    DriveContent photos{u"/dev/sdb1"_s, 15'800'000'000, u"PHOTOS"_s, u"vfat"_s};
    DriveContent unknown{u"/dev/sdb2"_s, 1'000'000};
    DriveContent locked{u"/dev/sdb3"_s, 2'000'000'000, {}, u"crypto_LUKS"_s};
    DriveContent mounted = photos;
    mounted.mounts = {{u"/dev/sdb1"_s, u"/media/ann/PHOTOS"_s}};
    QTest::newRow("nothing") << Contents{} << u"nothing known, 16.0 GB in all"_s;
    QTest::newRow("a file system") << Contents{photos} << u"\"PHOTOS\" (FAT, 15.8 GB)"_s;
    QTest::newRow("mounted") << Contents{mounted}
                             << u"\"PHOTOS\" (FAT, 15.8 GB, mounted at /media/ann/PHOTOS)"_s;
    QTest::newRow("an unknown partition")
        << Contents{unknown} << u"1 partition without a known file system"_s;
    QTest::newRow("several")
        << Contents{photos, unknown, locked, unknown}
        << u"\"PHOTOS\" (FAT, 15.8 GB); /dev/sdb3 (encrypted with LUKS, 2.0 GB); "
           "2 partitions without a known file system"_s;
}

void tst_FlashTicket::saysWhatIsErased()
{
    QFETCH(QList<DriveContent>, contents);
    Drive drive = stick(u"sdb"_s, u"A1"_s);
    drive.contents = contents;
    QTEST(core::erasedContents(drive), "words");
    QTEST(core::erasedContents(drive, {}), "words");
    QCOMPARE(core::erasedContents(drive, u"root"_s),
             u"only its partition \"root\", nothing else of the drive"_s);
    QTEST(ticketFor({drive}).erasures().first().contents, "words");
}

void tst_FlashTicket::isRefusedForDrivesThatMayNotBeWritten()
{
    Drive readOnly = stick(u"sdb"_s, u"A1"_s);
    readOnly.isReadOnly = true;
    const auto refused =
        FlashTicket::prepare(requestFor({stick(u"sdc"_s, u"B2"_s), readOnly}), DrivePolicy());
    QCOMPARE(refused.error().code, ErrorCode::Forbidden);
    QVERIFY(refused.error().context.contains(u"/dev/sdb is read-only"_s));

    FlashTicket::Request request = requestFor({stick(u"sdb"_s, u"A1"_s)});
    request.imageDrives = {request.drives.first().identity()};
    const auto holdsImage = FlashTicket::prepare(request, DrivePolicy());
    QCOMPARE(holdsImage.error().code, ErrorCode::Forbidden);
}

void tst_FlashTicket::neverChoosesADrive()
{
    QCOMPARE(FlashTicket::prepare(requestFor({}), DrivePolicy()).error().code,
             ErrorCode::InvalidArgument);
    const Drive drive = stick(u"sdb"_s, u"A1"_s);
    QCOMPARE(FlashTicket::prepare(requestFor({drive, drive}), DrivePolicy()).error().code,
             ErrorCode::InvalidArgument);
}

void tst_FlashTicket::needsEveryDriveNamed_data()
{
    QTest::addColumn<QStringList>("erase");
    QTest::addColumn<Milliseconds>("at");
    QTest::addColumn<QString>("expected");
    const QString required = u"confirmationRequired"_s;
    const auto row = [](const char *name, const QStringList &erase, const QString &expected,
                        Milliseconds at = Start) {
        QTest::newRow(name) << erase << at << expected;
    };
    row("by serial", {u"A1"_s, u"B2"_s}, u"ok"_s);
    row("by id", {u"usb-Acme_A1-sdb"_s, u"usb-Acme_B2-sdc"_s}, u"ok"_s);
    row("by both", {u"A1"_s, u"usb-Acme_B2-sdc"_s}, u"ok"_s);
    row("nothing named", {}, required);
    row("one not named", {u"A1"_s}, required);
    row("an empty name", {u"A1"_s, QString()}, required);
    row("another drive named too", {u"A1"_s, u"B2"_s, u"C3"_s}, u"invalidArgument"_s);
    row("part of a serial", {u"A1"_s, u"B"_s}, required);
    row("the last moment", {u"A1"_s, u"B2"_s}, u"ok"_s, End - Milliseconds(1));
    row("expired", {u"A1"_s, u"B2"_s}, u"invalidState"_s, End);
}

void tst_FlashTicket::needsEveryDriveNamed()
{
    QFETCH(QStringList, erase);
    QFETCH(Milliseconds, at);
    const FlashTicket ticket = ticketFor({stick(u"sdb"_s, u"A1"_s), stick(u"sdc"_s, u"B2"_s)});
    QTEST(outcome(ticket.confirm(erase, at)), "expected");
}

void tst_FlashTicket::aSharedSerialNamesNoDrive()
{
    const FlashTicket twins = ticketFor({stick(u"sdb"_s, u"0"_s), stick(u"sdc"_s, u"0"_s)});
    QCOMPARE(outcome(twins.confirm({u"0"_s}, Start)), u"confirmationRequired"_s);
    QCOMPARE(outcome(twins.confirm({u"usb-Acme_0-sdb"_s, u"usb-Acme_0-sdc"_s}, Start)), u"ok"_s);
    const FlashTicket nameless = ticketFor({stick(u"sdb"_s, {})});
    QCOMPARE(outcome(nameless.confirm({QString()}, Start)), u"confirmationRequired"_s);
}

void tst_FlashTicket::tellsWhatWouldBeErased()
{
    Drive drive = stick(u"sdb"_s, u"A1"_s);
    drive.contents = {{u"/dev/sdb1"_s, 15'800'000'000, u"PHOTOS"_s, u"vfat"_s}};
    const auto refused = ticketFor({drive}).confirm({}, Start);
    QCOMPARE(
        refused.error().context,
        u"this would erase /dev/sdb (16.0 GB, serial A1): \"PHOTOS\" (FAT, 15.8 GB) - careful: "
        "has a file system"_s);
}

void tst_FlashTicket::saysWhatToThinkAboutTwice()
{
    Drive drive = stick(u"sdb"_s, u"A1"_s);
    drive.size = 2'000'000'000'000;
    drive.isRotational = true;
    drive.contents = {{u"/dev/sdb1"_s, drive.size, {}, u"LVM2_member"_s, {}, {u"dm-0"_s}}};
    QCOMPARE(core::erasedWithRisks(ticketFor({drive}).erasures().first()),
             u"/dev/sdb1 (part of an LVM volume group, 2.0 TB, in use by dm-0) - careful: larger "
             "than 128 GiB, in use, has a file system, perhaps a hard drive"_s);
}

/// What is shown is what is there, as long as it is the same medium.
void tst_FlashTicket::followsWhatIsOnTheDrive()
{
    Drive drive = stick(u"sdb"_s, u"A1"_s);
    const FlashTicket ticket = ticketFor({drive});
    drive.contents = {{u"/dev/sdb1"_s, 15'800'000'000, u"PHOTOS"_s, u"vfat"_s}};
    const auto seen = ticket.asOf(image(), {drive}, DrivePolicy());
    QVERIFY(seen);
    QCOMPARE(seen->id(), ticket.id());
    QCOMPARE(seen->expiresAt(), End);
    QCOMPARE(seen->erasures().first().contents, u"\"PHOTOS\" (FAT, 15.8 GB)"_s);
    const auto part = FlashTicket::prepare({.id = u"t"_s,
                                            .image = image(),
                                            .drives = {drive},
                                            .expiresAt = End,
                                            .partition = u"root"_s},
                                           DrivePolicy());
    const QString only = part.value().erasures().first().contents;
    QCOMPARE(part->asOf(image(), {drive}, DrivePolicy()).value().erasures().first().contents, only);
    drive.contents.first().mounts = {{u"/dev/sdb1"_s, u"/"_s}};
    QCOMPARE(ticket.asOf(image(), {drive}, DrivePolicy()).error().code, ErrorCode::Forbidden);
    ++drive.diskseq;
    QCOMPARE(ticket.asOf(image(), {drive}, DrivePolicy()).error().code, ErrorCode::DeviceGone);
}

void tst_FlashTicket::isGoodOnlyForWhatWasShown_data()
{
    using Change = std::function<void(ImageIdentity &, Drive &)>;
    QTest::addColumn<Change>("change");
    QTest::addColumn<QString>("expected");
    const auto row = [](const char *name, const Change &change, const QString &expected) {
        QTest::newRow(name) << change << expected;
    };
    const QString image = u"invalidState"_s;
    const QString drive = u"deviceGone"_s;
    row(
        "nothing changed", [](ImageIdentity &, Drive &) {}, u"ok"_s);
    row(
        "another file", [](ImageIdentity &shown, Drive &) { shown.source += u'x'; }, image);
    row(
        "a longer file", [](ImageIdentity &shown, Drive &) { ++shown.size; }, image);
    row(
        "a file written to", [](ImageIdentity &shown, Drive &) { ++shown.modifiedAt; }, image);
    row(
        "another in its place", [](ImageIdentity &shown, Drive &) { ++shown.inode; }, image);
    row(
        "another checksum", [](ImageIdentity &shown, Drive &) { shown.sha256 = u"0"_s; }, image);
    row(
        "another medium", [](ImageIdentity &, Drive &shown) { ++shown.diskseq; }, drive);
    row(
        "another serial", [](ImageIdentity &, Drive &shown) { shown.serial = u"9"_s; }, drive);
    row(
        "another size", [](ImageIdentity &, Drive &shown) { shown.size += 512; }, drive);
    row(
        "another id", [](ImageIdentity &, Drive &shown) { shown.id += u'x'; }, drive);
    row(
        "the same stick under another path",
        [](ImageIdentity &, Drive &shown) { shown.path = u"/dev/sdz"_s; }, u"ok"_s);
}

void tst_FlashTicket::isGoodOnlyForWhatWasShown()
{
    using Change = std::function<void(ImageIdentity &, Drive &)>;
    QFETCH(Change, change);
    Drive drive = stick(u"sdb"_s, u"A1"_s);
    const FlashTicket ticket = ticketFor({drive});
    ImageIdentity found = image();
    change(found, drive);
    QTEST(outcome(ticket.check(found, {stick(u"sdc"_s, u"B2"_s), drive})), "expected");
}

void tst_FlashTicket::knowsTheIdentityToOpen()
{
    const Drive drive = stick(u"sdb"_s, u"A1"_s);
    const FlashTicket ticket = ticketFor({drive});
    QVERIFY(ticket.identityOf(drive.id));
    QCOMPARE(*ticket.identityOf(drive.id), drive.identity());
    QVERIFY(!ticket.identityOf(u"usb-Acme_B2-sdc"_s));
    QCOMPARE(ticket.id(), u"ticket-1"_s);
    QCOMPARE(ticket.expiresAt(), End);
    QCOMPARE(ticket.image(), image());
}

QTEST_GUILESS_MAIN(tst_FlashTicket)
#include "tst_flashticket.moc"
