#include "core/flash/imagefeed.h"
#include "tests/core/flash/flashbench.h"

#include <QTest>

using namespace core;
using namespace tests;
using namespace Qt::StringLiterals;

namespace {

constexpr qint64 Tail = 10;

QByteArray bytesOf(const Extent &extent)
{
    return QByteArray(extent.buffer->first(extent.bytes).data(), extent.bytes);
}

/// All that the drive is handed until the image ends.
QByteArray readAll(ImageFeed &feed, size_t drive)
{
    QByteArray all;
    while (true) {
        const auto extent = feed.next(drive, {});
        if (!extent || !*extent)
            return extent ? all : QByteArray("failed");
        all += bytesOf(**extent);
    }
}

struct Fed {
    explicit Fed(const QByteArray &image,
                 ImageFeed::Limits limits = {},
                 QByteArray sha256 = {},
                 OpenImage again = {})
        : feed(std::make_unique<BytesSource>(image, BytesSource::Size::Known),
               again ? again : opens(image),
               std::move(sha256),
               limits)
    { }
    ImageFeed feed;
};

} // namespace

class TestImageFeed : public QObject
{
    Q_OBJECT
private slots:
    void everyDriveGetsTheWholeImage()
    {
        const QByteArray image = imageBytes(5_MiB + Tail);
        Fed fed(image, {.windowExtents = 2});
        fed.feed.start(3);
        std::vector<QByteArray> read(3);
        {
            std::vector<std::jthread> threads;
            for (size_t drive = 0; drive < 3; ++drive)
                threads.emplace_back([&, drive] { read[drive] = readAll(fed.feed, drive); });
        }
        for (const QByteArray &bytes : read)
            QVERIFY(bytes == image);
        QVERIFY(!fed.feed.imageSha256().isEmpty());
    }
    void tailIsFollowedByZeros()
    {
        Fed fed(QByteArray(1_MiB, 'x') + QByteArray(Tail, 'y'));
        fed.feed.start(1);
        QVERIFY(fed.feed.next(0, {}));
        const auto last = fed.feed.next(0, {});
        QVERIFY(last && *last);
        QCOMPARE((*last)->bytes, Tail);
        const auto all = (*last)->buffer->first(ExtentBytes);
        QVERIFY(std::ranges::all_of(all.subspan(size_t(Tail)), [](char c) { return c == '\0'; }));
    }
    void driveThatLeavesHoldsNobodyBack()
    {
        const QByteArray image = imageBytes(6_MiB);
        Fed fed(image, {.windowExtents = 2, .patience = std::chrono::hours(1)});
        fed.feed.start(2);
        fed.feed.leave(0);
        QVERIFY(readAll(fed.feed, 1) == image);
        QCOMPARE(fed.feed.putOff(), 0);
    }
    void driveThatHoldsUpIsPutOffAndStillGetsAll()
    {
        const QByteArray image = imageBytes(6_MiB + Tail);
        Fed fed(image, {.windowExtents = 2, .patience = std::chrono::milliseconds(0)});
        fed.feed.start(2);
        const auto first = fed.feed.next(0, {});
        QVERIFY(first && *first);
        QVERIFY(readAll(fed.feed, 1) == image);
        QCOMPARE(fed.feed.putOff(), 1);
        QVERIFY(bytesOf(**first) + readAll(fed.feed, 0) == image);
    }
    void aloneNobodyIsPutOff()
    {
        const QByteArray image = imageBytes(6_MiB);
        Fed fed(image, {.windowExtents = 1, .patience = std::chrono::milliseconds(0)});
        fed.feed.start(1);
        QVERIFY(readAll(fed.feed, 0) == image);
        QCOMPARE(fed.feed.putOff(), 0);
    }
    void imageThatChangedIsFoundByTheDriveThatIsPutOff()
    {
        const QByteArray image = imageBytes(6_MiB);
        QByteArray changed = image;
        changed[5] = char(changed[5] + 1);
        Fed fed(image, {.windowExtents = 2, .patience = std::chrono::milliseconds(0)}, {},
                opens(changed));
        fed.feed.start(2);
        QVERIFY(fed.feed.next(0, {}));
        QVERIFY(readAll(fed.feed, 1) == image);
        const auto next = fed.feed.next(0, {});
        QVERIFY(!next);
        QCOMPARE(next.error().code, ErrorCode::ImageDamaged);
    }
    void wrongChecksumReachesEveryDrive()
    {
        Fed fed(imageBytes(3_MiB), {.windowExtents = 1}, QByteArray(32, 'x'));
        fed.feed.start(1);
        for (int i = 0; i < 3; ++i)
            static_cast<void>(fed.feed.next(0, {}));
        const auto end = fed.feed.next(0, {});
        QVERIFY(!end);
        QCOMPARE(end.error().code, ErrorCode::ChecksumMismatch);
        QVERIFY(fed.feed.imageSha256().isEmpty());
    }
    void stopEndsWaiting()
    {
        const QByteArray image = imageBytes(4_MiB);
        Fed fed(image, {.windowExtents = 1, .patience = std::chrono::hours(1)});
        fed.feed.start(2); // the second never takes anything
        std::stop_source stop;
        QVERIFY(fed.feed.next(0, stop.get_token()));
        std::jthread stopper([&stop] { stop.request_stop(); });
        const auto next = fed.feed.next(0, stop.get_token());
        QVERIFY(next);
        QVERIFY(!*next);
    }
};
QTEST_GUILESS_MAIN(TestImageFeed)
#include "tst_imagefeed.moc"
