#include "tests/server/dialects/livehub.h"

#include <QNetworkAccessManager>
#include <QNetworkReply>
#include <QWebSocket>
#include <QWebSocketHandshakeOptions>

using namespace std::chrono_literals;
using namespace Qt::StringLiterals;
using namespace tests;
using core::JobId;
using core::JobState;

namespace {

HubBench::Client connectTo(HubBench &hub, const QString &tokenId = {})
{
    return hub.connect(core::Principal::localUser(), tokenId, u"/ws"_s);
}

/// How a client presents itself when it connects.
struct Visit {
    QString path = u"/ws"_s;
    QString query{};
    QByteArray authorization{};
    QStringList subprotocols{};
    QByteArray origin{};
};

/// A client program or page.
struct Remote {
    QWebSocket socket;
    QByteArrayList messages;

    Remote(const LiveHub &hub, const Visit &visit)
        : socket(QString::fromLatin1(visit.origin))
    {
        QObject::connect(&socket, &QWebSocket::textMessageReceived, &socket,
                         [this](const QString &text) { messages.append(text.toUtf8()); });
        QUrl url = hub.url(u"ws"_s, visit.path);
        url.setQuery(visit.query);
        QNetworkRequest request(url);
        if (!visit.authorization.isEmpty())
            request.setRawHeader("Authorization", visit.authorization);
        QWebSocketHandshakeOptions options;
        options.setSubprotocols(visit.subprotocols);
        socket.open(request, options);
    }
    [[nodiscard]] bool isOpen() const { return socket.state() == QAbstractSocket::ConnectedState; }
    [[nodiscard]] bool isGone() const
    {
        return socket.state() == QAbstractSocket::UnconnectedState;
    }
};

} // namespace

Q_DECLARE_METATYPE(Visit)

/// What the sockets of all compatibility dialects have in common, on the gateway's.
class CompatSocketsTest final : public QObject
{
    Q_OBJECT
private slots:
    void greetedWithWhatIsUnfinished();
    void numbersAreConflated();
    void noNumbersFollowTheEnd();
    void slowReadersGetTheNewestLater();
    void manyJobsAreToldAtTheReadersPace();
    void readersWithAMegabyteUnreadAreClosed();
    void readersThatStallAreClosed();
    void silentReadersAreClosed();
    void tooManyMessagesAreRefusedAndThenTheSocketCloses();
    void aRevokedTokenClosesItsSockets();
    void aTokenThatEndsClosesItsSockets();
    void theEndOfTheProgramIsSaid();
    void nobodyListeningCostsNothing();
    void socketsAreCounted();
    void tokensAreTakenFromEveryPlace_data();
    void tokensAreTakenFromEveryPlace();
    void withoutAValidTokenTheDialectSaysSoAndCloses_data();
    void withoutAValidTokenTheDialectSaysSoAndCloses();
    void foreignPagesDoNotGetASocket();
    void thePageAndTheSocketShareTheRoot();
    void aRevokedTokenClosesRealSockets();
};

void CompatSocketsTest::greetedWithWhatIsUnfinished()
{
    HubBench hub;
    hub.add(u"local"_s, JobState::Paused);
    hub.registry.add(
        {.kind = core::JobKind::Flash, .owner = u"local"_s, .state = JobState::Paused});
    hub.add(u"local"_s, JobState::Paused);
    auto client = hub.connect(core::Principal::localUser(), {}, u"/"_s);
    QTRY_COMPARE(client.record->sent.size(), 2);
    QVERIFY(client.record->sent.at(0).startsWith("{\"id\":1,\"status\":\"paused\""));
    QVERIFY(client.record->sent.at(1).startsWith("{\"id\":3,\"status\":\"paused\""));
}

void CompatSocketsTest::numbersAreConflated()
{
    HubBench hub;
    auto client = connectTo(hub);
    const JobId id = hub.add();
    const auto order = hub.switchOf(id);
    QTRY_VERIFY(hub.registry.find(id)->progress.total == 1000);
    QTRY_VERIFY(client.record->sent.size() >= 3); // queued, running, first numbers
    client.record->sent.clear();
    for (const qint64 done : {100, 200, 300}) {
        order->done = done;
        QTRY_COMPARE(hub.registry.find(id)->progress.done, done);
    }
    QVERIFY(client.record->sent.isEmpty());
    hub.clock.advance(1s);
    QTRY_COMPARE(client.record->sent.size(), 1);
    QVERIFY(client.record->sent.constFirst().contains("\"progress\":0.3,"));
}

void CompatSocketsTest::noNumbersFollowTheEnd()
{
    HubBench hub;
    auto client = connectTo(hub);
    const JobId id = hub.add();
    QTRY_VERIFY(client.record->sent.size() >= 3);
    hub.switchOf(id)->done = 900;
    QTRY_COMPARE(hub.registry.find(id)->progress.done, 900);
    hub.switchOf(id)->order = 1;
    QTRY_COMPARE(hub.registry.find(id)->state, JobState::Succeeded);
    hub.clock.advance(1s);
    auto witness = connectTo(hub); // its greeting comes in a round of numbers
    QTRY_VERIFY(!witness.record->sent.isEmpty());
    QVERIFY(client.record->sent.constLast().contains("download_complete"));
}

void CompatSocketsTest::slowReadersGetTheNewestLater()
{
    HubBench hub;
    auto slow = connectTo(hub);
    auto healthy = connectTo(hub);
    const JobId id = hub.add();
    QTRY_VERIFY(slow.record->sent.size() >= 3);
    slow.record->unsent = server::EventFeed::SlowBytes + 1;
    slow.record->sent.clear();
    const auto isTold = [](const HubBench::Client &client, const QByteArray &progress) {
        return client.record->sent.join().contains("\"progress\":" + progress + ',');
    };
    for (const qint64 done : {100, 200}) {
        hub.switchOf(id)->done = done;
        hub.clock.advance(1s);
        QTRY_VERIFY(isTold(healthy, done == 100 ? "0.1" : "0.2"));
    }
    QVERIFY(slow.record->sent.isEmpty());
    slow.record->unsent = 0;
    hub.clock.advance(1s);
    QTRY_VERIFY(isTold(slow, "0.2"));
    QVERIFY(!isTold(slow, "0.1"));
}

void CompatSocketsTest::manyJobsAreToldAtTheReadersPace()
{
    HubBench hub;
    for (int i = 0; i < 100; ++i)
        hub.add(u"local"_s, JobState::Paused);
    auto client = connectTo(hub);
    client.record->unsent = server::EventFeed::SlowBytes + 1;
    auto healthy = connectTo(hub);
    QTRY_COMPARE(healthy.record->sent.size(), 100);
    QVERIFY(client.record->sent.isEmpty());
    QVERIFY(hub.registry.cancel(JobId{7}));
    QTRY_COMPARE(client.record->sent.size(), 1); // a step is not held back
    client.record->unsent = 0;
    hub.clock.advance(1s);
    QTRY_COMPARE(client.record->sent.size(), 100);
    QVERIFY(!client.record->closeCode);
}

void CompatSocketsTest::readersWithAMegabyteUnreadAreClosed()
{
    HubBench hub;
    auto client = connectTo(hub);
    client.record->unsent = server::EventFeed::TooSlowBytes + 1;
    hub.add(u"local"_s, JobState::Paused);
    waitFor(hub, 1s);
    QVERIFY(!client.record->closeCode); // it may have been said in this very turn
    waitFor(hub, 1s);
    QCOMPARE(client.record->closeCode, std::optional(4008));
    client.record->sent.clear();
    hub.add(u"local"_s, JobState::Paused);
    auto witness = connectTo(hub);
    QTRY_COMPARE(witness.record->sent.size(), 2);
    QVERIFY(client.record->sent.isEmpty());
}

void CompatSocketsTest::readersThatStallAreClosed()
{
    HubBench hub;
    auto client = connectTo(hub);
    client.record->unsent = 1;
    waitFor(hub, 29s);
    client.say("{}"); // heard, but it does not read
    QVERIFY(!client.record->closeCode);
    waitFor(hub, 2s);
    QCOMPARE(client.record->closeCode, 4008);
}

void CompatSocketsTest::silentReadersAreClosed()
{
    HubBench hub;
    auto silent = connectTo(hub);
    auto alive = connectTo(hub);
    waitFor(hub, 40s);
    emit alive.socket->heard(); // an RFC 6455 pong
    waitFor(hub, 4s);
    QVERIFY(!silent.record->closeCode);
    waitFor(hub, 1s);
    QCOMPARE(silent.record->closeCode, 4002);
    QVERIFY(!alive.record->closeCode);
    QVERIFY(silent.record->sent.isEmpty()); // no foreign text
}

void CompatSocketsTest::tooManyMessagesAreRefusedAndThenTheSocketCloses()
{
    HubBench hub;
    auto client = connectTo(hub);
    for (int i = 0; i < 30; ++i)
        client.say("{}");
    QCOMPARE(client.record->sent.size(), 30);
    for (int i = 0; i < 2; ++i) {
        client.record->sent.clear();
        client.say("{}");
        QVERIFY(client.record->sent.constFirst().startsWith(
            R"({"type":"error","message":"Too many messages)"));
        QVERIFY(!client.record->closeCode);
    }
    client.say("{}");
    QCOMPARE(client.record->closeCode, 4029);
    client.record->sent.clear();
    client.say("{}");
    QVERIFY(client.record->sent.isEmpty());
}

void CompatSocketsTest::aRevokedTokenClosesItsSockets()
{
    HubBench hub;
    auto mine = connectTo(hub, u"t1"_s);
    auto other = connectTo(hub, u"t2"_s);
    hub.access.revoke(u"t1"_s);
    QCOMPARE(mine.record->closeCode, 4505);
    QVERIFY(!other.record->closeCode);
}

void CompatSocketsTest::aTokenThatEndsClosesItsSockets()
{
    HubBench hub;
    const qint64 end = hub.clock.wallTime().count() + 5000;
    auto client = hub.connect(core::Principal::localUser(), u"t1"_s, u"/ws"_s, end);
    waitFor(hub, 4s);
    QVERIFY(!client.record->closeCode);
    waitFor(hub, 1s);
    QCOMPARE(client.record->closeCode, 1008);
}

void CompatSocketsTest::theEndOfTheProgramIsSaid()
{
    HubBench hub;
    auto gateway = connectTo(hub);
    auto page = hub.connect(core::Principal::localUser(), {}, u"/"_s);
    hub.dialects.sayGoodbye();
    QCOMPARE(gateway.record->closeCode, 1001);
    QCOMPARE(page.record->closeCode, 1001);
}

void CompatSocketsTest::nobodyListeningCostsNothing()
{
    HubBench hub;
    const JobId id = hub.add(u"local"_s, JobState::Paused);
    {
        auto client = connectTo(hub);
        QTRY_COMPARE(client.record->sent.size(), 1);
        client.socket->hangUp();
    }
    QVERIFY(hub.registry.cancel(id)); // nobody is told, nothing is kept
    QTRY_COMPARE(hub.registry.find(id)->state, JobState::Canceled);
    QVERIFY(hub.registry.remove(id));
    auto later = connectTo(hub);
    hub.add(u"local"_s, JobState::Paused);
    QTRY_COMPARE(later.record->sent.size(), 1);
    QVERIFY(later.record->sent.constFirst().contains("\"download_id\":\"2\""));
}

void CompatSocketsTest::socketsAreCounted()
{
    HubBench hub;
    auto client = connectTo(hub);
    client.say("{}");
    hub.add(u"local"_s, JobState::Paused);
    QTRY_COMPARE(client.record->sent.size(), 2);
    const auto metrics = hub.request("GET", u"/metrics"_s);
    QVERIFY(metrics->answer->body.contains("dray_messages_sent_total{lane=\"event\"} 1\n"));
    QVERIFY(metrics->answer->body.contains("dray_messages_sent_total{lane=\"reply\"} 1\n"));
    QVERIFY(metrics->answer->body.contains("dray_connections{kind=\"websocket\"} 1\n"));
    QVERIFY(metrics->answer->body.contains("dray_messages_received_total 1\n"));
}

void CompatSocketsTest::tokensAreTakenFromEveryPlace_data()
{
    QTest::addColumn<Visit>("visit");
    for (const QString &path : {u"/ws"_s, u"/"_s}) {
        const auto newRow = [&](const char *place) -> QTestData & {
            return QTest::addRow("%s %s", qPrintable(path), place);
        };
        newRow("header") << Visit{.path = path, .authorization = "Bearer admin"};
        newRow("query") << Visit{.path = path, .query = u"token=admin"_s};
        newRow("subprotocol") << Visit{.path = path, .subprotocols = {u"dray.bearer.admin"_s}};
        newRow("subprotocol, as in browsers")
            << Visit{.path = path, .subprotocols = {u"dray.v1"_s, u"dray.bearer.admin"_s}};
    }
}

void CompatSocketsTest::tokensAreTakenFromEveryPlace()
{
    QFETCH(Visit, visit);
    LiveHub hub;
    hub.add(u"local"_s, JobState::Paused);
    Remote remote(hub, visit);
    QTRY_COMPARE(remote.messages.size(), 1);
    QVERIFY(remote.isOpen());
    const bool isAnswered = visit.subprotocols.contains("dray.v1"_L1);
    QCOMPARE(remote.socket.subprotocol(), isAnswered ? u"dray.v1"_s : QString());
}

void CompatSocketsTest::withoutAValidTokenTheDialectSaysSoAndCloses_data()
{
    QTest::addColumn<Visit>("visit");
    QTest::newRow("gateway, none") << Visit{};
    QTest::newRow("gateway, wrong") << Visit{.authorization = "Bearer guess"};
    QTest::newRow("gateway, wrong in the query") << Visit{.query = u"token=guess"_s};
    QTest::newRow("web downloader, none") << Visit{.path = u"/"_s};
    QTest::newRow("web downloader, wrong") << Visit{.path = u"/"_s, .query = u"token=guess"_s};
}

void CompatSocketsTest::withoutAValidTokenTheDialectSaysSoAndCloses()
{
    QFETCH(Visit, visit);
    LiveHub hub;
    hub.add(u"local"_s, JobState::Paused);
    Remote remote(hub, visit);
    QTRY_VERIFY(remote.isGone());
    QCOMPARE(int(remote.socket.closeCode()), 1008);
    QCOMPARE(remote.messages, QByteArrayList{hub.router.matchSocket(visit.path).access->refusal()});
}

void CompatSocketsTest::foreignPagesDoNotGetASocket()
{
    LiveHub hub;
    for (const char *origin : {"http://evil.example", "null", "http://127.0.0.1:1"}) {
        Remote remote(hub, {.authorization = "Bearer admin", .origin = origin});
        QTRY_VERIFY(remote.isGone());
        QVERIFY(remote.messages.isEmpty());
    }
    QCOMPARE(hub.access.authFailures().value("origin"), 3);
}

void CompatSocketsTest::thePageAndTheSocketShareTheRoot()
{
    LiveHub hub;
    hub.router.add("GET", u"/"_s, {.isPublic = true},
                   [](server::Exchange &exchange) { exchange.respond({.body = "the page"}); });
    QNetworkAccessManager web;
    const std::unique_ptr<QNetworkReply> reply(
        web.get(QNetworkRequest(hub.url(u"http"_s, u"/"_s))));
    QTRY_VERIFY(reply->isFinished());
    QCOMPARE(reply->readAll(), "the page");
    Remote remote(hub, {.path = u"/"_s, .authorization = "Bearer admin"});
    QTRY_VERIFY(remote.isOpen());
}

void CompatSocketsTest::aRevokedTokenClosesRealSockets()
{
    LiveHub hub;
    Remote remote(hub, {.authorization = "Bearer reader"});
    QTRY_VERIFY(remote.isOpen());
    hub.access.revoke(u"t2"_s);
    QTRY_VERIFY(remote.isGone());
    QCOMPARE(int(remote.socket.closeCode()), 4505);
}

QTEST_GUILESS_MAIN(CompatSocketsTest)
#include "tst_compatsockets.moc"
