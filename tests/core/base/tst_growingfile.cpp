#include "core/base/growingfile.h"

#include <QTemporaryFile>
#include <QTest>

#include <fcntl.h>

#include <atomic>
#include <future>
#include <thread>

using namespace core;
using namespace Qt::StringLiterals;

namespace {

constexpr qint64 Bytes = 1'000'000;

/// A file on disk and its growing side.
struct Bench {
    QTemporaryFile disk;
    GrowingFile file;

    Bench() { (void)disk.open(); }
    [[nodiscard]] FileDescriptor descriptor() const
    {
        return std::move(*openFile(disk.fileName(), O_RDONLY));
    }
    void begin(qint64 size = Bytes, const ByteRanges &present = {})
    {
        file.begin(descriptor(), disk.fileName(), size, present);
    }
    [[nodiscard]] GrowingFile::Opened opened() { return *file.waitForBeginning({}); }
    /// On a thread of its own.
    [[nodiscard]] std::future<Result<GrowingFile::Waited>>
    waiting(const GrowingFile::Opened &opened,
            ByteRange range,
            const GrowingFile::Patience &patience = {})
    {
        auto wait = std::async(std::launch::async, [this, opened, range, patience] {
            return file.waitFor(opened, range, patience);
        });
        while (!file.wanted().contains(range)) // it is seen when it waits
            std::this_thread::yield();
        return wait;
    }
};

} // namespace

class TestGrowingFile : public QObject
{
    Q_OBJECT
private slots:
    void beginningIsWaitedForUntilTheSizeIsKnown()
    {
        Bench bench;
        auto beginning =
            std::async(std::launch::async, [&] { return bench.file.waitForBeginning({}); });
        bench.begin(-1);
        bench.file.settle(Bytes);
        const auto opened = beginning.get();
        QVERIFY(opened);
        QCOMPARE(opened->size, Bytes);
        QCOMPARE(opened->path, bench.disk.fileName());
        QVERIFY(opened->file->isOpen());
    }

    void bytesThatAreThereAreNotWaitedFor()
    {
        Bench bench;
        bench.begin(Bytes, ByteRanges({{100, 200}}));
        const auto waited = bench.file.waitFor(bench.opened(), {120, 200}, {});
        QVERIFY(waited);
        QCOMPARE(*waited, GrowingFile::Waited::No);
    }

    void waitEndsWhenTheLastByteOfTheRangeIsThere()
    {
        Bench bench;
        bench.begin();
        auto wait = bench.waiting(bench.opened(), {0, 300});
        bench.file.add({0, 100});
        bench.file.add({200, 300});
        QVERIFY(bench.file.wanted().contains(ByteRange{0, 300}));
        bench.file.add({100, 200});
        const auto waited = wait.get();
        QVERIFY(waited);
        QCOMPARE(*waited, GrowingFile::Waited::Yes);
        QVERIFY(bench.file.wanted().isEmpty());
    }

    void whoWaitsLongestIsNamedFirst()
    {
        Bench bench;
        bench.begin();
        auto late = bench.waiting(bench.opened(), {5000, 6000});
        auto early = bench.waiting(bench.opened(), {100, 200});
        QCOMPARE(bench.file.wanted(), (QList<ByteRange>{{5000, 6000}, {100, 200}}));
        bench.file.add({0, Bytes});
        QVERIFY(late.get());
        QVERIFY(early.get());
    }

    void stopEndsEveryWait()
    {
        Bench bench;
        std::stop_source stop;
        auto beginning = std::async(std::launch::async, [&] {
            return bench.file.waitForBeginning({stop.get_token(), {}});
        });
        stop.request_stop();
        QCOMPARE(beginning.get().error().code, ErrorCode::InvalidState);
        bench.begin();
        std::stop_source second;
        auto wait = bench.waiting(bench.opened(), {0, 1}, {second.get_token(), {}});
        second.request_stop();
        QCOMPARE(wait.get().error().code, ErrorCode::InvalidState);
        const auto end = bench.file.waitForEnd(bench.opened(), {stop.get_token(), {}});
        QCOMPARE(end.error().code, ErrorCode::InvalidState);
    }

    void failureOfTheDownloadEndsEveryWaitWithItsReason()
    {
        Bench bench;
        bench.begin();
        const auto opened = bench.opened();
        auto wait = bench.waiting(opened, {0, 1});
        bench.file.fail({ErrorCode::NotFound, u"gone"_s});
        QCOMPARE(wait.get().error(), (Error{ErrorCode::NotFound, u"gone"_s}));
        QCOMPARE(bench.file.waitForEnd(opened, {}).error().code, ErrorCode::NotFound);
        QCOMPARE(bench.file.waitForBeginning({}).error().code, ErrorCode::NotFound);
    }

    void endTellsTheSha256()
    {
        Bench bench;
        bench.begin();
        const auto opened = bench.opened();
        auto end =
            std::async(std::launch::async, [&] { return bench.file.waitForEnd(opened, {}); });
        bench.file.add({0, Bytes});
        QVERIFY(!bench.file.hasSucceeded());
        bench.file.succeed("digest");
        QCOMPARE(end.get().value_or(QByteArray()), QByteArray("digest"));
        QVERIFY(bench.file.hasSucceeded());
    }

    void successWithoutAFileIsNoBeginning()
    {
        GrowingFile file;
        file.succeed({});
        QCOMPARE(file.waitForBeginning({}).error().code, ErrorCode::NotFound);
    }

    void missingBytesAfterTheEndAreAFailure()
    {
        Bench bench;
        bench.begin();
        bench.file.succeed({});
        QCOMPARE(bench.file.waitFor(bench.opened(), {0, 1}, {}).error().code,
                 ErrorCode::FileAccess);
    }

    void readerGoesOnWhenTheDownloadDoes()
    {
        Bench bench;
        bench.begin();
        const auto opened = bench.opened();
        bench.file.add({0, 1000});
        bench.begin(Bytes, ByteRanges({{0, 2000}})); // the same file, with more of it
        QVERIFY(bench.file.waitFor(opened, {0, 2000}, {}));
    }

    void bytesThatAreGoneFailWhoeverReads_data()
    {
        QTest::addColumn<int>("how");
        QTest::newRow("the download starts over") << 0;
        QTest::newRow("it goes on with fewer bytes") << 1;
        QTest::newRow("it goes on in another file") << 2;
        QTest::newRow("it has another size") << 3;
    }
    void bytesThatAreGoneFailWhoeverReads()
    {
        QFETCH(int, how);
        Bench bench;
        Bench other;
        bench.begin(Bytes, ByteRanges({{0, 1000}}));
        const auto opened = bench.opened();
        auto wait = bench.waiting(opened, {5000, 6000});
        if (how == 0)
            bench.file.restart(Bytes, {});
        else if (how == 1)
            bench.begin(Bytes, ByteRanges({{0, 999}}));
        else if (how == 3)
            bench.file.restart(Bytes + 1, ByteRanges({{0, 1000}}));
        else
            bench.file.begin(other.descriptor(), other.disk.fileName(), Bytes,
                             ByteRanges({{0, 1000}}));
        QCOMPARE(wait.get().error().code, ErrorCode::RemoteChanged);
        bench.file.add({0, Bytes});
        bench.file.succeed({});
        QCOMPARE(bench.file.waitFor(opened, {0, 10}, {}).error().code, ErrorCode::RemoteChanged);
        QCOMPARE(bench.file.waitForEnd(opened, {}).error().code, ErrorCode::RemoteChanged);
        QVERIFY(bench.file.waitForEnd(bench.opened(), {}));
    }

    void restartBeforeTheFirstByteChangesNothing()
    {
        Bench bench;
        bench.begin();
        const auto opened = bench.opened();
        bench.file.restart(Bytes, {});
        bench.file.add({0, 10});
        QVERIFY(bench.file.waitFor(opened, {0, 10}, {}));
    }

    void longWaitIsToldOfOnce()
    {
        Bench bench;
        bench.begin();
        std::atomic<int> told{0};
        std::promise<void> isTold;
        const GrowingFile::Patience patience{{}, [&] {
                                                 ++told;
                                                 isTold.set_value();
                                             }};
        auto wait = bench.waiting(bench.opened(), {0, 10}, patience);
        isTold.get_future().wait();
        bench.file.add({0, 10});
        QVERIFY(wait.get());
        QCOMPARE(told.load(), 1);
    }

    void manyReadersFollowOneWriter()
    {
        constexpr qint64 Step = 1000;
        Bench bench;
        bench.begin();
        const auto opened = bench.opened();
        std::vector<std::future<bool>> readers;
        for (int i = 0; i < 4; ++i)
            readers.push_back(std::async(std::launch::async, [&] {
                bool isFine = true;
                for (qint64 at = 0; at < Bytes; at += Step)
                    isFine = isFine && bench.file.waitFor(opened, {at, at + Step}, {});
                return isFine && bench.file.waitForEnd(opened, {});
            }));
        bench.file.add({Bytes - Step, Bytes});
        for (qint64 at = 0; at < Bytes - Step; at += Step)
            bench.file.add({at, at + Step});
        bench.file.succeed({});
        for (auto &reader : readers)
            QVERIFY(reader.get());
    }
};

QTEST_APPLESS_MAIN(TestGrowingFile)
#include "tst_growingfile.moc"
