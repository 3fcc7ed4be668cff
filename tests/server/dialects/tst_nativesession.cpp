#include "tests/server/dialects/hubbench.h"

#include <QJsonArray>

using namespace std::chrono_literals;
using namespace Qt::StringLiterals;
using core::JobId;
using core::JobState;
using core::Scope;
using namespace tests;

namespace {

/// Every method that is not the session's own, and what it needs.
QMap<QString, QString> scopes()
{
    return {
        {u"job.add"_s, u"add"_s},
        {u"job.report"_s, u"report"_s},
        {u"job.list"_s, u"read"_s},
        {u"job.get"_s, u"read"_s},
        {u"job.events"_s, u"read"_s},
        {u"job.pause"_s, u"control"_s},
        {u"job.resume"_s, u"control"_s},
        {u"job.cancel"_s, u"control"_s},
        {u"job.retry"_s, u"control"_s},
        {u"job.remove"_s, u"control"_s},
        {u"job.move"_s, u"control"_s},
        {u"job.setLimit"_s, u"control"_s},
        {u"job.refreshUrl"_s, u"control"_s},
        {u"workflow.add"_s, u"add"_s},
        {u"workflow.list"_s, u"read"_s},
        {u"workflow.get"_s, u"read"_s},
        {u"workflow.pause"_s, u"control"_s},
        {u"workflow.resume"_s, u"control"_s},
        {u"workflow.cancel"_s, u"control"_s},
        {u"workflow.retry"_s, u"control"_s},
        {u"workflow.remove"_s, u"control"_s},
        {u"agent.list"_s, u"read"_s},
        {u"agent.get"_s, u"read"_s},
        {u"agent.register"_s, u"report"_s},
        {u"agent.accept"_s, u"report"_s},
        {u"agent.progress"_s, u"report"_s},
        {u"agent.complete"_s, u"report"_s},
        {u"agent.fail"_s, u"report"_s},
        {u"history.list"_s, u"read"_s},
        {u"device.list"_s, u"read"_s},
        {u"device.eject"_s, u"flash"_s},
        {u"flash.list"_s, u"read"_s},
        {u"flash.prepare"_s, u"add"_s},
        {u"flash.confirm"_s, u"flash"_s},
        {u"pair.list"_s, u"admin"_s},
        {u"pair.accept"_s, u"admin"_s},
        {u"pair.refuse"_s, u"admin"_s},
        {u"token.add"_s, u"admin"_s},
        {u"token.list"_s, u"admin"_s},
        {u"token.revoke"_s, u"admin"_s},
        {u"settings.get"_s, u"read"_s},
        {u"settings.set"_s, u"settings"_s},
        {u"session.link"_s, u"admin"_s},
        {u"metrics.get"_s, u"read"_s},
    };
}

} // namespace

class NativeSessionTest final : public QObject
{
    Q_OBJECT
private slots:
    void helloSaysWhereAndWhat();
    void aTokenOpensTheSession_data();
    void aTokenOpensTheSession();
    void withoutATokenItEndsAfterFiveSeconds();
    void expiredTokensEndTheSession();
    void revokedTokensEndTheSession();
    void heartbeatIsTextAfter20Seconds();
    void silenceOf45SecondsEndsTheSession();
    void shutdownIsSaid();
    void tooManyMessages();
    void pongsAreNotCounted();
    void malformedMessages_data();
    void malformedMessages();
    void batchesAreAnsweredInOnePiece();
    void everyMethodNeedsItsScope_data();
    void everyMethodNeedsItsScope();
    void everyMethodHasARow();
    void eventsFormAChain();
    void anEventThatMatchesTwoTopicsComesOnce();
    void whatHappenedToAJobIsToldToWhoComesLater();
    void theEleventhTopicIsRefused();
    void subscriptionsCanBeListedAndEnded();
    void foreignJobsAreInvisible();
    void largeSnapshotsArePaged();
    void resumeReplaysInOrder();
    void resumeWithAForeignEpochGivesASnapshot();
    void aForgedPositionGivesASnapshot_data();
    void aForgedPositionGivesASnapshot();
    void replayIsFencedToo();
    void commandsOverTheSocket();
    void queueAndLimitsOverTheSocket();
    void addIsAnsweredAfterTheCommit();
    void whatCannotBeAdded_data();
    void whatCannotBeAdded();
    void tokensAndSettings();
};

void NativeSessionTest::helloSaysWhereAndWhat()
{
    HubBench hub;
    auto client = hub.connect();
    const QJsonObject hello = resultOf(client.ask("session.hello", R"({"client":{"name":"t"}})"));
    QCOMPARE(hello.value("epoch"_L1), u"epoch1"_s);
    QCOMPARE(hello.value("seq"_L1), 0);
    QCOMPARE(hello.value("heartbeatMs"_L1), 20000);
    QCOMPARE(hello.value("recovered"_L1), false);
    QCOMPARE(hello.value("scopes"_L1).toArray(), QJsonArray{u"admin"_s});
    QCOMPARE(hello.value("columns"_L1).toArray().size(), 8);
    QCOMPARE(hello.value("limits"_L1).toObject().value("subscriptions"_L1), 10);
    QVERIFY(!hello.value("session"_L1).toString().isEmpty());
    QCOMPARE(errorNumberOf(client.ask("session.hello")), -32004);
}

void NativeSessionTest::aTokenOpensTheSession_data()
{
    QTest::addColumn<QByteArray>("method");
    QTest::addColumn<QByteArray>("params");
    QTest::addColumn<bool>("isOpen");
    const auto row = [](const char *name, const char *method, const char *params, bool isOpen) {
        QTest::newRow(name) << QByteArray(method) << QByteArray(params) << isOpen;
    };
    row("hello with a token", "session.hello", R"({"token":"admin"})", true);
    row("auth with a token", "session.auth", R"({"token":"reader"})", true);
    row("hello with a wrong token", "session.hello", R"({"token":"guess"})", false);
    row("auth with a wrong token", "session.auth", R"({"token":"guess"})", false);
    row("hello with topics but no token", "session.hello", R"({"topics":[{"topic":"jobs"}]})",
        false);
    row("anything else", "job.list", "{}", false);
    row("no such method", "session.own", "{}", false);
}

void NativeSessionTest::aTokenOpensTheSession()
{
    QFETCH(QByteArray, method);
    QFETCH(QByteArray, params);
    QFETCH(bool, isOpen);
    HubBench hub;
    auto client = hub.connect(std::nullopt);
    QVERIFY(resultOf(client.ask("session.hello")).value("scopes"_L1).toArray().isEmpty());
    client = hub.connect(std::nullopt);
    client.call(method, params);
    const auto messages = client.record->take();
    if (isOpen) {
        QVERIFY(messages.constFirst().contains("result"_L1));
        QVERIFY(client.ask("job.list").contains("result"_L1));
        return;
    }
    QCOMPARE(messages.size(), 2);
    QCOMPARE(errorNumberOf(messages.at(0)), -32001);
    QCOMPARE(messages.at(1).value("method"_L1), u"session.bye"_s);
    QCOMPARE(paramsOf(messages.at(1)).value("code"_L1), 1008);
    QCOMPARE(paramsOf(messages.at(1)).value("reconnect"_L1), false);
    QCOMPARE(client.record->closeCode, std::optional(1008));
    QVERIFY(client.ask("session.auth", R"({"token":"admin"})").isEmpty()); // it is over
}

void NativeSessionTest::withoutATokenItEndsAfterFiveSeconds()
{
    HubBench hub;
    auto silent = hub.connect(std::nullopt);
    auto known = hub.connect();
    waitFor(hub, 4s);
    QVERIFY(!silent.record->closeCode);
    waitFor(hub, 1s);
    const auto messages = silent.record->take();
    QCOMPARE(messages.size(), 2);
    QCOMPARE(errorNumberOf(messages.at(0)), -32001);
    QCOMPARE(messages.at(1).value("method"_L1), u"session.bye"_s);
    QCOMPARE(silent.record->closeCode, std::optional(1008));
    QVERIFY(!known.record->closeCode);
}

void NativeSessionTest::expiredTokensEndTheSession()
{
    HubBench hub; // its wall clock begins 99 s before "reader" expires
    auto client = hub.connect(std::nullopt);
    const QJsonObject auth = resultOf(client.ask("session.auth", R"({"token":"reader"})"));
    QCOMPARE(auth.value("expiresAt"_L1).toInteger(), 1'790'000'100'000);
    for (int i = 0; i < 98; ++i) {
        client.say(R"({"jsonrpc":"2.0","method":"session.pong"})");
        waitFor(hub, 1s);
    }
    QVERIFY(!client.record->closeCode);
    waitFor(hub, 1s);
    QCOMPARE(client.record->closeCode, std::optional(1008));
}

void NativeSessionTest::revokedTokensEndTheSession()
{
    HubBench hub;
    auto revoked = hub.connect(core::Principal::localUser(), u"t1"_s);
    auto other = hub.connect(core::Principal::localUser(), u"t9"_s);
    hub.access.revoke(u"t1"_s);
    QCOMPARE(revoked.record->closeCode, std::optional(4505));
    QCOMPARE(paramsOf(revoked.record->take().constLast()).value("reconnect"_L1), false);
    QVERIFY(!other.record->closeCode);
}

void NativeSessionTest::heartbeatIsTextAfter20Seconds()
{
    HubBench hub;
    auto client = hub.connect();
    waitFor(hub, 19s);
    QVERIFY(client.record->sent.isEmpty());
    waitFor(hub, 1s);
    const auto pings = only(client.record->take(), "session.ping"_L1);
    QCOMPARE(pings.size(), 1);
    QCOMPARE(pings.constFirst().value("time"_L1).toInteger(), hub.clock.wallTime().count());
    client.say(R"({"jsonrpc":"2.0","method":"session.pong","params":{"time":1}})");
    QVERIFY(client.record->sent.isEmpty());
    waitFor(hub, 19s);
    QVERIFY(client.record->sent.isEmpty());
}

void NativeSessionTest::silenceOf45SecondsEndsTheSession()
{
    HubBench hub;
    auto silent = hub.connect();
    auto heard = hub.connect();
    waitFor(hub, 44s);
    emit heard.socket->heard(); // any byte counts
    QVERIFY(!silent.record->closeCode);
    waitFor(hub, 1s);
    QCOMPARE(silent.record->closeCode, std::optional(4002));
    QVERIFY(!heard.record->closeCode);
}

void NativeSessionTest::shutdownIsSaid()
{
    HubBench hub;
    auto client = hub.connect();
    hub.dialects.sayGoodbye();
    const QJsonObject bye = paramsOf(client.record->take().constLast());
    QCOMPARE(bye.value("code"_L1), 1001);
    QCOMPARE(bye.value("reconnect"_L1), true);
    QCOMPARE(client.record->closeCode, std::optional(1001));
}

void NativeSessionTest::tooManyMessages()
{
    HubBench hub;
    auto client = hub.connect();
    for (int i = 0; i < 30; ++i)
        QVERIFY(client.ask("topic.list").contains("result"_L1));
    const QJsonObject refused = client.ask("topic.list");
    QCOMPARE(errorNumberOf(refused), -32005);
    const QJsonObject why = refused.value("error"_L1).toObject().value("data"_L1).toObject();
    QCOMPARE(why.value("type"_L1), u"rateLimited"_s);
    QCOMPARE(why.value("retryAfterMs"_L1), 600);
    hub.clock.advance(600ms);
    QVERIFY(client.ask("topic.list").contains("result"_L1));
    QCOMPARE(errorNumberOf(client.ask("topic.list")), -32005);
    QVERIFY(!client.record->closeCode);
    client.call("topic.list");
    QCOMPARE(client.record->closeCode, std::optional(4029));
    QCOMPARE(paramsOf(client.record->take().constLast()).value("reconnect"_L1), true);
}

void NativeSessionTest::pongsAreNotCounted()
{
    HubBench hub;
    auto client = hub.connect();
    for (int i = 0; i < 500; ++i)
        client.say(R"({"jsonrpc":"2.0","method":"session.pong","params":{}})");
    QVERIFY(client.record->sent.isEmpty());
    QVERIFY(client.ask("topic.list").contains("result"_L1));
}

void NativeSessionTest::malformedMessages_data()
{
    QTest::addColumn<QByteArray>("message");
    QTest::addColumn<int>("error"); // 0: no answer
    const auto row = [](const char *name, const QByteArray &message, int error) {
        QTest::newRow(name) << message << error;
    };
    row("empty", "", -32700);
    row("not JSON", "{", -32700);
    row("text after the value", R"({"jsonrpc":"2.0","id":1,"method":"topic.list"} x)", -32700);
    row("two values", "1,2", -32700);
    row("bracket trick", "1],[2", -32700);
    row("invalid UTF-8", "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"\xff\"}", -32700);
    row("17 levels", QByteArray(17, '[') + QByteArray(17, ']'), -32700);
    row("16 levels", R"({"a":)" + QByteArray(15, '[') + QByteArray(15, ']') + '}', -32600);
    row("brackets in a string", R"({"jsonrpc":"2.0","id":1,"method":"[[[[[[[[[[[[[[[[[[\"[["})",
        -32601);
    row("a number", "7", -32600);
    row("empty batch", "[]", -32600);
    row("no version", R"({"id":1,"method":"topic.list"})", -32600);
    row("other version", R"({"jsonrpc":"1.0","id":1,"method":"topic.list"})", -32600);
    row("no method", R"({"jsonrpc":"2.0","id":1})", -32600);
    row("method is a number", R"({"jsonrpc":"2.0","id":1,"method":1})", -32600);
    row("id is an object", R"({"jsonrpc":"2.0","id":{},"method":"topic.list"})", -32600);
    row("params by position", R"({"jsonrpc":"2.0","id":1,"method":"topic.list","params":[1]})",
        -32602);
    row("unknown method", R"({"jsonrpc":"2.0","id":1,"method":"job.fly"})", -32601);
    row("unknown method, nobody asks", R"({"jsonrpc":"2.0","method":"job.fly"})", 0);
    row("no job id", R"({"jsonrpc":"2.0","id":1,"method":"job.get"})", -32602);
    row("job id is no number",
        R"({"jsonrpc":"2.0","id":1,"method":"job.get","params":{"job":"x"}})", -32602);
    row("unknown job", R"({"jsonrpc":"2.0","id":1,"method":"job.get","params":{"job":"9"}})",
        -32003);
    row("unknown topic",
        R"({"jsonrpc":"2.0","id":1,"method":"topic.subscribe","params":{"topic":"x"}})", -32602);
    row("rate too high",
        R"({"jsonrpc":"2.0","id":1,"method":"topic.subscribe","params":{"topic":"jobs","rateHz":11}})",
        -32602);
    row("unknown state", R"({"jsonrpc":"2.0","id":1,"method":"job.list","params":{"state":"x"}})",
        -32602);
    row("limit of 0", R"({"jsonrpc":"2.0","id":1,"method":"job.list","params":{"limit":0}})",
        -32602);
    row("limit of 1.5", R"({"jsonrpc":"2.0","id":1,"method":"job.list","params":{"limit":1.5}})",
        -32602);
}

void NativeSessionTest::malformedMessages()
{
    QFETCH(QByteArray, message);
    QFETCH(int, error);
    HubBench hub;
    auto client = hub.connect();
    client.say(message);
    const auto answers = client.record->take();
    QCOMPARE(answers.size(), error == 0 ? 0 : 1);
    if (error != 0)
        QCOMPARE(errorNumberOf(answers.constFirst()), error);
    QVERIFY(!client.record->closeCode);
    QVERIFY(client.ask("topic.list").contains("result"_L1));
}

void NativeSessionTest::batchesAreAnsweredInOnePiece()
{
    HubBench hub;
    auto client = hub.connect();
    client.say(R"([{"jsonrpc":"2.0","id":"a","method":"topic.list"},
                   {"jsonrpc":"2.0","method":"topic.list"}, 5,
                   {"jsonrpc":"2.0","id":"b","method":"topic.subscribe","params":{"topic":"jobs"}},
                   {"jsonrpc":"2.0","id":"c","method":"job.fly"}])");
    QCOMPARE(client.record->sent.size(), 1);
    const QJsonArray answers = QJsonDocument::fromJson(client.record->sent.takeFirst()).array();
    QCOMPARE(answers.size(), 4);
    QCOMPARE(answers.at(0).toObject().value("id"_L1), u"a"_s);
    QCOMPARE(errorNumberOf(answers.at(1).toObject()), -32600);
    QCOMPARE(errorNumberOf(answers.at(2).toObject()), -32600); // comes alone
    QCOMPARE(errorNumberOf(answers.at(3).toObject()), -32601);
    client.say(R"([{"jsonrpc":"2.0","method":"topic.list"}])");
    QVERIFY(client.record->sent.isEmpty());
    const QByteArray call(R"({"jsonrpc":"2.0","id":1,"method":"topic.list"})");
    client.say('[' + QByteArrayList(100, call).join(',') + ']');
    QCOMPARE(QJsonDocument::fromJson(client.record->sent.takeFirst()).array().size(), 100);
    client.say('[' + QByteArrayList(101, call).join(',') + ']');
    QCOMPARE(errorNumberOf(client.record->take().constFirst()), -32600);
}

void NativeSessionTest::everyMethodNeedsItsScope_data()
{
    QTest::addColumn<QString>("scope");
    const QMap<QString, QString> rows = scopes();
    for (auto row = rows.begin(); row != rows.end(); ++row)
        QTest::newRow(qPrintable(row.key())) << row.value();
    QTest::newRow("topic.subscribe") << u"read"_s;
}

void NativeSessionTest::everyMethodHasARow()
{
    const HubBench hub;
    QCOMPARE(QStringList(scopes().keys()), hub.dialects.methodNames());
}

void NativeSessionTest::everyMethodNeedsItsScope()
{
    QFETCH(QString, scope);
    const QByteArray method = QTest::currentDataTag();
    const core::Scopes needed = *core::scopesFromNames({scope});
    const core::Scopes all =
        Scope::Read | Scope::Control | Scope::Add | Scope::Report | Scope::Settings | Scope::Flash;
    HubBench hub;
    auto without = hub.connect(HubBench::who(u"local"_s, all & ~needed));
    auto with = hub.connect(HubBench::who(u"local"_s, needed));
    auto admin = hub.connect();
    const QByteArray params(R"({"topic":"jobs"})");
    QCOMPARE(errorNumberOf(without.ask(method, params)), -32002);
    QVERIFY(errorNumberOf(with.ask(method, params)) != -32002);
    QVERIFY(errorNumberOf(admin.ask(method, params)) != -32002);
}

void NativeSessionTest::eventsFormAChain()
{
    HubBench hub;
    hub.add();
    auto client = hub.connect();
    const QJsonObject hello = resultOf(client.ask("session.hello"));
    const JobId hidden = hub.add(); // before the subscription
    const QJsonObject ack = resultOf(client.ask("topic.subscribe", R"({"topic":"jobs"})"));
    QCOMPARE(ack.value("seq"_L1), 2);
    QCOMPARE(ack.value("jobs"_L1).toArray().size(), 2);
    const JobId id = hub.add(u"local"_s, JobState::Paused);
    QVERIFY(hub.registry.cancel(hidden));
    QTRY_COMPARE(hub.registry.find(hidden)->state, JobState::Canceled);
    QVERIFY(hub.registry.remove(hidden));
    const auto events = only(client.record->take(), "event"_L1);
    QVERIFY(events.size() >= 3);
    QCOMPARE(events.constFirst().value("type"_L1), u"job.added"_s);
    QCOMPARE(events.constFirst().value("topic"_L1), u"job:%1"_s.arg(id.value));
    QCOMPARE(events.constFirst().value("object"_L1).toObject().value("state"_L1), u"paused"_s);
    QCOMPARE(events.constLast().value("type"_L1), u"job.removed"_s);
    QCOMPARE(events.constLast().value("id"_L1), hidden.toString());
    qint64 prev = hello.value("seq"_L1).toInteger();
    for (const QJsonObject &event : events) {
        QCOMPARE(event.value("prev"_L1).toInteger(), prev);
        prev = event.value("seq"_L1).toInteger();
    }
}

void NativeSessionTest::anEventThatMatchesTwoTopicsComesOnce()
{
    HubBench hub;
    const JobId id = hub.add(u"local"_s, JobState::Paused);
    auto client = hub.connect();
    client.ask("topic.subscribe", R"({"topic":"jobs"})");
    const QJsonObject ack = resultOf(client.ask("topic.subscribe", R"({"topic":"job:1"})"));
    QCOMPARE(ack.value("jobs"_L1).toArray().size(), 1);
    QVERIFY(hub.registry.cancel(id));
    QTRY_COMPARE(hub.registry.find(id)->state, JobState::Canceled);
    QStringList states;
    for (const QJsonObject &event : only(client.record->take(), "event"_L1))
        states.append(event.value("patch"_L1).toObject().value("state"_L1).toString());
    states.removeAll(QString());
    QCOMPARE(states, QStringList{u"canceled"_s});
}

void NativeSessionTest::whatHappenedToAJobIsToldToWhoComesLater()
{
    HubBench hub;
    const JobId id = hub.add(u"local"_s, JobState::Paused);
    hub.add(u"local"_s, JobState::Paused);
    QVERIFY(hub.registry.cancel(id));
    QTRY_COMPARE(hub.registry.find(id)->state, JobState::Canceled);
    auto client = hub.connect();
    const QJsonArray events =
        resultOf(client.ask("job.events", R"({"job":"1"})")).value("events"_L1).toArray();
    QVERIFY(events.size() >= 2);
    QCOMPARE(events.first()["type"_L1].toString(), u"job.added"_s);
    QCOMPARE(events.last()["patch"_L1]["state"_L1].toString(), u"canceled"_s);
    qint64 prev = 0;
    for (const QJsonValue &event : events) {
        QCOMPARE(event["id"_L1].toString(), u"1"_s);
        QCOMPARE(event["prev"_L1].toInteger(), prev);
        prev = event["seq"_L1].toInteger();
    }
    const QJsonArray last =
        resultOf(client.ask("job.events", R"({"job":"1","limit":1})")).value("events"_L1).toArray();
    QCOMPARE(last.size(), 1);
    QCOMPARE(last.first()["seq"_L1].toInteger(), prev);
    QCOMPARE(errorNumberOf(client.ask("job.events", R"({"job":"1","limit":201})")), -32602);
    QCOMPARE(errorNumberOf(client.ask("job.events", R"({"job":"9"})")), -32003);
}

void NativeSessionTest::theEleventhTopicIsRefused()
{
    HubBench hub;
    auto client = hub.connect();
    for (int i = 0; i < 11; ++i)
        hub.add(u"local"_s, JobState::Paused);
    for (int i = 1; i <= 10; ++i)
        QVERIFY(client.ask("topic.subscribe", R"({"topic":"job:)" + QByteArray::number(i) + R"("})")
                    .contains("result"_L1));
    QCOMPARE(errorNumberOf(client.ask("topic.subscribe", R"({"topic":"jobs"})")), -32006);
    QVERIFY(client.ask("topic.subscribe", R"({"topic":"job:1","rateHz":1})").contains("result"_L1));
    QVERIFY(client.ask("topic.unsubscribe", R"({"topic":"job:1"})").contains("result"_L1));
    QVERIFY(client.ask("topic.subscribe", R"({"topic":"jobs"})").contains("result"_L1));
}

void NativeSessionTest::subscriptionsCanBeListedAndEnded()
{
    HubBench hub;
    auto client = hub.connect();
    client.ask("topic.subscribe", R"({"topic":"jobs","rateHz":2})");
    const QJsonArray topics = resultOf(client.ask("topic.list")).value("topics"_L1).toArray();
    QCOMPARE(topics, (QJsonArray{QJsonObject{{u"topic"_s, u"jobs"_s}, {u"rateHz"_s, 2.0}}}));
    QVERIFY(client.ask("topic.unsubscribe", R"({"topic":"jobs"})").contains("result"_L1));
    QCOMPARE(errorNumberOf(client.ask("topic.unsubscribe", R"({"topic":"jobs"})")), -32003);
    hub.add();
    QVERIFY(client.record->sent.isEmpty());
}

void NativeSessionTest::foreignJobsAreInvisible()
{
    HubBench hub;
    hub.add(u"local"_s, JobState::Paused);
    auto eve = hub.connect(HubBench::who(u"eve"_s, core::DefaultScopes));
    const QJsonObject ack = resultOf(eve.ask("topic.subscribe", R"({"topic":"jobs"})"));
    QVERIFY(ack.value("jobs"_L1).toArray().isEmpty());
    QCOMPARE(errorNumberOf(eve.ask("topic.subscribe", R"({"topic":"job:1"})")), -32003);
    for (const char *method : {"job.get", "job.events", "job.pause", "job.resume", "job.cancel",
                               "job.retry", "job.remove"})
        QCOMPARE(errorNumberOf(eve.ask(method, R"({"job":"1"})")), -32003);
    QCOMPARE(errorNumberOf(eve.ask("job.move", R"({"job":"1","to":"top"})")), -32003);
    QCOMPARE(errorNumberOf(eve.ask("job.setLimit", R"({"job":"1","bytesPerSecond":1})")), -32003);
    QCOMPARE(errorNumberOf(eve.ask("job.refreshUrl", R"({"job":"1","url":"http://a/b"})")), -32003);
    QVERIFY(resultOf(eve.ask("job.list"))["jobs"_L1].toArray().isEmpty());
    hub.add();
    QVERIFY(eve.record->sent.isEmpty());
    hub.add(u"eve"_s, JobState::Paused);
    QCOMPARE(only(eve.record->take(), "event"_L1).size(), 1);
}

void NativeSessionTest::largeSnapshotsArePaged()
{
    HubBench hub;
    for (int i = 0; i < 1500; ++i)
        hub.add(u"local"_s, JobState::Paused);
    auto client = hub.connect();
    QJsonObject page = resultOf(client.ask("topic.subscribe", R"({"topic":"jobs"})"));
    int pages = 1;
    QJsonArray jobs = page.value("jobs"_L1).toArray();
    while (page.contains("next"_L1)) {
        client.call("job.list",
                    R"({"before":")" + page.value("next"_L1).toString().toLatin1() + R"("})");
        QVERIFY(client.record->sent.constFirst().size() < 256 * 1024);
        page = resultOf(client.record->take().constFirst());
        for (const QJsonValue &job : page.value("jobs"_L1).toArray())
            jobs.append(job);
        ++pages;
    }
    QVERIFY(pages > 1);
    QCOMPARE(jobs.size(), 1500);
    for (int i = 0; i < 1500; ++i)
        QCOMPARE(jobs.at(i).toObject().value("id"_L1), QString::number(1500 - i));
}

void NativeSessionTest::resumeReplaysInOrder()
{
    HubBench hub;
    const JobId kept = hub.add(u"local"_s, JobState::Paused);
    hub.add(u"local"_s, JobState::Paused);
    hub.feed.notice(server::EventFeed::NoticeLevel::Warning, u"not subscribed"_s);
    hub.add(u"local"_s, JobState::Paused);
    auto client = hub.connect();
    client.call("session.hello",
                R"({"resume":{"epoch":"epoch1","seq":1},"topics":[{"topic":"jobs"}]})");
    const auto messages = client.record->take();
    const QJsonObject hello = resultOf(messages.constFirst());
    QCOMPARE(hello.value("recovered"_L1), true);
    QCOMPARE(hello.value("seq"_L1), 1);
    const auto events = only(messages, "event"_L1);
    QCOMPARE(events.size(), 2);
    QCOMPARE(events.at(0).value("prev"_L1), 1);
    QCOMPARE(events.at(0).value("seq"_L1), 2);
    QCOMPARE(events.at(1).value("prev"_L1), 2);
    QCOMPARE(events.at(1).value("seq"_L1), 4);
    QVERIFY(hub.registry.cancel(kept)); // and it goes on
    QTRY_VERIFY(!client.record->sent.isEmpty());
}

void NativeSessionTest::resumeWithAForeignEpochGivesASnapshot()
{
    HubBench hub;
    hub.add(u"local"_s, JobState::Paused);
    auto client = hub.connect();
    const QJsonObject hello = resultOf(client.ask(
        "session.hello", R"({"resume":{"epoch":"older","seq":1},"topics":[{"topic":"jobs"}]})"));
    QCOMPARE(hello.value("recovered"_L1), false);
    QCOMPARE(hello.value("seq"_L1), 1);
    const QJsonObject ack = hello.value("topics"_L1).toArray().at(0).toObject();
    QCOMPARE(ack.value("topic"_L1), u"jobs"_s);
    QCOMPARE(ack.value("jobs"_L1).toArray().size(), 1);
    QCOMPARE(hub.feed.counters().lost, 1);
}

void NativeSessionTest::aForgedPositionGivesASnapshot_data()
{
    QTest::addColumn<QByteArray>("seq");
    for (const char *seq : {"3", "9007199254740991", "-1", "1e300", "1.5", "\"0\"", "null"})
        QTest::newRow(seq) << QByteArray(seq);
}

void NativeSessionTest::aForgedPositionGivesASnapshot()
{
    QFETCH(QByteArray, seq);
    HubBench hub;
    hub.add(u"local"_s, JobState::Paused); // seq 1
    hub.add(u"eve"_s, JobState::Paused); // seq 2
    auto eve = hub.connect(HubBench::who(u"eve"_s, core::DefaultScopes));
    eve.call("session.hello",
             R"({"resume":{"epoch":"epoch1","seq":)" + seq + R"(},"topics":[{"topic":"jobs"}]})");
    const auto messages = eve.record->take();
    QVERIFY(only(messages, "event"_L1).isEmpty());
    const QJsonObject hello = messages.constFirst();
    if (hello.contains("error"_L1)) {
        QCOMPARE(errorNumberOf(hello), -32602);
        return;
    }
    QCOMPARE(resultOf(hello).value("recovered"_L1), false);
    const QJsonArray topics = resultOf(hello).value("topics"_L1).toArray();
    QCOMPARE(topics.at(0)["jobs"_L1].toArray().size(), 1);
}

void NativeSessionTest::replayIsFencedToo()
{
    HubBench hub;
    hub.add(u"local"_s, JobState::Paused);
    hub.add(u"eve"_s, JobState::Paused);
    hub.add(u"local"_s, JobState::Paused);
    auto eve = hub.connect(HubBench::who(u"eve"_s, core::DefaultScopes));
    eve.call("session.hello",
             R"({"resume":{"epoch":"epoch1","seq":0},"topics":[{"topic":"jobs"}]})");
    const auto events = only(eve.record->take(), "event"_L1);
    QCOMPARE(events.size(), 1);
    QCOMPARE(events.at(0).value("id"_L1), u"2"_s);
    QCOMPARE(events.at(0).value("prev"_L1), 0);
}

void NativeSessionTest::commandsOverTheSocket()
{
    HubBench hub;
    auto client = hub.connect();
    hub.add(u"local"_s, JobState::Paused);
    const auto stateAfter = [&client](const char *method) {
        return resultOf(client.ask(method, R"({"job":"1"})"))
            .value("job"_L1)
            .toObject()
            .value("state"_L1)
            .toString();
    };
    QCOMPARE(stateAfter("job.resume"), u"queued"_s);
    QTRY_COMPARE(hub.registry.find(JobId{1})->state, JobState::Running);
    QCOMPARE(stateAfter("job.pause"), u"running"_s); // until the worker has stopped
    QTRY_COMPARE(hub.registry.find(JobId{1})->state, JobState::Paused);
    stateAfter("job.cancel");
    QTRY_COMPARE(hub.registry.find(JobId{1})->state, JobState::Canceled);
    QCOMPARE(errorNumberOf(client.ask("job.pause", R"({"job":"1"})")), -32004);
    QCOMPARE(stateAfter("job.retry"), u"queued"_s);
    QCOMPARE(errorNumberOf(client.ask("job.remove", R"({"job":"1"})")), -32004);
}

void NativeSessionTest::queueAndLimitsOverTheSocket()
{
    HubBench hub;
    hub.registry.setLimits({.downloads = 0});
    auto client = hub.connect();
    for (int i = 0; i < 3; ++i) {
        client.call("job.add", R"({"url":"http://example.com/a","startAt":1900000000000})");
        QTRY_COMPARE(client.record->sent.size(), 1);
        const QJsonObject job = resultOf(client.record->take().constFirst())["job"_L1].toObject();
        QCOMPARE(job.value("startAt"_L1), 1900000000000.0);
    }
    const QByteArray backwards = R"({"url":"http://example.com/a","startAt":20,"stopAt":10})";
    QCOMPARE(errorNumberOf(client.ask("job.add", backwards)), -32602);
    client.call("job.add",
                R"({"url":"http://example.com/b","paused":true,"stopAt":1900000000000})");
    QTRY_COMPARE(client.record->sent.size(), 1);
    const QJsonObject stopping = resultOf(client.record->take().constFirst())["job"_L1].toObject();
    QCOMPARE(stopping.value("stopAt"_L1), 1900000000000.0);
    client.ask("topic.subscribe", R"({"topic":"jobs"})");
    client.call("job.move", R"({"job":"3","to":2})");
    const auto sent = client.record->take();
    QCOMPARE(only(sent, "event"_L1).size(), 1);
    QVERIFY(only(sent, "event"_L1)[0]["patch"_L1].toObject().contains("position"_L1));
    QCOMPARE(hub.registry.snapshots()[1].id, JobId{3});
    QCOMPARE(errorNumberOf(client.ask("job.move", R"({"job":"3","to":"sideways"})")), -32602);
    QCOMPARE(errorNumberOf(client.ask("job.move", R"({"job":"3","to":0})")), -32602);

    client.ask("job.setLimit", R"({"job":"3","bytesPerSecond":5000})");
    QCOMPARE(hub.registry.find(JobId{3})->speedLimit, 5000);
    QCOMPARE(errorNumberOf(client.ask("job.setLimit", R"({"job":"3"})")), -32602);
    client.call("job.setLimit", R"({"bytesPerSecond":7000})");
    QTRY_COMPARE(hub.settings.value(u"limit.download").toLongLong(), 7000);
    client.ask("job.refreshUrl", R"({"job":"3","url":"http://example.com/b?new"})");
    QCOMPARE(hub.registry.find(JobId{3})->source, u"http://example.com/b?new"_s);
}

void NativeSessionTest::addIsAnsweredAfterTheCommit()
{
    HubBench hub;
    auto client = hub.connect();
    client.call("job.add", R"({"url":"http://example.com/a.iso","paused":true})");
    QVERIFY(client.record->sent.isEmpty());
    QTRY_COMPARE(client.record->sent.size(), 1);
    const QJsonObject job = resultOf(client.record->take().constFirst()).value("job"_L1).toObject();
    QCOMPARE(job.value("state"_L1), u"paused"_s);
    QCOMPARE(job.value("title"_L1), u"a.iso"_s);
    QCOMPARE(job.value("source"_L1), u"http://example.com/a.iso"_s);
    client.call("job.add", R"({"url":"http://example.com/b"})");
    client.socket->hangUp(); // before the answer
    QTRY_COMPARE(hub.registry.snapshots().size(), 2);
}

void NativeSessionTest::whatCannotBeAdded_data()
{
    QTest::addColumn<QByteArray>("params");
    QTest::addColumn<int>("error");
    QTest::addColumn<QString>("named");
    const auto row = [](const char *name, const char *params, int error, const QString &named) {
        QTest::newRow(name) << QByteArray(params) << error << named;
    };
    row("no url", "{}", -32602, u"url"_s);
    row("not a url", R"({"url":"hello"})", -32602, u"hello"_s);
    row("url is a number", R"({"url":5})", -32602, u"url"_s);
    row("a kind that is not served", R"({"kind":"verify","drive":"a"})", -32602, u"verify"_s);
    row("a read without a file", R"({"kind":"read","drive":"a"})", -32602, u"to: "_s);
    row("a read of no drive", R"({"kind":"read","drive":"a","to":"/x"})", -32003, u"\"a\""_s);
    row("a comparison with a relative path", R"({"kind":"compare","drive":"a","image":"b"})",
        -32602, u"\"b\""_s);
    row("a file system for experts", R"({"kind":"format","drive":"a","fileSystem":"ext4"})", -32602,
        u"exfat or fat32"_s);
    row("a label that is too long", R"({"kind":"format","drive":"a","label":"ABCDEFGHIJKL"})",
        -32602, u"label"_s);
    row("a flash of a relative path", R"({"kind":"flash","image":"a"})", -32602, u"\"a\""_s);
    row("a video's format", R"({"kind":"media","url":"http://a/b","format":"--exec=x"})", -32602,
        u"--exec=x"_s);
    row("a video's checksum", R"({"kind":"media","url":"http://a/b","sha256":"00"})", -32602,
        u"sha256"_s);
    row("mirrors", R"({"url":"http://a/b","mirrors":["ftp://c/d"]})", -32602, u"mirrors"_s);
    row("cookies", R"({"url":"http://a/b","cookies":"f"})", -32602, u"cookies"_s);
    row("too many connections", R"({"url":"http://a/b","connections":33})", -32602,
        u"connections"_s);
    row("header is a number", R"({"url":"http://a/b","headers":{"X":1}})", -32602, u"X"_s);
}

void NativeSessionTest::whatCannotBeAdded()
{
    QFETCH(QByteArray, params);
    QFETCH(int, error);
    QFETCH(QString, named);
    HubBench hub;
    auto client = hub.connect();
    const QJsonObject answer = client.ask("job.add", params);
    QCOMPARE(errorNumberOf(answer), error);
    const QString message = answer.value("error"_L1).toObject().value("message"_L1).toString();
    QVERIFY2(message.contains(named), qUtf8Printable(message));
    QVERIFY(hub.registry.snapshots().isEmpty());
}

void NativeSessionTest::tokensAndSettings()
{
    HubBench hub;
    auto client = hub.connect();
    client.call("token.add", R"({"name":"phone","scopes":["read"]})");
    QTRY_COMPARE(client.record->sent.size(), 1);
    const QJsonObject made = resultOf(client.record->take().constFirst());
    const auto entry = hub.tokens.check(made.value("token"_L1).toString().toLatin1());
    QVERIFY(entry);
    QCOMPARE(entry->scopes, core::Scopes(Scope::Read));
    const QJsonArray listed = resultOf(client.ask("token.list")).value("tokens"_L1).toArray();
    QCOMPARE(listed.size(), 1);
    QVERIFY(!listed.at(0).toObject().contains("token"_L1));
    auto phone = hub.connect(HubBench::who(u"local"_s, Scope::Read), entry->id);
    client.call("token.revoke", R"({"id":")" + entry->id.toLatin1() + R"("})");
    QTRY_COMPARE(client.record->sent.size(), 1);
    QCOMPARE(phone.record->closeCode, std::optional(4505));
    client.record->take();

    client.call("settings.set", R"({"key":"queue.downloads","value":5})");
    QTRY_COMPARE(client.record->sent.size(), 1);
    QCOMPARE(resultOf(client.record->take().constFirst()).value("value"_L1), 5);
    QCOMPARE(resultOf(client.ask("settings.get"))
                 .value("settings"_L1)
                 .toObject()
                 .value("queue.downloads"_L1),
             5);
    QCOMPARE(errorNumberOf(client.ask("settings.get", R"({"key":"nothing"})")), -32003);
    auto page = hub.connect(HubBench::who(u"local"_s, Scope::Settings));
    QCOMPARE(errorNumberOf(page.ask("settings.set", R"({"key":"download.folder","value":"/"})")),
             -32002);
}

QTEST_GUILESS_MAIN(NativeSessionTest)
#include "tst_nativesession.moc"
