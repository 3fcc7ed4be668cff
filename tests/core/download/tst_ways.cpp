#include "server/http/certificate.h"
#include "tests/core/download/downloadbench.h"
#include "tests/core/download/faults.h"
#include "tests/support/nginxserver.h"
#include "tests/support/proxyserver.h"

#include <QSslCertificate>
#include <QSslConfiguration>

using namespace core;
using namespace tests;

namespace {

/// The rule for a job whose proxy is written so.
ProxyRule through(const QString &proxy)
{
    return ProxyRule(*ProxyAddress::parse(proxy));
}

QString portOf(const QUrl &url)
{
    return QString::number(url.port());
}

} // namespace

/// Ways to a server: real proxies, TLS, IPv6.
class TestWays : public QObject
{
    Q_OBJECT
private slots:
    void initTestCase()
    {
        QVERIFY(server::ownCertificate(m_tls.path()));
        m_before = QSslConfiguration::defaultConfiguration();
        QSslConfiguration trusting = m_before;
        QVERIFY(trusting.addCaCertificates(m_tls.filePath(u"server.crt"_s)));
        QSslConfiguration::setDefaultConfiguration(trusting);
    }
    void cleanupTestCase() { QSslConfiguration::setDefaultConfiguration(m_before); }

    void fileComesThroughTheProxyOnManyConnections_data()
    {
        QTest::addColumn<QString>("scheme");
        QTest::addColumn<bool>("isTls");
        QTest::addColumn<bool>("hasLogin");
        for (const bool isTls : {false, true})
            for (const bool hasLogin : {false, true})
                for (const char *scheme : {"http", "socks5", "socks5h"})
                    QTest::addRow("%s, %s, %s", scheme, isTls ? "https" : "plain",
                                  hasLogin ? "login" : "no login")
                        << QString::fromLatin1(scheme) << isTls << hasLogin;
    }
    void fileComesThroughTheProxyOnManyConnections()
    {
        QFETCH(QString, scheme);
        QFETCH(bool, isTls);
        QFETCH(bool, hasLogin);
        const ProxyServer::Login login =
            hasLogin ? ProxyServer::Login{u"ann"_s, u"pass"_s} : ProxyServer::Login();
        const bool isHttp = scheme == "http"_L1;
        ProxyServer proxy(isHttp ? ProxyServer::Kind::Http : ProxyServer::Kind::Socks5, login);
        NginxServer::Options options{.bytesPerSecond = 8 << 20};
        if (isTls) {
            options.certificate = m_tls.filePath(u"server.crt"_s);
            options.key = m_tls.filePath(u"server.key"_s);
        }
        NginxServer server(options);
        if (!proxy.isRunning() || !server.isRunning())
            QSKIP("nginx, tinyproxy or microsocks is not installed");
        const QByteArray content = sampleBytes(LargeBytes);
        server.addFile(u"file.bin"_s, content);
        DownloadBench bench(server.url(u"file.bin"_s));
        bench.spec.connections = 4;
        const QString user = hasLogin ? u"ann:pass@"_s : QString();
        bench.place.proxy = through(scheme + u"://"_s + user + proxy.address());
        const auto result = bench.run();
        QVERIFY2(result == Outcome::Completed, describe(result));
        QVERIFY(readAll(bench.path(u"file.bin"_s)) == content);
        const QByteArray used = isHttp ? (isTls ? "CONNECT" : "GET http://") : "connected to";
        QTRY_VERIFY2(proxy.log().contains(used), proxy.log().constData());
    }

    void socksProxyGetsTheNameOnlyWhenItShallLookItUp_data()
    {
        QTest::addColumn<QString>("scheme");
        QTest::addColumn<QByteArray>("seen");
        QTest::newRow("socks5") << u"socks5"_s << QByteArray("127.0.0.1:");
        QTest::newRow("socks5h") << u"socks5h"_s << QByteArray("localhost:");
    }
    void socksProxyGetsTheNameOnlyWhenItShallLookItUp()
    {
        QFETCH(QString, scheme);
        QFETCH(QByteArray, seen);
        ProxyServer proxy(ProxyServer::Kind::Socks5);
        if (!proxy.isRunning())
            QSKIP("microsocks is not installed");
        const FakeHttpServer server([](const HttpRequest &) { return wholeFile({"small"}); });
        QUrl url = server.url();
        url.setHost(u"localhost"_s);
        DownloadBench bench(url);
        bench.place.proxy = through(scheme + u"://"_s + proxy.address());
        const auto result = bench.run();
        QVERIFY2(result == Outcome::Completed, describe(result));
        QTRY_VERIFY2(proxy.log().contains(seen + portOf(url).toLatin1()), proxy.log().constData());
    }

    void redirectToAnExemptHostGoesThereDirectly()
    {
        ProxyServer proxy(ProxyServer::Kind::Http);
        if (!proxy.isRunning())
            QSKIP("tinyproxy is not installed");
        const FakeHttpServer other([](const HttpRequest &) { return wholeFile({"other"}); });
        QUrl target = other.url();
        target.setHost(u"localhost"_s);
        const FakeHttpServer server([&](const HttpRequest &) {
            HttpReply reply;
            reply.status = 302;
            return reply.set("Location", target.toEncoded());
        });
        QProcessEnvironment environment;
        environment.insert(u"http_proxy"_s, proxy.address());
        environment.insert(u"no_proxy"_s, u"localhost"_s);
        DownloadBench bench(server.url());
        bench.place.proxy = ProxyRule::choose({}, {}, environment);
        const auto result = bench.run();
        QVERIFY2(result == Outcome::Completed, describe(result));
        QTRY_VERIFY(proxy.log().contains("GET http://127.0.0.1:"));
        QVERIFY(!proxy.log().contains("GET http://localhost:"));
    }

    void proxyThatFailsIsNamedAtOnceAndWithoutItsLogin_data()
    {
        QTest::addColumn<QString>("scheme");
        QTest::addColumn<bool>("isThere");
        QTest::addColumn<QString>("url");
        QTest::addColumn<ErrorCode>("code");
        const auto row = [](const char *name, const char *scheme, bool isThere, const char *url,
                            ErrorCode code) {
            QTest::newRow(name) << QString::fromLatin1(scheme) << isThere
                                << QString::fromLatin1(url) << code;
        };
        row("http, nobody there", "http", false, "http://h.test/f", ErrorCode::ConnectionRefused);
        row("http for https, nobody there", "http", false, "https://h.test/f",
            ErrorCode::ConnectionRefused);
        row("socks5h, nobody there", "socks5h", false, "http://h.test/f",
            ErrorCode::ConnectionRefused);
        row("http, wrong login", "http", true, "http://h.test/f",
            ErrorCode::AuthenticationRequired);
        row("socks5h, wrong login", "socks5h", true, "http://h.test/f",
            ErrorCode::AuthenticationRequired);
    }
    void proxyThatFailsIsNamedAtOnceAndWithoutItsLogin()
    {
        QFETCH(QString, scheme);
        QFETCH(bool, isThere);
        QFETCH(QString, url);
        QFETCH(ErrorCode, code);
        const auto kind = scheme == "http"_L1 ? ProxyServer::Kind::Http : ProxyServer::Kind::Socks5;
        auto proxy = std::make_unique<ProxyServer>(kind, ProxyServer::Login{u"a"_s, u"b"_s});
        if (!proxy->isRunning())
            QSKIP("tinyproxy or microsocks is not installed");
        const QString address = proxy->address();
        if (!isThere)
            proxy.reset();
        DownloadBench bench{QUrl(url)};
        bench.place.proxy = through(scheme + u"://ann:secret@"_s + address);
        const auto result = bench.run();
        QVERIFY(!result);
        QVERIFY2(result.error().context.contains(address), qPrintable(result.error().context));
        QVERIFY(!result.error().context.contains(u"secret"_s));
        QVERIFY2(result.error().code == code, describe(result));
    }

    void proxyThatDoesNotTakeTheLoginIsAskedOnce_data()
    {
        QTest::addColumn<QString>("url");
        QTest::addColumn<QString>("login");
        QTest::newRow("http, none") << u"http://h.test/f"_s << QString();
        QTest::newRow("http, wrong") << u"http://h.test/f"_s << u"ann:secret@"_s;
        QTest::newRow("https, none") << u"https://h.test/f"_s << QString();
        QTest::newRow("https, wrong") << u"https://h.test/f"_s << u"ann:secret@"_s;
    }
    void proxyThatDoesNotTakeTheLoginIsAskedOnce()
    {
        QFETCH(QString, url);
        QFETCH(QString, login);
        const FakeHttpServer proxy([](const HttpRequest &) {
            return refusedWith(407).set("Proxy-Authenticate", "Basic realm=\"r\"");
        });
        DownloadBench bench{QUrl(url)};
        const QString address = u"127.0.0.1:"_s + portOf(proxy.url());
        bench.place.proxy = through(u"http://"_s + login + address);
        const auto result = bench.run();
        QVERIFY(!result);
        QVERIFY2(result.error().code == ErrorCode::AuthenticationRequired, describe(result));
        QVERIFY2(result.error().context.contains(address), qPrintable(result.error().context));
        QVERIFY(!result.error().context.contains(u"secret"_s));
        QVERIFY(proxy.requests().size() <= 2);
    }

    void connectionsAreSharedOnlyAmongJobsThatGoTheSameWay()
    {
        ProxyServer proxy(ProxyServer::Kind::Socks5);
        if (!proxy.isRunning())
            QSKIP("microsocks is not installed");
        const FakeHttpServer server([](const HttpRequest &) { return wholeFile({"small"}); });
        const auto networks = std::make_shared<NetworkPool>();
        for (const bool isProxied : {false, true, false, true}) {
            DownloadBench bench(server.url());
            bench.place.networks = networks;
            if (isProxied)
                bench.place.proxy = through(u"socks5://"_s + proxy.address());
            const auto result = bench.run();
            QVERIFY2(result == Outcome::Completed, describe(result));
        }
        const auto requests = server.requests();
        QCOMPARE(requests.size(), 4);
        QCOMPARE(requests[0].clientPort, requests[2].clientPort);
        QCOMPARE(requests[1].clientPort, requests[3].clientPort);
        QVERIFY(requests[0].clientPort != requests[1].clientPort);
    }

    void fileComesOverIPv6OnManyConnections()
    {
        NginxServer server({.bytesPerSecond = 8 << 20, .address = NginxServer::Address::Ipv6});
        if (!server.isRunning())
            QSKIP("nginx is not installed, or this machine has no IPv6");
        const QByteArray content = sampleBytes(LargeBytes);
        server.addFile(u"file.bin"_s, content);
        DownloadBench bench(server.url(u"file.bin"_s));
        bench.spec.connections = 4;
        bench.place.budget = std::make_shared<ConnectionBudget>(ConnectionBudget::Limits{});
        bench.place.networks = std::make_shared<NetworkPool>();
        const auto result = bench.run();
        QVERIFY2(result == Outcome::Completed, describe(result));
        QVERIFY(readAll(bench.path(u"file.bin"_s)) == content);
        QTRY_VERIFY(server.accesses().size() > 1);
    }

    void serverThatOffersHttp2IsAskedInHttp1()
    {
        NginxServer server({.certificate = m_tls.filePath(u"server.crt"_s),
                            .key = m_tls.filePath(u"server.key"_s)});
        if (!server.isRunning())
            QSKIP("nginx is not installed");
        server.addFile(u"file.bin"_s, sampleBytes(SmallBytes));
        DownloadBench bench(server.url(u"file.bin"_s));
        const auto result = bench.run();
        QVERIFY2(result == Outcome::Completed, describe(result));
        QTRY_VERIFY(!server.accesses().isEmpty());
        for (const NginxServer::Access &access : server.accesses())
            QCOMPARE(access.protocol, "HTTP/1.1");
    }

private:
    QTemporaryDir m_tls;
    QSslConfiguration m_before;
};

QTEST_GUILESS_MAIN(TestWays)
#include "tst_ways.moc"
