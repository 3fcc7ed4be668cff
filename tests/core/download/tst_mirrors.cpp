#include "core/download/sourceurls.h"
#include "tests/core/download/faults.h"

using namespace core;
using namespace tests;

/// One file from several servers: who fails is replaced, who has something else is left out.
class TestMirrors : public QObject
{
    Q_OBJECT

    /// The first answer breaks, and what follows is `fault`.
    static Fault breaksThen(const Fault &fault)
    {
        return [fault](const HttpRequest &request, HttpReply reply) {
            return request.number == 0 ? cut(std::move(reply), HttpReply::Ending::Reset)
                                       : fault(request, std::move(reply));
        };
    }

private slots:
    void eachUrlIsTriedOnceBeforeAWait()
    {
        SourceUrls urls(QUrl(u"http://a"_s), {QUrl(u"http://b"_s), QUrl(u"http://c"_s)});
        QVERIFY(urls.moveOn());
        QCOMPARE(urls.current().host(), u"b"_s);
        QVERIFY(urls.moveOn());
        QVERIFY(!urls.moveOn());
        QCOMPARE(urls.current().host(), u"a"_s);
        QVERIFY(urls.moveOn());
        urls.onProgress();
        QVERIFY(urls.moveOn());
        QVERIFY(urls.moveOn());
        QCOMPARE(urls.current().host(), u"a"_s);
        QVERIFY(urls.leaveOut());
        QCOMPARE(urls.current().host(), u"b"_s);
        QVERIFY(urls.leaveOut());
        QVERIFY(!urls.leaveOut());
        QCOMPARE(urls.current().host(), u"c"_s);
        QVERIFY(!urls.moveOn());
    }

    void theMirrorGoesOn_data()
    {
        QTest::addColumn<Fault>("first"); // what the user's URL does
        QTest::addColumn<int>("connections");
        const Fault dead = [](const HttpRequest &, HttpReply) { return refusedWith(404); };
        const Fault breaks = [](const HttpRequest &request, HttpReply reply) {
            return request.number == 0 ? cut(std::move(reply), HttpReply::Ending::Reset)
                                       : refusedWith(503);
        };
        const Fault gone = [](const HttpRequest &request, HttpReply reply) {
            return request.number == 0 ? cut(std::move(reply), HttpReply::Ending::Close)
                                       : refusedWith(410);
        };
        for (const int connections : {1, 4}) {
            QTest::addRow("it never answered, %d", connections) << dead << connections;
            QTest::addRow("it breaks and refuses, %d", connections) << breaks << connections;
            QTest::addRow("it breaks and forgets the file, %d", connections) << gone << connections;
        }
    }
    void theMirrorGoesOn()
    {
        QFETCH(Fault, first);
        QFETCH(int, connections);
        const HttpFile file{sampleBytes(LargeBytes)};
        HttpFile elsewhere = file;
        elsewhere.etag = "\"another-host\"";
        const FakeHttpServer server(served(file, first));
        const FakeHttpServer mirror(served(elsewhere, asIs));
        DownloadBench bench(server.url());
        bench.spec.mirrors = {mirror.url()};
        bench.spec.connections = connections;
        bench.spec.headers = {{u"Authorization"_s, u"secret"_s}};
        const auto result = bench.run();
        QVERIFY2(result == Outcome::Completed, describe(result));
        QVERIFY(readAll(bench.path(u"file.bin"_s)) == file.content);
        QCOMPARE(bench.cell->restarts(), 0);
        for (const HttpRequest &request : mirror.requests())
            QCOMPARE(request.header("Authorization"), QByteArray());
    }

    void whoGivesNoRangesCostsNothingThatIsHere_data()
    {
        QTest::addColumn<Fault>("fault");
        QTest::newRow("wrong ranges") << onRanges(contentRangeShifted);
        QTest::newRow("416") << onRanges(
            [](const HttpRequest &, HttpReply) { return refusedWith(416); });
    }
    void whoGivesNoRangesCostsNothingThatIsHere()
    {
        QFETCH(Fault, fault);
        const HttpFile file{sampleBytes(LargeBytes)};
        const FakeHttpServer server(served(file, breaksThen(fault)));
        // Breaks too, so that the first is asked once more.
        const FakeHttpServer mirror(served({file.content, "\"m\""}, breaksThen(asIs)));
        DownloadBench bench(server.url());
        bench.spec.mirrors = {mirror.url()};
        const auto result = bench.run();
        QVERIFY2(result == Outcome::Completed, describe(result));
        QVERIFY(readAll(bench.path(u"file.bin"_s)) == file.content);
        QCOMPARE(server.requests().size(), 2);
        QCOMPARE(bench.cell->restarts(), 0);
    }

    void aMirrorWithSomethingElseIsLeftOut_data()
    {
        QTest::addColumn<HttpFile>("other");
        QTest::newRow("another file of the same length")
            << HttpFile{sampleBytes(LargeBytes, 2), "\"v2\""};
        QTest::newRow("another length") << HttpFile{sampleBytes(LargeBytes / 2, 2), "\"v2\""};
    }
    void aMirrorWithSomethingElseIsLeftOut()
    {
        QFETCH(HttpFile, other);
        const HttpFile file{sampleBytes(LargeBytes)};
        const FakeHttpServer server(served(file, [](const HttpRequest &request, HttpReply reply) {
            return request.number == 0 ? cut(std::move(reply), HttpReply::Ending::Reset) : reply;
        }));
        const FakeHttpServer mirror(served(other, asIs));
        DownloadBench bench(server.url());
        bench.spec.mirrors = {mirror.url()};
        const auto result = bench.run();
        QVERIFY2(result == Outcome::Completed, describe(result));
        QVERIFY(readAll(bench.path(u"file.bin"_s)) == file.content);
        QCOMPARE(bench.cell->restarts(), 0);
        QVERIFY(!mirror.requests().isEmpty());
    }

    /// What differs is the time at which a mirror got it.
    void aChecksumLetsMirrorsHaveValidatorsOfTheirOwn()
    {
        const HttpFile file{sampleBytes(LargeBytes)};
        const FakeHttpServer server(served(file, [](const HttpRequest &request, HttpReply reply) {
            return request.number == 0 ? cut(std::move(reply), HttpReply::Ending::Reset)
                                       : refusedWith(404);
        }));
        const FakeHttpServer mirror(
            served({file.content, "\"m\"", "Wed, 16 Nov 2022 08:12:31 GMT"}, asIs));
        DownloadBench bench(server.url());
        bench.spec.mirrors = {mirror.url()};
        bench.spec.sha256 = sha256Of(file.content);
        const auto result = bench.run();
        QVERIFY2(result == Outcome::Completed, describe(result));
        QVERIFY(readAll(bench.path(u"file.bin"_s)) == file.content);
        QCOMPARE(bench.cell->restarts(), 0);
        QVERIFY(mirror.requests().constLast().range()->first > 0);
    }

    void aStoppedJobGoesOnFromAMirror_data()
    {
        QTest::addColumn<Fault>("fault");
        QTest::newRow("the server refuses")
            << Fault([](const HttpRequest &, HttpReply) { return refusedWith(503); });
        QTest::newRow("the server gives wrong ranges") << onRanges(contentRangeShifted);
    }
    void aStoppedJobGoesOnFromAMirror()
    {
        QFETCH(Fault, fault);
        const HttpFile file{sampleBytes(LargeBytes)};
        FakeHttpServer server(served(file, slowly));
        const FakeHttpServer mirror(served({file.content, "\"m\""}, asIs));
        DownloadBench bench(server.url());
        bench.spec.mirrors = {mirror.url()};
        QCOMPARE(bench.runUntil([&] { return bench.cell->read().done > LargeBytes / 8; }),
                 Result<Outcome>(Outcome::Stopped));
        const qint64 had = bench.cell->read().done;
        server.setScript(served(file, fault));
        const auto result = bench.run();
        QVERIFY2(result == Outcome::Completed, describe(result));
        QVERIFY(readAll(bench.path(u"file.bin"_s)) == file.content);
        QCOMPARE(mirror.requests().first().range()->first, had - Overlap::Bytes);
        QCOMPARE(bench.cell->restarts(), 0);
    }

    void allDeadIsToldAsOne()
    {
        const FakeHttpServer server([](const HttpRequest &) { return refusedWith(404); });
        const FakeHttpServer mirror([](const HttpRequest &) { return refusedWith(404); });
        DownloadBench bench(server.url());
        bench.spec.mirrors = {mirror.url()};
        const auto result = bench.run();
        QVERIFY(!result);
        QCOMPARE(errorCodeName(result.error().code), errorCodeName(ErrorCode::NotFound));
        QCOMPARE(server.requests().size(), 1);
        QCOMPARE(mirror.requests().size(), 1);
    }
};

QTEST_GUILESS_MAIN(TestMirrors)
#include "tst_mirrors.moc"
