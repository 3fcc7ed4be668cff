#include "tests/server/dialects/hubbench.h"

#include <QJsonArray>

using namespace std::chrono_literals;
using namespace Qt::StringLiterals;
using namespace tests;

namespace {

const QByteArray Asked(R"({"name":"Firefox","kind":"extension","code":"123456"})");

} // namespace

/// pair.request of who has no token, and the answers of who has all rights.
class NativePairingTest final : public QObject
{
    Q_OBJECT
private slots:
    void theTokenOfAPairingOpensTheSession();
    void aPairingOutlivesTheFiveSecondsAndNoMore();
    void afterANoThereIsTimeForAToken();
    void aClosedConnectionAsksNoMore();
    void twoAtOnceAreRefused();
    void onlyAdminsAnswer();
    void anExtensionMayOnlyPairUntilItIs();

private:
    [[nodiscard]] static QByteArray waitingOf(HubBench &hub);
};

/// Params that name the one who waits.
QByteArray NativePairingTest::waitingOf(HubBench &hub)
{
    const QJsonObject list = resultOf(hub.connect().ask("pair.list"));
    const QString id =
        list.value("pairings"_L1).toArray().at(0).toObject().value("id"_L1).toString();
    return R"({"pairing":")" + id.toLatin1() + "\"}";
}

void NativePairingTest::theTokenOfAPairingOpensTheSession()
{
    HubBench hub;
    auto asker = hub.connect(std::nullopt);
    asker.call("pair.request", Asked, 7);
    QVERIFY(asker.record->take().isEmpty());
    auto admin = hub.connect();
    admin.call("pair.accept", waitingOf(hub));
    QTRY_VERIFY(!asker.record->sent.isEmpty());
    const QJsonObject answer = asker.record->take().at(0);
    QCOMPARE(answer.value("id"_L1), 7);
    const QJsonObject paired = resultOf(answer);
    QCOMPARE(paired.value("scopes"_L1).toArray().size(), 4);
    const QByteArray token = paired.value("token"_L1).toString().toLatin1();
    QVERIFY(hub.tokens.check(token));
    QVERIFY(resultOf(admin.ask("pair.list")).value("pairings"_L1).toArray().isEmpty());
}

void NativePairingTest::aPairingOutlivesTheFiveSecondsAndNoMore()
{
    HubBench hub;
    auto asker = hub.connect(std::nullopt);
    asker.call("pair.request", Asked);
    for (int i = 0; i < 119; ++i) {
        asker.say(R"({"jsonrpc":"2.0","method":"session.pong"})");
        waitFor(hub, 1s);
    }
    QVERIFY(!asker.record->closeCode);
    hub.clock.advance(1s);
    QTRY_VERIFY(hub.pairings.waiting().isEmpty());
    QCOMPARE(errorNumberOf(asker.record->take().constLast()), -32603); // nobody answered in time
    waitFor(hub, 6s);
    QCOMPARE(asker.record->closeCode, std::optional(1008));
}

void NativePairingTest::afterANoThereIsTimeForAToken()
{
    HubBench hub;
    auto asker = hub.connect(std::nullopt);
    asker.call("pair.request", Asked);
    waitFor(hub, 20s);
    QVERIFY(hub.connect().ask("pair.refuse", waitingOf(hub)).contains("result"_L1));
    QCOMPARE(errorNumberOf(asker.record->take().constLast()), -32002);
    waitFor(hub, 4s);
    QVERIFY(resultOf(asker.ask("session.auth", R"({"token":"admin"})")).contains("scopes"_L1));
    waitFor(hub, 20s);
    QVERIFY(!asker.record->closeCode);
}

void NativePairingTest::aClosedConnectionAsksNoMore()
{
    HubBench hub;
    auto asker = hub.connect(std::nullopt);
    asker.call("pair.request", Asked);
    QCOMPARE(hub.pairings.waiting().size(), 1);
    asker.socket->hangUp();
    QTRY_VERIFY(hub.pairings.waiting().isEmpty());
}

void NativePairingTest::twoAtOnceAreRefused()
{
    HubBench hub;
    auto asker = hub.connect(std::nullopt);
    asker.call("pair.request", Asked);
    QCOMPARE(errorNumberOf(asker.ask("pair.request", Asked)), -32004);
    QCOMPARE(hub.pairings.waiting().size(), 1);
}

void NativePairingTest::onlyAdminsAnswer()
{
    HubBench hub;
    auto paired = hub.connect(HubBench::who(u"local"_s, core::DefaultScopes));
    for (const QByteArray method : {"pair.list", "pair.accept", "pair.refuse"})
        QCOMPARE(errorNumberOf(paired.ask(method, R"({"pairing":"x"})")), -32002);
    QCOMPARE(errorNumberOf(hub.connect().ask("pair.accept", R"({"pairing":"x"})")), -32003);
    QCOMPARE(errorNumberOf(hub.connect().ask("pair.accept")), -32602);
}

/// Whoever got hold of a token: an extension that nobody let in has no use for it (PROTOCOL.md §0.2).
void NativePairingTest::anExtensionMayOnlyPairUntilItIs()
{
    HubBench hub;
    server::Request request;
    request.headers = {{"Origin", "chrome-extension://x"}};
    auto early = hub.connect(request, u"/api/v1/ws"_s);
    QCOMPARE(errorNumberOf(early.ask("session.auth", R"({"token":"admin"})")), -32001);
    QCOMPARE(early.record->closeCode, std::optional(1008));

    auto extension = hub.connect(request, u"/api/v1/ws"_s);
    extension.call("pair.request", Asked);
    hub.connect().call("pair.accept", waitingOf(hub));
    QTRY_VERIFY(!extension.record->sent.isEmpty());
    QVERIFY(resultOf(extension.record->take().at(0)).contains("token"_L1));
    // Its own token is in the store of tokens, which this bench does not ask; any will do.
    QVERIFY(extension.ask("session.auth", R"({"token":"reader"})").contains("result"_L1));
}

QTEST_GUILESS_MAIN(NativePairingTest)
#include "tst_nativepairing.moc"
