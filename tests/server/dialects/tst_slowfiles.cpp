#include "tests/server/dialects/livehub.h"
#include "tests/server/http/rawclient.h"

#include <QDir>
#include <QSignalSpy>
#include <QWebSocket>
#include <QWebSocketHandshakeOptions>

using namespace Qt::StringLiterals;
using core::JobId;
using core::JobState;
using tests::LiveHub;
using tests::RawAnswer;
using tests::RawClient;

namespace {

/// Job 1 made slow/file on a disk that sleeps, job 2 file on one that does not.
struct Bench {
    LiveHub hub;

    Bench()
    {
        hub.slowDisk->fallAsleep();
        *hub.slowFolder = hub.service.downloadFolder() + u"/slow"_s;
        make(*hub.slowFolder, "sleeping");
        make(hub.service.downloadFolder(), "0123456789");
    }
    ~Bench() { hub.slowDisk->wake(); }
    void make(const QString &folder, const QByteArray &bytes)
    {
        const QString path = folder + u"/file"_s;
        QFile file(path);
        if (!QDir().mkpath(folder) || !file.open(QIODevice::WriteOnly)
            || file.write(bytes) != bytes.size())
            qFatal("cannot write a file");
        hub.registry.add(
            {.owner = u"local"_s, .state = JobState::Succeeded, .details = {.target = path}});
    }
    [[nodiscard]] quint16 port() const { return hub.server.ports().constFirst(); }
    [[nodiscard]] QByteArray
    request(const QByteArray &method, const QByteArray &target, const QByteArray &lines = {}) const
    {
        return method + ' ' + target + " HTTP/1.1\r\nHost: 127.0.0.1:" + QByteArray::number(port())
            + "\r\nAuthorization: Bearer admin\r\n" + lines + "\r\n";
    }
    [[nodiscard]] QByteArray get(const QByteArray &target, const QByteArray &lines = {}) const
    {
        return request("GET", target, lines);
    }
};

} // namespace

/// Files on a disk that takes its time, over loopback.
class SlowFilesTest final : public QObject
{
    Q_OBJECT
private slots:
    void othersAreAnsweredMeanwhile();
    void aNativeClientIsAnsweredMeanwhile();
    void answersKeepTheirOrder();
    void rangesAndConditionsAreThoseOfTheFile();
    void aClientThatLeavesMeanwhileIsForgotten();
    void whoseTokenIsRevokedMeanwhileGetsNoFile();
    void theServerEndsMeanwhile();
    void whoMayNotSeeTheJobOpensNothing();
};

void SlowFilesTest::othersAreAnsweredMeanwhile()
{
    Bench bench;
    RawClient slow(bench.port());
    slow.send(bench.get("/api/v1/jobs/1/file"));
    QTRY_COMPARE(bench.hub.slowDisk->asked(), 1);
    RawClient other(bench.port());
    QCOMPARE(other.ask(bench.get("/list")).status, 200);
    QCOMPARE(other.ask(bench.get("/file/2")).body, QByteArray("0123456789"));
    QCOMPARE(slow.unread(), QByteArray());
    bench.hub.slowDisk->wake();
    const RawAnswer answer = slow.receive();
    QCOMPARE(answer.status, 200);
    QCOMPARE(answer.body, QByteArray("sleeping"));
    QCOMPARE(answer.headers.value("content-disposition"),
             QByteArray("attachment; filename=\"file\""));
    bench.hub.slowDisk->fallAsleep();
}

void SlowFilesTest::aNativeClientIsAnsweredMeanwhile()
{
    Bench bench;
    RawClient slow(bench.port());
    slow.send(bench.get("/file/1"));
    QTRY_COMPARE(bench.hub.slowDisk->asked(), 1);
    QWebSocket socket;
    const QSignalSpy messages(&socket, &QWebSocket::textMessageReceived);
    QNetworkRequest request(bench.hub.url(u"ws"_s, u"/api/v1/ws"_s));
    request.setRawHeader("Authorization", "Bearer admin");
    QWebSocketHandshakeOptions options;
    options.setSubprotocols({u"dray.v1"_s});
    socket.open(request, options);
    QTRY_COMPARE(socket.state(), QAbstractSocket::ConnectedState);
    socket.sendTextMessage(uR"({"jsonrpc":"2.0","id":1,"method":"session.hello","params":{}})"_s);
    QTRY_COMPARE(messages.size(), 1);
    QCOMPARE(slow.unread(), QByteArray());
    QVERIFY(slow.socket().state() == QAbstractSocket::ConnectedState);
}

void SlowFilesTest::answersKeepTheirOrder()
{
    Bench bench;
    RawClient client(bench.port());
    client.send(bench.get("/file/1") + bench.request("HEAD", "/file/1") + bench.get("/file/2")
                + bench.get("/file/9"));
    QTRY_COMPARE(bench.hub.slowDisk->asked(), 1);
    bench.hub.slowDisk->wake();
    QCOMPARE(client.receive().body, QByteArray("sleeping"));
    const RawAnswer head = client.receiveHead();
    QCOMPARE(head.status, 200);
    QCOMPARE(head.headers.value("content-length"), QByteArray("8"));
    QCOMPARE(client.receive().body, QByteArray("0123456789"));
    QCOMPARE(client.receive().status, 404);
    bench.hub.slowDisk->fallAsleep();
}

void SlowFilesTest::rangesAndConditionsAreThoseOfTheFile()
{
    Bench bench;
    RawClient client(bench.port());
    const RawAnswer part = client.ask(bench.get("/file/2", "Range: bytes=2-4\r\n"));
    QCOMPARE(part.status, 206);
    QCOMPARE(part.body, QByteArray("234"));
    QCOMPARE(part.headers.value("content-range"), QByteArray("bytes 2-4/10"));
    const QByteArray etag = part.headers.value("etag");
    client.send(bench.get("/file/2", "If-None-Match: " + etag + "\r\n"));
    QCOMPARE(client.receiveHead().status, 304);
    QCOMPARE(client.ask(bench.get("/file/2", "If-Match: \"x\"\r\n")).status, 412);
    QCOMPARE(client.ask(bench.get("/file/2", "Range: bytes=10-\r\n")).status, 416);
}

void SlowFilesTest::aClientThatLeavesMeanwhileIsForgotten()
{
    Bench bench;
    {
        RawClient gone(bench.port());
        gone.send(bench.get("/file/1"));
        QTRY_COMPARE(bench.hub.slowDisk->asked(), 1);
        QCOMPARE(bench.hub.server.counters().connectionsOpen, 1);
    }
    QTRY_COMPARE(bench.hub.server.counters().connectionsOpen, 0);
    bench.hub.slowDisk->wake();
    RawClient next(bench.port());
    QCOMPARE(next.ask(bench.get("/file/1")).body, QByteArray("sleeping"));
    bench.hub.slowDisk->fallAsleep();
}

void SlowFilesTest::whoseTokenIsRevokedMeanwhileGetsNoFile()
{
    Bench bench;
    RawClient client(bench.port());
    client.send(bench.get("/file/1"));
    QTRY_COMPARE(bench.hub.slowDisk->asked(), 1);
    bench.hub.access.revoke(u"t1"_s);
    QVERIFY(client.waitForEnd());
    bench.hub.slowDisk->wake();
    QTRY_COMPARE(bench.hub.server.counters().connectionsOpen, 0);
    QCOMPARE(client.unread(), QByteArray());
    bench.hub.slowDisk->fallAsleep();
}

void SlowFilesTest::theServerEndsMeanwhile()
{
    Bench bench;
    RawClient client(bench.port());
    client.send(bench.get("/file/1"));
    QTRY_COMPARE(bench.hub.slowDisk->asked(), 1);
    const QSignalSpy closed(&bench.hub.server, &server::HttpServer::closed);
    bench.hub.server.close();
    QTRY_COMPARE(closed.size(), 1);
    QVERIFY(bench.hub.service.stopForExit(core::Milliseconds(0)));
}

void SlowFilesTest::whoMayNotSeeTheJobOpensNothing()
{
    Bench bench;
    bench.hub.principal = LiveHub::who(u"eve"_s, core::Scope::Read);
    QCOMPARE(bench.hub.request("GET", u"/file/1"_s)->answer->status, 404);
    bench.hub.principal = LiveHub::who(u"local"_s, core::Scope::Add);
    QCOMPARE(bench.hub.request("GET", u"/file/1"_s)->answer->status, 403);
    bench.hub.principal.reset();
    QCOMPARE(bench.hub.request("GET", u"/file/1"_s)->answer->status, 401);
    QCOMPARE(bench.hub.slowDisk->asked(), 0);
}

QTEST_GUILESS_MAIN(SlowFilesTest)
#include "tst_slowfiles.moc"
