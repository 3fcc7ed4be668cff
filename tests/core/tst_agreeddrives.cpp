#include "core/agreeddrives.h"
#include "core/base/units.h"
#include "core/drives/bootid.h"
#include "core/flash/blankends.h"
#include "tests/core/drives/loopdrive.h"

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

Result<std::unique_ptr<BlockDevice>> open(const AgreedFlash &flash)
{
    const DriveOpener opener(SysfsDrives(), DrivePolicy(Loops), QDBusConnection(u"none"_s));
    return openAgreed(flash, opener)(flash.spec.drives.constFirst(), {});
}

bool writeAt(const LoopDrive &drive, qint64 offset, const QByteArray &bytes)
{
    const auto fd = openFile(drive.path(), O_WRONLY | O_SYNC);
    return fd
        && ::pwrite(fd->get(), bytes.constData(), size_t(bytes.size()), offset) == bytes.size();
}

} // namespace

Q_DECLARE_METATYPE(std::function<bool(LoopDrive &)>)

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
