#include "core/base/digest.h"
#include "core/download/journal.h"
#include "tests/core/download/downloadbench.h"
#include "tests/support/fakehttpserver.h"
#include "tests/support/nginxserver.h"

#include <QCoreApplication>
#include <QProcess>
#include <QTest>

#include <csignal>

using namespace core;
using namespace tests;

namespace {

constexpr qsizetype FileBytes = 48 << 20;
constexpr qint64 ServerBytesPerSecond = 4 << 20;
constexpr QLatin1StringView ChildFlag("--download");

/// The program that is killed: this test itself, told to download and nothing else.
int downloadAsChild(const QStringList &arguments)
{
    DownloadSpec spec;
    spec.url = QUrl(arguments.value(0));
    spec.connections = arguments.value(2).toInt();
    DownloadPlace place;
    place.folder = arguments.value(1);
    place.jobKey = u"tests/1"_s;
    ProgressCell cell;
    DownloadWorker worker(spec, place);
    bool isDone = false;
    std::thread([&] { isDone = worker.run({}, cell).has_value(); }).join();
    return isDone ? 0 : 1;
}

class ChildDownload
{
public:
    ChildDownload(const DownloadBench &bench, int connections)
    {
        m_process.setProcessChannelMode(QProcess::ForwardedChannels);
        m_process.start(QCoreApplication::applicationFilePath(),
                        {ChildFlag, bench.spec.url.toString(), bench.place.folder,
                         QString::number(connections)});
    }
    ~ChildDownload() { killAtOnce(); }
    void killAtOnce()
    {
        m_process.kill(); // SIGKILL
        m_process.waitForFinished();
    }
    Q_DISABLE_COPY_MOVE(ChildDownload)

private:
    QProcess m_process;
};

qint64 journaledBytes(const DownloadBench &bench)
{
    const auto record = readJournal(bench.path(u"big.bin.part.journal"_s));
    return record ? record->done.bytes() : 0;
}

} // namespace

class TestDownloadResume : public QObject
{
    Q_OBJECT
private slots:
    void killedDownloadGoesOn_data()
    {
        QTest::addColumn<int>("connections");
        QTest::newRow("one connection") << 1;
        QTest::newRow("four connections") << 4;
    }
    void killedDownloadGoesOn()
    {
        QFETCH(int, connections);
        NginxServer server(ServerBytesPerSecond / connections);
        if (!server.isRunning())
            QSKIP("nginx is not installed");
        const QByteArray content = sampleBytes(FileBytes);
        server.addFile(u"big.bin"_s, content);
        DownloadBench bench(server.url(u"big.bin"_s));
        bench.spec.connections = connections;

        // Killed three times, each time after it had made progress durable.
        qint64 durable = 0;
        for (int kill = 1; kill <= 3; ++kill) {
            const qint64 before = durable;
            ChildDownload child(bench, connections);
            QTRY_VERIFY_WITH_TIMEOUT(journaledBytes(bench) > before, 30'000);
            child.killAtOnce();
            durable = journaledBytes(bench);
            QVERIFY(durable > before);
            QVERIFY(durable < FileBytes);
        }
        const auto record = readJournal(bench.path(u"big.bin.part.journal"_s));
        QVERIFY(record);
        const QByteArray part = readAll(bench.path(u"big.bin.part"_s));
        for (const ByteRange range : record->done.list())
            QVERIFY2(part.mid(range.begin, range.size()) == content.mid(range.begin, range.size()),
                     "the journal claims bytes that the file does not have");

        QTRY_COMPARE(server.connections(), 0); // what the killed one asked for is logged
        const auto accessesBefore = server.accesses().size();
        const auto result = bench.run();
        QVERIFY2(result == Outcome::Completed,
                 qPrintable(result ? QString() : result.error().context));
        QVERIFY(readAll(bench.path(u"big.bin"_s)) == content);
        QCOMPARE(bench.files(), QStringList{u"big.bin"_s});

        // What was proven is not fetched again. (Bytes that nginx sent and nobody took, when a
        // request was cut off, stay within its socket buffers.)
        constexpr qint64 CutOffBytes = 4 << 20;
        QTRY_VERIFY(server.accesses().size() > accessesBefore);
        qint64 sent = 0;
        for (const NginxServer::Access &access : server.accesses().sliced(accessesBefore)) {
            QCOMPARE(access.status, 206);
            sent += access.bodyBytes;
        }
        QVERIFY2(sent <= FileBytes - durable + CutOffBytes, qPrintable(QString::number(sent)));
        if (connections == 1)
            QCOMPARE(sent, FileBytes - durable + Overlap::Bytes);
    }

    void aServerThatMindsIfRangeIsAskedWithoutIt_data()
    {
        QTest::addColumn<int>("connections");
        QTest::newRow("one connection") << 1;
        QTest::newRow("four connections") << 4;
    }
    void aServerThatMindsIfRangeIsAskedWithoutIt()
    {
        QFETCH(int, connections);
        const HttpFile file{sampleBytes(12 << 20)};
        const FakeHttpServer server([&](const HttpRequest &request) {
            HttpReply reply = file.answer(request);
            if (!request.header("If-Range").isEmpty()) {
                reply = HttpReply{};
                reply.set("ETag", file.etag);
                reply.body = file.content;
            }
            reply.bytesPerSecond = 6 << 20;
            return reply;
        });
        DownloadBench bench(server.url());
        bench.spec.connections = connections;
        const auto stopped =
            bench.runUntil([&] { return bench.cell->read().done > file.content.size() / 3; });
        QCOMPARE(stopped, Result<Outcome>(Outcome::Stopped));
        const auto record = readJournal(bench.path(u"file.bin.part.journal"_s));
        QVERIFY(record && record->done.bytes() > 0);
        const qsizetype before = server.requests().size();

        const auto result = bench.run();
        QVERIFY2(result == Outcome::Completed,
                 qPrintable(result ? QString() : result.error().context));
        QVERIFY(readAll(bench.path(u"file.bin"_s)) == file.content);
        for (const HttpRequest &request : server.requests().sliced(before)) {
            const auto range = request.range();
            QVERIFY(range);
            const auto isHere = [&](qint64 at) { return record->done.contains({at, at + 1}); };
            QVERIFY2(!isHere(range->first) || !isHere(range->first + Overlap::Bytes),
                     "what is here is not asked for again");
        }
    }

    void bytesThatTheDiskLostAreFetchedAgain_data()
    {
        QTest::addColumn<bool>("isFirstRange");
        QTest::newRow("before the first gap") << true;
        QTest::newRow("before a later gap") << false;
    }
    void bytesThatTheDiskLostAreFetchedAgain()
    {
        QFETCH(bool, isFirstRange);
        const HttpFile file{sampleBytes(12 << 20)};
        const FakeHttpServer server([&](const HttpRequest &request) {
            HttpReply reply = file.answer(request);
            reply.bytesPerSecond = 2 << 20;
            return reply;
        });
        DownloadBench bench(server.url());
        bench.spec.connections = 4;
        const auto stopped =
            bench.runUntil([&] { return bench.cell->read().done > file.content.size() / 2; });
        QCOMPARE(stopped, Result<Outcome>(Outcome::Stopped));
        const auto record = readJournal(bench.path(u"file.bin.part.journal"_s));
        QVERIFY(record && record->done.list().size() > 1);
        const auto &done = record->done.list();
        const ByteRange lost = isFirstRange ? done.first() : done.last();
        QFile part(bench.path(u"file.bin.part"_s));
        QVERIFY(part.open(QIODevice::ReadWrite));
        QVERIFY(part.seek(lost.end - 1000) && part.write(QByteArray(1000, '\0')) == 1000);
        part.close();

        const auto result = bench.run();
        QVERIFY2(result == Outcome::Completed,
                 qPrintable(result ? QString() : result.error().context));
        QVERIFY(readAll(bench.path(u"file.bin"_s)) == file.content);
    }

    void whatAKillLeftBehindIsNeverPartOfTheFile_data()
    {
        QTest::addColumn<qint64>("proven"); // bytes that the journal claims
        QTest::addColumn<qint64>("size"); // as the journal knows it; -1: unknown
        QTest::newRow("a longer stream was not recorded yet") << qint64(0) << qint64(-1);
        QTest::newRow("the part was cut after it was recorded") << qint64(40'000) << qint64(40'000);
    }
    void whatAKillLeftBehindIsNeverPartOfTheFile()
    {
        QFETCH(qint64, proven);
        QFETCH(qint64, size);
        const HttpFile file{sampleBytes(40'000)};
        const FakeHttpServer server([&](const HttpRequest &request) {
            HttpReply reply = file.answer(request);
            if (size < 0) { // a server without ranges, lengths or validators
                reply = {.body = file.content};
                reply.isChunked = true;
            }
            return reply;
        });
        DownloadBench bench(server.url());
        QFile part(bench.path(u"file.bin.part"_s));
        const QByteArray left = size < 0 ? sampleBytes(90'000, 2) : file.content.first(100);
        QVERIFY(part.open(QIODevice::WriteOnly) && part.write(left) == left.size());
        part.close();
        JournalRecord record{bench.place.jobKey, bench.spec.url, {size, {}, {}}};
        if (size >= 0)
            record.identity = {size, file.etag, file.lastModified};
        record.done.add({0, proven});
        QVERIFY(writeJournal(bench.path(u"file.bin.part.journal"_s), record));

        QCOMPARE(bench.run(), Result<Outcome>(Outcome::Completed));
        QCOMPARE(readAll(bench.path(u"file.bin"_s)), file.content);
        QCOMPARE(bench.details.sha256, QString::fromLatin1(Sha256::of(file.content).toHex()));
        QCOMPARE(bench.files(), QStringList{u"file.bin"_s});
    }

    void killBetweenRenameAndRecordIsNoticed()
    {
        const QByteArray content = sampleBytes(100'000);
        DownloadBench bench(QUrl(u"http://nosuch.invalid/a.bin"_s));
        QFile file(bench.path(u"a.bin"_s));
        QVERIFY(file.open(QIODevice::WriteOnly) && file.write(content) == content.size());
        file.close();
        bench.place.target = bench.path(u"a.bin"_s);
        JournalRecord record{bench.place.jobKey, bench.spec.url, {content.size(), {}, {}}};
        record.done.add({0, content.size()});
        record.finalTarget = bench.place.target;
        QVERIFY(writeJournal(bench.path(u"a.bin.part.journal"_s), record));
        QCOMPARE(bench.run(), Result<Outcome>(Outcome::Completed));
        QCOMPARE(bench.details.sha256, QString::fromLatin1(Sha256::of(content).toHex()));
        QCOMPARE(bench.files(), QStringList{u"a.bin"_s});
    }
};

int main(int argc, char *argv[])
{
    QCoreApplication app(argc, argv);
    const QStringList arguments = app.arguments();
    if (arguments.value(1) == ChildFlag)
        return downloadAsChild(arguments.sliced(2));
    TestDownloadResume test;
    return QTest::qExec(&test, argc, argv);
}
#include "tst_downloadresume.moc"
