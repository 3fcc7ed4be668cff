#include "core/flash/compareworker.h"
#include "tests/core/flash/watcheddrive.h"

#include <QCryptographicHash>
#include <QTest>

using namespace core;
using namespace tests;
using namespace Qt::StringLiterals;

namespace {

constexpr qint64 DriveBytes = 6_MiB;

/// Puts the image at the drive's beginning.
void put(FailingBlockDevice &drive, const QByteArray &image)
{
    const qint64 bytes = roundedUp(image.size(), drive.blockBytes());
    AlignedBuffer buffer(bytes);
    std::ranges::copy(image, buffer.all().begin());
    DriveHandle handle(drive);
    QVERIFY(handle.write(0, buffer.first(bytes)));
}

QByteArray changed(QByteArray image, const QList<qint64> &places)
{
    for (const qint64 place : places)
        image[place] = char(image[place] ^ 0x10);
    return image;
}

} // namespace

Q_DECLARE_METATYPE(tests::DriveFault)

class TestCompareWorker : public QObject
{
    Q_OBJECT
private slots:
    void findsTheImageOnTheDrive_data();
    void findsTheImageOnTheDrive();
    void tellsWhereTheyDiffer_data();
    void tellsWhereTheyDiffer();
    void aDriveThatReadsBadly_data();
    void aDriveThatReadsBadly();
    void refusesAnImageThatIsLarger_data();
    void refusesAnImageThatIsLarger();
    void provesTheImage_data();
    void provesTheImage();
    void opensTheImageFirst();
    void stops();

private:
    Result<Outcome> compare(BlockDevice &drive, const QByteArray &file, const QString &sha256 = {})
    {
        const QTemporaryDir folder;
        return CompareWorker({u"stick"_s, fileWith(folder, file), sha256}, opening(drive))
            .run({}, m_cell);
    }

    const QByteArray m_bytes = imageBytes(DriveBytes + 1);
    ProgressCell m_cell;
};

void TestCompareWorker::findsTheImageOnTheDrive_data()
{
    QTest::addColumn<QString>("packer");
    QTest::addColumn<qint64>("size");
    QTest::addColumn<qint64>("block");
    for (const char *packer : {"cat", "xz -T2 -1 --block-size=1MiB", "gzip -1", "zstd -q"})
        for (const qint64 block : {512, 4096})
            for (const qint64 size : {qint64(1), 3_MiB, 3_MiB + 4097, DriveBytes})
                QTest::addRow("%s, %lld bytes, blocks of %lld", packer, size, block)
                    << QString::fromLatin1(packer) << size << block;
}

void TestCompareWorker::findsTheImageOnTheDrive()
{
    QFETCH(const QString, packer);
    QFETCH(const qint64, size);
    QFETCH(const qint64, block);
    const QByteArray image = m_bytes.first(size);
    FailingBlockDevice drive(DriveBytes, block);
    put(drive, image);
    const int written = drive.writeCalls();
    ProgressCell cell;
    const QTemporaryDir folder;
    CompareWorker worker({u"stick"_s, fileWith(folder, packedBy(packer, image)), {}},
                         opening(drive));
    const auto outcome = worker.run({}, cell);
    QVERIFY2(outcome, qPrintable(outcome ? QString() : outcome.error().context));
    QCOMPARE(*outcome, Outcome::Completed);
    QCOMPARE(cell.read().done, size);
    QCOMPARE(cell.read().total, size);
    QCOMPARE(drive.writeCalls(), written);
    const JobDetails details = cell.takeDetails().value_or(JobDetails());
    const qint64 rest = DriveBytes - size;
    QCOMPARE(details.message,
             u"all %1 bytes of the image are on the drive"_s.arg(size)
                 + (rest == 0 ? QString()
                              : u"; %1 bytes behind the image were not looked at"_s.arg(rest)));
    QCOMPARE(details.sha256.toLatin1(),
             QCryptographicHash::hash(image, QCryptographicHash::Sha256).toHex());
}

void TestCompareWorker::tellsWhereTheyDiffer_data()
{
    QTest::addColumn<QList<qint64>>("places");
    QTest::addColumn<QString>("words");
    QTest::newRow("the first byte") << QList<qint64>{0} << u"first at byte 0, in 1 of 4 MiB"_s;
    QTest::newRow("the last byte")
        << QList<qint64>{3_MiB + 332} << u"first at byte 3146060, in 1 of 4 MiB"_s;
    QTest::newRow("several in one MiB")
        << QList<qint64>{1_MiB + 7, 2_MiB - 1} << u"first at byte 1048583, in 1 of 4 MiB"_s;
    QTest::newRow("several MiB") << QList<qint64>{1_MiB, 2_MiB}
                                 << u"first at byte 1048576, in 2 of 4 MiB"_s;
}

void TestCompareWorker::tellsWhereTheyDiffer()
{
    QFETCH(const QList<qint64>, places);
    QFETCH(const QString, words);
    const QByteArray image = m_bytes.first(3_MiB + 333);
    FailingBlockDevice drive(DriveBytes);
    put(drive, changed(image, places));
    const auto outcome = compare(drive, packedBy(u"xz -1"_s, image));
    QVERIFY(!outcome);
    QCOMPARE(outcome.error().code, ErrorCode::VerificationFailed);
    QVERIFY2(outcome.error().context.contains(words), qPrintable(outcome.error().context));
    QVERIFY(outcome.error().context.contains(u"bytes behind the image"_s));
}

void TestCompareWorker::aDriveThatReadsBadly_data()
{
    using Kind = DriveFault::Kind;
    QTest::addColumn<DriveFault>("fault");
    QTest::addColumn<std::optional<ErrorCode>>("code");
    const std::optional<ErrorCode> fine;
    QTest::newRow("one wrong bit, once")
        << DriveFault{.kind = Kind::FlipOnRead, .begin = 1_MiB, .times = 1} << fine;
    QTest::newRow("one wrong bit, always") << DriveFault{.kind = Kind::FlipOnRead, .begin = 1_MiB}
                                           << std::optional(ErrorCode::VerificationFailed);
    QTest::newRow("fails once") << DriveFault{.kind = Kind::ReadError, .begin = 1_MiB, .times = 1}
                                << fine;
    QTest::newRow("fails always") << DriveFault{.kind = Kind::ReadError, .begin = 1_MiB}
                                  << std::optional(ErrorCode::DeviceFailed);
    QTest::newRow("pulled out") << DriveFault{.kind = Kind::ReadError,
                                              .begin = 1_MiB,
                                              .error = ENODEV}
                                << std::optional(ErrorCode::DeviceGone);
    QTest::newRow("short answers") << DriveFault{.kind = Kind::ShortRead} << fine;
}

void TestCompareWorker::aDriveThatReadsBadly()
{
    QFETCH(const DriveFault, fault);
    QFETCH(const std::optional<ErrorCode>, code);
    const QByteArray image = m_bytes.first(3_MiB);
    FailingBlockDevice drive(DriveBytes);
    put(drive, image);
    drive.add(fault);
    const auto outcome = compare(drive, image);
    QCOMPARE(outcome.has_value(), !code.has_value());
    if (code)
        QCOMPARE(outcome.error().code, *code);
}

void TestCompareWorker::refusesAnImageThatIsLarger_data()
{
    QTest::addColumn<QString>("packer");
    QTest::newRow("known before") << u"cat"_s;
    QTest::newRow("known when it is read") << u"gzip -1"_s;
}

void TestCompareWorker::refusesAnImageThatIsLarger()
{
    QFETCH(const QString, packer);
    const QByteArray image = m_bytes;
    FailingBlockDevice drive(DriveBytes);
    put(drive, image.first(DriveBytes));
    const auto outcome = compare(drive, packedBy(packer, image));
    QVERIFY(!outcome);
    QCOMPARE(outcome.error().code, ErrorCode::ImageTooLarge);
}

void TestCompareWorker::provesTheImage_data()
{
    QTest::addColumn<QString>("sha256");
    QTest::addColumn<qint64>("missing");
    QTest::addColumn<ErrorCode>("code");
    QTest::newRow("another checksum")
        << QString(64, u'0') << qint64(0) << ErrorCode::ChecksumMismatch;
    QTest::newRow("truncated") << QString() << qint64(100) << ErrorCode::ImageDamaged;
}

void TestCompareWorker::provesTheImage()
{
    QFETCH(const QString, sha256);
    QFETCH(const qint64, missing);
    const QByteArray image = m_bytes.first(3_MiB);
    FailingBlockDevice drive(DriveBytes);
    put(drive, image);
    const auto outcome = compare(drive, packedBy(u"gzip -1"_s, image).chopped(missing), sha256);
    QVERIFY(!outcome);
    QTEST(outcome.error().code, "code");
}

void TestCompareWorker::opensTheImageFirst()
{
    int opened = 0;
    CompareWorker worker({u"stick"_s, u"/nonexistent/image"_s, {}},
                         [&opened](const QString &, const std::stop_token &)
                             -> Result<std::unique_ptr<BlockDevice>> {
                             ++opened;
                             return fail(ErrorCode::DeviceBusy);
                         });
    const auto outcome = worker.run({}, m_cell);
    QVERIFY(!outcome);
    QCOMPARE(outcome.error().code, ErrorCode::FileAccess);
    QCOMPARE(opened, 0);
}

void TestCompareWorker::stops()
{
    const QByteArray image = m_bytes.first(5_MiB);
    FailingBlockDevice drive(DriveBytes);
    put(drive, image);
    const QTemporaryDir folder;
    std::stop_source stop;
    CompareWorker worker({u"stick"_s, fileWith(folder, image), {}},
                         [&](const QString &, const std::stop_token &) {
                             return std::make_unique<WatchedDrive>(drive, [&stop](qint64 offset) {
                                 if (offset == 2_MiB)
                                     stop.request_stop();
                             });
                         });
    const auto outcome = worker.run(stop.get_token(), m_cell);
    QVERIFY(outcome);
    QCOMPARE(*outcome, Outcome::Stopped);
    QCOMPARE(m_cell.read().done, 3_MiB);
}

QTEST_GUILESS_MAIN(TestCompareWorker)
#include "tst_compareworker.moc"
