#include "core/flashintake.h"
#include "core/storedspecjson.h"
#include "core/targetrules.h"

#include <QTest>

using namespace core;
using namespace Qt::StringLiterals;

namespace {

Drive stick(const QString &name, const QString &serial = {})
{
    Drive drive{.id = u"usb-"_s + name,
                .path = u"/dev/"_s + name,
                .vendor = u"Kingston"_s,
                .model = u"DT"_s,
                .serial = serial,
                .size = 31'900'000'000,
                .diskseq = 7,
                .bus = Bus::Usb,
                .isRemovable = true};
    drive.contents = {{.path = drive.path + u'1',
                       .size = 31'000'000'000,
                       .label = u"DATA"_s,
                       .fileSystem = u"vfat"_s,
                       .mounts = {{drive.path + u'1', u"/media/data"_s}}}};
    return drive;
}

Drive systemDrive()
{
    Drive drive = stick(u"sda"_s);
    drive.contents.first().mounts = {{u"/dev/sda1"_s, u"/"_s}};
    return drive;
}

FlashSpec flash(const QStringList &drives, const QStringList &erase)
{
    return {.image = u"/images/a.img"_s, .drives = drives, .erase = erase};
}

} // namespace

/// Who may have which drive erased.
class TestFlashIntake : public QObject
{
    Q_OBJECT
private slots:
    void whatWasNotNamedIsNotErased_data()
    {
        QTest::addColumn<FlashSpec>("spec");
        QTest::addColumn<ErrorCode>("code");
        QTest::addColumn<QString>("says");
        QTest::newRow("nothing named")
            << flash({u"usb-sdb"_s}, {}) << ErrorCode::ConfirmationRequired
            << u"/dev/sdb (Kingston DT, 31.9 GB, serial 123): \"DATA\" (FAT, 31.0 GB, mounted at /media/data)"_s;
        QTest::newRow("one of two named")
            << flash({u"usb-sdb"_s, u"usb-sdc"_s}, {u"123"_s}) << ErrorCode::ConfirmationRequired
            << u"would erase /dev/sdc (Kingston DT, 31.9 GB, id usb-sdc)"_s;
        QTest::newRow("another named") << flash({u"usb-sdb"_s}, {u"usb-sdb"_s, u"usb-sdc"_s})
                                       << ErrorCode::InvalidArgument << u"\"usb-sdc\""_s;
        QTest::newRow("no such drive")
            << flash({u"usb-sdx"_s}, {u"usb-sdx"_s}) << ErrorCode::NotFound << u"\"usb-sdx\""_s;
        QTest::newRow("the system's")
            << flash({u"usb-sda"_s}, {u"usb-sda"_s}) << ErrorCode::Forbidden << u"/dev/sda"_s;
        QTest::newRow("twice, by id and by path")
            << flash({u"usb-sdb"_s, u"/dev/sdb"_s}, {u"123"_s}) << ErrorCode::InvalidArgument
            << u"twice"_s;
        QTest::newRow("by path, which is a slot")
            << flash({u"/dev/sdb"_s}, {u"/dev/sdb"_s}) << ErrorCode::ConfirmationRequired
            << u"/dev/sdb"_s;
        QTest::newRow("a serial that two have") << flash({u"usb-sdb"_s, u"usb-sdd"_s}, {u"123"_s})
                                                << ErrorCode::ConfirmationRequired << u"/dev/sdd"_s;
        QTest::newRow("no drive") << flash({}, {}) << ErrorCode::InvalidArgument << u"drives"_s;
    }
    void whatWasNotNamedIsNotErased()
    {
        QFETCH(FlashSpec, spec);
        QFETCH(QString, says);
        const auto job = intake().jobFor(Principal::localUser(), spec, {});
        QVERIFY(!job);
        QTEST(job.error().code, "code");
        QVERIFY2(job.error().context.contains(says), qPrintable(job.error().context));
    }

    void whatWasAgreedIsKept_data()
    {
        QTest::addColumn<QString>("erase");
        QTest::newRow("by serial") << u"123"_s;
        QTest::newRow("by id") << u"usb-sdb"_s;
    }
    void whatWasAgreedIsKept()
    {
        QFETCH(QString, erase);
        const auto job =
            intake().jobFor(Principal::localUser(), flash({u"/dev/sdb"_s}, {erase}), {});
        QVERIFY2(job, qPrintable(job ? QString() : job.error().context));
        QCOMPARE(job->kind, JobKind::Flash);
        QCOMPARE(job->details.drives.constFirst().id, u"usb-sdb"_s);
        const auto agreed = decodeAgreedFlash(job->spec);
        QVERIFY(agreed);
        QCOMPARE(agreed->spec.drives, QStringList{u"usb-sdb"_s});
        QCOMPARE(agreed->drives, QList{stick(u"sdb"_s, u"123"_s).identity()});
    }

    void imagesElsewhereAreForAdmins()
    {
        const Principal ann{
            .name = u"ann"_s, .owner = u"ann"_s, .scopes = Scopes(Scope::Flash) | Scope::Read};
        const FlashSpec spec = flash({u"usb-sdb"_s}, {u"123"_s});
        QCOMPARE(intake().jobFor(ann, spec, {{u"/downloads"_s}, {}}).error().code,
                 ErrorCode::Forbidden);
        QVERIFY(intake().jobFor(ann, spec, {{u"/images"_s}, {}}));
    }

    void aStoredFlashNobodyAgreedToIsNone()
    {
        const AgreedFlash flashed{flash({u"usb-sdb"_s}, {}), {}};
        QVERIFY(!decodeAgreedFlash(encodeSpec(flashed)));
    }

private:
    [[nodiscard]] FlashIntake intake()
    {
        m_drives.update(
            {systemDrive(), stick(u"sdb"_s, u"123"_s), stick(u"sdc"_s), stick(u"sdd"_s, u"123"_s)});
        return FlashIntake(m_drives);
    }
    DriveList m_drives{DrivePolicy()};
};

QTEST_GUILESS_MAIN(TestFlashIntake)
#include "tst_flashintake.moc"
