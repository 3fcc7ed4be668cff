#include "tests/server/http/httpbench.h"
#include "tests/server/http/rawclient.h"

#include <QFile>
#include <QProcess>
#include <QSignalSpy>
#include <QTcpServer>
#include <QTest>

#include <sys/socket.h>
#include <unistd.h>

using namespace server;
using namespace std::chrono_literals;
using namespace Qt::StringLiterals;
using tests::HttpBench;
using tests::RawAnswer;
using tests::RawClient;

class TestHttpServer : public QObject
{
    Q_OBJECT
private slots:
    void answersWhatAHandlerSays()
    {
        HttpBench bench;
        RawClient client(bench.port());
        const RawAnswer answer = client.ask(bench.get("/hello?a=b"));
        QCOMPARE(answer.status, 200);
        QCOMPARE(answer.body, QByteArray("hello"));
        QCOMPARE(answer.headers.value("content-length"), QByteArray("5"));
        QVERIFY(answer.headers.value("date").endsWith("GMT"));
        QVERIFY(!answer.headers.contains("access-control-allow-origin"));
        QCOMPARE(bench.requests.first().principal, core::Principal::localUser());
        QVERIFY(bench.requests.first().peer.isLoopback());
    }

    void aRequestInSingleBytes()
    {
        HttpBench bench;
        RawClient client(bench.port());
        const QByteArray wire = bench.request("POST", "/echo", "Content-Length: 3\r\n") + "abc";
        for (const char byte : wire) {
            client.send(QByteArray(1, byte));
            QCoreApplication::processEvents();
        }
        QCOMPARE(client.receive().body, QByteArray("abc"));
    }

    void pipelinedRequestsAreAnsweredInOrder()
    {
        HttpBench bench;
        RawClient client(bench.port());
        QByteArray wire;
        for (int i = 0; i < 500; ++i)
            wire += bench.request("POST", "/echo",
                                  "Content-Length: "
                                      + QByteArray::number(QByteArray::number(i).size()) + "\r\n")
                + QByteArray::number(i);
        client.send(wire);
        for (int i = 0; i < 500; ++i)
            QCOMPARE(client.receive().body, QByteArray::number(i));
        QCOMPARE(bench.server().counters().connectionsAccepted, 1);
        QCOMPARE(bench.server().counters().answersOf(200), 500);
    }

    void emptyLinesBeforeARequestAreIgnored()
    {
        HttpBench bench;
        RawClient client(bench.port());
        QCOMPARE(client.ask("\r\n\r\n" + bench.get("/hello")).status, 200);
        QCOMPARE(client.ask("\r\n" + bench.get("/hello")).status, 200);
    }

    void versionsAndConnections_data()
    {
        QTest::addColumn<QByteArray>("version");
        QTest::addColumn<QByteArray>("connection");
        QTest::addColumn<bool>("isKept");
        QTest::newRow("1.1") << QByteArray("HTTP/1.1") << QByteArray() << true;
        QTest::newRow("1.1 close") << QByteArray("HTTP/1.1") << QByteArray("close") << false;
        QTest::newRow("1.0") << QByteArray("HTTP/1.0") << QByteArray() << false;
        QTest::newRow("1.0 kept") << QByteArray("HTTP/1.0") << QByteArray("keep-alive") << true;
    }
    void versionsAndConnections()
    {
        QFETCH(QByteArray, version);
        QFETCH(QByteArray, connection);
        QFETCH(bool, isKept);
        HttpBench bench;
        RawClient client(bench.port());
        const QByteArray line = connection.isEmpty() ? "" : "Connection: " + connection + "\r\n";
        const RawAnswer answer = client.ask(bench.get("/hello", line).replace("HTTP/1.1", version));
        QCOMPARE(answer.body, QByteArray("hello"));
        if (isKept)
            QCOMPARE(client.ask(bench.get("/hello")).status, 200);
        else
            QVERIFY(client.waitForEnd());
    }

    void aHeadIsAGetWithoutTheBody()
    {
        HttpBench bench;
        bench.writeFile("0123456789");
        RawClient client(bench.port());
        for (const char *target : {"/hello", "/file"}) {
            client.send(bench.request("HEAD", target));
            const RawAnswer answer = client.receiveHead();
            QCOMPARE(answer.status, 200);
            QVERIFY(answer.headers.value("content-length").toInt() > 0);
        }
        QCOMPARE(client.ask(bench.get("/hello")).body, QByteArray("hello"));
    }

    void errorsThatKeepTheConnection_data()
    {
        QTest::addColumn<QByteArray>("method");
        QTest::addColumn<QByteArray>("target");
        QTest::addColumn<int>("status");
        QTest::newRow("nothing there") << QByteArray("GET") << QByteArray("/nothing") << 404;
        QTest::newRow("wrong method") << QByteArray("DELETE") << QByteArray("/hello") << 405;
        QTest::newRow("a socket only") << QByteArray("GET") << QByteArray("/feed") << 404;
    }
    void errorsThatKeepTheConnection()
    {
        QFETCH(QByteArray, method);
        QFETCH(QByteArray, target);
        QFETCH(int, status);
        HttpBench bench;
        RawClient client(bench.port());
        const RawAnswer answer = client.ask(bench.request(method, target));
        QCOMPARE(answer.status, status);
        QCOMPARE(answer.headers.value("content-type"), QByteArray("application/problem+json"));
        if (status == 405)
            QCOMPARE(answer.headers.value("allow"), QByteArray("GET, HEAD"));
        QCOMPARE(client.ask(bench.get("/hello")).status, 200);
    }

    void whoIsLetIn_data()
    {
        QTest::addColumn<QByteArray>("lines"); // @ is the server's host and port
        QTest::addColumn<QByteArray>("target");
        QTest::addColumn<int>("status");
        QTest::addColumn<QByteArray>("failure");
        const auto row = [](const char *name, const char *lines, const char *target, int status,
                            const char *failure) {
            QTest::newRow(name) << QByteArray(lines) << QByteArray(target) << status
                                << QByteArray(failure);
        };
        const char *host = "Host: @\r\n";
        row("no token", host, "/hello", 401, "missing");
        row("wrong token", "Host: @\r\nAuthorization: Bearer x\r\n", "/hello", 401, "token");
        row("public", host, "/open", 200, "");
        row("rebound name", "Host: rebind.test:1\r\n", "/open", 403, "host");
        row("other port", "Host: 127.0.0.1:1\r\n", "/open", 403, "host");
        row("own origin", "Host: @\r\nOrigin: http://@\r\n", "/open", 200, "");
        row("other origin", "Host: @\r\nOrigin: http://evil.test\r\n", "/open", 403, "origin");
        row("other port's origin", "Host: @\r\nOrigin: http://127.0.0.1:1\r\n", "/open", 403,
            "origin");
        row("null origin", "Host: @\r\nOrigin: null\r\n", "/open", 403, "origin");
        row("unpaired extension", "Host: @\r\nOrigin: chrome-extension://x\r\n", "/open", 403,
            "origin");
        row("query token where it is taken", host, "/old?token=good", 200, "");
        row("wrong query token", host, "/old?token=x", 401, "token");
        row("query token where it is not", host, "/hello?token=good", 401, "missing");
    }
    void whoIsLetIn()
    {
        QFETCH(QByteArray, lines);
        QFETCH(QByteArray, target);
        QFETCH(QByteArray, failure);
        HttpBench bench({}, {.lookUp = [](const QByteArray &token) -> std::optional<Grant> {
                            return token == "good" ? std::optional(Grant{}) : std::nullopt;
                        }});
        RawClient client(bench.port());
        const RawAnswer answer = client.ask("GET " + target + " HTTP/1.1\r\n"
                                            + lines.replace("@", bench.host()) + "\r\n");
        QTEST(answer.status, "status");
        QCOMPARE(bench.access().authFailures().keys(),
                 failure.isEmpty() ? QByteArrayList() : QByteArrayList{failure});
        if (answer.status == 401)
            QCOMPARE(answer.headers.value("www-authenticate"), QByteArray("Bearer"));
    }

    void allowedOriginsAreEchoedAndAskFirst()
    {
        HttpBench bench({}, {.allowOrigins = {u"https://app.example"_s}});
        RawClient client(bench.port());
        const QByteArray origin = "Origin: https://app.example\r\n";
        const RawAnswer preflight =
            client.ask("OPTIONS /echo HTTP/1.1\r\nHost: " + bench.host() + "\r\n" + origin
                       + "Access-Control-Request-Method: POST\r\n\r\n");
        QCOMPARE(preflight.status, 204);
        const auto header = [](const RawAnswer &answer, const char *name) {
            return answer.headers.value(QByteArray("access-control-") + name);
        };
        QCOMPARE(header(preflight, "allow-origin"), QByteArray("https://app.example"));
        QCOMPARE(header(preflight, "allow-methods"), QByteArray("GET, POST, DELETE"));
        QCOMPARE(header(preflight, "allow-headers"),
                 QByteArray("Authorization, Content-Type, Range"));
        QCOMPARE(preflight.headers.value("vary"), QByteArray("Origin"));
        QCOMPARE(header(client.ask(bench.get("/hello", origin)), "allow-origin"),
                 QByteArray("https://app.example"));
        const RawAnswer refused = client.ask("OPTIONS /echo HTTP/1.1\r\nHost: " + bench.host()
                                             + "\r\nOrigin: http://evil.test\r\n\r\n");
        QCOMPARE(refused.status, 403);
        QVERIFY(header(refused, "allow-origin").isEmpty());
    }

    void aClientMayWaitForContinue()
    {
        HttpBench bench;
        RawClient client(bench.port());
        client.send(
            bench.request("POST", "/echo", "Content-Length: 3\r\nExpect: 100-continue\r\n"));
        QTRY_COMPARE(client.unread(), QByteArray("HTTP/1.1 100 Continue\r\n\r\n"));
        client.send("abc");
        QCOMPARE(client.receive().body, QByteArray("abc"));
        client.send(
            bench.request("POST", "/echo", "Content-Length: 99999\r\nExpect: 100-continue\r\n"));
        QCOMPARE(client.receive().status, 413);
    }

    void largeBodiesArriveWhereTheRouteTakesThem()
    {
        HttpBench bench;
        RawClient client(bench.port());
        const QByteArray body(1024 * 1024, 'x');
        const QByteArray length = "Content-Length: " + QByteArray::number(body.size()) + "\r\n";
        QCOMPARE(client.ask(bench.request("POST", "/big", length) + body).body, body);
        const QByteArray chunk =
            QByteArray::number(body.size(), 16) + "\r\n" + body + "\r\n0\r\n\r\n";
        QCOMPARE(client.ask(bench.request("POST", "/big", "Transfer-Encoding: chunked\r\n") + chunk)
                     .body,
                 body);
    }

    void streamsComeInChunks()
    {
        HttpBench bench;
        RawClient client(bench.port());
        QCOMPARE(client.ask(bench.get("/stream")).body, QByteArray("abc"));
        QCOMPARE(client.ask(bench.get("/hello")).body, QByteArray("hello"));
        client.send(bench.get("/stream").replace("HTTP/1.1", "HTTP/1.0"));
        QVERIFY(client.waitForEnd());
        QVERIFY(client.unread().endsWith("\r\n\r\nabc"));
    }

    void aHalfClosedClientGetsItsAnswer()
    {
        HttpBench bench;
        RawClient client(bench.port());
        client.send(bench.get("/hello"));
        ::shutdown(int(client.socket().socketDescriptor()), SHUT_WR);
        QCOMPARE(client.receive().body, QByteArray("hello"));
    }

    void anExchangeLearnsThatItsPeerIsGone()
    {
        HttpBench bench;
        {
            RawClient client(bench.port());
            client.send(bench.get("/never"));
            QTRY_COMPARE(bench.waiting, 1);
        }
        QTRY_COMPARE(bench.waiting, 0);
        QTRY_COMPARE(bench.server().counters().connectionsOpen, 0);
    }

    void revokingAToken()
    {
        HttpBench bench;
        RawClient client(bench.port());
        client.send(bench.get("/never"));
        QTRY_COMPARE(bench.waiting, 1);
        bench.access().revoke(u"other"_s);
        bench.access().revoke(u"admin"_s);
        QVERIFY(client.waitForEnd());
        QCOMPARE(bench.waiting, 0);
    }

    void aRevokedTokensRequestIsNotReadToItsEnd()
    {
        HttpBench bench;
        RawClient client(bench.port());
        const QByteArray head =
            bench.request("POST", "/echo", "Content-Length: 1\r\nExpect: 100-continue\r\n");
        const QByteArray goOn = "HTTP/1.1 100 Continue\r\n\r\n";
        client.send(head);
        QTRY_COMPARE(client.unread(), goOn);
        bench.access().revoke(u"other"_s);
        client.send("x");
        QCOMPARE(client.receive().status, 200);
        client.send(head);
        QTRY_COMPARE(client.unread(), goOn);
        bench.access().revoke(u"admin"_s);
        client.send("x");
        QVERIFY(client.waitForEnd());
        QCOMPARE(bench.requests.size(), 1);
    }

    void filesInParts()
    {
        HttpBench bench;
        bench.writeFile("0123456789");
        RawClient client(bench.port());
        const RawAnswer whole = client.ask(bench.get("/file"));
        QCOMPARE(whole.body, QByteArray("0123456789"));
        QCOMPARE(whole.headers.value("accept-ranges"), QByteArray("bytes"));
        const QByteArray etag = whole.headers.value("etag");
        const RawAnswer part =
            client.ask(bench.get("/file", "Range: bytes=2-4\r\nIf-Range: " + etag + "\r\n"));
        QCOMPARE(part.status, 206);
        QCOMPARE(part.body, QByteArray("234"));
        QCOMPARE(part.headers.value("content-range"), QByteArray("bytes 2-4/10"));
        const RawAnswer beyond = client.ask(bench.get("/file", "Range: bytes=10-\r\n"));
        QCOMPARE(beyond.status, 416);
        QCOMPARE(beyond.headers.value("content-range"), QByteArray("bytes */10"));
        client.send(bench.get("/file", "If-None-Match: " + etag + "\r\n"));
        QCOMPARE(client.receiveHead().status, 304);
        bench.writeFile("abcdefghijk");
        QCOMPARE(
            client.ask(bench.get("/file", "Range: bytes=2-4\r\nIf-Range: " + etag + "\r\n")).body,
            QByteArray("abcdefghijk"));
        QVERIFY(QFile::remove(bench.filePath()));
        QCOMPARE(client.ask(bench.get("/file")).status, 404);
    }

    void curlFetchesAndResumesALargeFile()
    {
        HttpBench bench;
        QByteArray content;
        for (int i = 0; i < 1024 * 1024; ++i)
            content += QByteArray::number(i).rightJustified(16);
        bench.writeFile(content);
        const QString target = bench.folder() + u"/got"_s;
        QFile begun(target);
        QVERIFY(begun.open(QIODevice::WriteOnly));
        QCOMPARE(begun.write(content.first(1'000'000)), 1'000'000);
        begun.close();
        QProcess curl;
        curl.start(u"curl"_s,
                   {u"-sSf"_s, u"-C"_s, u"-"_s, u"-o"_s, target, u"-H"_s,
                    u"Authorization: Bearer "_s + QString::fromLatin1(bench.access().adminToken()),
                    u"http://127.0.0.1:%1/file"_s.arg(bench.port())});
        QTRY_COMPARE_WITH_TIMEOUT(curl.state(), QProcess::NotRunning, 20000);
        QCOMPARE(curl.exitCode(), 0);
        QVERIFY(begun.open(QIODevice::ReadOnly));
        QCOMPARE(begun.readAll(), content);
        QCOMPARE(bench.server().counters().answersOf(206), 1);
    }

    void aFileThatShrinksEndsTheConnection()
    {
        HttpBench bench;
        bench.writeFile(QByteArray(8 * 1024 * 1024, 'x'));
        RawClient client(bench.port());
        client.stopReading();
        client.send(bench.get("/file"));
        QTRY_VERIFY(client.socket().bytesAvailable() > 0);
        bench.writeFile("short");
        client.resumeReading();
        QVERIFY(client.waitForEnd());
        QVERIFY(client.unread().size() < 8 * 1024 * 1024);
    }

    void aTakenPortIsNamed()
    {
        QTcpServer other;
        QVERIFY(other.listen(QHostAddress::LocalHost));
        core::SystemClock clock;
        const Router router;
        Access access(clock, {});
        const QString address = u"127.0.0.1:%1"_s.arg(other.serverPort());
        HttpServer server(router, access, clock, {.listen = {u"127.0.0.1:0"_s, address}});
        const auto listening = server.listen();
        QVERIFY(!listening);
        QCOMPARE(listening.error().code, core::ErrorCode::Busy);
        QVERIFY(listening.error().context.contains(address));
        QVERIFY(server.ports().isEmpty()); // every address or none
    }

    void aPassedSocketIsServedLikeAnother()
    {
        QTcpServer passed; // as systemd would: bound and listening already
        QVERIFY(passed.listen(QHostAddress::LocalHost));
        HttpBench bench({.passedSockets = {::dup(int(passed.socketDescriptor()))}});
        passed.pauseAccepting();
        QCOMPARE(bench.server().ports().size(), 2);
        QCOMPARE(bench.server().ports().last(), passed.serverPort());
        RawClient client(passed.serverPort());
        const QByteArray port = QByteArray::number(passed.serverPort());
        const QByteArray rest =
            "\r\nAuthorization: Bearer " + bench.access().adminToken() + "\r\n\r\n";
        QCOMPARE(client.ask("GET /hello HTTP/1.1\r\nHost: 127.0.0.1:" + port + rest).body,
                 QByteArray("hello"));
        QCOMPARE(client.ask("GET /hello HTTP/1.1\r\nHost: rebind.test:" + port + rest).status, 403);
    }

    void whatIsNoListeningSocketIsNamed()
    {
        QTcpServer passed;
        QVERIFY(passed.listen(QHostAddress::LocalHost));
        RawClient client(passed.serverPort());
        for (const int socket : {STDIN_FILENO, int(client.socket().socketDescriptor()), 9999}) {
            core::SystemClock clock;
            const Router router;
            Access access(clock, {});
            HttpServer server(router, access, clock,
                              {.listen = {u"127.0.0.1:0"_s}, .passedSockets = {socket}});
            const auto listening = server.listen();
            QCOMPARE(listening.error().code, core::ErrorCode::InvalidArgument);
            QVERIFY(listening.error().context.contains(QString::number(socket)));
            QVERIFY(server.ports().isEmpty());
        }
    }

    void addressesToListenOn_data()
    {
        QTest::addColumn<QString>("address");
        QTest::addColumn<bool>("isGood");
        for (const char *good : {"127.0.0.1:0", "[::1]:0", "localhost:0"})
            QTest::newRow(good) << QString::fromLatin1(good) << true;
        for (const char *bad : {"127.0.0.1", "8765", ":8765", "::1:8765", "[127.0.0.1]:0",
                                "host.test:1", "127.0.0.1:70000", "127.0.0.1:x", ""})
            QTest::newRow(bad) << QString::fromLatin1(bad) << false;
    }
    void addressesToListenOn()
    {
        QFETCH(QString, address);
        core::SystemClock clock;
        const Router router;
        Access access(clock, {});
        HttpServer server(router, access, clock, {.listen = {address}});
        const auto listening = server.listen();
        QTEST(listening.has_value(), "isGood");
        if (!listening)
            QCOMPARE(listening.error().code, core::ErrorCode::InvalidArgument);
        else
            QCOMPARE(server.urls().first().port(), server.ports().first());
    }

    void closingEndsIdleConnectionsAndLetsAnswersEnd()
    {
        HttpBench bench;
        RawClient idle(bench.port());
        RawClient busy(bench.port());
        busy.send(bench.get("/never"));
        QTRY_COMPARE(bench.waiting, 1);
        const QSignalSpy ending(&bench.server(), &HttpServer::aboutToClose);
        const QSignalSpy closed(&bench.server(), &HttpServer::closed);
        bench.server().close();
        QCOMPARE(ending.size(), 1);
        QVERIFY(idle.waitForEnd());
        QTRY_COMPARE(closed.size(), 1);
        QCOMPARE(bench.waiting, 0);
        QVERIFY(busy.waitForEnd());
    }
};

QTEST_GUILESS_MAIN(TestHttpServer)
#include "tst_httpserver.moc"
