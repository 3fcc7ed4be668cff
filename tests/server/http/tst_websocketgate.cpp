#include "server/http/upgradedsession.h"
#include "server/http/websocketgate.h"
#include "tests/server/http/httpbench.h"
#include "tests/server/http/rawclient.h"

#include <QElapsedTimer>
#include <QSignalSpy>
#include <QTest>
#include <QWebSocket>
#include <QWebSocketHandshakeOptions>

using namespace server;
using namespace std::chrono_literals;
using namespace Qt::StringLiterals;
using tests::HttpBench;
using tests::RawAnswer;
using tests::RawClient;

namespace {

constexpr const char *Upgrade = "Connection: Upgrade\r\nUpgrade: websocket\r\n"
                                "Sec-WebSocket-Version: 13\r\n"
                                "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n";

/// A masked text frame, as clients send it.
QByteArray clientFrame(const QByteArray &text)
{
    QByteArray frame = textFrame(text);
    frame[1] = char(frame[1] | char(0x80));
    frame.insert(frame.size() - text.size(), QByteArray(4, '\0')); // a mask that changes nothing
    return frame;
}

/// A browser-like client: opens `target`, with the token given in one way or none.
struct Client {
    QWebSocket socket;
    QByteArrayList received;

    Client(const HttpBench &bench,
           const QString &target,
           const QByteArray &token = {},
           const QStringList &subprotocols = {})
    {
        QObject::connect(&socket, &QWebSocket::textMessageReceived, &socket,
                         [this](const QString &text) { received.append(text.toUtf8()); });
        QNetworkRequest request(QUrl(u"ws://127.0.0.1:%1%2"_s.arg(bench.port()).arg(target)));
        if (!token.isEmpty())
            request.setRawHeader("Authorization", "Bearer " + token);
        QWebSocketHandshakeOptions options;
        options.setSubprotocols(subprotocols);
        socket.open(request, options);
    }
    [[nodiscard]] bool isOpen() const { return socket.isValid(); }
    [[nodiscard]] bool waitForClose(int code)
    {
        return QTest::qWaitFor([&] { return socket.state() == QAbstractSocket::UnconnectedState; },
                               5000)
            && int(socket.closeCode()) == code;
    }
};

} // namespace

class TestWebSocketGate : public QObject
{
    Q_OBJECT
private slots:
    void textGoesBothWays()
    {
        HttpBench bench;
        Client client(bench, u"/legacy/idm"_s, bench.access().adminToken());
        QTRY_VERIFY(client.isOpen());
        QTRY_COMPARE(bench.sessions.size(), 1U);
        QCOMPARE(bench.sessions.front()->request().captures, QStringList{u"idm"_s});
        QCOMPARE(bench.sessions.front()->request().principal, core::Principal::localUser());
        client.socket.sendTextMessage(u"grüße"_s);
        QTRY_COMPARE(bench.received, QByteArrayList{"grüße"});
        QByteArrayList sent;
        for (const int size : {0, 1, 125, 126, 65535, 65536, 262144}) {
            sent.append(QByteArray(size, 'x'));
            bench.sessions.front()->send(sent.last());
        }
        QTRY_COMPARE(client.received, sent);
        QTRY_COMPARE(bench.sessions.front()->unsentBytes(), 0);
        QCOMPARE(bench.server().counters().socketsOpen, 1);
        client.socket.close();
        QTRY_VERIFY(bench.sessions.empty());
        QTRY_COMPARE(bench.server().counters().connectionsOpen, 0);
    }

    void refusedBeforeTheUpgrade_data()
    {
        QTest::addColumn<QByteArray>("wire"); // @ is the server's host and port
        QTest::addColumn<int>("status");
        const QByteArray get = "GET /ws HTTP/1.1\r\nHost: @\r\n";
        const auto row = [](const char *name, const QByteArray &wire, int status) {
            QTest::newRow(name) << wire << status;
        };
        const auto without = [&get](const char *line, const char *instead = "") {
            return QByteArray(get + QByteArray(Upgrade).replace(line, instead) + "\r\n");
        };
        row("bytes after the head", get + Upgrade + "\r\n" + clientFrame("x"), 400);
        row("one byte after the head", get + Upgrade + "\r\n\x81", 400);
        row("no key", without("Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"), 400);
        row("short key", without("dGhlIHNhbXBsZSBub25jZQ==", "dGhl"), 400);
        row("bad key", without("dGhlIHNhbXBsZSBub25jZQ==", "!"), 400);
        row("two keys", get + Upgrade + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n", 400);
        row("version 8", without("Version: 13", "Version: 8"), 426);
        row("no version", without("Sec-WebSocket-Version: 13\r\n"), 426);
        row("POST", without("x").replace("GET", "POST"), 400);
        row("HTTP/1.0", without("x").replace("HTTP/1.1", "HTTP/1.0"), 400);
        row("a body", get + Upgrade + "Content-Length: 1\r\n\r\n", 400);
        row("a line over 8 KiB", get + Upgrade + "A: " + QByteArray(9000, 'x') + "\r\n\r\n", 431);
        row("65 lines", get + Upgrade + QByteArray("A: b\r\n").repeated(65) + "\r\n", 431);
        row("unknown subprotocols",
            get + Upgrade + "Sec-WebSocket-Protocol: other, dray.v2\r\n\r\n", 400);
        row("no such socket", without("x").replace("/ws", "/nothing"), 404);
        row("a page only", without("x").replace("/ws", "/hello"), 404);
        row("other host", without("x").replace("@", "rebind.test:1"), 403);
        row("other origin", get + Upgrade + "Origin: http://evil.test\r\n\r\n", 403);
        row("other port's origin", get + Upgrade + "Origin: http://127.0.0.1:1\r\n\r\n", 403);
        row("null origin", get + Upgrade + "Origin: null\r\n\r\n", 403);
        row("unpaired extension elsewhere",
            QByteArray(get + Upgrade + "Origin: moz-extension://x\r\n\r\n").replace("/ws", "/feed"),
            403);
    }
    void refusedBeforeTheUpgrade()
    {
        QFETCH(QByteArray, wire);
        HttpBench bench;
        RawClient client(bench.port());
        const RawAnswer answer = client.ask(wire.replace("@", bench.host()));
        QTEST(answer.status, "status");
        if (answer.status == 426)
            QCOMPARE(answer.headers.value("sec-websocket-version"), QByteArray("13"));
        QVERIFY(client.waitForEnd());
        QVERIFY(bench.sessions.empty());
        QCOMPARE(bench.server().counters().socketsAccepted, 0);
    }

    void acceptedOrigins_data()
    {
        QTest::addColumn<QByteArray>("origin");
        QTest::newRow("own") << QByteArray("http://@");
        QTest::newRow("allowed") << QByteArray("https://app.example");
        QTest::newRow("unpaired extension, to pair") << QByteArray("chrome-extension://x");
    }
    void acceptedOrigins()
    {
        QFETCH(QByteArray, origin);
        HttpBench bench({}, {.allowOrigins = {u"https://app.example"_s}});
        RawClient client(bench.port());
        client.send("GET /ws HTTP/1.1\r\nHost: " + bench.host() + "\r\n" + Upgrade
                    + "Origin: " + origin.replace("@", bench.host()) + "\r\n\r\n");
        QCOMPARE(client.receiveHead().status, 101);
    }

    /// Only so much of it is read in one turn; nothing of the rest may be left lying.
    void burstsAreReadToTheirEnd_data()
    {
        QTest::addColumn<int>("messages");
        QTest::addColumn<int>("bytes");
        QTest::newRow("small") << 50'000 << 20;
        QTest::newRow("large") << 100 << 60'000;
    }
    void burstsAreReadToTheirEnd()
    {
        QFETCH(const int, messages);
        QFETCH(const int, bytes);
        HttpBench bench;
        Client client(bench, u"/ws"_s);
        QTRY_VERIFY(client.isOpen());
        for (int i = 0; i < messages; ++i)
            client.socket.sendTextMessage(QString(bytes, u'x'));
        QTRY_COMPARE_WITH_TIMEOUT(bench.received.size(), messages, 20'000);
        QVERIFY(client.isOpen());
    }

    void aHeadCutAnywhereUpgrades()
    {
        HttpBench bench;
        const QByteArray wire = "GET /ws HTTP/1.1\r\nHost: " + bench.host() + "\r\n" + Upgrade
            + "Sec-WebSocket-Protocol: dray.bearer.x, dray.v1\r\n\r\n";
        for (qsizetype cut = 1; cut < wire.size(); cut += 1) {
            RawClient client(bench.port());
            client.send(wire.first(cut));
            QCoreApplication::processEvents();
            QCoreApplication::processEvents();
            client.send(wire.sliced(cut));
            const RawAnswer answer = client.receiveHead();
            QVERIFY2(answer.status == 101, qPrintable(QString::number(cut)));
            QCOMPARE(answer.headers.value("sec-websocket-protocol"), QByteArray("dray.v1"));
            // The first frame, large enough to need many reads, arrives whole.
            bench.received.clear();
            client.send(clientFrame(QByteArray(60000, 'y')));
            QTRY_COMPARE(bench.received.size(), 1);
            QCOMPARE(bench.received.first().size(), 60000);
        }
    }

    void subprotocolsAreThoseOfTheRoute()
    {
        HttpBench bench;
        Client native(bench, u"/ws"_s, {}, {u"dray.v2"_s, u"dray.v1"_s});
        QTRY_VERIFY(native.isOpen());
        QCOMPARE(native.socket.subprotocol(), u"dray.v1"_s);
        Client none(bench, u"/ws"_s);
        QTRY_VERIFY(none.isOpen());
        Client other(bench, u"/legacy/a"_s, bench.access().adminToken(), {u"dray.v1"_s});
        QTRY_VERIFY(other.isOpen());
        QCOMPARE(other.socket.subprotocol(), QString());
    }

    void aTokenMayComeAsSubprotocol()
    {
        HttpBench bench;
        const QString token = QString::fromLatin1(bench.access().adminToken());
        Client client(bench, u"/ws"_s, {}, {u"dray.v1"_s, u"dray.bearer."_s + token});
        QTRY_COMPARE(bench.sessions.size(), 1U);
        QCOMPARE(bench.sessions.front()->request().tokenId, u"admin"_s);
    }

    void withoutATokenTheHandlerAsksOrTheSocketIsClosed()
    {
        HttpBench bench;
        Client native(bench, u"/ws"_s, "wrong");
        QTRY_COMPARE(bench.sessions.size(), 1U);
        QVERIFY(!bench.sessions.front()->request().principal);
        Client feed(bench, u"/feed"_s, "wrong");
        QVERIFY(feed.waitForClose(1008));
        QCOMPARE(feed.received, QByteArrayList{"{\"error\":\"token\"}"});
        Client silent(bench, u"/legacy/a?token=wrong"_s);
        QVERIFY(silent.waitForClose(1008));
        QVERIFY(silent.received.isEmpty());
        QCOMPARE(bench.sessions.size(), 1U);
        QCOMPARE(bench.server().counters().socketsClosedByCode.value(1008), 2);
        QCOMPARE(bench.access().authFailures().value("token"), 3);
        QTRY_COMPARE(bench.server().counters().connectionsOpen, 1);
    }

    void queryTokensOpenTheRoutesThatTakeThem()
    {
        HttpBench bench;
        Client client(bench,
                      u"/legacy/a?token="_s + QString::fromLatin1(bench.access().adminToken()));
        QTRY_COMPARE(bench.sessions.size(), 1U);
        Client feed(bench, u"/feed?token="_s + QString::fromLatin1(bench.access().adminToken()));
        QVERIFY(feed.waitForClose(1008));
    }

    void revokingClosesWith4505()
    {
        HttpBench bench;
        Client client(bench, u"/feed"_s, bench.access().adminToken());
        Client other(bench, u"/ws"_s);
        QTRY_COMPARE(bench.sessions.size(), 2U);
        bench.access().revoke(u"admin"_s);
        QVERIFY(client.waitForClose(4505));
        QVERIFY(other.isOpen());
    }

    void anExpiredTokenCloses()
    {
        HttpBench bench({}, {.lookUp = [soon = qint64(0)](const QByteArray &) mutable {
                            if (soon == 0)
                                soon = core::SystemClock().wallTime().count() + 300;
                            return Grant{.principal = core::Principal::localUser(),
                                         .tokenId = u"1"_s,
                                         .expiresAt = soon};
                        }});
        Client client(bench, u"/feed"_s, "any");
        QVERIFY(client.waitForClose(1008));
        QCOMPARE(bench.server().counters().socketsAccepted, 1);
    }

    void tooLargeAMessageIsClosedWith1009_data()
    {
        QTest::addColumn<quint64>("frameBytes");
        QTest::addColumn<qsizetype>("tooMuch");
        QTest::newRow("one frame") << quint64(1024 * 1024) << qsizetype(64 * 1024 + 1);
        QTest::newRow("many frames") << quint64(16 * 1024) << qsizetype(64 * 1024 + 1);
        QTest::newRow("a frame that Qt does not take")
            << quint64(1024 * 1024) << qsizetype(1024 * 1024);
        QTest::newRow("frames that Qt does not take")
            << quint64(16 * 1024) << qsizetype(1024 * 1024);
    }
    void tooLargeAMessageIsClosedWith1009()
    {
        QFETCH(quint64, frameBytes);
        QFETCH(qsizetype, tooMuch);
        HttpBench bench;
        Client client(bench, u"/ws"_s);
        QTRY_VERIFY(client.isOpen());
        client.socket.setOutgoingFrameSize(frameBytes);
        client.socket.sendTextMessage(QString(64 * 1024, u'x'));
        QTRY_COMPARE(bench.received.size(), 1);
        client.socket.sendTextMessage(QString(tooMuch, u'x'));
        QVERIFY(client.waitForClose(1009));
        QCOMPARE(bench.received.size(), 1);
    }

    void binaryMessagesAreClosedWith1003()
    {
        HttpBench bench;
        Client client(bench, u"/ws"_s);
        QTRY_VERIFY(client.isOpen());
        client.socket.sendBinaryMessage("x");
        QVERIFY(client.waitForClose(1003));
    }

    void theCloseCodeArrivesThoughTheClientIsSending()
    {
        HttpBench bench;
        Client client(bench, u"/ws"_s);
        QTRY_VERIFY(client.isOpen());
        QTRY_COMPARE(bench.sessions.size(), 1U);
        bench.sessions.front()->send("last words");
        for (int i = 0; i < 200; ++i)
            client.socket.sendTextMessage(QString(1000, u'x'));
        bench.sessions.front()->close(4029, u"too many messages"_s);
        bench.sessions.clear(); // who closes need not keep the session
        QVERIFY(client.waitForClose(4029));
        QCOMPARE(client.socket.closeReason(), u"too many messages"_s);
        QCOMPARE(client.received, QByteArrayList{"last words"});
    }

    void aPeerThatDoesNotAnswerACloseIsDropped()
    {
        HttpBench bench;
        RawClient client(bench.port());
        client.send("GET /ws HTTP/1.1\r\nHost: " + bench.host() + "\r\n" + Upgrade + "\r\n");
        QCOMPARE(client.receiveHead().status, 101);
        // More than it takes lies before the close frame: it sees neither that nor the end.
        client.stopReading();
        bench.sessions.front()->send(QByteArray(4096, 'x'));
        QElapsedTimer timer;
        timer.start();
        bench.sessions.front()->close(4008, u"slow"_s);
        QTRY_COMPARE(bench.server().counters().connectionsOpen, 0);
        QVERIFY(timer.elapsed() >= 1900);
        client.resumeReading();
        QVERIFY(client.waitForEnd());
        QVERIFY(client.unread().endsWith(closeFrame(4008, u"slow"_s)));
        QVERIFY(bench.sessions.empty());
    }

    void closingTheServerSaysGoodBye()
    {
        HttpBench bench;
        Client client(bench, u"/ws"_s);
        QTRY_COMPARE(bench.sessions.size(), 1U);
        QObject::connect(&bench.server(), &HttpServer::aboutToClose, &bench.server(),
                         [&] { bench.sessions.front()->send("bye"); });
        bench.server().close();
        QVERIFY(client.waitForClose(1001));
        QCOMPARE(client.received, QByteArrayList{"bye"});
    }

    void closingTheServerIsBounded()
    {
        HttpBench bench;
        RawClient mute(bench.port()); // answers no close frame
        mute.send("GET /ws HTTP/1.1\r\nHost: " + bench.host() + "\r\n" + Upgrade + "\r\n");
        QCOMPARE(mute.receiveHead().status, 101);
        const QSignalSpy closed(&bench.server(), &HttpServer::closed);
        bench.server().close();
        QVERIFY(closed.isEmpty());
        QTRY_COMPARE(closed.size(), 1);
        QVERIFY(mute.waitForEnd());
    }

    void pingsAreAnsweredAndHeard()
    {
        HttpBench bench;
        Client client(bench, u"/ws"_s);
        QTRY_VERIFY(client.isOpen());
        QTRY_COMPARE(bench.sessions.size(), 1U);
        const QSignalSpy heard(bench.sessions.front().get(), &WebSocketSession::heard);
        const QSignalSpy pong(&client.socket, &QWebSocket::pong);
        client.socket.ping("x");
        QTRY_COMPARE(pong.size(), 1);
        QVERIFY(!heard.isEmpty());
    }

    void aPeerThatReadsNoPongIsDropped()
    {
        HttpBench bench;
        RawClient client(bench.port());
        client.send("GET /ws HTTP/1.1\r\nHost: " + bench.host() + "\r\n" + Upgrade + "\r\n");
        QCOMPARE(client.receiveHead().status, 101);
        client.stopReading();
        const QByteArray ping = QByteArray("\x89\xfd\0\0\0\0", 6) + QByteArray(125, 'x');
        for (int mebibytes = 0; mebibytes < 32; ++mebibytes)
            client.send(ping.repeated(8005));
        QTRY_COMPARE(bench.server().counters().connectionsOpen, 0);
        QVERIFY(bench.sessions.empty());
    }

    void silentPeersArePingedThenClosed()
    {
        HttpBench bench;
        RawClient client(bench.port());
        client.send("GET /ws HTTP/1.1\r\nHost: " + bench.host() + "\r\n" + Upgrade + "\r\n");
        QCOMPARE(client.receiveHead().status, 101);
        auto *session = dynamic_cast<UpgradedSession *>(bench.sessions.front().get());
        session->watch(0s);
        session->watch(24s);
        QVERIFY(client.unread().isEmpty());
        session->watch(25s);
        QTRY_VERIFY(client.unread().startsWith(char(0x89)));
        client.send(QByteArray("\x8a\x80\0\0\0\0", 6)); // its pong
        const QSignalSpy heard(session, &WebSocketSession::heard);
        QTRY_VERIFY(!heard.isEmpty());
        QCOMPARE(bench.server().counters().roundTrips.count, 1);
        client.send(QByteArray("\x8a\x80\0\0\0\0", 6).repeated(3)); // nobody asked
        QTRY_VERIFY(heard.size() > 1);
        QCOMPARE(bench.server().counters().roundTrips.count, 1);
        QCOMPARE(bench.server().counters().unsent.counts[0], 3); // a look each
        client.unread().clear();
        session->watch(60s);
        QVERIFY(client.unread().isEmpty());
        session->watch(120s);
        QTRY_VERIFY(client.unread().contains(closeFrame(4002, u"no sign of life"_s)));
    }

    void oneCloseFrameIsSentAndNothingAfterIt()
    {
        HttpBench bench;
        RawClient client(bench.port());
        client.send(bench.get("/feed", Upgrade).replace("Bearer ", "Bearer x"));
        QCOMPARE(client.receiveHead().status, 101);
        const QByteArray expected =
            textFrame("{\"error\":\"token\"}") + closeFrame(1008, u"Unauthorized"_s);
        QTRY_COMPARE(client.unread(), expected);
        client.send(QByteArray("\x88\x82\0\0\0\0\x03\xf0", 8)); // the client's own, masked
        QVERIFY(client.waitForEnd());
        QCOMPARE(client.unread(), expected);
    }

    void framesOfAMomentLeaveInOneWrite()
    {
        HttpBench bench;
        Client client(bench, u"/legacy/idm"_s, bench.access().adminToken());
        QTRY_VERIFY(client.isOpen());
        QTRY_COMPARE(bench.sessions.size(), 1U);
        const QSignalSpy drained(bench.sessions.front().get(), &WebSocketSession::drained);
        QByteArrayList sent;
        for (int i = 0; i < 50; ++i) {
            sent.append(QByteArray::number(i));
            bench.sessions.front()->send(sent.last());
        }
        QCOMPARE(bench.sessions.front()->unsentBytes(), 10 * 3 + 40 * 4);
        QTRY_COMPARE(client.received, sent);
        QCOMPARE(drained.count(), 1);
    }

    void whatWasSentArrivesBeforeTheClose()
    {
        HttpBench bench;
        Client client(bench, u"/legacy/idm"_s, bench.access().adminToken());
        QTRY_VERIFY(client.isOpen());
        QTRY_COMPARE(bench.sessions.size(), 1U);
        bench.sessions.front()->send("a");
        bench.sessions.front()->send("b");
        bench.sessions.front()->close(4000, u"restart"_s);
        QVERIFY(client.waitForClose(4000));
        QCOMPARE(client.received, (QByteArrayList{"a", "b"}));
    }

    void framesAreEncodedOnce()
    {
        FrameCache cache;
        const QByteArray text("{\"a\":1}");
        const QByteArray first = cache.frameOf(text);
        QCOMPARE(cache.frameOf(text).constData(), first.constData());
        QCOMPARE(first, QByteArray("\x81\x07{\"a\":1}"));
        QCOMPARE(cache.frameOf("b"),
                 QByteArray("\x81\x01"
                            "b"));
        QCOMPARE(closeFrame(1000, QString(100, u'ä')).size(), 2 + 2 + 122);
    }
};

QTEST_GUILESS_MAIN(TestWebSocketGate)
#include "tst_websocketgate.moc"
