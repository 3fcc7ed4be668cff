#include "core/flash/flashworker.h"
#include "core/flash/waitnotice.h"
#include "tests/core/flash/flashbench.h"

#include <QCryptographicHash>
#include <QTest>

#include <fcntl.h>

#include <future>

using namespace core;
using namespace tests;
using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace {

constexpr qint64 EndBytes = 64_KiB;
constexpr qint64 StepBytes = 256_KiB;
constexpr std::chrono::seconds LongTime{30};

/// A flash, and the download that feeds it, by hand.
struct GrowingBench {
    QByteArray bytes;
    QTemporaryDir folder;
    QFile disk;
    std::shared_ptr<GrowingFile> file = std::make_shared<GrowingFile>();
    FailingBlockDevice drive{8_MiB};
    ProgressCell cell;
    JobDetails details;
    std::stop_source stop;
    std::future<Result<Outcome>> flashed;

    explicit GrowingBench(QByteArray ofFile)
        : bytes(std::move(ofFile))
        , disk(folder.filePath(u"image.part"_s))
    {
        if (!disk.open(QIODevice::ReadWrite) || !disk.resize(bytes.size()))
            qFatal("no file");
    }
    ~GrowingBench() { stop.request_stop(); }
    Q_DISABLE_COPY_MOVE(GrowingBench)

    /// Begins to flash on a thread of its own.
    void flash(const QString &sha256 = {})
    {
        FlashSpec spec{.drives = {u"a"_s}, .sha256 = sha256};
        spec.url = QUrl(u"http://host/image"_s);
        flashed = std::async(std::launch::async, [this, spec] {
            const auto open = [this](const QString &, const std::stop_token &) {
                return std::make_unique<DriveHandle>(drive);
            };
            return FlashWorker(spec, open, {}, file).run(stop.get_token(), cell);
        });
    }
    [[nodiscard]] Result<Outcome> outcome()
    {
        if (flashed.wait_for(LongTime) != std::future_status::ready)
            return fail(ErrorCode::Timeout, u"the flash does not end"_s);
        return flashed.get();
    }
    void begin()
    {
        file->begin(std::move(*openFile(disk.fileName(), O_RDONLY)), disk.fileName(), bytes.size(),
                    {});
    }
    void put(ByteRange range)
    {
        range.end = std::min<qint64>(range.end, bytes.size());
        if (!disk.seek(range.begin)
            || disk.write(bytes.constData() + range.begin, range.size()) != range.size()
            || !disk.flush())
            qFatal("cannot write");
        file->add(range);
    }
    /// The end, then all from the first byte on up to `end`.
    void fetch(qint64 end)
    {
        put({std::max<qint64>(0, bytes.size() - EndBytes), bytes.size()});
        for (qint64 at = 0; at < end; at += StepBytes)
            put({at, std::min(at + StepBytes, end)});
    }
    void fetchAll() { fetch(bytes.size()); }
    void succeed() { file->succeed(QCryptographicHash::hash(bytes, QCryptographicHash::Sha256)); }
    [[nodiscard]] QString message()
    {
        if (auto edited = cell.takeDetails())
            details = *edited;
        return details.message;
    }
    /// What is wrong may be found before the drive is written.
    [[nodiscard]] bool isBlankOrUntouched() const
    {
        return drive.writeCalls() == 0 || isWiped(drive.content());
    }
    /// Whether somebody waits for bytes that are not there.
    [[nodiscard]] bool isWaitedFor() const { return !file->wanted().isEmpty(); }
};

} // namespace

/// Flashing while the image is downloaded.
class TestFlashGrowing : public QObject
{
    Q_OBJECT
private slots:
    void imageIsWrittenWhileItComes_data()
    {
        QTest::addColumn<QByteArray>("file");
        QTest::newRow("raw") << m_image;
        QTest::newRow("xz") << packedBy(u"xz -1 -T2 --block-size=1MiB"_s, m_image);
        QTest::newRow("gzip") << packedBy(u"gzip -1"_s, m_image);
        QTest::newRow("bzip2") << packedBy(u"bzip2 -1"_s, m_image);
        QTest::newRow("zstd") << packedBy(u"zstd -1"_s, m_image);
        QTest::newRow("zip") << packedBy(u"zip -q - -"_s, m_image);
    }
    void imageIsWrittenWhileItComes()
    {
        QFETCH(const QByteArray, file);
        if (file.isEmpty())
            QSKIP("the tool that packs it is not installed");
        GrowingBench bench(file);
        const QByteArray block = m_image.first(512);
        bool isEarly = false;
        bench.drive.setOnWrite([&](const FailingBlockDevice &drive) {
            isEarly = isEarly || (drive.content().startsWith(block) && !bench.file->hasSucceeded());
        });
        bench.flash();
        bench.begin();
        bench.fetchAll();
        bench.succeed();
        const auto outcome = bench.outcome();
        QVERIFY2(outcome, outcome ? "" : qPrintable(outcome.error().context));
        QCOMPARE(*outcome, Outcome::Completed);
        QVERIFY(isComplete(bench.drive.content(), m_image, 512));
        QVERIFY(!isEarly);
        QCOMPARE(bench.message(), u"verified"_s);
    }

    void imageIsWrittenBeforeItIsAllThere()
    {
        GrowingBench bench(m_image);
        bench.flash();
        bench.begin();
        bench.fetch(3_MiB);
        QTRY_VERIFY_WITH_TIMEOUT(bench.cell.read().done > 0, int(LongTime / 1ms));
        QTRY_VERIFY_WITH_TIMEOUT(bench.isWaitedFor(), int(LongTime / 1ms));
        bench.fetchAll();
        bench.succeed();
        QCOMPARE(bench.outcome(), Result<Outcome>(Outcome::Completed));
        QVERIFY(isComplete(bench.drive.content(), m_image, 512));
    }

    void indexIsAskedForBeforeTheRest()
    {
        GrowingBench bench(packedBy(u"xz -1"_s, m_image));
        bench.flash();
        bench.begin();
        bench.put({0, EndBytes});
        const auto asksForTheEnd = [&bench] {
            const QList<ByteRange> wanted = bench.file->wanted();
            return !wanted.isEmpty() && wanted.first().end == bench.bytes.size();
        };
        QTRY_VERIFY_WITH_TIMEOUT(asksForTheEnd(), int(LongTime / 1ms));
        bench.fetchAll();
        bench.succeed();
        QCOMPARE(bench.outcome(), Result<Outcome>(Outcome::Completed));
        QVERIFY(isComplete(bench.drive.content(), m_image, 512));
    }

    void downloadThatFailsLeavesTheDriveBlank_data()
    {
        QTest::addColumn<QByteArray>("file");
        QTest::addColumn<bool>("isAllThere");
        const QByteArray zipped = packedBy(u"zip -q - -"_s, m_image);
        for (const bool isAllThere : {false, true}) {
            const char *when = isAllThere ? "at the end" : "in the middle";
            QTest::addRow("raw, %s", when) << m_image << isAllThere;
            QTest::addRow("xz, %s", when) << packedBy(u"xz -1"_s, m_image) << isAllThere;
            if (!zipped.isEmpty())
                QTest::addRow("zip, %s", when) << zipped << isAllThere;
        }
    }
    void downloadThatFailsLeavesTheDriveBlank()
    {
        QFETCH(const QByteArray, file);
        QFETCH(const bool, isAllThere);
        GrowingBench bench(file);
        bench.flash();
        bench.begin();
        bench.fetch(isAllThere ? file.size() : file.size() / 2);
        if (isAllThere)
            QTRY_VERIFY_WITH_TIMEOUT(bench.drive.writtenBytes() > 0, int(LongTime / 1ms));
        else
            QTRY_VERIFY_WITH_TIMEOUT(bench.isWaitedFor(), int(LongTime / 1ms));
        bench.file->fail({ErrorCode::ChecksumMismatch, u"the download failed: a is not b"_s});
        const auto outcome = bench.outcome();
        QVERIFY(!outcome);
        QCOMPARE(outcome.error().code, ErrorCode::ChecksumMismatch);
        QVERIFY(outcome.error().context.contains("the download failed"_L1));
        QVERIFY(bench.isBlankOrUntouched());
    }

    void fileThatStartsOverLeavesTheDriveBlank()
    {
        GrowingBench bench(m_image);
        bench.flash();
        bench.begin();
        bench.fetch(3_MiB);
        QTRY_VERIFY_WITH_TIMEOUT(bench.cell.read().done > 0, int(LongTime / 1ms));
        bench.file->restart(m_image.size(), {});
        bench.fetchAll();
        bench.succeed();
        const auto outcome = bench.outcome();
        QVERIFY(!outcome);
        QCOMPARE(outcome.error().code, ErrorCode::RemoteChanged);
        QVERIFY(bench.isBlankOrUntouched());
    }

    void otherBytesThanWereProvenLeaveTheDriveBlank_data()
    {
        QTest::addColumn<QByteArray>("file");
        QTest::newRow("raw") << m_image;
        QTest::newRow("xz") << packedBy(u"xz -1"_s, m_image);
    }
    void otherBytesThanWereProvenLeaveTheDriveBlank()
    {
        QFETCH(const QByteArray, file);
        GrowingBench bench(file);
        bench.flash();
        bench.begin();
        bench.fetchAll();
        bench.file->succeed(QCryptographicHash::hash("another", QCryptographicHash::Sha256));
        const auto outcome = bench.outcome();
        QVERIFY(!outcome);
        QCOMPARE(outcome.error().code, ErrorCode::ImageDamaged);
        QVERIFY(bench.isBlankOrUntouched());
    }

    void wrongChecksumLeavesTheDriveBlank()
    {
        GrowingBench bench(m_image);
        bench.flash(QString(64, u'0'));
        bench.begin();
        bench.fetchAll();
        bench.succeed();
        const auto outcome = bench.outcome();
        QVERIFY(!outcome);
        QCOMPARE(outcome.error().code, ErrorCode::ChecksumMismatch);
        QVERIFY(bench.isBlankOrUntouched());
    }

    void stopEndsTheWaitAndLeavesTheDriveBlank_data()
    {
        QTest::addColumn<qint64>("fetched");
        QTest::newRow("before the beginning") << qint64(-1);
        QTest::newRow("before the first byte") << qint64(0);
        QTest::newRow("in the middle") << qint64(3_MiB);
        QTest::newRow("before the end") << m_image.size();
    }
    void stopEndsTheWaitAndLeavesTheDriveBlank()
    {
        QFETCH(const qint64, fetched);
        GrowingBench bench(m_image);
        bench.flash();
        if (fetched >= 0)
            bench.begin();
        if (fetched > 0)
            bench.fetch(fetched);
        if (fetched > 0)
            QTRY_VERIFY_WITH_TIMEOUT(bench.cell.read().done > 0, int(LongTime / 1ms));
        bench.stop.request_stop();
        QCOMPARE(bench.outcome(), Result<Outcome>(Outcome::Stopped));
        QVERIFY(bench.isBlankOrUntouched());
        QVERIFY(fetched > 0 || bench.drive.writeCalls() == 0);
    }

    /// Nobody wants the rest of the image: it is not waited for.
    void driveThatIsGoneEndsTheFlashAtOnce()
    {
        GrowingBench bench(m_image);
        bench.drive.vanishAfter(3_MiB);
        bench.flash();
        bench.begin();
        bench.fetch(4_MiB);
        const auto outcome = bench.outcome();
        QVERIFY(!outcome);
        QCOMPARE(outcome.error().code, ErrorCode::DeviceGone);
    }

    void messageSaysWhatIsWaitedFor()
    {
        GrowingBench bench(m_image);
        bench.flash();
        bench.begin();
        QTRY_COMPARE_WITH_TIMEOUT(bench.message(), u"waiting for the download"_s,
                                  int(LongTime / 1ms));
        bench.fetchAll();
        bench.succeed();
        QCOMPARE(bench.outcome(), Result<Outcome>(Outcome::Completed));
        QCOMPARE(bench.message(), u"verified"_s);
    }

    void messageStaysUntilBytesAreThereInTime()
    {
        ProgressCell cell;
        WaitNotice notice(cell);
        notice.show(GrowingImage::Wait::Over);
        QVERIFY(!cell.takeDetails());
        notice.show(GrowingImage::Wait::Long);
        QCOMPARE(cell.takeDetails()->message, u"waiting for the download"_s);
        notice.show(GrowingImage::Wait::Long);
        QVERIFY(!cell.takeDetails());
        notice.show(GrowingImage::Wait::Over);
        QCOMPARE(cell.takeDetails()->message, QString());
    }

private:
    const QByteArray m_image = bootableImage(6_MiB + 333);
};

QTEST_GUILESS_MAIN(TestFlashGrowing)
#include "tst_flashgrowing.moc"
