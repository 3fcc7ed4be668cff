#include "core/download/countingaccess.h"
#include "core/download/httpfetch.h"
#include "core/download/journal.h"
#include "tests/core/download/faults.h"

#include <array>
#include <atomic>
#include <mutex>

using namespace core;
using namespace tests;
using namespace std::chrono_literals;

namespace {

constexpr qsizetype FileBytes = 3 << 20;
/// Where the end of a chunked body of FakeHttpServer is hardly ever an error to QNetworkAccessManager
/// (6.4): in the size of a chunk, which has 1000 bytes and 7 around them.
constexpr qint64 WithinASize = 100 * 1007 + 2;

/// A job whose requests never time out by themselves, so that only what is tested can end them.
DownloadBench patientBench(const QUrl &url, int connections)
{
    DownloadBench bench(url);
    bench.spec.connections = connections;
    bench.place.timeouts = {1h, 1h};
    bench.place.tuning.assumedRequestCost = 1ms;
    bench.place.tuning.tailPatience = 100ms;
    bench.place.tuning.smallestAtOnce = 0;
    return bench;
}

bool covers(const HttpRequest &request, qint64 offset)
{
    const auto range = request.range();
    return range && range->first <= offset && (range->second < 0 || range->second >= offset);
}

/// Segments that are being fetched.
int openSegments(const JobDetails &details)
{
    return int(std::ranges::count_if(details.segments, [](const JobSegment &segment) {
        return segment.done < segment.end - segment.begin;
    }));
}

/// A GET whose body is read as it comes.
class Fetching
{
public:
    Fetching(CountingAccess &access, const QUrl &url)
        : m_fetch(access, {.url = url, .guard = {.given = url}})
    {
        QObject::connect(&m_fetch, &HttpFetch::bytesReady, &m_fetch, [this] { read(); });
        m_fetch.start();
    }
    [[nodiscard]] const std::optional<FetchEnd> &end() const { return m_fetch.end(); }
    [[nodiscard]] qint64 bytes() const { return m_bytes; }

private:
    void read()
    {
        std::array<char, 65'536> buffer;
        while (const qint64 count = m_fetch.read(buffer))
            m_bytes += count;
    }

    HttpFetch m_fetch;
    qint64 m_bytes = 0;
};

} // namespace

class TestConnections : public QObject
{
    Q_OBJECT
private slots:
    void thirtyTwoConnectionsOverSeveralNetworks()
    {
        const HttpFile file{sampleBytes(48 << 20)};
        FakeHttpServer server([&file](const HttpRequest &request) {
            HttpReply reply = file.answer(request);
            reply.bytesPerSecond = 300'000;
            return reply;
        });
        DownloadBench bench(server.url());
        bench.spec.connections = 32;
        bench.place.budget = std::make_shared<ConnectionBudget>(ConnectionBudget::Limits{});
        bench.place.networks = std::make_shared<NetworkPool>();
        int most = 0;
        const auto stopped = bench.runUntil([&] {
            if (const auto details = bench.cell->takeDetails())
                most = std::max(most, openSegments(*details));
            return most >= 32;
        });
        QCOMPARE(stopped, Result<Outcome>(Outcome::Stopped));
        QCOMPARE(most, 32);
        server.setScript(served(file, asIs));
        const auto result = bench.run();
        QVERIFY2(result == Outcome::Completed, describe(result));
        QVERIFY(readAll(bench.path(u"file.bin"_s)) == file.content);
    }

    void silentTailIsFetchedASecondTime()
    {
        const HttpFile file{sampleBytes(FileBytes)};
        std::atomic<qint64> stalledAt{-1};
        const FakeHttpServer server([&](const HttpRequest &request) {
            HttpReply reply = file.answer(request);
            if (!isLaterRange(request) || stalledAt >= 0)
                return reply;
            reply.cutAfter = reply.body.size() - 50'000;
            reply.ending = HttpReply::Ending::Stall;
            stalledAt = request.range()->first + reply.cutAfter;
            return reply;
        });
        DownloadBench bench = patientBench(server.url(), 2);
        const auto result = bench.run();
        QVERIFY2(result == Outcome::Completed, describe(result));
        QVERIFY(readAll(bench.path(u"file.bin"_s)) == file.content);
        const auto requests = server.requests();
        QVERIFY(std::ranges::count_if(requests,
                                      [&](const HttpRequest &request) {
                                          return isLaterRange(request)
                                              && covers(request, stalledAt + 1);
                                      })
                >= 2);
    }

    void tailThatComesTwiceAndDiffersIsNotBelieved()
    {
        const HttpFile file{sampleBytes(FileBytes)};
        std::atomic<qint64> slowFrom{-1};
        const FakeHttpServer server([&](const HttpRequest &request) {
            HttpReply reply = file.answer(request);
            if (!isLaterRange(request))
                return reply;
            if (slowFrom < 0) {
                slowFrom = request.range()->first;
                reply.bytesPerSecond = 20'000;
            } else if (covers(request, slowFrom + 60'000)) {
                reply.body.fill('x');
                reply.bytesPerSecond = 20'000;
            }
            return reply;
        });
        DownloadBench bench = patientBench(server.url(), 2);
        bench.place.tuning.smallestPart = 1 << 20; // no split, the whole lease is the tail
        bench.place.tuning.largestTail = 2 << 20;
        const auto result = bench.run();
        QVERIFY(!result);
        QCOMPARE(errorCodeName(result.error().code), errorCodeName(ErrorCode::RemoteChanged));
        QVERIFY(readJournal(bench.path(u"file.bin.part.journal"_s))->standing
                == JournalRecord::Standing::Void);
    }

    void silentSegmentIsAskedAgainAndCostsNoTry()
    {
        const HttpFile file{sampleBytes(LargeBytes)};
        std::atomic<bool> isStalled{false};
        const FakeHttpServer server([&](const HttpRequest &request) {
            HttpReply reply = slowly(request, file.answer(request));
            if (!isLaterRange(request) || isStalled.exchange(true))
                return reply;
            reply.cutAfter = 10'000;
            reply.ending = HttpReply::Ending::Stall;
            return reply;
        });
        DownloadBench bench = patientBench(server.url(), 3);
        bench.place.retry.maxTries = 1;
        bench.place.tuning.stallSilence = 200ms;
        const auto result = bench.run();
        QVERIFY2(result == Outcome::Completed, describe(result));
        QVERIFY(readAll(bench.path(u"file.bin"_s)) == file.content);
    }

    void refusedConnectionsLeaveTheOthersRunning()
    {
        const HttpFile file{sampleBytes(LargeBytes)};
        std::atomic<int> later{0};
        const FakeHttpServer server([&](const HttpRequest &request) {
            if (isLaterRange(request) && ++later > 2 && later < 6)
                return refusedWith(429).set("Retry-After", "1");
            return slowly(request, file.answer(request));
        });
        DownloadBench bench = patientBench(server.url(), 8);
        bench.place.budget = std::make_shared<ConnectionBudget>(ConnectionBudget::Limits{});
        const auto result = bench.run();
        QVERIFY2(result == Outcome::Completed, describe(result));
        QVERIFY(readAll(bench.path(u"file.bin"_s)) == file.content);
        const QString host = u"127.0.0.1:%1"_s.arg(server.url().port());
        const auto known = bench.place.budget->share(host, 8)->known();
        QVERIFY(known && known->refused == ConnectionBudget::Refused::Yes);
        QVERIFY(known->connections < 8);
    }

    void jobsThatFollowShareTheConnectionAndNothingElse()
    {
        const FakeHttpServer server(
            [](const HttpRequest &) { return wholeFile({"small"}).set("Set-Cookie", "sid=1"); });
        const auto networks = std::make_shared<NetworkPool>();
        for (int job = 0; job < 3; ++job) {
            DownloadBench bench(server.url());
            bench.place.networks = networks;
            const auto result = bench.run();
            QVERIFY2(result == Outcome::Completed, describe(result));
        }
        const auto requests = server.requests();
        QCOMPARE(requests.size(), 3);
        for (const HttpRequest &request : requests) {
            QCOMPARE(request.clientPort, requests.first().clientPort);
            QVERIFY(request.header("Cookie").isEmpty());
        }
    }

    void aChunkedBodyIsProvenByItsOwnConnection_data()
    {
        QTest::addColumn<bool>("hasOthers"); // connections that are open and idle
        QTest::addColumn<bool>("isCut");
        for (const bool hasOthers : {false, true})
            for (const bool isCut : {false, true})
                QTest::addRow("%s, %s", hasOthers ? "beside others" : "alone",
                              isCut ? "cut short" : "whole")
                    << hasOthers << isCut;
    }
    void aChunkedBodyIsProvenByItsOwnConnection()
    {
        QFETCH(bool, hasOthers);
        QFETCH(bool, isCut);
        std::atomic<int> gets{0};
        const FakeHttpServer server([&](const HttpRequest &request) {
            if (request.method == "HEAD")
                return HttpReply{};
            HttpReply reply = wholeFile({sampleBytes(SmallBytes)});
            reply.isChunked = request.path == "/chunked";
            if (reply.isChunked && gets++ == 0 && isCut) {
                reply.cutAfter = WithinASize;
                reply.ending = HttpReply::Ending::Close;
            }
            return reply;
        });
        CountingAccess access;
        if (hasOthers) {
            Fetching first(access, server.url(u"/a"_s));
            Fetching second(access, server.url(u"/b"_s));
            QTRY_VERIFY(first.end() && second.end());
            const auto requests = server.requests();
            QVERIFY(requests.at(0).clientPort != requests.at(1).clientPort);
        }
        Fetching chunked(access, server.url(u"/chunked"_s));
        QTRY_VERIFY(chunked.end());
        QCOMPARE(chunked.end()->error.has_value(), isCut);
        QCOMPARE(chunked.bytes() == SmallBytes, !isCut);
        if (!isCut) // else QNetworkAccessManager told of it where the bytes came in other pieces
            QCOMPARE(gets.load(), hasOthers ? 2 : 1); // the second one is counted
    }

    /// Also behind a redirect the connection is one and the same.
    void chunkedBodiesOfJobsThatFollowAreFetchedOnce()
    {
        const FakeHttpServer server([](const HttpRequest &request) {
            if (request.path == "/file.bin")
                return refusedWith(302).set("Location", "/chunked");
            HttpReply reply = wholeFile({request.method == "HEAD" ? "" : "small"});
            reply.isChunked = request.method != "HEAD";
            return reply;
        });
        const auto networks = std::make_shared<NetworkPool>();
        for (int job = 0; job < 3; ++job) {
            DownloadBench bench(server.url());
            bench.place.networks = networks;
            const auto result = bench.run();
            QVERIFY2(result == Outcome::Completed, describe(result));
        }
        QByteArrayList methods;
        for (const HttpRequest &request : server.requests())
            methods.append(request.method);
        QCOMPARE(methods.join(' '), QByteArray("GET GET HEAD GET GET HEAD GET GET HEAD"));
    }

    void credentialsAreNotLeftToTheNextJob()
    {
        const FakeHttpServer server([](const HttpRequest &request) {
            if (request.header("Authorization").isEmpty())
                return refusedWith(401).set("WWW-Authenticate", "Basic realm=\"r\"");
            return wholeFile({"secret"});
        });
        const auto networks = std::make_shared<NetworkPool>();
        QUrl url = server.url();
        url.setUserInfo(u"user:password"_s);
        DownloadBench first(url);
        first.place.networks = networks;
        const auto result = first.run();
        QVERIFY2(result == Outcome::Completed, describe(result));
        DownloadBench second(server.url());
        second.place.networks = networks;
        const auto refused = second.run();
        QVERIFY(!refused);
        QCOMPARE(refused.error().code, ErrorCode::AuthenticationRequired);
    }
};

QTEST_GUILESS_MAIN(TestConnections)
#include "tst_connections.moc"
