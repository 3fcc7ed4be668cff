#include "server/http/certificate.h"
#include "tests/server/http/httpbench.h"
#include "tests/server/http/rawclient.h"

#include <QFile>
#include <QFileInfo>
#include <QSslCertificateExtension>
#include <QSslCipher>
#include <QTest>
#include <QWebSocket>

using namespace server;
using namespace std::chrono_literals;
using namespace Qt::StringLiterals;
using tests::HttpBench;
using tests::RawAnswer;
using tests::RawClient;

namespace {

/// A server on loopback that speaks TLS with a certificate made for the test.
struct TlsBench {
    QTemporaryDir folder;
    HttpBench bench;

    TlsBench()
        : bench(options(folder.path()))
    { }
    static HttpServer::Options options(const QString &folder)
    {
        if (!ownCertificate(folder))
            qFatal("no certificate");
        return {.tlsCertificate = folder + u"/server.crt"_s, .tlsKey = folder + u"/server.key"_s};
    }
};

} // namespace

class TestHttpTls : public QObject
{
    Q_OBJECT
private slots:
    void theOwnCertificateIsMadeOnce()
    {
        const QTemporaryDir folder;
        const auto first = ownCertificate(folder.filePath(u"tls"_s));
        QVERIFY(first);
        const auto second = ownCertificate(folder.filePath(u"tls"_s));
        QVERIFY(second);
        QCOMPARE(fingerprintOf(*first), fingerprintOf(*second));
        QCOMPARE(fingerprintOf(*first).size(), 32 * 3 - 1);
        const QFileInfo key(folder.filePath(u"tls/server.key"_s));
        QCOMPARE(key.permissions() & (QFile::ReadGroup | QFile::ReadOther), QFile::Permissions());
        const auto names = first->localCertificate().subjectAlternativeNames();
        QVERIFY(names.values(QSsl::DnsEntry).contains(u"localhost"_s));
        QVERIFY(names.values(QSsl::IpAddressEntry).contains(u"127.0.0.1"_s));
    }

    void badFilesAreNamed()
    {
        const QTemporaryDir folder;
        const auto missing =
            loadCertificate(folder.filePath(u"a.crt"_s), folder.filePath(u"a.key"_s));
        QCOMPARE(missing.error().code, core::ErrorCode::FileAccess);
        QVERIFY(missing.error().context.contains(u"a.crt"_s));
        QVERIFY(ownCertificate(folder.path()));
        const QString certificate = folder.filePath(u"server.crt"_s);
        QCOMPARE(loadCertificate(certificate, certificate).error().code,
                 core::ErrorCode::TlsFailed);
        const QTemporaryDir other;
        QVERIFY(ownCertificate(other.path()));
        const QString otherKey = other.filePath(u"server.key"_s);
        const auto mixed = loadCertificate(certificate, otherKey);
        QCOMPARE(mixed.error().code, core::ErrorCode::TlsFailed);
        QVERIFY(mixed.error().context.contains(otherKey));
        QVERIFY(mixed.error().context.contains(certificate));
    }

    void aListenerBeyondLoopbackSpeaksTls()
    {
        core::SystemClock clock;
        const Router router;
        Access access(clock, {});
        const QTemporaryDir folder;
        HttpServer server(router, access, clock,
                          {.listen = {u"127.0.0.1:0"_s, u"[::]:0"_s}, .dataDir = folder.path()});
        // Not listened on in tests: nothing but loopback is opened here.
        QVERIFY(ownCertificate(folder.filePath(u"tls"_s)));
        QVERIFY(QFile::resize(folder.filePath(u"tls/server.key"_s), 0));
        const auto listening = server.listen();
        QVERIFY(!listening);
        QCOMPARE(listening.error().code, core::ErrorCode::TlsFailed);
        QVERIFY(server.ports().isEmpty());
    }

    void requestsOverTls()
    {
        TlsBench tls;
        QCOMPARE(tls.bench.server().urls().first().scheme(), u"https"_s);
        QVERIFY(!tls.bench.server().certificateFingerprint().isEmpty());
        RawClient client(tls.bench.port(), RawClient::Transport::Tls);
        QCOMPARE(client.ask(tls.bench.get("/hello")).body, QByteArray("hello"));
        QCOMPARE(client.socket().sessionCipher().name(), u"TLS_AES_128_GCM_SHA256"_s);
        const QByteArray own = "Origin: https://" + tls.bench.host() + "\r\n";
        QCOMPARE(client.ask(tls.bench.get("/hello", own)).status, 200);
        const QByteArray body(300'000, 'x');
        QCOMPARE(
            client.ask(tls.bench.request("POST", "/big", "Content-Length: 300000\r\n") + body).body,
            body);
        for (int i = 0; i < 20; ++i) // more than the read buffers hold
            client.send(tls.bench.request("POST", "/echo", "Content-Length: 30000\r\n")
                        + QByteArray(30'000, char('a' + i)));
        for (int i = 0; i < 20; ++i)
            QCOMPARE(client.receive().body, QByteArray(30'000, char('a' + i)));
        const QByteArray plain = "Origin: http://" + tls.bench.host() + "\r\n";
        QCOMPARE(client.ask(tls.bench.get("/hello", plain)).status, 403);
    }

    void aPlainClientIsDropped()
    {
        TlsBench tls;
        RawClient client(tls.bench.port());
        client.send(tls.bench.get("/hello"));
        QVERIFY(client.waitForEnd());
        QVERIFY(!client.unread().contains("HTTP/"));
        QTRY_COMPARE(tls.bench.server().counters().connectionsOpen, 0);
    }

    void aSilentTlsPeerIsDropped()
    {
        TlsBench tls;
        RawClient client(tls.bench.port());
        QVERIFY(client.waitForEnd(9s));
        QTRY_COMPARE(tls.bench.server().counters().connectionsOpen, 0);
    }

    void webSocketsOverTls()
    {
        TlsBench tls;
        QWebSocket client;
        QByteArrayList received;
        connect(&client, &QWebSocket::textMessageReceived, &client,
                [&](const QString &text) { received.append(text.toUtf8()); });
        connect(&client, &QWebSocket::sslErrors, &client, [&] { client.ignoreSslErrors(); });
        client.open(QUrl(u"wss://127.0.0.1:%1/ws"_s.arg(tls.bench.port())));
        QTRY_COMPARE(tls.bench.sessions.size(), 1U);
        client.sendTextMessage(QString(60'000, u'x'));
        QTRY_COMPARE(tls.bench.received.size(), 1);
        const QByteArray large(200'000, 'y');
        tls.bench.sessions.front()->send(large);
        tls.bench.sessions.front()->send("end");
        QTRY_COMPARE(received, QByteArrayList({large, "end"}));
        QTRY_COMPARE(tls.bench.sessions.front()->unsentBytes(), 0);
        tls.bench.sessions.front()->close(4505, u"revoked"_s);
        QTRY_COMPARE(int(client.closeCode()), 4505);
    }

    void encryptedBytesCountAsUnsent()
    {
        TlsBench tls;
        tls.bench.writeFile(QByteArray(64 * 1024 * 1024, 'x'));
        RawClient slow(tls.bench.port(), RawClient::Transport::Tls);
        slow.stopReading();
        slow.send(tls.bench.get("/file"));
        RawClient quick(tls.bench.port(), RawClient::Transport::Tls);
        for (int i = 0; i < 200; ++i) // turns in which a pump without a mark would run away
            QCOMPARE(quick.ask(tls.bench.get("/nothing")).status, 404);
        QVERIFY(tls.bench.server().counters().bytesSent < 32 * 1024 * 1024);
    }
};

QTEST_GUILESS_MAIN(TestHttpTls)
#include "tst_httptls.moc"
