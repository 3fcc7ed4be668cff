#include "core/driveintake.h"
#include "core/driveworkers.h"
#include "core/driveworkjson.h"
#include "core/flash/drivespecsjson.h"
#include "core/targetrules.h"

#include <QTest>

using namespace core;
using namespace Qt::StringLiterals;

namespace {

using Kind = NewFileSystem::Kind;

Drive stick(const QString &name)
{
    Drive drive{.id = u"usb-"_s + name,
                .path = u"/dev/"_s + name,
                .serial = u"S-"_s + name,
                .size = 31'900'000'000,
                .diskseq = 7,
                .bus = Bus::Usb,
                .isRemovable = true};
    drive.contents = {{.path = drive.path + u'1',
                       .size = 31'000'000'000,
                       .label = u"DATA"_s,
                       .fileSystem = u"vfat"_s}};
    return drive;
}

QList<Drive> someDrives()
{
    Drive system = stick(u"sda"_s);
    system.contents.first().mounts = {{u"/dev/sda1"_s, u"/"_s}};
    Drive locked = stick(u"sdc"_s);
    locked.isReadOnly = true;
    return {system, stick(u"sdb"_s), locked};
}

Principal flasher()
{
    return {.name = u"page"_s, .owner = u"local"_s, .scopes = Scopes(Scope::Add) | Scope::Flash};
}

} // namespace

/// Who may have which drive read, compared and formatted.
class TestDriveIntake : public QObject
{
    Q_OBJECT
private slots:
    void initTestCase() { m_drives.update(someDrives()); }

    void readsWhatMayBeRead_data()
    {
        QTest::addColumn<QString>("drive");
        QTest::addColumn<QString>("to");
        QTest::addColumn<std::optional<ErrorCode>>("code");
        const std::optional<ErrorCode> fine;
        const QString to = u"/downloads/i.img"_s;
        QTest::newRow("by id") << u"usb-sdb"_s << to << fine;
        QTest::newRow("by path") << u"/dev/sdb"_s << to << fine;
        QTest::newRow("a write-protected drive") << u"usb-sdc"_s << to << fine;
        QTest::newRow("the system's") << u"usb-sda"_s << to << std::optional(ErrorCode::Forbidden);
        QTest::newRow("no such drive") << u"usb-x"_s << to << std::optional(ErrorCode::NotFound);
        QTest::newRow("no drive") << QString() << to << std::optional(ErrorCode::InvalidArgument);
        QTest::newRow("outside of the folders")
            << u"usb-sdb"_s << u"/downloads/../etc/i"_s << std::optional(ErrorCode::Forbidden);
        QTest::newRow("a relative path")
            << u"usb-sdb"_s << u"i.img"_s << std::optional(ErrorCode::InvalidArgument);
        QTest::newRow("a folder") << u"usb-sdb"_s << u"/downloads/"_s
                                  << std::optional(ErrorCode::InvalidArgument);
    }
    void readsWhatMayBeRead()
    {
        QFETCH(const QString, drive);
        QFETCH(const QString, to);
        QFETCH(const std::optional<ErrorCode>, code);
        const auto read = intake().jobFor(flasher(), ReadSpec{drive, to}, rules());
        const auto compared = intake().jobFor(flasher(), CompareSpec{drive, to, {}}, rules());
        for (const auto &job : {read, compared}) {
            QCOMPARE(job.has_value(), !code.has_value());
            if (code)
                QCOMPARE(job.error().code, *code);
        }
        if (code)
            return;
        QCOMPARE(read->kind, JobKind::Read);
        QCOMPARE(read->details.title, u"i.img"_s);
        const auto work = decodeRead(read->spec);
        QVERIFY(work);
        QCOMPARE(work->spec.to, to);
        QCOMPARE(work->drive, m_drives.drives()[drive.endsWith(u"sdb") ? 1 : 2].drive.identity());
        QCOMPARE(work->drive.place, drive.right(3));
        QCOMPARE(read->details.drives.first().id, work->drive.id);
        QVERIFY(makeDriveWorker(*read, DrivePolicy()));
        QCOMPARE(compared->kind, JobKind::Compare);
        QVERIFY(makeDriveWorker(*compared, DrivePolicy()));
    }
    void whatIsCheckedIsWhatIsOpened()
    {
        const auto job = intake().jobFor(
            flasher(), ReadSpec{u"usb-sdb"_s, u"/downloads/link/../i.img"_s}, rules());
        QVERIFY(job);
        QCOMPARE(decodeRead(job->spec)->spec.to, u"/downloads/i.img"_s);
    }
    void comparesWithAnImageOfTheFolderOfImages()
    {
        const TargetRules wider{{u"/downloads"_s}, {}, u"/images"_s};
        const CompareSpec spec{u"usb-sdb"_s, u"/images/i.img"_s, {}};
        QVERIFY(intake().jobFor(flasher(), spec, wider));
        QCOMPARE(intake().jobFor(flasher(), spec, rules()).error().code, ErrorCode::Forbidden);
        // It is no place to write to.
        QCOMPARE(intake()
                     .jobFor(flasher(), ReadSpec{u"usb-sdb"_s, u"/images/i.img"_s}, wider)
                     .error()
                     .code,
                 ErrorCode::Forbidden);
    }
    void adminReadsIntoAnyFolder()
    {
        QVERIFY(intake().jobFor(Principal::localUser(), ReadSpec{u"usb-sdb"_s, u"/backup/i"_s},
                                rules()));
    }

    void formatsWhatWasNamed_data()
    {
        QTest::addColumn<QString>("drive");
        QTest::addColumn<QStringList>("erase");
        QTest::addColumn<std::optional<ErrorCode>>("code");
        const std::optional<ErrorCode> fine;
        QTest::newRow("by id") << u"usb-sdb"_s << QStringList{u"usb-sdb"_s} << fine;
        QTest::newRow("by serial") << u"/dev/sdb"_s << QStringList{u"S-sdb"_s} << fine;
        QTest::newRow("not named")
            << u"usb-sdb"_s << QStringList{} << std::optional(ErrorCode::ConfirmationRequired);
        QTest::newRow("named by path, which is a slot")
            << u"/dev/sdb"_s << QStringList{u"/dev/sdb"_s}
            << std::optional(ErrorCode::ConfirmationRequired);
        QTest::newRow("another named too") << u"usb-sdb"_s << QStringList{u"S-sdb"_s, u"S-sdc"_s}
                                           << std::optional(ErrorCode::InvalidArgument);
        QTest::newRow("the system's")
            << u"usb-sda"_s << QStringList{u"usb-sda"_s} << std::optional(ErrorCode::Forbidden);
        QTest::newRow("write-protected")
            << u"usb-sdc"_s << QStringList{u"usb-sdc"_s} << std::optional(ErrorCode::Forbidden);
    }
    void formatsWhatWasNamed()
    {
        QFETCH(const QString, drive);
        QFETCH(const QStringList, erase);
        QFETCH(const std::optional<ErrorCode>, code);
        const FormatSpec spec{drive, {Kind::Fat32, u"MINE"_s}, erase};
        const auto job = intake().jobFor(flasher(), spec, rules());
        QCOMPARE(job.has_value(), !code.has_value());
        if (code) {
            QCOMPARE(job.error().code, *code);
            return;
        }
        QCOMPARE(job->kind, JobKind::Format);
        const auto work = decodeFormat(job->spec);
        QVERIFY(work);
        QCOMPARE(work->spec.drive, u"usb-sdb"_s);
        QCOMPARE(work->spec.fileSystem, spec.fileSystem);
        QCOMPARE(work->drive, m_drives.drives()[1].drive.identity());
        QVERIFY(makeDriveWorker(*job, DrivePolicy()));
    }
    void saysWhatWouldBeErased()
    {
        const auto job = intake().jobFor(flasher(), FormatSpec{u"usb-sdb"_s, {}, {}}, rules());
        QVERIFY(!job);
        QVERIFY2(job.error().context.contains(u"would erase /dev/sdb"_s),
                 qPrintable(job.error().context));
    }
    void aStoredSpecOfAnotherDriveIsRefused()
    {
        QByteArray stored = encodeSpec(OnDrive<FormatSpec>{{u"a"_s, {}, {}}, {.id = u"b"_s}});
        QVERIFY(!decodeFormat(stored));
        QVERIFY(!decodeFormat("{}"));
        QVERIFY(!decodeRead("nonsense"));
    }

    void readsSpecs_data()
    {
        QTest::addColumn<QJsonObject>("object");
        QTest::addColumn<QString>("to"); // empty: refused
        const QString drive = u"d"_s;
        const auto object = [&](const QJsonValue &compress, const QString &to) {
            QJsonObject made{{u"drive"_s, drive}, {u"to"_s, to}};
            if (!compress.isUndefined())
                made.insert(u"compress"_s, compress);
            return made;
        };
        const QJsonValue none(QJsonValue::Undefined);
        QTest::newRow("raw") << object(none, u"/i"_s) << u"/i"_s;
        QTest::newRow("packed by its name") << object(none, u"/i.zst"_s) << u"/i.zst"_s;
        QTest::newRow("packed as asked") << object(true, u"/i"_s) << u"/i.zst"_s;
        QTest::newRow("both") << object(true, u"/i.zst"_s) << u"/i.zst"_s;
        QTest::newRow("not packed") << object(false, u"/i"_s) << u"/i"_s;
        QTest::newRow("they differ") << object(false, u"/i.zst"_s) << QString();
        QTest::newRow("a word") << object(u"yes"_s, u"/i"_s) << QString();
        QTest::newRow("a line's end") << object(none, u"/a\nb"_s) << QString();
    }
    void readsSpecs()
    {
        QFETCH(const QJsonObject, object);
        QFETCH(const QString, to);
        const auto spec = readSpecFromJson(object);
        QCOMPARE(spec.has_value(), !to.isEmpty());
        if (!spec)
            return;
        QCOMPARE(spec->to, to);
        QCOMPARE(readSpecFromJson(toJson(*spec)), spec);
    }
    void readsFormatSpecs_data()
    {
        QTest::addColumn<QString>("fileSystem");
        QTest::addColumn<std::optional<Kind>>("kind");
        QTest::newRow("left out") << QString() << std::optional(Kind::ExFat);
        QTest::newRow("exfat") << u"exfat"_s << std::optional(Kind::ExFat);
        QTest::newRow("fat32") << u"fat32"_s << std::optional(Kind::Fat32);
        QTest::newRow("as udev calls it") << u"vfat"_s << std::optional(Kind::Fat32);
        QTest::newRow("ext4") << u"ext4"_s << std::optional<Kind>();
    }
    void readsFormatSpecs()
    {
        QFETCH(const QString, fileSystem);
        QFETCH(const std::optional<Kind>, kind);
        const auto spec = formatSpecFromJson(
            {{u"drive"_s, u"d"_s}, {u"fileSystem"_s, fileSystem}, {u"label"_s, u"L"_s}});
        QCOMPARE(spec.has_value(), kind.has_value());
        if (!spec)
            return;
        QCOMPARE(spec->fileSystem, (NewFileSystem{*kind, u"L"_s}));
        QCOMPARE(formatSpecFromJson(toJson(*spec)), spec);
    }

private:
    [[nodiscard]] DriveIntake intake() const { return DriveIntake(m_drives); }
    [[nodiscard]] static TargetRules rules() { return {.folders = {u"/downloads"_s}}; }

    DriveList m_drives{DrivePolicy()};
};

QTEST_GUILESS_MAIN(TestDriveIntake)
#include "tst_driveintake.moc"
