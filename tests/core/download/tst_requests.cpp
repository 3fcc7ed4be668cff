#include "tests/core/download/downloadbench.h"
#include "tests/core/download/faults.h"

using namespace core;
using namespace tests;

namespace {

void writeFile(const QString &path, const QByteArray &bytes)
{
    QFile file(path);
    if (!file.open(QIODevice::WriteOnly) || file.write(bytes) != bytes.size())
        qFatal("the file cannot be written");
}

HttpReply redirectTo(const QUrl &url)
{
    HttpReply reply;
    reply.status = 302;
    return reply.set("Location", url.toEncoded());
}

} // namespace

/// What requests say of who asks.
class TestRequests : public QObject
{
    Q_OBJECT
private slots:
    void userAgentAndRefererAreSent_data()
    {
        QTest::addColumn<QString>("asked");
        QTest::addColumn<QByteArray>("sent");
        QTest::newRow("nothing asked: the place's") << QString() << QByteArray("dray-test");
        QTest::newRow("the spec's") << u"Mozilla/5.0 (X)"_s << QByteArray("Mozilla/5.0 (X)");
    }
    void userAgentAndRefererAreSent()
    {
        QFETCH(QString, asked);
        const FakeHttpServer other([](const HttpRequest &) { return wholeFile({"other"}); });
        const FakeHttpServer server(
            [&](const HttpRequest &) { return redirectTo(other.url(u"/file.bin"_s)); });
        DownloadBench bench(server.url());
        bench.spec.request = {.userAgent = asked, .referer = u"http://page.test/x"_s};
        const auto result = bench.run();
        QVERIFY2(result == Outcome::Completed, describe(result));
        for (const HttpRequest &request : server.requests() + other.requests()) {
            QTEST(request.header("User-Agent"), "sent");
            QCOMPARE(request.header("Referer"), "http://page.test/x");
        }
    }

    void cookiesGoOnlyWhereTheyBelongAlsoAfterRedirects()
    {
        // 127.0.0.1 and localhost are two hosts to cookies.
        const FakeHttpServer other([](const HttpRequest &) { return wholeFile({"other"}); });
        QUrl otherUrl = other.url(u"/file.bin"_s);
        otherUrl.setHost(u"localhost"_s);
        const FakeHttpServer server([&](const HttpRequest &request) {
            if (request.path == "/file.bin")
                return redirectTo(QUrl(u"/inner/file.bin"_s));
            return redirectTo(otherUrl);
        });
        DownloadBench bench(server.url());
        bench.spec.request.cookies = bench.path(u"cookies.txt"_s);
        writeFile(bench.spec.request.cookies,
                  "127.0.0.1\tFALSE\t/\tFALSE\t0\tmine\t1\n"
                  "127.0.0.1\tFALSE\t/inner\tFALSE\t0\tdeep\t2\n"
                  "#HttpOnly_localhost\tFALSE\t/\tFALSE\t0\ttheirs\t3\n"
                  "127.0.0.1\tFALSE\t/\tTRUE\t0\tsecure\t4\n");
        const auto result = bench.run();
        QVERIFY2(result == Outcome::Completed, describe(result));
        const auto requests = server.requests();
        QCOMPARE(requests.size(), 2);
        QCOMPARE(requests[0].header("Cookie"), "mine=1");
        QCOMPARE(requests[1].header("Cookie"), "deep=2; mine=1");
        QCOMPARE(other.requests().first().header("Cookie"), "theirs=3");
    }

    void cookiesOfAJobAreNotLeftToTheNext()
    {
        const FakeHttpServer server([](const HttpRequest &) { return wholeFile({"small"}); });
        const auto networks = std::make_shared<NetworkPool>();
        DownloadBench first(server.url());
        first.place.networks = networks;
        first.spec.request.cookies = first.path(u"cookies.txt"_s);
        writeFile(first.spec.request.cookies, "127.0.0.1\tFALSE\t/\tFALSE\t0\tsid\t1\n");
        QVERIFY(first.run() == Outcome::Completed);
        DownloadBench second(server.url());
        second.place.networks = networks;
        QVERIFY(second.run() == Outcome::Completed);
        QCOMPARE(server.requests().first().header("Cookie"), "sid=1");
        QVERIFY(server.requests().last().header("Cookie").isEmpty());
    }

    void missingCookieFileFailsTheJobBeforeAnyRequest()
    {
        const FakeHttpServer server([](const HttpRequest &) { return wholeFile({"small"}); });
        DownloadBench bench(server.url());
        bench.spec.request.cookies = bench.path(u"gone.txt"_s);
        const auto result = bench.run();
        QVERIFY(!result);
        QCOMPARE(errorCodeName(result.error().code), errorCodeName(ErrorCode::FileAccess));
        QVERIFY(result.error().context.contains(bench.spec.request.cookies));
        QVERIFY(server.requests().isEmpty());
    }
};

QTEST_GUILESS_MAIN(TestRequests)
#include "tst_requests.moc"
