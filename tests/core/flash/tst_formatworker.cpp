#include "core/flash/formatworker.h"
#include "tests/core/flash/watcheddrive.h"

#include <QTest>

using namespace core;
using namespace tests;
using namespace Qt::StringLiterals;

class TestFormatWorker : public QObject
{
    Q_OBJECT
private slots:
    void wipesBothEndsThenFormats();
    void touchesNothingThatItCannotFormat();
    void wipesNothingThatItCannotOpen();
    void leavesTheDriveBlankWhenItFails_data();
    void leavesTheDriveBlankWhenItFails();
    void stopsBeforeItFormats();
    void stopsWhileAPersonTypes();

private:
    FormatWorker worker(FailingBlockDevice &drive)
    {
        m_steps.openDrive = [this, &drive](const QString &id, const std::stop_token &) {
            m_done.append(u"open "_s + id);
            return std::make_unique<DriveHandle>(drive);
        };
        return FormatWorker({u"stick"_s, {NewFileSystem::Kind::Fat32, u"MINE"_s}, {}}, m_steps);
    }

    QStringList m_done;
    FormatWorker::Steps m_steps;
    ProgressCell m_cell;

private slots:
    void init()
    {
        m_done.clear();
        m_steps.checkPossible = [this](NewFileSystem::Kind kind) {
            m_done.append(u"check "_s + newFileSystemName(kind));
            return Result<void>();
        };
        m_steps.format = [this](const NewFileSystem &fileSystem, const std::stop_token &) {
            m_done.append(u"format "_s + fileSystem.label);
            return Result<void>();
        };
    }
};

void TestFormatWorker::wipesBothEndsThenFormats()
{
    FailingBlockDevice drive(8_MiB, 4096);
    const auto outcome = worker(drive).run({}, m_cell);
    QVERIFY(outcome);
    QCOMPARE(*outcome, Outcome::Completed);
    QCOMPARE(m_done, (QStringList{u"check fat32"_s, u"open stick"_s, u"format MINE"_s}));
    QVERIFY(isWiped(drive.durable()));
    QCOMPARE(drive.content().mid(1_MiB, 6_MiB), QByteArray(6_MiB, '\x5a'));
}

void TestFormatWorker::touchesNothingThatItCannotFormat()
{
    FailingBlockDevice drive(8_MiB);
    m_steps.checkPossible = [](NewFileSystem::Kind) {
        return Result<void>(fail(ErrorCode::Unsupported, u"mkfs.vfat is missing"_s));
    };
    const auto outcome = worker(drive).run({}, m_cell);
    QVERIFY(!outcome);
    QCOMPARE(outcome.error().code, ErrorCode::Unsupported);
    QCOMPARE(drive.writeCalls(), 0);
    QCOMPARE(m_done, QStringList());
}

void TestFormatWorker::wipesNothingThatItCannotOpen()
{
    m_steps.openDrive = [](const QString &,
                           const std::stop_token &) -> Result<std::unique_ptr<BlockDevice>> {
        return fail(ErrorCode::DeviceBusy, u"in use"_s);
    };
    const auto outcome = FormatWorker({u"stick"_s, {}, {}}, m_steps).run({}, m_cell);
    QVERIFY(!outcome);
    QCOMPARE(outcome.error().code, ErrorCode::DeviceBusy);
    QCOMPARE(m_done, QStringList{u"check exfat"_s});
}

void TestFormatWorker::leavesTheDriveBlankWhenItFails_data()
{
    QTest::addColumn<bool>("failsWriting");
    QTest::newRow("the wiping") << true;
    QTest::newRow("the formatting") << false;
}

void TestFormatWorker::leavesTheDriveBlankWhenItFails()
{
    QFETCH(const bool, failsWriting);
    FailingBlockDevice drive(8_MiB);
    if (failsWriting)
        drive.add({.kind = DriveFault::Kind::WriteError, .begin = 7_MiB});
    m_steps.format = [](const NewFileSystem &, const std::stop_token &) {
        return Result<void>(fail(ErrorCode::FileAccess, u"mkfs said no"_s));
    };
    const auto outcome = worker(drive).run({}, m_cell);
    QVERIFY(!outcome);
    QCOMPARE(outcome.error().code, failsWriting ? ErrorCode::DeviceFailed : ErrorCode::FileAccess);
    QVERIFY(drive.content().startsWith(QByteArray(1_MiB, '\0')));
    QCOMPARE(outcome.error().context.endsWith(u"mkfs said no; the drive is blank"_s),
             !failsWriting);
}

void TestFormatWorker::stopsBeforeItFormats()
{
    FailingBlockDevice drive(8_MiB);
    std::stop_source stop;
    drive.setOnWrite([&stop](const FailingBlockDevice &) { stop.request_stop(); });
    const auto outcome = worker(drive).run(stop.get_token(), m_cell);
    QVERIFY(outcome);
    QCOMPARE(*outcome, Outcome::Stopped);
    QVERIFY(isWiped(drive.content()));
    QCOMPARE(m_done.last(), u"open stick"_s);
}

void TestFormatWorker::stopsWhileAPersonTypes()
{
    FailingBlockDevice drive(8_MiB);
    std::stop_source stop;
    m_steps.format = [&stop](const NewFileSystem &, const std::stop_token &) {
        stop.request_stop();
        return Result<void>(fail(ErrorCode::InvalidState, u"Format was stopped"_s));
    };
    const auto outcome = worker(drive).run(stop.get_token(), m_cell);
    QVERIFY(outcome);
    QCOMPARE(*outcome, Outcome::Stopped);
}

QTEST_GUILESS_MAIN(TestFormatWorker)
#include "tst_formatworker.moc"
