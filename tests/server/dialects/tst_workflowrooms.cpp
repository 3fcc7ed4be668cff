#include "core/agents/agentworkjson.h"
#include "core/workflows/workflowplanjson.h"
#include "server/dialects/workflow/roomcodec.h"
#include "tests/server/dialects/golden.h"
#include "tests/server/dialects/hubbench.h"

#include <QJsonArray>

using namespace std::chrono_literals;
using namespace Qt::StringLiterals;
using namespace tests;
using core::JobState;
using server::Room;
using server::RoomCodec;

namespace {

constexpr core::Milliseconds Now{1'790'000'000'000};

core::Workflow workflow(JobState state, double progress, qsizetype stage, const QString &message)
{
    core::Workflow workflow;
    workflow.id = {3};
    workflow.steps = {{.name = u"fetch"_s}, {.name = u"write"_s}};
    workflow.state = state;
    workflow.progress = progress;
    workflow.stage = stage;
    workflow.message = message;
    return workflow;
}

/// A client of one of the three sockets.
struct RoomClient {
    FakeSocket *socket = nullptr;
    std::shared_ptr<SocketRecord> record = std::make_shared<SocketRecord>();
    QStringList all;

    RoomClient(HubBench &hub,
               const QString &path,
               const core::Principal &who = core::Principal::localUser(),
               const QString &query = {})
    {
        const auto match = hub.router.matchSocket(path);
        server::Request request{.path = path, .query = QUrlQuery(query)};
        request.captures = match.captures;
        request.principal = who;
        auto made = std::make_unique<FakeSocket>(std::move(request), record);
        socket = made.get();
        (*match.handler)(std::move(made));
    }
    void say(const QByteArray &text) { socket->say(text); }
    /// Whether it was told that, up to here.
    bool hasHeard(const QString &word)
    {
        all += heard();
        return all.contains(word);
    }
    /// "type" of what came, with what tells them apart: "progress running", "error NotFound".
    QStringList heard()
    {
        QStringList words;
        for (const QJsonObject &message : record->take()) {
            QStringList word{message["type"_L1].toString()};
            for (const auto &member : {"state"_L1, "status"_L1, "error_type"_L1})
                if (message.contains(member))
                    word.append(message[member].toString());
            words.append(word.join(u' '));
        }
        return words;
    }
};

/// A workflow of one step that an agent must do.
core::Workflow add(HubBench &hub, const core::Principal &who = core::Principal::localUser())
{
    const QJsonObject json{
        {u"title"_s, u"Scan"_s},
        {u"steps"_s, QJsonArray{QJsonObject{{u"name"_s, u"read"_s}, {u"kind"_s, u"scan"_s}}}}};
    auto plan = core::workflowPlanFromJson(json);
    if (!plan)
        qFatal("%s", qPrintable(plan.error().context));
    std::optional<core::Workflow> added;
    hub.workflows.add(who, std::move(*plan), [&](const core::Result<core::Workflow> &workflow) {
        if (!workflow)
            qFatal("%s", qPrintable(workflow.error().context));
        added = *workflow;
    });
    if (!QTest::qWaitFor([&] { return added.has_value(); }, 10'000))
        qFatal("the workflow was not added");
    return *added;
}

} // namespace

/// Dialect `workflow` (PROTOCOL.md §3.4).
class WorkflowRoomsTest final : public QObject
{
    Q_OBJECT
private slots:
    void progressIsWrittenToTheLetter()
    {
        const QByteArrayList texts{
            RoomCodec::progress(workflow(JobState::Queued, 0, 0, {}), -1, Now),
            RoomCodec::progress(workflow(JobState::Running, 0.455, 0, u"größe \"a\""_s), 30, Now),
            RoomCodec::progress(workflow(JobState::Paused, 0.455, 0, {}), -1, Now),
            RoomCodec::progress(workflow(JobState::Succeeded, 1, 1, {}), -1, Now),
            RoomCodec::progress(workflow(JobState::Failed, 0.5, 1, u"no space"_s), -1, Now),
            RoomCodec::progress(workflow(JobState::Canceled, 0.5, 1, {}), -1, Now)};
        QCOMPARE(texts, golden(u"workflow/progress"_s));
    }

    void agentsAreWrittenToTheLetter()
    {
        const core::Agent idle{.name = u"scanner"_s,
                               .capabilities = {u"scan"_s, u"copy"_s},
                               .metrics = {.isHealthy = true}};
        const core::Agent sick{.name = u"scanner"_s,
                               .status = core::AgentStatus::Error,
                               .metrics = {12, 3, 0.25, 1.5, false}};
        const QByteArrayList texts{
            RoomCodec::agentStatus(idle, Now),
            RoomCodec::agentStatus(sick, Now),
            RoomCodec::registered(u"scanner"_s, 30s),
            RoomCodec::taskOffer({u"7-ab"_s, {7}, u"scan"_s, "{\"file\":\"/a\"}", 30s}),
            RoomCodec::taskCanceled(u"7-ab"_s),
            RoomCodec::coordinatorMetrics({12, 3, 5, 4, 2}, Now)};
        QCOMPARE(texts, golden(u"workflow/agents"_s));
    }

    void answersAreWrittenToTheLetter()
    {
        using core::ErrorCode;
        const QByteArrayList texts{
            RoomCodec::ack(u"subscribed"_s, {Room::Target::Workflow, u"w3"_s}),
            RoomCodec::ack(u"unsubscribed"_s, {Room::Target::Agent, u"scanner"_s}),
            RoomCodec::ack(u"subscribed"_s, {}),
            RoomCodec::pong(),
            RoomCodec::error({ErrorCode::NotFound, u"there is no workflow w9"_s}, Now),
            RoomCodec::error({ErrorCode::Forbidden, u"workflow w3 is not yours"_s}, Now),
            RoomCodec::error({ErrorCode::LimitExceeded, u"10 subscriptions are the most"_s}, Now),
            RoomCodec::error({ErrorCode::InvalidArgument, u"the message is not an object"_s}, Now)};
        QCOMPARE(texts, golden(u"workflow/answers"_s));
    }

    void theRoomOfThePathIsToldAtOnce()
    {
        const core::Workflow made = add(*m_hub);
        QCOMPARE(RoomClient(*m_hub, u"/ws/workflow/"_s + made.id.toString()).heard().size(), 1);
        QCOMPARE(RoomClient(*m_hub, u"/ws/agent/flasher"_s).heard(),
                 QStringList{u"agent_status idle"_s});
        QCOMPARE(RoomClient(*m_hub, u"/ws/coordinator"_s).heard(),
                 QStringList{u"coordinator_metrics"_s});
    }

    void whatIsRefused_data()
    {
        QTest::addColumn<QByteArray>("said");
        QTest::addColumn<QString>("answer");
        const auto row = [](const char *name, const QByteArray &said, const QString &answer) {
            QTest::newRow(name) << said << answer;
        };
        row("no JSON", "{", u"error InvalidArgument"_s);
        row("no object", "[]", u"error InvalidArgument"_s);
        row("no type", "{}", u"error InvalidArgument"_s);
        row("an unknown target", "{\"type\":\"subscribe\",\"target\":\"moon\",\"id\":\"1\"}",
            u"error InvalidArgument"_s);
        row("an unknown workflow",
            "{\"type\":\"subscribe\",\"target\":\"workflow\",\"id\":\"w99\"}", u"error NotFound"_s);
        row("no workflow's id", "{\"type\":\"subscribe\",\"target\":\"workflow\",\"id\":\"x\"}",
            u"error NotFound"_s);
        row("an unknown agent", "{\"type\":\"subscribe\",\"target\":\"agent\",\"id\":\"nobody\"}",
            u"error NotFound"_s);
        row("not subscribed", "{\"type\":\"unsubscribe\",\"target\":\"agent\",\"id\":\"media\"}",
            u"error NotFound"_s);
        row("an unknown action",
            "{\"type\":\"control\",\"action\":\"boil\",\"workflow_id\":\"w1\"}",
            u"error InvalidArgument"_s);
        row("an unknown workflow to control",
            "{\"type\":\"control\",\"action\":\"pause\",\"workflow_id\":\"w99\"}",
            u"error NotFound"_s);
        row("an agent's word elsewhere", "{\"type\":\"register\",\"capabilities\":[]}",
            u"error InvalidState"_s);
        row("an unknown type", "{\"type\":\"hum\"}", QString());
        row("a ping", "{\"type\":\"ping\"}", u"pong"_s);
    }
    void whatIsRefused()
    {
        QFETCH(const QByteArray, said);
        RoomClient client(*m_hub, u"/ws/coordinator"_s);
        client.record->sent.clear();
        client.say(said);
        QTEST(client.heard().join(u','), "answer");
        QVERIFY(!client.record->closeCode);
    }

    void anothersWorkflowIsNotYours()
    {
        const QString id = add(*m_hub).id.toString();
        const core::Principal eve = HubBench::who(u"eve"_s, core::DefaultScopes);
        RoomClient client(*m_hub, u"/ws/workflow/"_s + id, eve);
        client.say("{\"type\":\"control\",\"action\":\"cancel\",\"workflow_id\":\"" + id.toUtf8()
                   + "\"}");
        client.say("{\"type\":\"subscribe\",\"target\":\"coordinator\"}");
        QCOMPARE(client.heard(), QStringList(3, u"error PermissionDenied"_s));
        RoomClient admin(*m_hub, u"/ws/workflow/"_s + id,
                         HubBench::who(u"eve"_s, core::Scope::Admin));
        QVERIFY(!admin.heard().contains(u"error PermissionDenied"_s));
    }

    void anothersAgentIsNotYours()
    {
        const core::Principal eve = HubBench::who(u"eve"_s, core::DefaultScopes);
        RoomClient client(*m_hub, u"/ws/agent/downloader"_s, eve);
        QCOMPARE(client.heard(), QStringList{u"error PermissionDenied"_s});
        // Who sees no agents may still become one.
        RoomClient reporter(*m_hub, u"/ws/agent/mine"_s,
                            HubBench::who(u"eve"_s, core::Scope::Report));
        QCOMPARE(reporter.heard(), QStringList());
        RoomClient toBe(*m_hub, u"/ws/agent/mine"_s, eve);
        QCOMPARE(toBe.heard(), QStringList());
    }

    void theEleventhSubscriptionIsTooMuch()
    {
        RoomClient client(*m_hub, u"/ws/coordinator"_s);
        for (int i = 0; i < 10; ++i) {
            const QByteArray id = add(*m_hub).id.toString().toUtf8();
            client.record->sent.clear();
            client.say("{\"type\":\"subscribe\",\"target\":\"workflow\",\"id\":\"" + id + "\"}");
        }
        QCOMPARE(client.heard(), QStringList{u"error LimitExceeded"_s});
    }

    void aWorkflowIsSteered()
    {
        const QString id = add(*m_hub).id.toString();
        RoomClient client(*m_hub, u"/ws/workflow/"_s + id);
        RoomClient other(*m_hub, u"/ws/workflow/"_s + id);
        const auto control = [&](RoomClient &by, const QByteArray &action) {
            by.say("{\"type\":\"control\",\"action\":\"" + action + "\",\"workflow_id\":\""
                   + id.toUtf8() + "\"}");
        };
        control(client, "pause");
        QTRY_VERIFY(other.hasHeard(u"progress paused"_s));
        client.record->sent.clear();
        control(other, "cancel");
        QTRY_VERIFY(client.hasHeard(u"progress canceled"_s));
        control(client, "resume");
        QVERIFY(client.heard().contains(u"error InvalidState"_s));
    }

    void aProgramIsAnAgent()
    {
        RoomClient agent(*m_hub, u"/ws/agent/scanner"_s);
        QVERIFY(agent.heard().isEmpty());
        agent.say("{\"type\":\"register\",\"capabilities\":[\"scan\"]}");
        QVERIFY(agent.heard().contains(u"registered"_s));
        const core::Workflow made = add(*m_hub);
        QStringList offers;
        const auto offered = [&] {
            for (const QJsonObject &message : agent.record->take())
                if (message["type"_L1] == "task_offer"_L1)
                    offers.append(message["task_id"_L1].toString());
            return !offers.isEmpty();
        };
        QTRY_VERIFY(offered());
        const QByteArray task = "\"task_id\":\"" + offers.constFirst().toUtf8() + '"';
        agent.say("{\"type\":\"accept\"," + task + '}');
        agent.say("{\"type\":\"progress\",\"progress\":0.5,\"stage\":\"page 1\"," + task + '}');
        QTRY_COMPARE(m_hub->workflows.get(core::Principal::localUser(), made.id)->state,
                     JobState::Running);
        agent.say("{\"type\":\"complete\",\"outputs\":{\"pages\":2}," + task + '}');
        QTRY_COMPARE(m_hub->workflows.get(core::Principal::localUser(), made.id)->state,
                     JobState::Succeeded);
        agent.record->sent.clear();
        agent.say("{\"type\":\"complete\"," + task + '}');
        QCOMPARE(agent.heard(), QStringList{u"error InvalidState"_s});
        agent.socket->hangUp();
        QCOMPARE(m_hub->agents.board().find(u"scanner"_s)->status, core::AgentStatus::Offline);
    }

    void theCoordinatorIsToldEveryFiveSecondsAndOnChange()
    {
        RoomClient client(*m_hub, u"/ws/coordinator"_s);
        m_hub->dialects.tick();
        client.record->sent.clear();
        waitFor(*m_hub, 5s);
        QCOMPARE(client.heard(), QStringList{u"coordinator_metrics"_s});
        RoomClient agent(*m_hub, u"/ws/agent/scanner"_s);
        agent.say("{\"type\":\"register\",\"capabilities\":[]}");
        QCOMPARE(client.heard(), QStringList{u"coordinator_metrics"_s});
    }

    void whoComesBackIsToldTheStatesItMissed()
    {
        const QString id = add(*m_hub).id.toString();
        const QString path = u"/ws/workflow/"_s + id;
        const core::Principal who = core::Principal::localUser();
        RoomClient client(*m_hub, path, who, u"client_id=tab"_s);
        client.say("{\"type\":\"subscribe\",\"target\":\"agent\",\"id\":\"media\"}");
        client.socket->hangUp();
        QVERIFY(m_hub->workflows.pause(who, *core::WorkflowId::fromText(id)));
        QTRY_COMPARE(m_hub->workflows.get(who, *core::WorkflowId::fromText(id))->state,
                     JobState::Paused);
        QVERIFY(m_hub->workflows.cancel(who, *core::WorkflowId::fromText(id)));
        QTRY_COMPARE(m_hub->workflows.get(who, *core::WorkflowId::fromText(id))->state,
                     JobState::Canceled);
        m_hub->clock.advance(14min);
        RoomClient back(*m_hub, path, who, u"client_id=tab"_s);
        QStringList heard = back.heard();
        QCOMPARE(heard.takeLast(), u"agent_status idle"_s);
        QCOMPARE(heard.takeLast(), u"progress canceled"_s); // how it is
        QCOMPARE(heard.takeLast(), u"progress canceled"_s);
        QVERIFY(heard.contains(u"progress paused"_s));
        const core::Principal other{.name = u"x"_s, .owner = who.owner, .scopes = who.scopes};
        RoomClient stranger(*m_hub, path, other, u"client_id=tab"_s);
        QCOMPARE(stranger.heard(), QStringList{u"progress canceled"_s});
    }

    void whatWasSentIntoADeadConnectionIsToldAgain()
    {
        const auto id = *core::WorkflowId::fromText(add(*m_hub).id.toString());
        const core::Principal who = core::Principal::localUser();
        const QString path = u"/ws/workflow/"_s + id.toString();
        RoomClient dead(*m_hub, path, who, u"client_id=tab"_s);
        m_hub->clock.advance(20s);
        QVERIFY(m_hub->workflows.cancel(who, id));
        QTRY_COMPARE(m_hub->workflows.get(who, id)->state, JobState::Canceled);
        RoomClient back(*m_hub, path, who, u"client_id=tab"_s);
        QCOMPARE(back.heard().count(u"progress canceled"_s), 2); // what was told, and how it is
    }

    void whoHasOtherRightsIsAnotherClient()
    {
        const QString path = u"/ws/workflow/"_s + add(*m_hub).id.toString();
        const core::Principal admin{
            .name = u"alice"_s, .owner = u"alice"_s, .scopes = core::Scope::Admin};
        const core::Principal reader{
            .name = u"alice"_s, .owner = u"alice"_s, .scopes = core::Scope::Read};
        RoomClient client(*m_hub, path, admin, u"client_id=tab"_s);
        QCOMPARE(client.heard().size(), 1);
        RoomClient less(*m_hub, u"/ws/workflow/w99"_s, reader, u"client_id=tab"_s);
        QVERIFY(!client.record->closeCode);
        QVERIFY2(!less.heard().join(u'\n').contains("progress"_L1), "of what is not its to see");
    }

    void afterAQuarterOfAnHourItIsForgotten()
    {
        const core::Principal who = core::Principal::localUser();
        RoomClient client(*m_hub, u"/ws/coordinator"_s, who, u"client_id=tab"_s);
        client.say("{\"type\":\"subscribe\",\"target\":\"agent\",\"id\":\"media\"}");
        client.socket->hangUp();
        m_hub->clock.advance(15min + 1s);
        RoomClient back(*m_hub, u"/ws/coordinator"_s, who, u"client_id=tab"_s);
        QCOMPARE(back.heard(), QStringList{u"coordinator_metrics"_s});
    }

    void aSecondSocketOfAClientReplacesTheFirst()
    {
        const core::Principal who = core::Principal::localUser();
        RoomClient first(*m_hub, u"/ws/coordinator"_s, who, u"client_id=tab"_s);
        first.say("{\"type\":\"subscribe\",\"target\":\"agent\",\"id\":\"media\"}");
        RoomClient second(*m_hub, u"/ws/coordinator"_s, who, u"client_id=tab"_s);
        QCOMPARE(first.record->closeCode, 1000);
        QCOMPARE(second.heard(), (QStringList{u"agent_status idle"_s, u"coordinator_metrics"_s}));
        first.socket->hangUp();
        second.socket->hangUp();
        RoomClient third(*m_hub, u"/ws/coordinator"_s, who, u"client_id=tab"_s);
        QCOMPARE(third.heard().size(), 2);
    }

    void aSlowReaderGetsEveryStateAndTheNewestNumbers()
    {
        RoomClient agent(*m_hub, u"/ws/agent/scanner"_s);
        agent.say("{\"type\":\"register\",\"capabilities\":[\"scan\"]}");
        RoomClient slow(*m_hub, u"/ws/agent/scanner"_s);
        slow.record->sent.clear();
        slow.record->unsent = 300 * 1024;
        core::AgentBoard &board = m_hub->agents.board();
        for (int i = 0; i < 3; ++i) {
            board.countMessage(u"scanner"_s);
            board.tellNumbers();
        }
        QVERIFY(slow.heard().isEmpty());
        board.begin(u"scanner"_s, {7});
        QCOMPARE(slow.heard(), QStringList{u"agent_status busy"_s});
        board.countMessage(u"scanner"_s);
        board.tellNumbers();
        slow.record->unsent = 0;
        m_hub->dialects.tick();
        QCOMPARE(slow.heard(), QStringList{u"agent_status busy"_s});
    }

    void tooManyMessagesEndTheConnection()
    {
        RoomClient client(*m_hub, u"/ws/coordinator"_s);
        for (int i = 0; i < 200; ++i)
            client.say("{\"type\":\"ping\"}");
        QVERIFY(!client.record->closeCode); // signs of life are free
        for (int i = 0; i < 33; ++i)
            client.say("{\"type\":\"unsubscribe\",\"target\":\"agent\",\"id\":\"x\"}");
        QCOMPARE(client.record->closeCode, 4029);
    }

    void init() { m_hub.emplace(); }

private:
    std::optional<HubBench> m_hub;
};

QTEST_GUILESS_MAIN(WorkflowRoomsTest)
#include "tst_workflowrooms.moc"
