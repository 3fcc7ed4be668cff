#include "core/agreeddrives.h"
#include "core/base/units.h"
#include "core/drives/bootid.h"
#include "core/flash/blankends.h"
#include "tests/core/drives/loopdrive.h"

#include <QTemporaryDir>
#include <QTemporaryFile>
#include <QTest>

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>

using namespace core;
using namespace tests;
using namespace Qt::StringLiterals;

namespace {

constexpr auto Loops = DrivePolicy::LoopDevices::Allowed;

constexpr int LongTime = 30'000; // ms

enum class Touched { No, Yes };

/// The flash of `image` to the drive, agreed to at this moment.
AgreedFlash agreedFor(const LoopDrive &drive, const QTemporaryFile &image)
{
    const QList<Drive> all = SysfsDrives().read();
    const auto found = std::ranges::find(all, drive.name(), &Drive::id);
    AgreedFlash flash{.spec = {.image = image.fileName(), .drives = {drive.name()}},
                      .boot = bootId()};
    const auto identity = imageIdentity(flash.spec);
    if (found == all.end() || !identity)
        qFatal("drive or image is not there");
    flash.drives = {found->identity()};
    flash.image = *identity;
    return flash;
}

/// Runs again, and all that was written to the drive was written before this moment.
AgreedFlash againAfter(AgreedFlash flash, const Touched touched)
{
    auto trace = traceLeft(flash, flash.spec.drives.constFirst());
    if (!trace || !trace->writtenSectors)
        qFatal("the kernel does not count what is written to a loop device");
    trace->isTouched = touched == Touched::Yes;
    flash.traces = {*trace};
    flash.isAgain = true;
    return flash;
}

Result<std::unique_ptr<BlockDevice>> open(const AgreedFlash &flash, const KeepTrace &keep = {})
{
    const DriveOpener opener(SysfsDrives(), DrivePolicy(Loops), QDBusConnection(u"none"_s));
    return openAgreed(flash, opener, {}, keep)(flash.spec.drives.constFirst(), {});
}

QString outcomeOf(const Result<std::unique_ptr<BlockDevice>> &opened)
{
    return opened ? u"open"_s : opened.error().context;
}

/// What ImageSurveyor sees of the drive.
DriveTrace traceSeen(const FlashSpec &spec, const LoopDrive &drive)
{
    ImageSurveyor surveyor;
    std::optional<DriveTrace> trace;
    surveyor.look(spec, {}, [&](const Result<ImageSurvey> &survey) {
        const auto seen = std::ranges::find(survey->seen, drive.name(),
                                            [](const SeenDrive &one) { return one.trace.id; });
        trace = seen == survey->seen.end() ? DriveTrace() : seen->trace;
    });
    if (!QTest::qWaitFor([&] { return trace.has_value(); }, LongTime))
        qFatal("the survey takes forever");
    return *trace;
}

bool writeAt(const LoopDrive &drive, qint64 offset, const QByteArray &bytes)
{
    const auto fd = openFile(drive.path(), O_WRONLY | O_SYNC);
    return fd
        && ::pwrite(fd->get(), bytes.constData(), size_t(bytes.size()), offset) == bytes.size();
}

} // namespace

Q_DECLARE_METATYPE(std::function<bool(LoopDrive &)>)
Q_DECLARE_METATYPE(Touched)

/// What a yes is good for when a flash runs again, on real loop devices.
class TestAgreedDrives : public QObject
{
    Q_OBJECT
private slots:
    void init()
    {
        if (::geteuid() != 0 || !LoopDrive(1_MiB).isThere())
            QSKIP("needs root and loop devices");
        QVERIFY(m_image.open());
    }
    void aFirstRunErasesWhatItWasToldTo()
    {
        LoopDrive drive(8_MiB);
        const AgreedFlash flash = agreedFor(drive, m_image);
        QVERIFY(writeAt(drive, 0, "old"));
        const auto opened = open(flash);
        QVERIFY2(opened, qPrintable(opened ? QString() : opened.error().context));
    }
    void aBlankDriveIsWrittenAgain()
    {
        LoopDrive drive(8_MiB, 4096);
        AgreedFlash flash = agreedFor(drive, m_image);
        QVERIFY(writeAt(drive, 4_MiB, "part of the image"));
        flash.isAgain = true;
        const auto opened = open(flash);
        QVERIFY2(opened, qPrintable(opened ? QString() : opened.error().context));
    }
    void aDriveThatWasUsedIsNotWrittenAgain_data()
    {
        QTest::addColumn<std::function<bool(LoopDrive &)>>("use");
        QTest::addColumn<QString>("says");
        const QString used = u"is not blank"_s;
        const QString other = u"was unplugged, or its medium changed"_s;
        const auto row = [](const char *name, std::function<bool(LoopDrive &)> use,
                            const QString &says) { QTest::newRow(name) << use << says; };
        row(
            "formatted in place",
            [](LoopDrive &drive) {
                return runs(u"mkfs.ext4"_s, {u"-q"_s, drive.path()});
            },
            used);
        row(
            "formatted with what hides its beginning",
            [](LoopDrive &drive) { return runs(u"mkswap"_s, {drive.path()}); }, used);
        row(
            "encrypted, the header elsewhere",
            [](LoopDrive &drive) {
                return writeAt(drive, 1024, "what ext4 looks like, encrypted");
            },
            used);
        row(
            "the last byte", [](LoopDrive &drive) { return writeAt(drive, 8_MiB - 1, "x"); }, used);
        row(
            "the last byte of the first MiB",
            [](LoopDrive &drive) { return writeAt(drive, 1_MiB - 1, "x"); }, used);
        row(
            "plugged in again",
            [](LoopDrive &drive) {
                drive.unplug();
                drive.plug(8_MiB);
                return true;
            },
            other);
        row(
            "another of another size in its place",
            [](LoopDrive &drive) {
                drive.unplug();
                drive.plug(4_MiB);
                return true;
            },
            other);
    }
    void aDriveThatWasUsedIsNotWrittenAgain()
    {
        QFETCH(const std::function<bool(LoopDrive &)>, use);
        QFETCH(const QString, says);
        LoopDrive drive(8_MiB);
        AgreedFlash flash = agreedFor(drive, m_image);
        QVERIFY(use(drive));
        flash.isAgain = true;
        const auto opened = open(flash);
        QVERIFY(!opened);
        QCOMPARE(opened.error().code, ErrorCode::ConfirmationRequired);
        const QString &context = opened.error().context;
        QVERIFY2(context.contains(drive.name()), qPrintable(context));
        QVERIFY2(context.contains(says), qPrintable(context));
        QVERIFY2(context.contains("drayctl flash"_L1), qPrintable(context));
    }
    void aDriveThatWasNotTouchedNeedNotBeBlank()
    {
        LoopDrive drive(8_MiB);
        QVERIFY(runs(u"mkfs.ext4"_s, {u"-q"_s, drive.path()}));
        const AgreedFlash flash = againAfter(agreedFor(drive, m_image), Touched::No);
        QCOMPARE(outcomeOf(open(flash)), u"open"_s);
        QCOMPARE(outcomeOf(open(flash)), u"open"_s); // opening writes nothing
    }
    void whatWasWrittenSinceEndsTheYes_data()
    {
        QTest::addColumn<Touched>("touched");
        QTest::addColumn<qint64>("offset");
        QTest::addColumn<QString>("says");
        const QString agreed = u"may have been written to since that was agreed to"_s;
        const QString left = u"may have been written to since the flash left it"_s;
        QTest::newRow("agreed: its beginning") << Touched::No << qint64(0) << agreed;
        QTest::newRow("agreed: its middle") << Touched::No << 4_MiB << agreed;
        QTest::newRow("left blank: encrypted, the header elsewhere")
            << Touched::Yes << 4_MiB << left;
        QTest::newRow("left blank: its last byte") << Touched::Yes << 8_MiB - 1 << left;
    }
    void whatWasWrittenSinceEndsTheYes()
    {
        QFETCH(const Touched, touched);
        QFETCH(const qint64, offset);
        QFETCH(const QString, says);
        LoopDrive drive(8_MiB);
        const AgreedFlash flash = againAfter(agreedFor(drive, m_image), touched);
        QCOMPARE(outcomeOf(open(flash)), u"open"_s);
        QVERIFY(writeAt(drive, offset, "x"));
        const auto opened = open(flash);
        QVERIFY(!opened);
        QCOMPARE(opened.error().code, ErrorCode::ConfirmationRequired);
        const QString &context = opened.error().context;
        QVERIFY2(context.contains(drive.name()) && context.contains(says)
                     && context.contains("drayctl flash"_L1),
                 qPrintable(context));
    }
    void somethingElseOnItEndsTheYes()
    {
        LoopDrive drive(8_MiB);
        AgreedFlash flash = againAfter(agreedFor(drive, m_image), Touched::No);
        flash.traces.first().contents = drive.path() + u" 8388608 vfat HOLIDAY"_s;
        const auto opened = open(flash);
        QVERIFY(!opened);
        QCOMPARE(opened.error().code, ErrorCode::ConfirmationRequired);
        QVERIFY2(opened.error().context.contains("holds something else"_L1),
                 qPrintable(opened.error().context));
    }
    void whereNothingIsCountedTheDriveMustBeBlank_data()
    {
        QTest::addColumn<Touched>("touched");
        QTest::newRow("touched") << Touched::Yes;
        QTest::newRow("not touched") << Touched::No;
    }
    void whereNothingIsCountedTheDriveMustBeBlank()
    {
        QFETCH(const Touched, touched);
        LoopDrive drive(8_MiB);
        AgreedFlash flash = againAfter(agreedFor(drive, m_image), touched);
        flash.traces.first().writtenSectors.reset();
        QCOMPARE(outcomeOf(open(flash)), u"open"_s);
        QVERIFY(writeAt(drive, 0, "x"));
        const auto opened = open(flash);
        QVERIFY(!opened);
        QVERIFY(opened.error().context.contains("is not blank"_L1));
    }
    void aMountedDriveIsAsItWasUntilSomebodyWritesToIt_data()
    {
        QTest::addColumn<bool>("isWritten");
        QTest::newRow("nobody") << false;
        QTest::newRow("somebody") << true;
    }
    void aMountedDriveIsAsItWasUntilSomebodyWritesToIt()
    {
        QFETCH(const bool, isWritten);
        const QTemporaryDir point;
        LoopDrive drive(8_MiB);
        if (!drive.mountFileSystem(u"STICK"_s, point.path()))
            QSKIP("no file system can be mounted here");
        QVERIFY(syncFileSystem(point.path()));
        AgreedFlash flash = againAfter(agreedFor(drive, m_image), Touched::No);
        if (isWritten) // and still in a cache
            QVERIFY(QFile(point.filePath(u"file"_s)).open(QIODevice::WriteOnly));
        QList<DriveTrace> kept;
        const auto opened = open(flash, [&kept](const DriveTrace &trace) { kept.append(trace); });
        if (isWritten) {
            QVERIFY(!opened);
            QCOMPARE(opened.error().code, ErrorCode::ConfirmationRequired);
            QVERIFY(runs(u"mountpoint"_s, {u"-q"_s, point.path()}));
            return;
        }
        QCOMPARE(outcomeOf(opened), u"open"_s);
        QCOMPARE(kept.size(), 1);
        QVERIFY(!kept.first().isTouched);
        QVERIFY(kept.first().writtenSectors > flash.traces.first().writtenSectors);
    }
    /// What unmounting for the first run wrote is not somebody else's.
    void theFirstRunTellsWhatItsOpeningWrote()
    {
        const QTemporaryDir point;
        LoopDrive drive(8_MiB);
        if (!drive.mountFileSystem(u"STICK"_s, point.path()))
            QSKIP("no file system can be mounted here");
        QVERIFY(syncFileSystem(point.path()));
        AgreedFlash flash = againAfter(agreedFor(drive, m_image), Touched::No);
        flash.isAgain = false;
        const auto keep = [&flash](const DriveTrace &trace) { flash.traces = {trace}; };
        QCOMPARE(outcomeOf(open(flash, keep)), u"open"_s);
        flash.isAgain = true;
        QCOMPARE(outcomeOf(open(flash)), u"open"_s);
    }
    /// As a desktop does that mounts the others.
    void whatIsWrittenBesideThePartitionIsNoUseOfIt()
    {
        LoopDrive drive(8_MiB);
        if (!runs(u"sgdisk"_s,
                  {u"-n"_s, u"1:2048:4095"_s, u"-c"_s, u"1:home"_s, u"-n"_s, u"2:4096:8191"_s,
                   u"-c"_s, u"2:root"_s, drive.path()}))
            QSKIP("there is no sgdisk");
        AgreedFlash flash = againAfter(agreedFor(drive, m_image), Touched::Yes);
        flash.spec.partition = u"root"_s;
        QVERIFY(writeAt(drive, 1_MiB, "x"));
        QCOMPARE(outcomeOf(open(flash)), u"open"_s);
        QVERIFY(writeAt(drive, 2_MiB, "x"));
        QVERIFY(outcomeOf(open(flash)).contains("is not blank"_L1));
    }
    /// What is still in a cache when it is agreed to was written before.
    void aDriveThatNobodyUsedSinceTheSurveyIsAsItWas()
    {
        const QTemporaryDir point;
        LoopDrive drive(8_MiB);
        if (!drive.mountFileSystem(u"STICK"_s, point.path()))
            QSKIP("no file system can be mounted here");
        QVERIFY(QFile(point.filePath(u"file"_s)).open(QIODevice::WriteOnly));
        AgreedFlash flash = agreedFor(drive, m_image);
        flash.traces = {traceSeen(flash.spec, drive)};
        flash.isAgain = true;
        QVERIFY(flash.traces.first().writtenSectors);
        QCOMPARE(outcomeOf(open(flash)), u"open"_s);
    }
    void aYesOfAnEarlierStartOfTheComputerIsNone_data()
    {
        QTest::addColumn<QString>("boot");
        QTest::newRow("another start") << u"5b2e0f6e-0000-0000-0000-000000000000"_s;
        QTest::newRow("not known") << QString();
    }
    void aYesOfAnEarlierStartOfTheComputerIsNone()
    {
        QFETCH(const QString, boot);
        LoopDrive drive(8_MiB);
        AgreedFlash flash = agreedFor(drive, m_image);
        flash.boot = boot;
        flash.isAgain = true;
        const auto opened = open(flash);
        QVERIFY(!opened);
        QCOMPARE(opened.error().code, ErrorCode::ConfirmationRequired);
    }
    void aMediumThatCannotBeToldFromOthersIsNotWrittenAgain()
    {
        LoopDrive drive(8_MiB);
        AgreedFlash flash = agreedFor(drive, m_image);
        flash.drives.first().diskseq = 0;
        flash.isAgain = true;
        const auto opened = open(flash);
        QVERIFY(!opened);
        QCOMPARE(opened.error().code, ErrorCode::ConfirmationRequired);
    }
    void anotherImageIsNotWritten()
    {
        LoopDrive drive(8_MiB);
        AgreedFlash flash = agreedFor(drive, m_image);
        QVERIFY(m_image.resize(m_image.size() + 1));
        flash.isAgain = true;
        const auto opened = open(flash);
        QVERIFY(!opened);
        QCOMPARE(opened.error().code, ErrorCode::InvalidState);
    }
    void aDriveThatIsAwayIsMissed()
    {
        AgreedFlash flash;
        {
            LoopDrive drive(8_MiB);
            flash = agreedFor(drive, m_image);
        }
        flash.isAgain = true;
        const auto opened = open(flash);
        QVERIFY(!opened);
        QCOMPARE(opened.error().code, ErrorCode::DeviceGone);
    }
    void twoJobsDoNotWriteADriveAtOnce()
    {
        LoopDrive drive(8_MiB);
        const AgreedFlash flash = agreedFor(drive, m_image);
        const auto first = open(flash);
        QVERIFY(first);
        const auto second = open(flash);
        QVERIFY(!second);
        QCOMPARE(second.error(),
                 (Error{ErrorCode::DeviceBusy,
                        u"%1 is in use by another job or program"_s.arg(drive.path())}));
    }

private:
    QTemporaryFile m_image;
};

QTEST_GUILESS_MAIN(TestAgreedDrives)
#include "tst_agreeddrives.moc"
