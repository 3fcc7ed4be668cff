#include "tests/server/dialects/enginebench.h"

using namespace std::chrono_literals;
using namespace Qt::StringLiterals;
using namespace tests;
using server::EngineSession;

namespace {

QByteArray bodyOf(const std::unique_ptr<FakeExchange> &exchange)
{
    return exchange->answer ? exchange->answer->body : QByteArray("(none)");
}

int statusOf(const std::unique_ptr<FakeExchange> &exchange)
{
    return exchange->answer ? exchange->answer->status : 0;
}

constexpr char UnknownSession[] = "{\"code\":1,\"message\":\"Session ID unknown\"}";
constexpr char BadRequest[] = "{\"code\":3,\"message\":\"Bad request\"}";
constexpr char Forbidden[] = "{\"code\":4,\"message\":\"Forbidden\"}";

} // namespace

/// What the protocol's own suite for servers asks, and the rules that break clients when they are missed.
class EngineIoTest final : public QObject
{
    Q_OBJECT
private slots:
    void pollingOpensASession();
    void aSocketOpensASession();
    void wrongHandshakes_data();
    void wrongHandshakes();
    void wrongSocketHandshakes_data();
    void wrongSocketHandshakes();
    void messagesGoBothWaysByPolling();
    void whatIsSaidInOneTurnIsOneAnswer();
    void wrongPayloadsEndTheSession_data();
    void wrongPayloadsEndTheSession();
    void twoPollsAtOnceEndTheSession();
    void aPollThatIsGivenUpEndsTheSession();
    void messagesGoBothWaysByWebSocket();
    void wrongPacketsEndASocket_data();
    void wrongPacketsEndASocket();
    void theServerPingsPolls();
    void theServerPingsSockets();
    void whoDoesNotAnswerPingsIsClosed();
    void closingByPolling();
    void closingByWebSocket();
    void pollingIsUpgraded();
    void aHeldPollIsLetGoWhileUpgrading();
    void afterTheUpgradePollsAreRefused();
    void aSecondSocketIsLetInAndClosed();
    void anUpgradeThatDoesNotComeLeavesPolling();
    void anUpgradeThatGoesWrongLeavesPolling();
    void slowPollersAreClosed();
    void pollersThatStallAreClosed();
    void largeQueuesAreAnsweredInParts();
    void idsAreNoUseToOthers_data();
    void idsAreNoUseToOthers();
    void ourOwnPageNamesItsOriginOnlySometimes();
    void linksOfOtherSitesOpenNothing();
    void strangersMakeRoom();
    void knownClientsDoNotMakeRoom();
    void pagesMaySendCredentials();
};

void EngineIoTest::pollingOpensASession()
{
    EngineBench bench;
    const auto answer = bench.get();
    QCOMPARE(statusOf(answer), 200);
    QCOMPARE(answer->answer->headers.constFirst().value, QByteArray("text/plain; charset=UTF-8"));
    const QByteArray sid = EngineBench::sidIn(bodyOf(answer));
    QCOMPARE(sid.size(), 32);
    QCOMPARE(bodyOf(answer),
             "0{\"sid\":\"" + sid
                 + "\",\"upgrades\":[\"websocket\"],\"pingInterval\":25000,\"pingTimeout\":20000,"
                   "\"maxPayload\":65536}");
    QVERIFY(bench.open() != sid);
}

void EngineIoTest::aSocketOpensASession()
{
    EngineBench bench;
    QVERIFY(!bench.refusal(EngineBench::queryFor("websocket", {})));
    auto client = bench.connect();
    const QByteArray greeting = client.record->sent.value(0);
    QVERIFY(greeting.startsWith("0{\"sid\":\""));
    QVERIFY(greeting.contains("\"upgrades\":[]"));
}

void EngineIoTest::wrongHandshakes_data()
{
    QTest::addColumn<QByteArray>("method");
    QTest::addColumn<QString>("query");
    QTest::addColumn<QByteArray>("body");
    const QByteArray version = "{\"code\":5,\"message\":\"Unsupported protocol version\"}";
    const QByteArray transport = "{\"code\":0,\"message\":\"Transport unknown\"}";
    const QByteArray method = "{\"code\":2,\"message\":\"Bad handshake method\"}";
    QTest::newRow("no version") << QByteArray("GET") << u"transport=polling"_s << version;
    QTest::newRow("version 3") << QByteArray("GET") << u"EIO=3&transport=polling"_s << version;
    QTest::newRow("no transport") << QByteArray("GET") << u"EIO=4"_s << transport;
    QTest::newRow("transport abc") << QByteArray("GET") << u"EIO=4&transport=abc"_s << transport;
    QTest::newRow("POST") << QByteArray("POST") << u"EIO=4&transport=polling"_s << method;
    QTest::newRow("PUT") << QByteArray("PUT") << u"EIO=4&transport=polling"_s << method;
    QTest::newRow("HEAD") << QByteArray("HEAD") << u"EIO=4&transport=polling"_s
                          << QByteArray(BadRequest);
    QTest::newRow("a socket without upgrade")
        << QByteArray("GET") << u"EIO=4&transport=websocket"_s << QByteArray(BadRequest);
    QTest::newRow("unknown session")
        << QByteArray("GET") << u"EIO=4&transport=polling&sid=abc"_s << QByteArray(UnknownSession);
    QTest::newRow("unknown session, POST")
        << QByteArray("POST") << u"EIO=4&transport=polling&sid=abc"_s << QByteArray(UnknownSession);
}

void EngineIoTest::wrongHandshakes()
{
    QFETCH(const QByteArray, method);
    QFETCH(const QString, query);
    EngineBench bench;
    const auto answer = bench.send(bench.request(method, query));
    QCOMPARE(statusOf(answer), 400);
    QTEST(bodyOf(answer), "body");
    QVERIFY(bench.opened.isEmpty());
}

void EngineIoTest::wrongSocketHandshakes_data()
{
    QTest::addColumn<QString>("query");
    QTest::newRow("no version") << u"transport=websocket"_s;
    QTest::newRow("no transport") << u"EIO=4"_s;
    QTest::newRow("polling") << u"EIO=4&transport=polling"_s;
    QTest::newRow("unknown session") << u"EIO=4&transport=websocket&sid=abc"_s;
}

void EngineIoTest::wrongSocketHandshakes()
{
    QFETCH(const QString, query);
    const EngineBench bench;
    const auto refusal = bench.refusal(query);
    QVERIFY(refusal);
    QCOMPARE(refusal->status, 400);
}

void EngineIoTest::messagesGoBothWaysByPolling()
{
    EngineBench bench;
    const QByteArray sid = bench.open();
    const auto push = bench.post(sid, "4hello");
    QCOMPARE(statusOf(push), 200);
    QCOMPARE(bodyOf(push), QByteArray("ok"));
    QCOMPARE(push->answer->headers.constFirst().value, QByteArray("text/html; charset=UTF-8"));
    QCOMPARE(bodyOf(bench.get(sid)), QByteArray("4hello"));
    const auto held = bench.get(sid);
    QVERIFY(!held->answer);
    (void)bench.post(sid, "4again");
    QTRY_COMPARE(bodyOf(held), QByteArray("4again"));
}

void EngineIoTest::whatIsSaidInOneTurnIsOneAnswer()
{
    EngineBench bench;
    const QByteArray sid = bench.open();
    const auto held = bench.get(sid);
    (void)bench.post(sid,
                     "4test1\x1e"
                     "4test2\x1e"
                     "4test3");
    QTRY_COMPARE(bodyOf(held),
                 QByteArray("4test1\x1e"
                            "4test2\x1e"
                            "4test3"));
}

void EngineIoTest::wrongPayloadsEndTheSession_data()
{
    QTest::addColumn<QByteArray>("body");
    QTest::addColumn<QByteArray>("type");
    const QByteArray text = "text/plain;charset=UTF-8";
    QTest::newRow("no packet") << QByteArray("abc") << text;
    QTest::newRow("nothing") << QByteArray() << text;
    QTest::newRow("binary packet") << QByteArray("4a\x1e"
                                                 "bAQID")
                                   << text;
    QTest::newRow("binary body") << QByteArray("4a") << QByteArray("application/octet-stream");
}

void EngineIoTest::wrongPayloadsEndTheSession()
{
    QFETCH(const QByteArray, body);
    QFETCH(const QByteArray, type);
    EngineBench bench;
    const QByteArray sid = bench.open();
    bench.headers = {{"Content-Type", type}};
    QCOMPARE(statusOf(bench.post(sid, body)), 400);
    QCOMPARE(bodyOf(bench.get(sid)), QByteArray(UnknownSession));
}

void EngineIoTest::twoPollsAtOnceEndTheSession()
{
    EngineBench bench;
    const QByteArray sid = bench.open();
    const auto first = bench.get(sid);
    const auto second = bench.get(sid);
    QCOMPARE(statusOf(second), 400);
    QCOMPARE(statusOf(first), 200);
    QCOMPARE(bodyOf(first), QByteArray("1"));
    QCOMPARE(statusOf(bench.get(sid)), 400);
}

void EngineIoTest::aPollThatIsGivenUpEndsTheSession()
{
    EngineBench bench;
    const QByteArray sid = bench.open();
    auto held = bench.get(sid);
    held->hangUp();
    QCOMPARE(bodyOf(bench.get(sid)), QByteArray(UnknownSession));
}

void EngineIoTest::messagesGoBothWaysByWebSocket()
{
    EngineBench bench;
    auto client = bench.connect();
    (void)client.take();
    client.socket->say("4hello");
    client.socket->say("6");
    QCOMPARE(client.take(), QByteArrayList{"4hello"});
}

void EngineIoTest::wrongPacketsEndASocket_data()
{
    QTest::addColumn<QByteArray>("packet");
    QTest::newRow("no packet") << QByteArray("abc");
    QTest::newRow("nothing") << QByteArray();
    QTest::newRow("a ping of the client") << QByteArray("2");
    QTest::newRow("open") << QByteArray("0{}");
    QTest::newRow("upgrade of what is one") << QByteArray("5");
}

void EngineIoTest::wrongPacketsEndASocket()
{
    QFETCH(const QByteArray, packet);
    EngineBench bench;
    auto client = bench.connect();
    client.socket->say(packet);
    QCOMPARE(client.record->closeCode, 1002);
}

void EngineIoTest::theServerPingsPolls()
{
    EngineBench bench;
    const QByteArray sid = bench.open();
    for (int i = 0; i < 3; ++i) {
        const auto held = bench.get(sid);
        bench.pass(24s);
        QVERIFY(!held->answer);
        bench.pass(1s);
        QTRY_COMPARE(bodyOf(held), QByteArray("2"));
        QCOMPARE(statusOf(bench.post(sid, "3")), 200);
    }
}

void EngineIoTest::theServerPingsSockets()
{
    EngineBench bench;
    auto client = bench.connect();
    (void)client.take();
    for (int i = 0; i < 3; ++i) {
        bench.pass(25s);
        QCOMPARE(client.take(), QByteArrayList{"2"});
        client.socket->say("3");
    }
    QVERIFY(!client.record->closeCode);
}

void EngineIoTest::whoDoesNotAnswerPingsIsClosed()
{
    EngineBench bench;
    const QByteArray sid = bench.open();
    const auto first = bench.get(sid);
    auto client = bench.connect();
    bench.pass(25s);
    QTRY_COMPARE(bodyOf(first), QByteArray("2"));
    const auto held = bench.get(sid);
    bench.pass(19s);
    QVERIFY(!client.record->closeCode);
    bench.pass(1s);
    QCOMPARE(client.record->closeCode, 4002);
    QCOMPARE(bodyOf(held), QByteArray("1"));
    QCOMPARE(statusOf(bench.get(sid)), 400);
}

void EngineIoTest::closingByPolling()
{
    EngineBench bench;
    const QByteArray sid = bench.open();
    const auto held = bench.get(sid);
    QCOMPARE(bodyOf(bench.post(sid, "1")), QByteArray("ok"));
    QCOMPARE(bodyOf(held), QByteArray("6"));
    QCOMPARE(statusOf(bench.get(sid)), 400);
}

void EngineIoTest::closingByWebSocket()
{
    EngineBench bench;
    auto client = bench.connect();
    client.socket->say("1");
    QCOMPARE(client.record->closeCode, 1000);
    QVERIFY(bench.sessions.all().empty());
}

void EngineIoTest::pollingIsUpgraded()
{
    EngineBench bench;
    const QByteArray sid = bench.open();
    auto client = bench.connect(sid);
    QVERIFY(client.take().isEmpty());
    client.socket->say("2probe");
    QCOMPARE(client.take(), QByteArrayList{"3probe"});
    (void)bench.post(sid, "4by post");
    client.socket->say("5");
    QCOMPARE(client.take(), QByteArrayList{"4by post"});
    client.socket->say("4hello");
    QCOMPARE(client.take(), QByteArrayList{"4hello"});
}

void EngineIoTest::aHeldPollIsLetGoWhileUpgrading()
{
    EngineBench bench;
    const QByteArray sid = bench.open();
    const auto first = bench.get(sid);
    auto client = bench.connect(sid);
    QVERIFY(!first->answer);
    client.socket->say("2probe");
    QCOMPARE(bodyOf(first), QByteArray("6"));
    const auto second = bench.get(sid);
    QVERIFY(!second->answer);
    QTRY_COMPARE(bodyOf(second), QByteArray("6"));
    const auto third = bench.get(sid);
    client.socket->say("5");
    QCOMPARE(bodyOf(third), QByteArray("6"));
}

void EngineIoTest::afterTheUpgradePollsAreRefused()
{
    EngineBench bench;
    const QByteArray sid = bench.open();
    auto client = bench.connect(sid);
    client.socket->say("2probe");
    client.socket->say("5");
    QCOMPARE(bodyOf(bench.get(sid)), QByteArray(BadRequest));
    QCOMPARE(bodyOf(bench.post(sid, "4x")), QByteArray(BadRequest));
    client.socket->say("4hello");
    QVERIFY(client.take().contains("4hello"));
}

void EngineIoTest::aSecondSocketIsLetInAndClosed()
{
    EngineBench bench;
    const QByteArray sid = bench.open();
    auto client = bench.connect(sid);
    auto early = bench.connect(sid);
    QCOMPARE(early.record->closeCode, 1000);
    client.socket->say("2probe");
    client.socket->say("5");
    QVERIFY(!bench.refusal(EngineBench::queryFor("websocket", sid)));
    auto late = bench.connect(sid);
    QCOMPARE(late.record->closeCode, 1000);
    client.socket->say("4hello");
    QVERIFY(client.take().contains("4hello"));
}

void EngineIoTest::anUpgradeThatDoesNotComeLeavesPolling()
{
    EngineBench bench;
    const QByteArray sid = bench.open();
    auto client = bench.connect(sid);
    client.socket->say("2probe");
    bench.pass(10s);
    QCOMPARE(client.record->closeCode, 1000);
    const auto held = bench.get(sid);
    (void)bench.post(sid, "4on");
    QTRY_COMPARE(bodyOf(held), QByteArray("4on"));
    auto again = bench.connect(sid);
    QVERIFY(!again.record->closeCode);
}

void EngineIoTest::anUpgradeThatGoesWrongLeavesPolling()
{
    EngineBench bench;
    const QByteArray sid = bench.open();
    for (const char *word : {"5", "4hello", "2"}) {
        auto client = bench.connect(sid);
        client.socket->say(word);
        QCOMPARE(client.record->closeCode, 1000);
    }
    auto client = bench.connect(sid);
    client.socket->say("2probe");
    client.socket->hangUp();
    const auto held = bench.get(sid);
    (void)bench.post(sid, "4on");
    QTRY_COMPARE(bodyOf(held), QByteArray("4on"));
}

void EngineIoTest::slowPollersAreClosed()
{
    EngineBench bench;
    const QByteArray sid = bench.open();
    const QByteArray message = '4' + QByteArray(60'000, 'x');
    int sent = 0;
    while (sent < 100 && statusOf(bench.post(sid, message)) == 200)
        ++sent;
    QVERIFY2(sent >= 17 && sent <= 18, qPrintable(QString::number(sent)));
    QCOMPARE(statusOf(bench.get(sid)), 400);
}

void EngineIoTest::pollersThatStallAreClosed()
{
    EngineBench bench;
    const QByteArray sid = bench.open();
    (void)bench.post(sid, "4unread");
    bench.pass(29s);
    QVERIFY(!bench.sessions.all().empty());
    bench.pass(1s);
    QVERIFY(bench.sessions.all().empty());
}

void EngineIoTest::largeQueuesAreAnsweredInParts()
{
    EngineBench bench;
    const QByteArray sid = bench.open();
    for (int i = 0; i < 6; ++i)
        (void)bench.post(sid, '4' + QByteArray(60'000, char('a' + i)));
    const QByteArrayList first = bodyOf(bench.get(sid)).split('\x1e');
    const QByteArrayList second = bodyOf(bench.get(sid)).split('\x1e');
    QCOMPARE(first.size(), 4);
    QCOMPARE(second.size(), 2);
    QVERIFY(second.constLast().endsWith("ff"));
}

void EngineIoTest::idsAreNoUseToOthers_data()
{
    QTest::addColumn<QByteArray>("origin");
    QTest::addColumn<QString>("peer");
    QTest::addColumn<QString>("token");
    QTest::newRow("another page") << QByteArray("http://evil.test") << u"127.0.0.1"_s << u"t1"_s;
    QTest::newRow("another machine") << QByteArray("http://page.test") << u"10.0.0.9"_s << u"t1"_s;
    QTest::newRow("another token") << QByteArray("http://page.test") << u"127.0.0.1"_s << u"t2"_s;
    QTest::newRow("no page") << QByteArray() << u"127.0.0.1"_s << u"t1"_s;
}

void EngineIoTest::idsAreNoUseToOthers()
{
    QFETCH(const QByteArray, origin);
    QFETCH(const QString, peer);
    QFETCH(const QString, token);
    EngineBench bench;
    bench.headers = {{"Origin", "http://page.test"}};
    bench.principal = core::Principal::localUser();
    bench.tokenId = u"t1"_s;
    const QByteArray sid = bench.open();
    bench.headers.clear();
    if (!origin.isEmpty())
        bench.headers = {{"Origin", origin}};
    bench.peer = QHostAddress(peer);
    bench.tokenId = token;
    QCOMPARE(bodyOf(bench.get(sid)), QByteArray(Forbidden));
    QCOMPARE(statusOf(bench.post(sid, "4x")), 403);
    QCOMPARE(bench.refusal(EngineBench::queryFor("websocket", sid))->status, 403);
    QVERIFY(!bench.sessions.all().empty());
}

void EngineIoTest::ourOwnPageNamesItsOriginOnlySometimes()
{
    EngineBench bench;
    const QByteArray sid = bench.open();
    bench.headers = {{"Origin", "http://127.0.0.1:8765"}};
    QCOMPARE(statusOf(bench.post(sid, "4x")), 200);
    QVERIFY(!bench.refusal(EngineBench::queryFor("websocket", sid)));
}

void EngineIoTest::linksOfOtherSitesOpenNothing()
{
    EngineBench bench;
    for (const char *site : {"cross-site", "same-site"}) {
        bench.headers = {{"Sec-Fetch-Site", site}};
        QCOMPARE(bodyOf(bench.get()), QByteArray(Forbidden));
    }
    bench.headers = {{"Sec-Fetch-Site", "cross-site"}, {"Origin", "http://page.test"}};
    QCOMPARE(statusOf(bench.get()), 200); // it was let in
}

void EngineIoTest::strangersMakeRoom()
{
    EngineBench bench(2);
    const QByteArray first = bench.open();
    const QByteArray second = bench.open();
    const QByteArray third = bench.open();
    QCOMPARE(statusOf(bench.get(first)), 400);
    QVERIFY(!bench.get(second)->answer);
    QVERIFY(!bench.get(third)->answer);
}

void EngineIoTest::knownClientsDoNotMakeRoom()
{
    EngineBench bench(2);
    (void)bench.open();
    auto client = bench.connect();
    for (const EngineSession *session : bench.opened)
        bench.sessions.keep(*session);
    QCOMPARE(statusOf(bench.get()), 503);
    QCOMPARE(bench.refusal(EngineBench::queryFor("websocket", {}))->status, 503);
    client.socket->say("1");
    QCOMPARE(statusOf(bench.get()), 200);
}

void EngineIoTest::pagesMaySendCredentials()
{
    EngineBench bench;
    const server::Header allowed{"Access-Control-Allow-Credentials", "true"};
    QVERIFY(!bench.get()->answer->headers.contains(allowed));
    bench.headers = {{"Origin", "http://page.test"}};
    QVERIFY(bench.get()->answer->headers.contains(allowed));
    QVERIFY(bench.post("none", "4x")->answer->headers.contains(allowed));
}

QTEST_GUILESS_MAIN(EngineIoTest)
#include "tst_engineio.moc"
