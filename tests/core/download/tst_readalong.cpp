#include "tests/core/download/faults.h"

#include <future>

using namespace core;
using namespace tests;

namespace {

constexpr qint64 MiB = 1 << 20;
constexpr qint64 Middle = 8 * MiB;

/// A download that somebody reads while it runs.
struct ReadBench : DownloadBench {
    std::shared_ptr<GrowingFile> file = std::make_shared<GrowingFile>();

    explicit ReadBench(const QUrl &url)
        : DownloadBench(url)
    {
        place.reader = file;
    }
    /// Reads `range` on a thread of its own, as soon as there is a file.
    [[nodiscard]] std::future<Result<QByteArray>> reading(ByteRange range) const
    {
        return std::async(std::launch::async, [reader = file, range]() -> Result<QByteArray> {
            const auto opened = reader->waitForBeginning({});
            if (!opened)
                return fail(opened.error());
            if (const auto waited = reader->waitFor(*opened, range, {}); !waited)
                return fail(waited.error());
            QByteArray bytes(range.size(), Qt::Uninitialized);
            const auto count =
                ::pread(opened->file->get(), bytes.data(), size_t(range.size()), range.begin);
            return count == range.size() ? Result<QByteArray>(bytes) : fail(ErrorCode::FileAccess);
        });
    }
};

QList<qint64> beginnings(const FakeHttpServer &server)
{
    QList<qint64> offsets;
    for (const HttpRequest &request : server.requests())
        offsets.append(request.range() ? request.range()->first : -1);
    return offsets;
}

} // namespace

/// Downloads whose file is read while it grows.
class TestReadAlong : public QObject
{
    Q_OBJECT
private slots:
    void endComesSecondAndTheRestInOrder()
    {
        const HttpFile file{sampleBytes(LargeBytes)};
        FakeHttpServer server(served(file, slowly));
        ReadBench bench(server.url());
        const auto result = bench.run();
        QVERIFY2(result == Outcome::Completed, describe(result));
        QVERIFY(readAll(bench.path(u"file.bin"_s)) == file.content);
        const QList<qint64> offsets = beginnings(server);
        QCOMPARE(offsets.value(0), 0);
        QCOMPARE(offsets.value(1), LargeBytes - MiB);
        QList<qint64> inOrder = offsets;
        inOrder.removeAt(1);
        QVERIFY(std::ranges::is_sorted(inOrder));
    }

    void whatIsWaitedForComesFirst_data()
    {
        QTest::addColumn<int>("connections");
        QTest::newRow("one connection") << 1;
        QTest::newRow("four connections") << 4;
    }
    void whatIsWaitedForComesFirst()
    {
        QFETCH(int, connections);
        constexpr ByteRange Wanted{Middle, Middle + 1000};
        const HttpFile file{sampleBytes(3 * LargeBytes)};
        FakeHttpServer server(served(file, slowly));
        ReadBench bench(server.url());
        bench.spec.connections = connections;
        auto read = bench.reading(Wanted);
        const auto result = bench.run();
        QVERIFY2(result == Outcome::Completed, describe(result));
        QCOMPARE(read.get().value_or(QByteArray()), file.content.mid(Middle, Wanted.size()));
        const qsizetype at = beginnings(server).indexOf(Middle);
        QVERIFY2(at > 0 && at < connections + 4, QByteArray::number(at).constData());
        QVERIFY(readAll(bench.path(u"file.bin"_s)) == file.content);
    }

    void requestsStayCloseToEachOther()
    {
        const HttpFile file{sampleBytes(3 * LargeBytes)};
        FakeHttpServer server(served(file, slowly));
        ReadBench bench(server.url());
        bench.spec.connections = 4;
        const auto result = bench.run();
        QVERIFY2(result == Outcome::Completed, describe(result));
        QVERIFY(readAll(bench.path(u"file.bin"_s)) == file.content);
        for (const HttpRequest &request : server.requests().mid(1)) {
            const auto range = request.range();
            QVERIFY(range && range->second >= 0);
            QVERIFY(range->second - range->first < 4 * MiB);
        }
    }

    void serverWithoutRangesIsReadInOrder()
    {
        const HttpFile file{sampleBytes(LargeBytes)};
        FakeHttpServer server([file](const HttpRequest &) {
            HttpReply reply;
            reply.body = file.content;
            return reply;
        });
        ReadBench bench(server.url());
        auto first = bench.reading({0, 1000});
        auto last = bench.reading({LargeBytes - 1000, LargeBytes});
        const auto result = bench.run();
        QVERIFY2(result == Outcome::Completed, describe(result));
        QCOMPARE(first.get().value_or(QByteArray()), file.content.first(1000));
        QCOMPARE(last.get().value_or(QByteArray()), file.content.last(1000));
    }

    void sizeThatIsToldByTheEndBeginsThere()
    {
        const HttpFile file{sampleBytes(SmallBytes)};
        FakeHttpServer server([file](const HttpRequest &) {
            HttpReply reply;
            reply.body = file.content;
            reply.isChunked = true;
            return reply;
        });
        ReadBench bench(server.url());
        auto all = bench.reading({0, SmallBytes});
        const auto result = bench.run();
        QVERIFY2(result == Outcome::Completed, describe(result));
        QCOMPARE(all.get().value_or(QByteArray()), file.content);
    }

    void readerStaysWithAPausedDownload()
    {
        const HttpFile file{sampleBytes(LargeBytes)};
        FakeHttpServer server(served(file, slowly));
        ReadBench bench(server.url());
        auto all = bench.reading({0, LargeBytes});
        const auto paused = bench.runUntil([&] { return bench.cell->read().done > 2 * MiB; });
        QCOMPARE(paused, Result<Outcome>(Outcome::Stopped));
        const auto result = bench.run();
        QVERIFY2(result == Outcome::Completed, describe(result));
        QVERIFY(all.get().value_or(QByteArray()) == file.content);
    }

    void readerOfAFileThatChangedIsTold()
    {
        const HttpFile old{sampleBytes(LargeBytes, 1)};
        FakeHttpServer server(served(old, slowly));
        ReadBench bench(server.url());
        auto all = bench.reading({0, LargeBytes});
        const auto paused = bench.runUntil([&] { return bench.cell->read().done > 2 * MiB; });
        QCOMPARE(paused, Result<Outcome>(Outcome::Stopped));
        const HttpFile other{sampleBytes(LargeBytes, 2), "\"v2\""};
        server.setScript(served(other, asIs));
        const auto changed = bench.run();
        QVERIFY(!changed);
        QCOMPARE(changed.error().code, ErrorCode::RemoteChanged);
        const auto again = bench.run(); // whoever runs it again wants the other file
        QVERIFY2(again == Outcome::Completed, describe(again));
        const auto read = all.get();
        QVERIFY(!read);
        QCOMPARE(read.error().code, ErrorCode::RemoteChanged);
    }
};

QTEST_GUILESS_MAIN(TestReadAlong)
#include "tst_readalong.moc"
