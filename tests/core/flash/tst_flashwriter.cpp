#include "tests/core/flash/flashbench.h"

#include <QCryptographicHash>
#include <QTest>

#include <latch>

using namespace core;
using namespace tests;
using namespace Qt::StringLiterals;
using Kind = DriveFault::Kind;

Q_DECLARE_METATYPE(tests::DriveFault)
Q_DECLARE_METATYPE(std::optional<core::ErrorCode>)

namespace {

/// To drives that take as many writes at once as the row of the whole test says.
struct DeepRun : FlashRun {
    Result<Outcome> to(const std::vector<FailingBlockDevice *> &drives,
                       const std::stop_token &stop = {})
    {
        QFETCH_GLOBAL(const int, depth);
        for (FailingBlockDevice *drive : drives)
            drive->setWriteDepth(depth);
        return FlashRun::to(drives, stop);
    }
    Result<Outcome> to(FailingBlockDevice &drive, const std::stop_token &stop = {})
    {
        return to(std::vector{&drive}, stop);
    }
};

constexpr qint64 DriveBytes = 6_MiB + 4096; // no whole number of MiB

QByteArray sha256Of(const QByteArray &bytes)
{
    return QCryptographicHash::hash(bytes, QCryptographicHash::Sha256);
}

/// Looks after every write of the drive: as it was, blank, or complete.
struct Watch {
    Watch(FailingBlockDevice &drive, const QByteArray &image)
    {
        const QByteArray before = drive.content();
        drive.setOnWrite([this, &image, before](const FailingBlockDevice &device) {
            const qint64 block = device.blockBytes();
            const bool isStarted = !isBlank(device.content(), block) && device.content() != before;
            wasAlwaysSafe =
                wasAlwaysSafe && (!isStarted || isComplete(device.content(), image, block));
            // What a power cut leaves: only a durable image may get its first block.
            const QByteArray rest = image.mid(block);
            wasDurableFirst =
                wasDurableFirst && (!isStarted || device.durable().mid(block, rest.size()) == rest);
        });
    }
    bool wasAlwaysSafe = true;
    bool wasDurableFirst = true;
};

} // namespace

class TestFlashWriter : public QObject
{
    Q_OBJECT
private slots:
    void initTestCase_data()
    {
        QTest::addColumn<int>("depth");
        for (const int depth : {1, 4})
            QTest::addRow("%d writes at once", depth) << depth;
    }
    void writesEveryLength_data()
    {
        QTest::addColumn<qint64>("size");
        QTest::addColumn<qint64>("block");
        const qint64 steps[] = {0, 1, 511, 512, 513, 4095, 4096, 4097, 1_MiB - 1};
        for (const qint64 block : {512, 4096})
            for (const qint64 begin : {qint64(0), 1_MiB, 3_MiB, 6_MiB})
                for (const qint64 step : steps)
                    if (begin + step > 0 && begin + step <= DriveBytes)
                        QTest::addRow("%lld MiB + %lld, blocks of %lld", begin / 1_MiB, step, block)
                            << begin + step << block;
    }
    void writesEveryLength()
    {
        QFETCH(const qint64, size);
        QFETCH(const qint64, block);
        const QByteArray image = bootableImage(size);
        FailingBlockDevice drive(DriveBytes, block);
        const Watch watch(drive, image);
        DeepRun run{opens(image)};
        const auto outcome = run.to(drive);
        QVERIFY(outcome);
        QCOMPARE(*outcome, Outcome::Completed);
        QVERIFY(isComplete(drive.content(), image, block));
        QVERIFY(drive.durable() == drive.content());
        QVERIFY(watch.wasAlwaysSafe);
        QVERIFY(watch.wasDurableFirst);
        const Progress progress = run.cell.read();
        QCOMPARE(progress.total, 2 * size);
        QCOMPARE(progress.done, 2 * size);
        QCOMPARE(run.details().sha256, QString::fromLatin1(sha256Of(image).toHex()));
        // An old copy of a partition table at the very end is gone, when the image does not reach it.
        if (size < DriveBytes - 1_MiB)
            QVERIFY(drive.content().endsWith(QByteArray(1_MiB, '\0')));
    }

    void writesSmallDrives_data()
    {
        QTest::addColumn<qint64>("drive");
        QTest::addColumn<qint64>("size");
        for (const qint64 drive : {8_KiB, 512_KiB, 1_MiB, 1_MiB + 8192, 2_MiB})
            for (const qint64 size : {qint64(1), drive - 513, drive})
                QTest::addRow("%lld bytes on a drive of %lld", size, drive) << drive << size;
    }
    void writesSmallDrives()
    {
        QFETCH(const qint64, drive);
        QFETCH(const qint64, size);
        const QByteArray image = bootableImage(size);
        FailingBlockDevice device(drive, 4096);
        const Watch watch(device, image);
        QVERIFY(DeepRun{opens(image)}.to(device));
        QVERIFY(isComplete(device.content(), image, 4096));
        QVERIFY(watch.wasAlwaysSafe);
    }

    void faultsEndBlankOrComplete_data()
    {
        QTest::addColumn<DriveFault>("fault");
        QTest::addColumn<std::optional<ErrorCode>>("code");
        const std::optional<ErrorCode> none;
        const std::optional failed = ErrorCode::DeviceFailed;
        const std::optional unverified = ErrorCode::VerificationFailed;
        const qint64 end = DriveBytes;
        const int always = DriveFault::Always;
        QTest::newRow("short writes") << DriveFault{Kind::ShortWrite} << none;
        QTest::newRow("short reads") << DriveFault{Kind::ShortRead} << none;
        QTest::newRow("interrupted") << DriveFault{Kind::WriteError, 0, end, 5, EINTR} << none;
        QTest::newRow("one write error")
            << DriveFault{Kind::WriteError, 2_MiB + 8192, 3_MiB, 1} << none;
        QTest::newRow("one write error of the probe")
            << DriveFault{Kind::WriteError, 2_MiB, 2_MiB + 4096, 1} << none;
        QTest::newRow("write errors") << DriveFault{Kind::WriteError, 2_MiB + 9, 3_MiB} << failed;
        QTest::newRow("write errors at the last extent")
            << DriveFault{Kind::WriteError, 4_MiB + 512, 5_MiB} << failed;
        QTest::newRow("one read error") << DriveFault{Kind::ReadError, 2_MiB, 3_MiB, 1} << none;
        QTest::newRow("two read errors") << DriveFault{Kind::ReadError, 2_MiB, 3_MiB, 2} << none;
        QTest::newRow("read errors")
            << DriveFault{Kind::ReadError, 2_MiB + 9, 3_MiB, always} << unverified;
        QTest::newRow("no space") << DriveFault{Kind::WriteError, 3_MiB, 4_MiB, 1, ENOSPC}
                                  << std::optional(ErrorCode::NoSpace);
        QTest::newRow("unplugged") << DriveFault{Kind::WriteError, 3_MiB, 4_MiB, 1, ENODEV}
                                   << std::optional(ErrorCode::DeviceGone);
        QTest::newRow("flush error") << DriveFault{Kind::FlushError, 0, end, always} << failed;
        for (const qint64 at : {qint64(0), qint64(700), 1_MiB, 2_MiB + 77, 4_MiB, end - 512}) {
            QTest::addRow("one bit flip at %lld", at)
                << DriveFault{Kind::FlipOnRead, at, at + 1, 1} << none;
            QTest::addRow("one dropped write at %lld", at)
                << DriveFault{Kind::DropWrite, at, at + 1, 1} << none;
            if (at > 4_MiB && at < end - 1_MiB)
                continue;
            QTest::addRow("bit flips at %lld", at)
                << DriveFault{Kind::FlipOnRead, at, at + 1, always} << unverified;
            QTest::addRow("dropped writes at %lld", at)
                << DriveFault{Kind::DropWrite, at, at + 1, always} << unverified;
        }
    }
    void faultsEndBlankOrComplete()
    {
        QFETCH(const DriveFault, fault);
        QFETCH(const std::optional<ErrorCode>, code);
        const QByteArray image = bootableImage(5_MiB - 100);
        FailingBlockDevice drive(DriveBytes);
        drive.add(fault);
        const Watch watch(drive, image);
        DeepRun run{opens(image)};
        const auto outcome = run.to(drive);
        QCOMPARE(outcome.has_value(), !code.has_value());
        QVERIFY(watch.wasAlwaysSafe);
        QVERIFY(watch.wasDurableFirst);
        if (!code) {
            QVERIFY(isComplete(drive.content(), image, 512));
            QCOMPARE(run.details().drives[0].state, JobState::Succeeded);
            return;
        }
        QCOMPARE(outcome.error().code, *code);
        const bool isUntouched = drive.content() == QByteArray(DriveBytes, '\x5a');
        QVERIFY(isBlank(drive.content(), 512) || isUntouched);
        QCOMPARE(run.details().drives[0].state, JobState::Failed);
        QCOMPARE(run.details().drives[0].error->code, *code);
    }
    void vanishingLeavesNothingThatBoots()
    {
        const QByteArray image = bootableImage(3_MiB + 100);
        FailingBlockDevice whole(DriveBytes);
        QVERIFY(DeepRun{opens(image)}.to(whole));
        // At every 64 KiB of what is written, and around the very last block.
        QList<qint64> places;
        for (qint64 at = 0; at < whole.writtenBytes() - 512; at += 64_KiB)
            places.append(at);
        places +=
            {whole.writtenBytes() - 1024, whole.writtenBytes() - 512, whole.writtenBytes() - 1};
        for (const qint64 at : places) {
            FailingBlockDevice drive(DriveBytes, 512, '\0');
            drive.vanishAfter(at);
            const Watch watch(drive, image);
            const auto outcome = DeepRun{opens(image)}.to(drive);
            QVERIFY(!outcome);
            QCOMPARE(outcome.error().code, ErrorCode::DeviceGone);
            QVERIFY(watch.wasAlwaysSafe);
            QVERIFY(isBlank(drive.content(), 512));
            QVERIFY(isBlank(drive.durable(), 512));
        }
    }
    void lyingFlushIsNotSeen()
    {
        // What a controller answers from its own memory cannot be told from the medium: what is
        // promised then is what it says.
        const QByteArray image = bootableImage(2_MiB);
        FailingBlockDevice drive(DriveBytes);
        drive.lieAboutFlush();
        QVERIFY(DeepRun{opens(image)}.to(drive));
        QVERIFY(isComplete(drive.content(), image, 512));
    }

    void stopLeavesBlank_data()
    {
        QTest::addColumn<int>("writes");
        for (const int writes : {1, 3, 10, 14, 15, 17})
            QTest::addRow("after write %d", writes) << writes;
    }
    void stopLeavesBlank()
    {
        QFETCH(const int, writes);
        const QByteArray image = bootableImage(5_MiB);
        FailingBlockDevice drive(DriveBytes);
        std::stop_source stop;
        drive.setOnWrite([&](const FailingBlockDevice &device) {
            if (device.writeCalls() == writes)
                stop.request_stop();
        });
        DeepRun run{opens(image)};
        const auto outcome = run.to(drive, stop.get_token());
        QVERIFY(outcome);
        QCOMPARE(*outcome, Outcome::Stopped);
        QVERIFY(isWiped(drive.content()));
        QVERIFY(drive.durable() == drive.content());
        // Two that wipe, twelve that probe; then it ends within what is under way, and wipes again.
        QFETCH_GLOBAL(const int, depth);
        QVERIFY(drive.writeCalls() <= std::max(writes, 2 + 12) + depth + 2);
    }
    void stoppedBeforeItBeginsTouchesNothing()
    {
        FailingBlockDevice drive(DriveBytes);
        std::stop_source stop;
        stop.request_stop();
        const auto outcome = DeepRun{opens(bootableImage(2_MiB))}.to(drive, stop.get_token());
        QVERIFY(outcome);
        QCOMPARE(*outcome, Outcome::Stopped);
        QCOMPARE(drive.writeCalls(), 0);
    }

    void imageThatDoesNotFitIsRefusedBeforeTheFirstWrite()
    {
        FailingBlockDevice drive(3_MiB);
        const auto outcome = DeepRun{opens(bootableImage(3_MiB + 1))}.to(drive);
        QVERIFY(!outcome);
        QCOMPARE(outcome.error().code, ErrorCode::ImageTooLarge);
        QCOMPARE(drive.writeCalls(), 0);
    }
    void imageOfUnknownSizeThatDoesNotFitLeavesBlank()
    {
        FailingBlockDevice drive(3_MiB);
        const QByteArray image = bootableImage(3_MiB + 1);
        const auto outcome = DeepRun{opens(image, BytesSource::Size::Unknown)}.to(drive);
        QVERIFY(!outcome);
        QCOMPARE(outcome.error().code, ErrorCode::ImageTooLarge);
        QVERIFY(isWiped(drive.content()));
    }
    void imageOfUnknownSizeIsWritten()
    {
        FailingBlockDevice drive(3_MiB);
        const QByteArray image = bootableImage(3_MiB - 1);
        DeepRun run{opens(image, BytesSource::Size::Unknown)};
        QVERIFY(run.to(drive));
        QVERIFY(isComplete(drive.content(), image, 512));
        QCOMPARE(run.cell.read().total, 2 * image.size());
        QCOMPARE(run.cell.read().done, 2 * image.size());
    }
    void damagedImageLeavesBlankOrUntouched()
    {
        const QByteArray image = bootableImage(4_MiB);
        FailingBlockDevice untouched(DriveBytes);
        const auto atOnce = DeepRun{opens(image, BytesSource::Size::Known, 0)}.to(untouched);
        QVERIFY(!atOnce);
        QCOMPARE(atOnce.error().code, ErrorCode::ImageDamaged);
        QCOMPARE(untouched.writeCalls(), 0);
        FailingBlockDevice drive(DriveBytes);
        DeepRun run{opens(image, BytesSource::Size::Known, 3_MiB)};
        run.options.feed.windowExtents = 1; // else it is known to be bad before the drive begins
        const auto later = run.to(drive);
        QVERIFY(!later);
        QCOMPARE(later.error().code, ErrorCode::ImageDamaged);
        QVERIFY(drive.writeCalls() > 0);
        QVERIFY(isWiped(drive.content()));
    }
    void wrongChecksumLeavesBlank()
    {
        const QByteArray image = bootableImage(4_MiB);
        FailingBlockDevice drive(DriveBytes);
        DeepRun run{opens(image), {.sha256 = sha256Of("another image")}};
        run.options.feed.windowExtents =
            1; // else it is known to be another before the drive begins
        const Watch watch(drive, image);
        const auto outcome = run.to(drive);
        QVERIFY(!outcome);
        QCOMPARE(outcome.error().code, ErrorCode::ChecksumMismatch);
        QVERIFY(watch.wasAlwaysSafe);
        QVERIFY(isWiped(drive.content()));
        QVERIFY((DeepRun{opens(image), {.sha256 = sha256Of(image)}}.to(drive)));
    }
    void sameImageAgainIsReadAndNotWritten()
    {
        const QByteArray image = bootableImage(40_MiB + 700);
        FailingBlockDevice drive(64_MiB);
        QVERIFY(DeepRun{opens(image)}.to(drive));
        const qint64 first = drive.writtenBytes();
        const Watch watch(drive, image);
        DeepRun again{opens(image)};
        QVERIFY(again.to(drive));
        QVERIFY(isComplete(drive.content(), image, 512));
        QVERIFY(watch.wasAlwaysSafe);
        QVERIFY(first > 40_MiB);
        // Both ends, the first MiB, and the probe.
        QVERIFY(drive.writtenBytes() - first < 4_MiB);
        QCOMPARE(again.cell.read().done, 2 * image.size());
    }
    void onlyWhatDiffersIsWritten()
    {
        const QByteArray image = bootableImage(40_MiB + 700);
        FailingBlockDevice drive(64_MiB);
        QVERIFY(DeepRun{opens(image)}.to(drive));
        const qint64 first = drive.writtenBytes();
        QByteArray changed = image;
        changed[20_MiB + 5] = char(changed[20_MiB + 5] ^ 1);
        changed.back() = char(changed.back() ^ 1);
        DeepRun again{opens(changed)};
        QVERIFY(again.to(drive));
        QVERIFY(isComplete(drive.content(), changed, 512));
        QVERIFY(drive.writtenBytes() - first < 4_MiB + 3 * 1_MiB);
        QCOMPARE(again.cell.read().done, 2 * image.size());
    }
    void stoppedFlashGoesOnWhereItWas()
    {
        const QByteArray image = bootableImage(40_MiB);
        FailingBlockDevice drive(64_MiB);
        std::stop_source stop;
        drive.setOnWrite([&](const FailingBlockDevice &device) {
            if (device.writtenBytes() > 30_MiB)
                stop.request_stop();
        });
        QCOMPARE(DeepRun{opens(image)}.to(drive, stop.get_token()), Outcome::Stopped);
        QVERIFY(isWiped(drive.content()));
        qint64 missing = 0;
        for (qint64 at = 0; at < image.size(); at += 1_MiB)
            missing += image.mid(at, 1_MiB) == drive.content().mid(at, 1_MiB) ? 0 : 1_MiB;
        QVERIFY(missing < 15_MiB);
        const qint64 first = drive.writtenBytes();
        QVERIFY(DeepRun{opens(image)}.to(drive));
        QVERIFY(isComplete(drive.content(), image, 512));
        const qint64 ownWrites = 3_MiB; // both ends and the probe
        QVERIFY(drive.writtenBytes() - first <= missing + ownWrites);
    }
    void readErrorsWhileComparingAreWritten()
    {
        const QByteArray image = bootableImage(5_MiB);
        FailingBlockDevice drive(DriveBytes);
        drive.add({Kind::ReadError, 1_MiB + 8192, 5_MiB, 3});
        QVERIFY(DeepRun{opens(image)}.to(drive));
        QVERIFY(isComplete(drive.content(), image, 512));
    }
    void noDriveIsNoSuccess()
    {
        const auto outcome =
            DeepRun{opens(bootableImage(2_MiB))}.to(std::vector<FailingBlockDevice *>());
        QVERIFY(!outcome);
        QCOMPARE(outcome.error().code, ErrorCode::InvalidArgument);
    }
    void unverifiedIsSaid()
    {
        const QByteArray image = bootableImage(4_MiB);
        FailingBlockDevice drive(DriveBytes);
        drive.add({Kind::FlipOnRead, 2_MiB, 3_MiB});
        DeepRun run{opens(image), {.verify = Verify::No}};
        QVERIFY(run.to(drive));
        QVERIFY(isComplete(drive.content(), image, 512));
        QCOMPARE(run.details().message, u"not verified"_s);
        QCOMPARE(run.cell.read().total, image.size());
        QCOMPARE(run.cell.read().done, image.size());
    }

    void counterfeitIsFoundAndLeftBlank_data()
    {
        QTest::addColumn<qint64>("real");
        QTest::addColumn<qint64>("image");
        for (const qint64 real : {2_MiB, 3_MiB, 4_MiB, 5_MiB, 7_MiB})
            for (const qint64 image : {real + 512, real + 1_MiB, 2 * real + 512})
                QTest::addRow("%lld MiB real, image of %lld", real >> 20, image) << real << image;
    }
    void counterfeitIsFoundAndLeftBlank()
    {
        QFETCH(const qint64, real);
        QFETCH(const qint64, image);
        FailingBlockDevice drive(16_MiB);
        drive.wrapAt(real);
        const QByteArray bytes = bootableImage(image);
        const auto outcome = DeepRun{opens(bytes)}.to(drive);
        QVERIFY(!outcome);
        QCOMPARE(outcome.error().code, ErrorCode::CounterfeitDrive);
        QVERIFY(isBlank(drive.content(), 512));
    }

    void zerosThatWrapOntoTheWipedBeginningAreFound()
    {
        // Just beyond the drive's real end, where no probe looks, the image holds only zeros.
        const qint64 real = 4_MiB + 300_KiB;
        QByteArray image = bootableImage(real) + QByteArray(400_KiB, '\0');
        for (const bool isFrontZero : {false, true}) {
            if (isFrontZero)
                image.replace(1_MiB, 2_MiB, QByteArray(2_MiB, '\0')).append(1_MiB, '\0');
            FailingBlockDevice drive(DriveBytes);
            drive.wrapAt(real);
            const Watch watch(drive, image);
            const auto outcome = DeepRun{opens(image)}.to(drive);
            QVERIFY(!outcome);
            QVERIFY(watch.wasAlwaysSafe);
            QCOMPARE(outcome.error().code, ErrorCode::CounterfeitDrive);
            QVERIFY(outcome.error().context.contains("its beginning overwrites"_L1));
            QVERIFY(isBlank(drive.content(), 512));
        }
    }

    void manyDrivesAreWrittenAtOnce()
    {
        const QByteArray image = bootableImage(5_MiB + 77);
        std::vector<std::unique_ptr<FailingBlockDevice>> drives;
        std::vector<FailingBlockDevice *> all;
        for (int i = 0; i < 8; ++i) {
            drives.push_back(std::make_unique<FailingBlockDevice>(7_MiB, i % 2 == 0 ? 512 : 4096));
            all.push_back(drives.back().get());
        }
        DeepRun run{opens(image)};
        const auto outcome = run.to(all);
        QVERIFY(outcome);
        for (const auto &drive : drives)
            QVERIFY(isComplete(drive->content(), image, drive->blockBytes()));
        QCOMPARE(run.cell.read().done, 8 * 2 * image.size());
        QCOMPARE(run.cell.read().total, 8 * 2 * image.size());
    }
    void oneDriveFailsAlone()
    {
        const QByteArray image = bootableImage(5_MiB);
        FailingBlockDevice good(DriveBytes);
        FailingBlockDevice bad(DriveBytes);
        FailingBlockDevice small(4_MiB);
        FailingBlockDevice alsoGood(DriveBytes);
        bad.vanishAfter(4_MiB);
        DeepRun run{opens(image)};
        const auto outcome = run.to({&good, &bad, &small, &alsoGood});
        QVERIFY(!outcome);
        QCOMPARE(outcome.error().code, ErrorCode::DeviceGone);
        QVERIFY(outcome.error().context.startsWith("2 of 4 drives failed"_L1));
        QVERIFY(isComplete(good.content(), image, 512));
        QVERIFY(isComplete(alsoGood.content(), image, 512));
        QVERIFY(isBlank(bad.content(), 512));
        QCOMPARE(small.writeCalls(), 0);
        const QList<JobDrive> drives = run.details().drives;
        QCOMPARE(drives[0].state, JobState::Succeeded);
        QCOMPARE(drives[0].done, 2 * image.size());
        QCOMPARE(drives[1].error->code, ErrorCode::DeviceGone);
        QCOMPARE(drives[2].error->code, ErrorCode::ImageTooLarge);
        QCOMPARE(drives[3].id, u"drive3"_s);
    }
    void slowDriveHoldsNobodyBack()
    {
        const QByteArray image = bootableImage(12_MiB);
        FailingBlockDevice slow(16_MiB);
        FailingBlockDevice fast(16_MiB);
        // The slow one stands still in the middle until the fast one is complete.
        std::latch isFastComplete(1);
        slow.setOnWrite([&](const FailingBlockDevice &device) {
            if (!isBlank(device.content().mid(3_MiB, 512), 512)
                && device.content().mid(3_MiB, 512) != QByteArray(512, '\x5a'))
                isFastComplete.wait();
        });
        fast.setOnWrite([&](const FailingBlockDevice &device) {
            if (isComplete(device.content(), image, 512) && !isFastComplete.try_wait())
                isFastComplete.count_down();
        });
        DeepRun run{opens(image), {.sha256 = sha256Of(image)}};
        run.options.feed.windowExtents = 2;
        run.options.feed.patience = std::chrono::milliseconds(0);
        QVERIFY(run.to({&slow, &fast}));
        QVERIFY(isComplete(slow.content(), image, 512));
        QVERIFY(isComplete(fast.content(), image, 512));
    }
};
QTEST_GUILESS_MAIN(TestFlashWriter)
#include "tst_flashwriter.moc"
