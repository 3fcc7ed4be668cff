#include "core/flash/flashworker.h"
#include "tests/core/flash/flashbench.h"

#include <QCryptographicHash>
#include <QDateTime>
#include <QTest>

using namespace core;
using namespace tests;
using namespace Qt::StringLiterals;

Q_DECLARE_METATYPE(core::FlashSpec)

namespace {

QString sha256Of(const QByteArray &bytes)
{
    return QString::fromLatin1(QCryptographicHash::hash(bytes, QCryptographicHash::Sha256).toHex());
}

JobDetails detailsOf(ProgressCell &cell)
{
    return cell.takeDetails().value_or(JobDetails());
}

} // namespace

class TestFlashWorker : public QObject
{
    Q_OBJECT
private slots:
    void writesThePackedImage_data()
    {
        QTest::addColumn<QString>("sha256");
        QTest::addColumn<bool>("isRight");
        QTest::newRow("no checksum") << QString() << true;
        QTest::newRow("of the image") << sha256Of(m_image) << true;
        QTest::newRow("of the file") << sha256Of(m_packed) << true;
        QTest::newRow("of something else") << sha256Of("something else") << false;
    }
    void writesThePackedImage()
    {
        QFETCH(const QString, sha256);
        QFETCH(const bool, isRight);
        const QTemporaryDir folder;
        FailingBlockDevice drive(4_MiB);
        ProgressCell cell;
        FlashSpec spec{.image = fileWith(folder, m_packed), .drives = {u"a"_s}, .sha256 = sha256};
        FlashWorker worker(spec, opening(drive));
        const auto outcome = worker.run({}, cell);
        QCOMPARE(outcome.has_value(), isRight);
        QCOMPARE(isComplete(drive.content(), m_image, 512), isRight);
        if (!isRight) {
            QCOMPARE(outcome.error().code, ErrorCode::ChecksumMismatch);
            QVERIFY(isWiped(drive.content()));
            return;
        }
        const JobDetails details = detailsOf(cell);
        QCOMPARE(details.title, u"image"_s);
        QCOMPARE(details.sha256, sha256Of(m_image));
        QCOMPARE(details.drives,
                 (QList<JobDrive>{{u"a"_s, JobState::Succeeded, 2 * m_image.size(), {}}}));
        QCOMPARE(cell.read().stage, Stage::Verifying);
    }
    void theChecksumBesideTheImageCounts_data()
    {
        QTest::addColumn<QString>("name");
        QTest::addColumn<QString>("list");
        QTest::addColumn<QString>("text");
        QTest::addColumn<bool>("isRight");
        const QString image = sha256Of(m_image);
        const QString file = sha256Of(m_packed);
        const QString wrong = sha256Of("something else");
        QTest::newRow("of the file") << u"image.xz"_s << u"image.xz.sha256"_s << file << true;
        QTest::newRow("of the image, named after it")
            << u"image.xz"_s << u"image.sha256"_s << image + u"  image\n"_s << true;
        QTest::newRow("a line of many")
            << u"image.xz"_s << u"SHA256SUMS"_s
            << wrong + u" *other.xz\n"_s + file + u" *image.xz\n"_s << true;
        QTest::newRow("a line for another")
            << u"image.xz"_s << u"SHA256SUMS"_s << wrong + u"  other.xz\n"_s << true;
        QTest::newRow("that contradicts itself")
            << u"image.xz"_s << u"SHA256SUMS"_s
            << wrong + u"  image.xz\n"_s + file + u"  image.xz\n"_s << true;
        QTest::newRow("wrong") << u"image.xz"_s << u"image.xz.sha256"_s << wrong << false;
        QTest::newRow("wrong for the image")
            << u"image.xz"_s << u"SHA256SUMS"_s << wrong + u"  image\n"_s << false;
    }
    void theChecksumBesideTheImageCounts()
    {
        QFETCH(const QString, name);
        QFETCH(const QString, list);
        QFETCH(const QString, text);
        QFETCH(const bool, isRight);
        const QTemporaryDir folder;
        const QString path = folder.filePath(name);
        QVERIFY(QFile::rename(fileWith(folder, m_packed), path));
        QFile beside(folder.filePath(list));
        QVERIFY(beside.open(QIODevice::WriteOnly) && beside.write(text.toUtf8()) > 0);
        beside.close();
        FailingBlockDevice drive(4_MiB);
        ProgressCell cell;
        const auto outcome =
            FlashWorker({.image = path, .drives = {u"a"_s}}, opening(drive)).run({}, cell);
        QCOMPARE(outcome.has_value(), isRight);
        QCOMPARE(isComplete(drive.content(), m_image, 512), isRight);
        if (isRight)
            return;
        QCOMPARE(outcome.error().code, ErrorCode::ChecksumMismatch);
        QVERIFY(outcome.error().context.contains(beside.fileName()));
        QVERIFY(isWiped(drive.content()));
    }
    void aGivenChecksumCountsMoreThanOneBeside()
    {
        const QTemporaryDir folder;
        const QString path = fileWith(folder, m_packed);
        QFile beside(path + u".sha256"_s);
        QVERIFY(beside.open(QIODevice::WriteOnly) && beside.write(sha256Of("old").toUtf8()) > 0);
        beside.close();
        FailingBlockDevice drive(4_MiB);
        ProgressCell cell;
        const FlashSpec spec{.image = path, .drives = {u"a"_s}, .sha256 = sha256Of(m_image)};
        QVERIFY(FlashWorker(spec, opening(drive)).run({}, cell));
    }
    /// Bytes of two images never make one: what was verified was read at different times.
    void imageThatChangesLeavesTheDriveBlank_data()
    {
        QTest::addColumn<bool>("isReplaced");
        QTest::newRow("written to in place") << false;
        QTest::newRow("another file under its name") << true;
    }
    void imageThatChangesLeavesTheDriveBlank()
    {
        QFETCH(bool, isReplaced);
        const QTemporaryDir folder;
        const QString path = fileWith(folder, m_image);
        QFile made(path); // times are kept in ticks of some milliseconds
        QVERIFY(made.open(QIODevice::ReadWrite));
        QVERIFY(made.setFileTime(QDateTime(QDate(2020, 1, 1), QTime()),
                                 QFileDevice::FileModificationTime));
        FailingBlockDevice drive(4_MiB);
        drive.setOnWrite([&, isDone = false](const FailingBlockDevice &) mutable {
            if (std::exchange(isDone, true))
                return;
            if (isReplaced)
                QVERIFY(QFile::rename(path, path + u".old"_s));
            QFile image(path);
            QVERIFY(image.open(isReplaced ? QIODevice::WriteOnly : QIODevice::ReadWrite));
            image.write(isReplaced ? m_image : m_image.first(1));
        });
        ProgressCell cell;
        FlashSpec spec{.image = path, .drives = {u"a"_s}};
        const auto outcome = FlashWorker(spec, opening(drive)).run({}, cell);
        QVERIFY(!outcome);
        QCOMPARE(outcome.error().code, ErrorCode::ImageDamaged);
        QVERIFY(isWiped(drive.content()));
    }
    void whatIsPackedTwiceIsRefused()
    {
        const QTemporaryDir folder;
        FailingBlockDevice drive(4_MiB);
        ProgressCell cell;
        FlashSpec spec{.image = fileWith(folder, packedBy(u"gzip -1"_s, m_packed)),
                       .drives = {u"a"_s}};
        const auto outcome = FlashWorker(spec, opening(drive)).run({}, cell);
        QVERIFY(!outcome);
        QCOMPARE(outcome.error().code, ErrorCode::Unsupported);
        QVERIFY(outcome.error().context.contains("packed as xz"_L1));
        QCOMPARE(drive.writeCalls(), 0);
    }
    void imageIsOpenedBeforeTheDrive()
    {
        const QTemporaryDir folder;
        ProgressCell cell;
        int opened = 0;
        const auto open = [&](const QString &,
                              const std::stop_token &) -> Result<std::unique_ptr<BlockDevice>> {
            ++opened;
            return fail(ErrorCode::DeviceBusy, u"in use"_s);
        };
        FlashSpec spec{.image = fileWith(folder, m_packed.chopped(9)), .drives = {u"a"_s}};
        const auto damaged = FlashWorker(spec, open).run({}, cell);
        QVERIFY(!damaged);
        QCOMPARE(damaged.error().code, ErrorCode::ImageDamaged);
        QCOMPARE(opened, 0);
    }
    void driveThatCannotBeOpenedFailsAlone()
    {
        const QTemporaryDir folder;
        FailingBlockDevice drive(4_MiB);
        ProgressCell cell;
        const auto open = [&](const QString &id,
                              const std::stop_token &) -> Result<std::unique_ptr<BlockDevice>> {
            if (id == "busy"_L1)
                return fail(ErrorCode::DeviceBusy, u"in use"_s);
            return std::make_unique<DriveHandle>(drive);
        };
        FlashSpec spec{.image = fileWith(folder, m_packed), .drives = {u"busy"_s, u"free"_s}};
        const auto outcome = FlashWorker(spec, open).run({}, cell);
        QVERIFY(!outcome);
        QCOMPARE(outcome.error(),
                 (Error{ErrorCode::DeviceBusy, u"1 of 2 drives failed, the first: in use"_s}));
        QVERIFY(isComplete(drive.content(), m_image, 512));
        const JobDetails details = detailsOf(cell);
        QCOMPARE(details.drives[0].error->code, ErrorCode::DeviceBusy);
        QCOMPARE(details.drives[1].state, JobState::Succeeded);
    }
    void stopWhileDrivesAreOpenedOpensNoMore()
    {
        const QTemporaryDir folder;
        FailingBlockDevice drive(4_MiB);
        ProgressCell cell;
        std::stop_source stop;
        int opened = 0;
        const auto open = [&](const QString &, const std::stop_token &) {
            ++opened;
            stop.request_stop();
            return std::make_unique<DriveHandle>(drive);
        };
        FlashSpec spec{.image = fileWith(folder, m_packed), .drives = {u"a"_s, u"b"_s}};
        const auto outcome = FlashWorker(spec, open).run(stop.get_token(), cell);
        QVERIFY(outcome);
        QCOMPARE(*outcome, Outcome::Stopped);
        QCOMPARE(opened, 1);
        QCOMPARE(drive.writeCalls(), 0);
        QCOMPARE(detailsOf(cell).drives[1].state, JobState::Paused);
    }
    void driveThatSucceededBeforeIsLeftAlone()
    {
        const QTemporaryDir folder;
        FailingBlockDevice done(4_MiB);
        FailingBlockDevice open(4_MiB);
        ProgressCell cell;
        const JobDrive before{u"done"_s, JobState::Succeeded, 2 * m_image.size(), {}};
        cell.edit([&before](JobDetails &details) {
            details.drives = {before, {.id = u"open"_s, .state = JobState::Queued}};
        });
        FlashSpec spec{.image = fileWith(folder, m_packed), .drives = {u"done"_s, u"open"_s}};
        const auto openDrive = [&](const QString &id, const std::stop_token &) {
            return std::make_unique<DriveHandle>(id == "done"_L1 ? done : open);
        };
        QVERIFY(FlashWorker(spec, openDrive).run({}, cell));
        QCOMPARE(done.writeCalls(), 0);
        QVERIFY(isComplete(open.content(), m_image, 512));
        QCOMPARE(cell.read().total, 2 * m_image.size());
        const JobDetails details = detailsOf(cell);
        QCOMPARE(details.drives[0], before);
        QCOMPARE(details.drives[1].state, JobState::Succeeded);
        spec.image = folder.filePath(u"gone"_s);
        QCOMPARE(FlashWorker(spec, openDrive).run({}, cell), Outcome::Completed); // nothing is left
    }
    void everyDriveIsRecordedWithItsFigures()
    {
        const QTemporaryDir folder;
        FailingBlockDevice good(4_MiB);
        FailingBlockDevice bad(4_MiB);
        good.add({DriveFault::Kind::DropWrite, 2_MiB + 300_KiB, 2_MiB + 301_KiB, 1});
        bad.vanishAfter(2_MiB);
        ProgressCell cell;
        std::mutex mutex;
        QHash<QString, DriveResult> results;
        AfterDrive after;
        after.record = [&](const DriveResult &result) {
            const std::lock_guard lock(mutex);
            results.insert(result.drive, result);
        };
        const auto openDrive = [&](const QString &id, const std::stop_token &) {
            return std::make_unique<DriveHandle>(id == "good"_L1 ? good : bad);
        };
        FlashSpec spec{.image = fileWith(folder, m_packed), .drives = {u"good"_s, u"bad"_s}};
        QVERIFY(!FlashWorker(spec, openDrive, after).run({}, cell));
        QCOMPARE(results.size(), 2);
        const DriveResult &written = results[u"good"_s];
        QCOMPARE(written.outcome, Outcome::Completed);
        QCOMPARE(written.verify, Verify::Yes);
        QCOMPARE(written.figures.bytes, m_image.size());
        QCOMPARE(written.figures.writtenBytes, m_image.size());
        QCOMPARE(written.figures.rewrites, 1);
        QCOMPARE(written.sha256, sha256Of(m_image));
        QCOMPARE(results[u"bad"_s].outcome.error().code, ErrorCode::DeviceGone);

        spec.drives = {u"good"_s};
        ProgressCell again;
        QVERIFY(FlashWorker(spec, openDrive, after).run({}, again));
        QVERIFY(results[u"good"_s].figures.writtenBytes < 2_MiB); // the rest was there
        QCOMPARE(results[u"good"_s].figures.bytes, m_image.size());
    }
    void whoMustKnowIsToldBeforeADriveIsWritten_data()
    {
        QTest::addColumn<bool>("isNoted");
        QTest::newRow("knows") << true;
        QTest::newRow("cannot be told: nothing is written") << false;
    }
    void whoMustKnowIsToldBeforeADriveIsWritten()
    {
        QFETCH(const bool, isNoted);
        const QTemporaryDir folder;
        FailingBlockDevice drive(4_MiB);
        ProgressCell cell;
        QList<std::pair<QString, int>> told;
        const auto touch = [&](const QString &id, const std::stop_token &) -> Result<void> {
            told.append({id, drive.writeCalls()});
            return isNoted ? Result<void>() : fail(ErrorCode::StoreFailed, u"full"_s);
        };
        const FlashSpec spec{.image = fileWith(folder, m_packed), .drives = {u"a"_s}};
        const auto outcome =
            FlashWorker(spec, opening(drive), {}, nullptr, nullptr, touch).run({}, cell);
        QCOMPARE(told, (QList<std::pair<QString, int>>{{u"a"_s, 0}}));
        QCOMPARE(bool(outcome), isNoted);
        QCOMPARE(drive.writeCalls() > 0, isNoted);
        if (!isNoted)
            QCOMPARE(outcome.error().code, ErrorCode::StoreFailed);
    }
    void whatIsNotCompleteIsLookedAtBeforeItIsLetGo_data()
    {
        QTest::addColumn<bool>("isComplete");
        QTest::newRow("complete") << true;
        QTest::newRow("not complete: blank by then") << false;
    }
    void whatIsNotCompleteIsLookedAtBeforeItIsLetGo()
    {
        QFETCH(const bool, isComplete);
        const QTemporaryDir folder;
        FailingBlockDevice drive(4_MiB);
        if (!isComplete)
            drive.add({DriveFault::Kind::WriteError, 2_MiB, 3_MiB});
        ProgressCell cell;
        QStringList order;
        AfterDrive after;
        after.leave = [&](const QString &id) {
            order.append(u"leave "_s + id);
            QVERIFY(isWiped(drive.content()));
        };
        after.release = [&](const QString &, const std::stop_token &) -> Result<void> {
            order.append(u"release"_s);
            return {};
        };
        const FlashSpec spec{.image = fileWith(folder, m_packed), .drives = {u"a"_s}};
        const auto outcome = FlashWorker(spec, opening(drive), after).run({}, cell);
        QCOMPARE(bool(outcome), isComplete);
        const QString expected = isComplete ? u"release"_s : u"leave a, release"_s;
        QCOMPARE(order.join(u", "_s), expected);
    }
    /// Else whoever wrote to it would pass for the flash.
    void whatCouldNotBeOpenedIsNotLookedAt()
    {
        const QTemporaryDir folder;
        ProgressCell cell;
        AfterDrive after;
        after.leave = [](const QString &) { QFAIL("looked at"); };
        const auto open = [](const QString &,
                             const std::stop_token &) -> Result<std::unique_ptr<BlockDevice>> {
            return fail(ErrorCode::DeviceBusy);
        };
        const FlashSpec spec{.image = fileWith(folder, m_packed), .drives = {u"a"_s}};
        QCOMPARE(FlashWorker(spec, open, after).run({}, cell).error().code, ErrorCode::DeviceBusy);
    }
    void stoppingWhileADriveIsOpenedIsAStop()
    {
        const QTemporaryDir folder;
        ProgressCell cell;
        std::stop_source stop;
        const auto open = [&stop](const QString &,
                                  const std::stop_token &) -> Result<std::unique_ptr<BlockDevice>> {
            stop.request_stop();
            return fail(ErrorCode::InvalidState);
        };
        const FlashSpec spec{.image = fileWith(folder, m_packed), .drives = {u"a"_s}};
        QCOMPARE(FlashWorker(spec, open).run(stop.get_token(), cell), Outcome::Stopped);
        QCOMPARE(detailsOf(cell).drives[0].state, JobState::Paused);
    }
    void aDamagedImageTouchesNothing()
    {
        const QTemporaryDir folder;
        FailingBlockDevice drive(4_MiB);
        ProgressCell cell;
        const auto touch = [](const QString &, const std::stop_token &) -> Result<void> {
            return fail(ErrorCode::Internal);
        };
        const FlashSpec spec{.image = fileWith(folder, m_packed.first(100)), .drives = {u"a"_s}};
        const auto outcome =
            FlashWorker(spec, opening(drive), {}, nullptr, nullptr, touch).run({}, cell);
        QCOMPARE(outcome.error().code, ErrorCode::ImageDamaged);
    }
    void aDriveIsReleasedWhenItIsClosed_data()
    {
        QTest::addColumn<ErrorCode>("code");
        QTest::addColumn<QString>("message");
        QTest::newRow("cannot be")
            << ErrorCode::FileAccess
            << u"verified; unplug a and plug it in again to see what is on it"_s;
        QTest::newRow("is mounted already") << ErrorCode::DeviceBusy << u"verified"_s;
    }
    void aDriveIsReleasedWhenItIsClosed()
    {
        QFETCH(const ErrorCode, code);
        QFETCH(const QString, message);
        const QTemporaryDir folder;
        FailingBlockDevice drive(4_MiB);
        ProgressCell cell;
        QStringList released;
        AfterDrive after;
        after.release = [&](const QString &id, const std::stop_token &) -> Result<void> {
            released.append(id);
            return fail(code, u"no"_s);
        };
        FlashSpec spec{.image = fileWith(folder, m_packed), .drives = {u"a"_s}};
        QVERIFY(FlashWorker(spec, opening(drive), after).run({}, cell));
        QCOMPARE(released, QStringList{u"a"_s});
        const JobDetails details = detailsOf(cell);
        QCOMPARE(details.message, message);
        QCOMPARE(details.drives[0].state, JobState::Succeeded);
    }
    void whatIsNotThereIsRefused_data()
    {
        QTest::addColumn<FlashSpec>("spec");
        FlashSpec url{.drives = {u"a"_s}};
        url.url = QUrl(u"https://host/i"_s);
        QTest::newRow("url") << url;
    }
    void whatIsNotThereIsRefused()
    {
        QFETCH(const FlashSpec, spec);
        FailingBlockDevice drive(4_MiB);
        ProgressCell cell;
        const auto outcome = FlashWorker(spec, opening(drive)).run({}, cell);
        QVERIFY(!outcome);
        QCOMPARE(outcome.error().code, ErrorCode::Unsupported);
        QCOMPARE(drive.writeCalls(), 0);
    }

private:
    static OpenDrive opening(FailingBlockDevice &drive)
    {
        return [&drive](const QString &, const std::stop_token &) {
            return std::make_unique<DriveHandle>(drive);
        };
    }

    const QByteArray m_image = bootableImage(3_MiB + 333);
    const QByteArray m_packed = packedBy(u"xz -1"_s, m_image);
};
QTEST_GUILESS_MAIN(TestFlashWorker)
#include "tst_flashworker.moc"
