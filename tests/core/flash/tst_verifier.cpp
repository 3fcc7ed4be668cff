#include "core/flash/verifier.h"
#include "tests/core/flash/flashbench.h"

#include <QTest>

using namespace core;
using namespace tests;
using namespace Qt::StringLiterals;
using Kind = DriveFault::Kind;

Q_DECLARE_METATYPE(QList<tests::DriveFault>)
Q_DECLARE_METATYPE(QList<core::BadExtent>)
Q_DECLARE_METATYPE(std::optional<core::ErrorCode>)

namespace {

constexpr qint64 DriveBytes = 8_MiB;
constexpr qint64 Tail = 100;

/// Five extents, and the beginning of a sixth.
QByteArray theImage()
{
    return imageBytes(5_MiB + Tail);
}

ExtentMap mapOf(const QByteArray &image)
{
    ExtentMap map;
    for (qint64 at = 0; at < image.size(); at += ExtentBytes) {
        const QByteArray bytes = image.mid(at, ExtentBytes);
        map.add({at,
                 bytes.size(),
                 ExtentDigest::of({bytes.constData(), size_t(bytes.size())}),
                 {},
                 {{0, bytes.size()}}});
    }
    return map;
}

/// Writes `bytes` as a flash does, before the drive begins to fail.
void put(BlockDevice &drive, qint64 offset, const QByteArray &bytes)
{
    AlignedBuffer buffer(roundedUp(bytes.size(), drive.blockBytes()));
    std::ranges::copy(bytes, buffer.all().begin());
    QVERIFY(drive.write(offset, buffer.all()));
}

} // namespace

class TestVerifier : public QObject
{
    Q_OBJECT
private slots:
    void names_data()
    {
        QTest::addColumn<QList<DriveFault>>("faults");
        QTest::addColumn<QByteArray>("there"); // at 2 MiB, instead of what belongs there
        QTest::addColumn<std::optional<ErrorCode>>("code");
        QTest::addColumn<QList<BadExtent>>("bad");
        const std::optional<ErrorCode> none;
        const std::optional failed = ErrorCode::VerificationFailed;
        const qint64 at = 2_MiB;
        const QByteArray other = imageBytes(1_MiB, 99);
        const DriveFault drop{Kind::DropWrite, at, at + 1};
        using Faults = QList<DriveFault>;
        using Bad = QList<BadExtent>;

        QTest::newRow("all is well") << Faults() << QByteArray() << none << Bad();
        QTest::newRow("reads wrong once: reader")
            << Faults{{Kind::FlipOnRead, at, at + 1, 1}} << QByteArray() << none
            << Bad{{at, Verdict::Reader, 0, true}};
        QTest::newRow("reads wrong twice, each time something else: reader, rewritten")
            << Faults{{Kind::FlipOnRead, at, at + 1, 1}, {Kind::FlipOnRead, at + 9, at + 10, 1}}
            << QByteArray() << none << Bad{{at, Verdict::Reader, 1, true}};
        QTest::newRow("a bit that is stuck: medium")
            << Faults{{Kind::FlipOnRead, at + 9, at + 10}} << QByteArray() << failed
            << Bad{{at, Verdict::Medium, 3, false}};
        QTest::newRow("read errors, until it is written again: medium")
            << Faults{{Kind::ReadError, at, at + 1, 3}} << QByteArray() << none
            << Bad{{at, Verdict::Medium, 1, true}};
        QTest::newRow("read errors that stay: medium, whatever was read before")
            << Faults{{Kind::ReadError, at, at + 1}} << QByteArray() << failed
            << Bad{{at, Verdict::Medium, 3, false}};
        QTest::newRow("a write was dropped, the next is not")
            << Faults() << other << none << Bad{{at, Verdict::Medium, 1, true}};
        QTest::newRow("nothing but one byte is there: dropped")
            << Faults{drop} << QByteArray(1_MiB, '\xFF') << failed
            << Bad{{at, Verdict::Dropped, 3, false}};
        QTest::newRow("writes change nothing of what was there before: dropped")
            << Faults{drop} << other << failed << Bad{{at, Verdict::Dropped, 3, false}};
        QTest::newRow("what was there before is an extent of the image: dropped, not wrapped")
            << Faults{drop} << theImage().mid(3_MiB, 1_MiB) << failed
            << Bad{{at, Verdict::Dropped, 3, false}};
        QTest::newRow("the padding of the tail is not zero")
            << Faults{{Kind::FlipOnRead, 5_MiB + Tail, 5_MiB + Tail + 1, 1}} << QByteArray() << none
            << Bad{{5_MiB, Verdict::Medium, 0, true}};
    }
    void names()
    {
        QFETCH(const QList<DriveFault>, faults);
        QFETCH(const QByteArray, there);
        QFETCH(const std::optional<ErrorCode>, code);
        QFETCH(const QList<BadExtent>, bad);
        const QByteArray image = theImage();
        FailingBlockDevice drive(DriveBytes);
        put(drive, 1_MiB, image.mid(1_MiB));
        if (!there.isEmpty())
            put(drive, 2_MiB, there);
        for (const DriveFault &fault : faults)
            drive.add(fault);
        const ExtentMap map = mapOf(image);
        qint64 read = 0;
        Verifier verifier(drive, map, opens(image), [&read](qint64 bytes) { read += bytes; });
        const auto outcome = verifier.run(map.count(), {});
        QCOMPARE(outcome.has_value(), !code.has_value());
        if (code)
            QCOMPARE(outcome.error().code, *code);
        QCOMPARE(read, image.size() - 1_MiB);
        QVERIFY(verifier.bad() == bad);
        if (!code)
            QVERIFY(drive.content().mid(1_MiB, image.size() - 1_MiB) == image.mid(1_MiB));
    }
    void errorNamesWhereAndWhy()
    {
        const QByteArray image = theImage();
        FailingBlockDevice drive(DriveBytes);
        put(drive, 1_MiB, image.mid(1_MiB));
        drive.add({Kind::FlipOnRead, 3_MiB + 5, 3_MiB + 6});
        const ExtentMap map = mapOf(image);
        Verifier verifier(drive, map, opens(image), [](qint64) {});
        const auto outcome = verifier.run(map.count(), {});
        QVERIFY(!outcome);
        QCOMPARE(outcome.error().context,
                 u"fake drive: 1 MiB of 6 do not read back as written, the first at byte 3145728 "
                 "(medium)"_s);
    }
    void wrappedDriveIsProven()
    {
        const QByteArray image = theImage();
        FailingBlockDevice usual(DriveBytes);
        usual.wrapAt(3_MiB);
        put(usual, 1_MiB, image.mid(1_MiB));
        const ExtentMap map = mapOf(image);
        Verifier verifier(usual, map, opens(image), [](qint64) {});
        const auto outcome = verifier.run(map.count(), {});
        QVERIFY(!outcome);
        QCOMPARE(outcome.error().code, ErrorCode::CounterfeitDrive);
        QCOMPARE(verifier.bad()[0].verdict, Verdict::Wrapped);
        QCOMPARE(verifier.bad()[0].offset, 1_MiB);
        QVERIFY(outcome.error().context.contains("byte 4194304 overwrites byte 1048576"_L1));
    }
    void mendingThatBreaksAnotherPlaceIsFound()
    {
        const QByteArray image = theImage();
        FailingBlockDevice drive(DriveBytes);
        drive.wrapAt(4_MiB - 512); // what is shown is of two extents: of neither alone
        put(drive, 1_MiB, image.mid(1_MiB));
        const ExtentMap map = mapOf(image);
        Verifier verifier(drive, map, opens(image), [](qint64) {});
        const auto outcome = verifier.run(map.count(), {});
        QVERIFY(!outcome);
        QCOMPARE(outcome.error().code, ErrorCode::VerificationFailed);
        QVERIFY(outcome.error().context.contains("mending other places"_L1));
    }
    void manyBadExtentsAreNotMended()
    {
        const QByteArray image = imageBytes(Verifier::MostMended * 1_MiB + 2_MiB);
        FailingBlockDevice drive(image.size());
        const int before = drive.writeCalls();
        const ExtentMap map = mapOf(image);
        Verifier verifier(drive, map, opens(image), [](qint64) {});
        const auto outcome = verifier.run(map.count(), {});
        QVERIFY(!outcome);
        QCOMPARE(outcome.error().code, ErrorCode::VerificationFailed);
        QCOMPARE(drive.writeCalls(), before);
        QCOMPARE(verifier.bad().size(), Verifier::MostMended + 1);
    }
    void imageThatChangedMendsNothing()
    {
        const QByteArray image = theImage();
        FailingBlockDevice drive(DriveBytes);
        put(drive, 1_MiB, image.mid(1_MiB));
        put(drive, 2_MiB, QByteArray(4096, '\1'));
        const ExtentMap map = mapOf(image);
        Verifier verifier(drive, map, opens(imageBytes(image.size(), 2)), [](qint64) {});
        const auto outcome = verifier.run(map.count(), {});
        QVERIFY(!outcome);
        QCOMPARE(outcome.error().code, ErrorCode::ImageDamaged);
    }
    void unpluggedDriveIsNamed()
    {
        const QByteArray image = theImage();
        FailingBlockDevice drive(DriveBytes);
        put(drive, 1_MiB, image.mid(1_MiB));
        drive.add({Kind::ReadError, 3_MiB, 4_MiB, DriveFault::Always, ENODEV});
        const ExtentMap map = mapOf(image);
        Verifier verifier(drive, map, opens(image), [](qint64) {});
        const auto outcome = verifier.run(map.count(), {});
        QVERIFY(!outcome);
        QCOMPARE(outcome.error().code, ErrorCode::DeviceGone);
    }
    void whatIsProvenIsNotReadAgain()
    {
        const QByteArray image = theImage();
        FailingBlockDevice drive(DriveBytes);
        put(drive, 1_MiB, image.mid(1_MiB, 2_MiB));
        const ExtentMap map = mapOf(image);
        qint64 read = 0;
        Verifier verifier(drive, map, opens(image), [&read](qint64 bytes) { read += bytes; });
        QVERIFY(verifier.run(3, {}));
        QCOMPARE(read, 2_MiB);
    }
    void stops()
    {
        const QByteArray image = theImage();
        FailingBlockDevice drive(DriveBytes);
        std::stop_source stop;
        const ExtentMap map = mapOf(image);
        put(drive, 1_MiB, image.mid(1_MiB));
        int reads = 0;
        Verifier verifier(drive, map, opens(image), [&](qint64) {
            ++reads;
            stop.request_stop();
        });
        const auto outcome = verifier.run(map.count(), stop.get_token());
        QVERIFY(outcome);
        QCOMPARE(*outcome, Outcome::Stopped);
        QCOMPARE(reads, 1);
    }
};
QTEST_GUILESS_MAIN(TestVerifier)
#include "tst_verifier.moc"
