#include "core/drives/bootid.h"
#include "core/flashintake.h"
#include "core/storedspecjson.h"
#include "core/targetrules.h"

#include <QDir>
#include <QTemporaryDir>
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
        const auto refused = outcome(spec);
        QVERIFY(!refused);
        QTEST(refused.error().code, "code");
        QVERIFY2(refused.error().context.contains(says), qPrintable(refused.error().context));
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
        const auto job = outcome(flash({u"/dev/sdb"_s}, {erase}));
        QVERIFY2(job, qPrintable(job ? QString() : job.error().context));
        QCOMPARE(job->kind, JobKind::Flash);
        QCOMPARE(job->progress.stage, Stage::None);
        QCOMPARE(job->details.drives.constFirst().id, u"usb-sdb"_s);
        const auto agreed = decodeAgreedFlash(job->spec);
        QVERIFY(agreed);
        QCOMPARE(agreed->spec.drives, QStringList{u"usb-sdb"_s});
        QCOMPARE(agreed->drives, QList{stick(u"sdb"_s, u"123"_s).identity()});
        QCOMPARE(agreed->image, survey().image);
        QCOMPARE(agreed->boot, bootId());
    }

    void imagesElsewhereAreForAdmins_data()
    {
        QTest::addColumn<QString>("image");
        QTest::addColumn<QString>("bmap");
        QTest::addColumn<bool>("isAllowed");
        QTest::newRow("in the download folder") << u"/downloads/a.img"_s << QString() << true;
        QTest::newRow("in the folder of images") << u"/images/deep/a.img"_s << QString() << true;
        QTest::newRow("elsewhere") << u"/etc/a.img"_s << QString() << false;
        QTest::newRow("out of it again") << u"/images/../etc/a.img"_s << QString() << false;
        QTest::newRow("a folder that begins like it") << u"/images2/a.img"_s << QString() << false;
        QTest::newRow("bmap elsewhere") << u"/images/a.img"_s << u"/etc/a.bmap"_s << false;
        QTest::newRow("bmap beside it") << u"/images/a.img"_s << u"/images/a.bmap"_s << true;
    }
    void imagesElsewhereAreForAdmins()
    {
        QFETCH(const QString, image);
        QFETCH(const QString, bmap);
        QFETCH(const bool, isAllowed);
        const Principal ann{
            .name = u"ann"_s, .owner = u"ann"_s, .scopes = Scopes(Scope::Flash) | Scope::Read};
        FlashSpec spec = flash({u"usb-sdb"_s}, {u"123"_s});
        spec.image = image;
        spec.bmap = bmap;
        const TargetRules rules{{u"/downloads"_s}, {}, u"/images"_s};
        const auto complete = FlashIntake::complete(ann, spec, rules);
        QCOMPARE(complete.has_value(), isAllowed);
        if (!complete)
            QCOMPARE(complete.error().code, ErrorCode::Forbidden);
        QVERIFY(FlashIntake::complete(Principal::localUser(), spec, rules));
        QCOMPARE(FlashIntake::foldersFor(ann, rules), (QStringList{u"/downloads"_s, u"/images"_s}));
        QCOMPARE(FlashIntake::foldersFor(Principal::localUser(), rules), QStringList());
    }
    void partitionAloneMeansItsImage_data()
    {
        QTest::addColumn<QString>("partition");
        QTest::addColumn<QString>("folder");
        QTest::addColumn<QString>("image");
        QTest::newRow("boot") << u"boot"_s << u"/images"_s << u"/images/boot.img"_s;
        QTest::newRow("a name with blanks and dots")
            << u"my root.v2"_s << u"/images/"_s << u"/images/my root.v2.img"_s;
        QTest::newRow("no folder") << u"boot"_s << QString() << QString();
        QTest::newRow("a name that leads elsewhere")
            << u"../etc/shadow"_s << u"/images"_s << QString();
        QTest::newRow("no partition") << QString() << u"/images"_s << QString();
    }
    void partitionAloneMeansItsImage()
    {
        QFETCH(const QString, partition);
        QFETCH(const QString, folder);
        FlashSpec spec = flash({u"usb-sdb"_s}, {u"123"_s});
        spec.image.clear();
        spec.partition = partition;
        const Principal ann{.name = u"ann"_s, .owner = u"ann"_s, .scopes = Scope::Flash};
        const auto complete = FlashIntake::complete(ann, spec, {{u"/downloads"_s}, {}, folder});
        QTEST(complete ? complete->image : QString(), "image");
        if (!complete)
            QCOMPARE(complete.error().code, ErrorCode::InvalidArgument);
        spec.image = u"/downloads/b.img"_s; // given
        if (!partition.isEmpty())
            QCOMPARE(FlashIntake::complete(ann, spec, {{u"/downloads"_s}, {}, folder})->image,
                     spec.image);
    }
    void linksOutOfTheFoldersAreNotFollowed_data()
    {
        QTest::addColumn<QString>("image");
        QTest::addColumn<QString>("bmap");
        QTest::addColumn<bool>("isAllowed");
        QTest::newRow("file") << u"in/a.img"_s << QString() << true;
        QTest::newRow("link within") << u"in/within.img"_s << QString() << true;
        QTest::newRow("link out") << u"in/out.img"_s << QString() << false;
        QTest::newRow("through a linked folder") << u"in/folder/a.img"_s << QString() << false;
        QTest::newRow("bmap by a link out") << u"in/a.img"_s << u"in/out.img"_s << false;
        QTest::newRow("bmap") << u"in/a.img"_s << u"in/within.img"_s << true;
    }
    void linksOutOfTheFoldersAreNotFollowed()
    {
        QFETCH(const QString, image);
        QFETCH(const QString, bmap);
        QFETCH(const bool, isAllowed);
        const QTemporaryDir there;
        QVERIFY(QDir(there.path()).mkpath(u"in"_s) && QDir(there.path()).mkpath(u"out"_s));
        for (const QString &path : {u"in/a.img"_s, u"out/a.img"_s}) {
            QFile file(there.filePath(path));
            QVERIFY(file.open(QIODevice::WriteOnly) && file.write("x") == 1);
        }
        QVERIFY(QFile::link(u"a.img"_s, there.filePath(u"in/within.img"_s)));
        QVERIFY(QFile::link(there.filePath(u"out/a.img"_s), there.filePath(u"in/out.img"_s)));
        QVERIFY(QFile::link(there.filePath(u"out"_s), there.filePath(u"in/folder"_s)));
        FlashSpec spec = flash({u"usb-sdb"_s}, {});
        spec.image = there.filePath(image);
        spec.bmap = bmap.isEmpty() ? QString() : there.filePath(bmap);
        ImageSurveyor surveyor;
        std::optional<Result<ImageSurvey>> found;
        surveyor.look(spec, {u"/no such folder"_s, there.filePath(u"in"_s)},
                      [&found](const auto &survey) { found = survey; });
        QTRY_VERIFY(found);
        QCOMPARE(found->has_value(), isAllowed);
        if (!*found)
            QCOMPARE(found->error().code, ErrorCode::Forbidden);
        found.reset();
        surveyor.look(spec, {}, [&found](const auto &survey) { found = survey; });
        QTRY_VERIFY(found);
        QVERIFY(*found);
    }

    void theImagesOwnDriveIsNotErased()
    {
        ImageSurvey onTheStick = survey();
        onTheStick.drives = {{.id = u"usb-sdb"_s}};
        const auto ticket = intake().ticketFor(flash({u"usb-sdb"_s}, {}), onTheStick, {}, End);
        QCOMPARE(ticket.error().code, ErrorCode::Forbidden);
    }

    /// Whatever lets such a job run by mistake: no worker can be made of it.
    void aQuestionAgreesToNothing()
    {
        const FlashSpec spec = flash({u"usb-sdb"_s}, {});
        const auto ticket = intake().ticketFor(spec, survey(), u"t"_s, End);
        QVERIFY(ticket);
        const JobSnapshot job = FlashIntake::questionFor(Principal::localUser(), spec, *ticket);
        QCOMPARE(job.progress.stage, Stage::AwaitingConfirmation);
        QVERIFY(!decodeAgreedFlash(job.spec));
    }

    void whatIsKnownOfTheDrivesIsStored()
    {
        const AgreedFlash flashed{
            .spec = flash({u"usb-sdb"_s, u"usb-sdc"_s}, {}),
            .drives = {{.id = u"usb-sdb"_s, .place = u"1-3 sdb"_s}, {.id = u"usb-sdc"_s}},
            .traces = {
                {.id = u"usb-sdb"_s, .contents = u"FAT"_s, .writtenSectors = 0, .isTouched = false},
                {.id = u"usb-sdc"_s}}};
        const auto stored = decodeAgreedFlash(encodeSpec(flashed));
        QVERIFY(stored);
        QCOMPARE(*stored, flashed);
        // Of what an earlier version stored nothing is known.
        QCOMPARE(stored->traceOf(u"usb-sdd"_s), DriveTrace{.id = u"usb-sdd"_s});
        QVERIFY(stored->traceOf(u"usb-sdd"_s).isTouched);
    }

    void aStoredFlashNobodyAgreedToIsNone()
    {
        const AgreedFlash flashed{.spec = flash({u"usb-sdb"_s}, {})};
        QVERIFY(!decodeAgreedFlash(encodeSpec(flashed)));
    }

private:
    static constexpr Milliseconds End{1};

    [[nodiscard]] static ImageSurvey survey()
    {
        return {.image = {.source = u"/images/a.img"_s,
                          .size = 5'000'000'000,
                          .modifiedAt = 1'700'000'000'123,
                          .sha256 = u"ab"_s,
                          .device = 0x10302,
                          .inode = (1ULL << 60) + 1}};
    }
    /// What becomes of a request that is question and answer in one.
    [[nodiscard]] Result<JobSnapshot> outcome(const FlashSpec &spec)
    {
        const Principal user = Principal::localUser();
        if (const auto checked = FlashIntake::complete(user, spec, {}); !checked)
            return fail(checked.error());
        const auto ticket = intake().ticketFor(spec, survey(), {}, End);
        if (!ticket)
            return fail(ticket.error());
        return ticket->confirm(spec.erase, Milliseconds{0}).map([&] {
            return FlashIntake::jobFor(user, spec, *ticket);
        });
    }
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
