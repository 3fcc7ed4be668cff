#include "core/agents/agentworkjson.h"
#include "tests/server/dialects/hubbench.h"

#include <QJsonArray>

using namespace std::chrono_literals;
using namespace Qt::StringLiterals;
using namespace tests;
using core::JobId;
using core::JobState;

namespace {

constexpr QByteArrayView Register = "{\"name\":\"scanner\",\"capabilities\":[\"scan\"]}";

core::JobSnapshot work()
{
    return {.kind = core::JobKind::External,
            .owner = u"local"_s,
            .spec = encodeSpec(core::AgentWork{
                .kind = u"scan"_s, .spec = "{\"size\":9007199254740993}", .outputs = {}})};
}

/// The params of the notification of that method that came last.
QJsonObject told(HubClient &client, const QString &method)
{
    QJsonObject params;
    for (const QJsonObject &message : client.record->take())
        if (message["method"_L1].toString() == method)
            params = message["params"_L1].toObject();
    return params;
}

QByteArray of(const QString &offer, const QByteArray &members = {})
{
    return "{\"offer\":\"" + offer.toUtf8() + '"' + (members.isEmpty() ? "" : ',' + members) + '}';
}

/// Calls and waits for the answer.
QJsonObject awaited(HubClient &client, const QByteArray &method, const QByteArray &params)
{
    client.call(method, params);
    QJsonObject answer;
    const auto isAnswered = [&] {
        for (const QJsonObject &message : client.record->take())
            if (message.contains("id"_L1))
                answer = message;
        return !answer.isEmpty();
    };
    if (!QTest::qWaitFor(isAnswered, 10'000))
        qFatal("no answer to %s", method.constData());
    return answer;
}

int numberOf(const QJsonObject &answer)
{
    return answer["error"_L1].toObject()["code"_L1].toInt();
}

} // namespace

/// Agents on the native socket, by REST and in /metrics.
class NativeAgentsTest final : public QObject
{
    Q_OBJECT
private slots:
    void aProgramDoesAJob()
    {
        HubClient agent = m_hub->connect();
        const QJsonObject ack = agent.ask("agent.register", Register.toByteArray());
        QCOMPARE(ack["result"_L1].toObject()["leaseMs"_L1].toInt(), 30'000);
        const JobId id = m_hub->registry.add(work());
        m_hub->agents.run();
        const QByteArray said = agent.record->sent.value(0);
        QVERIFY2(said.contains("\"spec\":{\"size\":9007199254740993}"), said.constData());
        const QJsonObject offer = told(agent, u"agent.offer"_s);
        QCOMPARE(offer["job"_L1].toString(), id.toString());
        QCOMPARE(offer["kind"_L1].toString(), u"scan"_s);
        const QString name = offer["offer"_L1].toString();

        QVERIFY(agent.ask("agent.accept", of(name)).contains("result"_L1));
        QVERIFY(agent.ask("agent.progress", of(name, "\"progress\":0.25,\"message\":\"page 1\""))
                    .contains("result"_L1));
        QCOMPARE(m_hub->registry.find(id)->progress.done, 25);
        QVERIFY(awaited(agent, "agent.complete", of(name, "\"outputs\":{\"file\":\"/a\"}"))
                    .contains("result"_L1));
        QCOMPARE(m_hub->registry.find(id)->state, JobState::Succeeded);
        QCOMPARE(core::decodeAgentWork(m_hub->registry.find(id)->spec)->outputs,
                 "{\"file\":\"/a\"}");
        QCOMPARE(numberOf(agent.ask("agent.complete", of(name))), -32004);
    }

    void anEndIsAnsweredWhenItIsOnDisk_data()
    {
        QTest::addColumn<QByteArray>("method");
        QTest::addColumn<JobState>("state");
        QTest::newRow("complete") << QByteArray("agent.complete") << JobState::Succeeded;
        QTest::newRow("fail") << QByteArray("agent.fail") << JobState::Failed;
    }
    void anEndIsAnsweredWhenItIsOnDisk()
    {
        QFETCH(const QByteArray, method);
        QFETCH(const JobState, state);
        HubClient agent = m_hub->connect();
        (void)agent.ask("agent.register", Register.toByteArray());
        const JobId id = m_hub->registry.add(work());
        m_hub->agents.run();
        const QString offer = told(agent, u"agent.offer"_s)["offer"_L1].toString();
        (void)agent.ask("agent.accept", of(offer));
        QVERIFY(agent.ask(method, of(offer)).isEmpty());
        QCOMPARE(m_hub->registry.find(id)->state, state);
        QTRY_VERIFY(agent.record->sent.join().contains("\"id\":1"));

        core::StoreThread thread{m_hub->clock}; // a second program, after a kill of the first
        QVERIFY(thread.open(m_hub->folder.filePath(u"dray.db"_s)));
        core::JobStore store{thread, m_hub->clock};
        const auto jobs = store.load();
        QVERIFY(jobs && jobs->size() == 1);
        QCOMPARE(jobs->first().state, state);
    }

    void whatSomebodyCancelsIsTold()
    {
        HubClient agent = m_hub->connect();
        (void)agent.ask("agent.register", Register.toByteArray());
        const JobId id = m_hub->registry.add(work());
        m_hub->agents.run();
        const QString offer = told(agent, u"agent.offer"_s)["offer"_L1].toString();
        (void)agent.ask("agent.accept", of(offer));
        QVERIFY(m_hub->service.cancel(core::Principal::localUser(), id));
        QCOMPARE(told(agent, u"agent.canceled"_s)["offer"_L1].toString(), offer);
        QCOMPARE(numberOf(agent.ask("agent.progress", of(offer))), -32004);
    }

    void failingCarriesItsReason_data()
    {
        QTest::addColumn<QByteArray>("error");
        QTest::addColumn<QString>("reason");
        QTest::newRow("a text") << QByteArray("\"no paper\"") << u"no paper"_s;
        QTest::newRow("an object") << QByteArray("{\"message\":\"no ink\"}") << u"no ink"_s;
        QTest::newRow("nothing") << QByteArray("null") << u"its agent gave no reason"_s;
    }
    void failingCarriesItsReason()
    {
        QFETCH(const QByteArray, error);
        QFETCH(const QString, reason);
        HubClient agent = m_hub->connect();
        (void)agent.ask("agent.register", Register.toByteArray());
        const JobId id = m_hub->registry.add(work());
        m_hub->agents.run();
        const QString offer = told(agent, u"agent.offer"_s)["offer"_L1].toString();
        (void)agent.ask("agent.accept", of(offer));
        (void)agent.ask("agent.fail", of(offer, "\"error\":" + error));
        QCOMPARE(m_hub->registry.find(id)->state, JobState::Failed);
        QCOMPARE(m_hub->registry.find(id)->error->context, reason);
    }

    void whoListensSeesEveryStepOfAnAgent()
    {
        HubClient listener = m_hub->connect();
        QJsonObject ack = listener.ask("topic.subscribe", "{\"topic\":\"agents\"}");
        QCOMPARE(ack["result"_L1].toObject()["agents"_L1].toArray().size(), 4);
        ack = listener.ask("topic.subscribe", "{\"topic\":\"coordinator\"}");
        const QJsonObject metrics = ack["result"_L1].toObject()["metrics"_L1].toObject();
        QCOMPARE(metrics["registeredAgents"_L1].toInt(), 4);

        HubClient agent = m_hub->connect();
        (void)agent.ask("agent.register", Register.toByteArray());
        const QList<QJsonObject> events = listener.record->take();
        QCOMPARE(events.size(), 2);
        const QJsonObject came = events[0]["params"_L1].toObject();
        QCOMPARE(came["type"_L1].toString(), u"agent.changed"_s);
        QCOMPARE(came["topic"_L1].toString(), u"agent:scanner"_s);
        QCOMPARE(came["id"_L1].toString(), u"scanner"_s);
        QCOMPARE(came["patch"_L1].toObject()["status"_L1].toString(), u"idle"_s);
        const QJsonObject counted = events[1]["params"_L1].toObject();
        QCOMPARE(counted["type"_L1].toString(), u"coordinator.changed"_s);
        QCOMPARE(counted["patch"_L1].toObject()["registeredAgents"_L1].toInt(), 5);

        agent.socket->hangUp();
        const QJsonObject left = listener.record->take()[0]["params"_L1].toObject();
        QCOMPARE(left["patch"_L1].toObject()["status"_L1].toString(), u"offline"_s);
    }

    void aSecondConnectionReplacesTheFirst()
    {
        HubClient first = m_hub->connect();
        HubClient second = m_hub->connect();
        (void)first.ask("agent.register", Register.toByteArray());
        (void)m_hub->registry.add(work());
        m_hub->agents.run();
        const QString offer = told(first, u"agent.offer"_s)["offer"_L1].toString();
        (void)first.ask("agent.accept", of(offer));
        const QJsonObject ack = second.ask("agent.register", Register.toByteArray());
        QCOMPARE(told(first, u"agent.replaced"_s)["name"_L1].toString(), u"scanner"_s);
        const QJsonObject held = ack["result"_L1].toObject()["current"_L1].toObject();
        QCOMPARE(held["offer"_L1].toString(), offer);
        QCOMPARE(numberOf(first.ask("agent.complete", of(offer))), -32004);
        QVERIFY(awaited(second, "agent.complete", of(offer)).contains("result"_L1));
    }

    void agentsAreTheLocalOwnersAndTheAdmins_data()
    {
        QTest::addColumn<core::Principal>("who");
        QTest::addColumn<bool>("isAllowed");
        QTest::newRow("local") << HubBench::who(u"local"_s, core::Scope::Read) << true;
        QTest::newRow("another owner") << HubBench::who(u"eve"_s, core::DefaultScopes) << false;
        QTest::newRow("an admin") << HubBench::who(u"eve"_s, core::Scope::Admin) << true;
    }
    void agentsAreTheLocalOwnersAndTheAdmins()
    {
        QFETCH(const core::Principal, who);
        QFETCH(const bool, isAllowed);
        HubClient client = m_hub->connect(who);
        const int expected = isAllowed ? 0 : -32002;
        QCOMPARE(numberOf(client.ask("agent.list")), expected);
        QCOMPARE(numberOf(client.ask("agent.get", "{\"agent\":\"flasher\"}")), expected);
        for (const QByteArray &topic : QByteArrayList{"agents", "agent:flasher", "coordinator"})
            QCOMPARE(numberOf(client.ask("topic.subscribe", "{\"topic\":\"" + topic + "\"}")),
                     expected);
    }

    void anAgentNeedsScopeReportAndItsSocket()
    {
        HubClient reader = m_hub->connect(HubBench::who(u"local"_s, core::Scope::Read));
        QCOMPARE(numberOf(reader.ask("agent.register", Register.toByteArray())), -32002);
        const auto exchange = m_hub->request("POST", u"/api/v1/rpc"_s,
                                             "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"agent."
                                             "register\",\"params\":{\"name\":\"a\"}}");
        QCOMPARE(numberOf(QJsonDocument::fromJson(exchange->answer->body).object()), -32004);
    }

    void whatAnAgentReportsIsNotCounted()
    {
        HubClient agent = m_hub->connect();
        (void)agent.ask("agent.register", Register.toByteArray());
        (void)m_hub->registry.add(work());
        m_hub->agents.run();
        const QString offer = told(agent, u"agent.offer"_s)["offer"_L1].toString();
        (void)agent.ask("agent.accept", of(offer));
        for (int i = 0; i < 500; ++i)
            QVERIFY(agent.ask("agent.progress", of(offer, "\"done\":" + QByteArray::number(i)))
                        .contains("result"_L1));
        QVERIFY(!agent.record->closeCode);
    }

    void whoIsNoAgentIsCounted()
    {
        HubClient stranger = m_hub->connect();
        for (int i = 0; i < 40 && !stranger.record->closeCode; ++i)
            stranger.call("agent.accept", of(u"none"_s));
        QCOMPARE(stranger.record->closeCode, 4029);
    }

    void anAgentIsToldWithItsHistory()
    {
        HubClient agent = m_hub->connect();
        (void)agent.ask("agent.register", Register.toByteArray());
        (void)m_hub->registry.add(work());
        m_hub->agents.run();
        const QString offer = told(agent, u"agent.offer"_s)["offer"_L1].toString();
        (void)agent.ask("agent.accept", of(offer));
        m_hub->clock.advance(2s);
        (void)agent.ask("agent.complete", of(offer));
        const auto exchange = m_hub->request("GET", u"/api/v1/agents/scanner"_s);
        const QJsonObject answer = QJsonDocument::fromJson(exchange->answer->body).object();
        const QJsonObject metrics = answer["agent"_L1].toObject()["metrics"_L1].toObject();
        QCOMPARE(metrics["averageExecutionSeconds"_L1].toDouble(), 2.0);
        QCOMPARE(metrics["healthy"_L1].toBool(), true);
        QCOMPARE(answer["history"_L1].toArray()[0].toObject()["succeeded"_L1].toInt(), 1);
        const auto all = m_hub->request("GET", u"/api/v1/agents"_s);
        const QJsonObject list = QJsonDocument::fromJson(all->answer->body).object();
        QCOMPARE(list["agents"_L1].toArray().size(), 5);
        const auto text = m_hub->request("GET", u"/metrics"_s);
        QVERIFY(text->answer->body.contains("dray_agents{status=\"idle\"} 5\n"));
        QVERIFY(text->answer->body.contains("dray_agent_messages_total 2\n"));
    }

    void init() { m_hub.emplace(); }

private:
    std::optional<HubBench> m_hub;
};

QTEST_GUILESS_MAIN(NativeAgentsTest)
#include "tst_nativeagents.moc"
