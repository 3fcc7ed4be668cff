#include "tests/server/dialects/hubbench.h"

#include <QJsonArray>

using namespace std::chrono_literals;
using namespace Qt::StringLiterals;
using namespace tests;
using core::JobSnapshot;
using core::JobState;

namespace {

const QString Path = u"/socket.io/"_s;

server::Request upgrade()
{
    return {.path = Path,
            .query = QUrlQuery(u"EIO=4&transport=websocket"_s),
            .peer = QHostAddress::LocalHost};
}

/// A Socket.IO client on a WebSocket.
struct Client {
    HubBench::Client socket;

    explicit Client(HubBench &hub, server::Request request = upgrade())
        : socket(hub.connect(std::move(request), Path))
    { }
    /// Connected with a token.
    static Client with(HubBench &hub, const QByteArray &token)
    {
        Client client(hub);
        client.say("40{\"sid\":\"" + token + "\"}");
        const QByteArrayList greeting = client.take();
        if (greeting.size() != 2 || !greeting.at(1).startsWith("40{\"sid\":\""))
            qFatal("not connected");
        return client;
    }
    void say(const QByteArray &packet) { socket.say(packet); }
    [[nodiscard]] QByteArrayList take() { return std::exchange(socket.record->sent, {}); }
    [[nodiscard]] std::optional<int> closeCode() const { return socket.record->closeCode; }
    void tell(const QByteArray &members, const QByteArray &id = {})
    {
        say("42" + id + "[\"ai_progress\",{" + members + "}]");
    }
    /// Members of the messages that came, without their time.
    [[nodiscard]] QByteArrayList told()
    {
        QByteArrayList messages;
        const QByteArray begin = "42[\"ai_progress\",{";
        for (const QByteArray &packet : take())
            if (packet.startsWith(begin))
                messages.append(
                    packet.sliced(begin.size(), packet.indexOf(",\"timestamp\"") - begin.size()));
        return messages;
    }
};

QByteArray words(const QByteArray &type, const QByteArray &more = {})
{
    return "\"type\":\"" + type + "\",\"task_id\":\"t\",\"conversation_id\":\"c\""
        + (more.isEmpty() ? QByteArray() : ',' + more);
}

const JobSnapshot *jobNamed(HubBench &hub, const QString &name)
{
    for (const JobSnapshot &job : hub.registry.snapshots())
        if (job.source == name)
            return hub.registry.find(job.id);
    return nullptr;
}

/// The updates that the fallback answers, parsed.
QJsonArray updates(HubBench &hub, const QString &query)
{
    const auto answer = hub.request("GET", u"/api/method/ai_assistant.api.get_progress?"_s + query);
    return QJsonDocument::fromJson(answer->answer->body)
        .object()
        .value("message"_L1)
        .toObject()
        .value("updates"_L1)
        .toArray();
}

} // namespace

/// Socket.IO clients of the whole hub, in the bytes that they send.
class SocketIoTest final : public QObject
{
    Q_OBJECT
private slots:
    void connectsWithAToken();
    void whoOpenedTheSessionNeedsNoToken();
    void aWrongTokenIsRefused_data();
    void aWrongTokenIsRefused();
    void aSecondWrongTokenEndsTheSession();
    void otherNamespacesAreInvalid();
    void wrongPacketsEndTheSession_data();
    void wrongPacketsEndTheSession();
    void withoutConnectTheSessionEnds();
    void whoDisconnectsHearsNothing();
    void aMessageBecomesAJob();
    void tasksMayHaveTheNumbersOfJobs();
    void messagesReachEverySocketOfTheOwner();
    void anAdminDoesNotHearOthers();
    void answersAreGivenWhenAskedFor();
    void withoutAnAnswerARefusalIsAnEvent();
    void reportingNeedsItsScope();
    void aFinishedTaskBeginsAgain();
    void anotherAttemptBeginsAtItsFirstStep();
    void numbersAreConflated();
    void slowReadersGetNumbersLater();
    void tooManyChangesAreRefused();
    void whatIsCanceledIsTold();
    void otherReportsAreToldInTheSameWords();
    void reportsBySocketAreJobReports();
    void unknownEventsAreCounted();
    void aRevokedTokenIsExpelled();
    void aTokenThatEndsIsExpelled();
    void theEndOfTheProgramIsNoDisconnect();
    void pollingClientsHearToo();
    void theFallbackAnswersWhatCame();
    void theFallbackKeepsOwnersApart();
    void theFallbackNeedsAConversation();
    void theFallbackNamesTheLengthOfAConversationThatIsTooLong();
    void sessionsAreCounted();
};

void SocketIoTest::connectsWithAToken()
{
    HubBench hub;
    Client client(hub);
    client.say("40{\"sid\":\"reader\"}");
    const QByteArrayList sent = client.take();
    QCOMPARE(sent.size(), 2);
    QVERIFY(sent.at(0).startsWith("0{"));
    QVERIFY(sent.at(1).startsWith("40{\"sid\":\""));
    client.say("40{\"sid\":\"reader\"}");
    QCOMPARE(client.closeCode(), 1002);
}

void SocketIoTest::whoOpenedTheSessionNeedsNoToken()
{
    HubBench hub;
    server::Request request = upgrade();
    request.principal = HubBench::who(u"eve"_s, core::DefaultScopes);
    Client known(hub, request);
    known.say("40");
    QVERIFY(known.take().value(1).startsWith("40{\"sid\":"));
    Client wrong(hub, request);
    wrong.say("40{\"sid\":\"wrong\"}");
    QVERIFY(wrong.take().value(1).startsWith("44{"));
    request.tokenExpiresAt = hub.clock.wallTime().count() + 1000;
    Client late(hub, request);
    hub.clock.advance(1s);
    late.say("40");
    QVERIFY(late.take().value(1).startsWith("44{"));
}

void SocketIoTest::aWrongTokenIsRefused_data()
{
    QTest::addColumn<QByteArray>("packet");
    for (const char *packet : {"40", "40{}", "40{\"sid\":\"wrong\"}", "40{\"sid\":\"\"}",
                               "40{\"sid\":7}", "40{\"token\":\"admin\"}"})
        QTest::newRow(packet) << QByteArray(packet);
}

void SocketIoTest::aWrongTokenIsRefused()
{
    QFETCH(const QByteArray, packet);
    HubBench hub;
    Client client(hub);
    client.say(packet);
    QCOMPARE(client.take().value(1),
             QByteArray("44{\"message\":\"unauthorized\",\"data\":{\"code\":4401}}"));
    QVERIFY(!client.closeCode());
    QCOMPARE(hub.access.authFailures().value("token"), 1);
    client.say("42[\"ai_progress\",{}]");
    QCOMPARE(client.closeCode(), 1002);
}

void SocketIoTest::aSecondWrongTokenEndsTheSession()
{
    HubBench hub;
    Client client(hub);
    client.say("40{\"sid\":\"a\"}");
    client.say("40{\"sid\":\"b\"}");
    QCOMPARE(client.closeCode(), 1008);
}

void SocketIoTest::otherNamespacesAreInvalid()
{
    HubBench hub;
    Client client(hub);
    (void)client.take();
    client.say("40/random?x=1,{\"sid\":\"admin\"}");
    QCOMPARE(client.take(), QByteArrayList{"44/random,{\"message\":\"Invalid namespace\"}"});
    client.say("40{\"sid\":\"admin\"}");
    QVERIFY(client.take().value(0).startsWith("40{"));
}

void SocketIoTest::wrongPacketsEndTheSession_data()
{
    QTest::addColumn<QByteArray>("packet");
    for (const char *packet :
         {"4abc", "48", "42{}", "42[]", "42abc[\"m\",1]", "42[\"connect\"]", "42/admin,[\"m\"]",
          "451-[\"m\",{\"_placeholder\":true,\"num\":0}]", "41{}", "4"})
        QTest::newRow(packet) << QByteArray(packet);
}

void SocketIoTest::wrongPacketsEndTheSession()
{
    QFETCH(const QByteArray, packet);
    HubBench hub;
    Client client = Client::with(hub, "admin");
    client.say(packet);
    QCOMPARE(client.closeCode(), 1002);
}

void SocketIoTest::withoutConnectTheSessionEnds()
{
    HubBench hub;
    Client client(hub);
    for (int i = 0; i < 44; ++i) {
        waitFor(hub, 1s);
        client.say("3");
    }
    QVERIFY(!client.closeCode());
    waitFor(hub, 1s);
    QCOMPARE(client.closeCode(), 1008);
}

void SocketIoTest::whoDisconnectsHearsNothing()
{
    HubBench hub;
    Client client = Client::with(hub, "admin");
    Client other = Client::with(hub, "admin");
    client.say("41");
    other.tell(words("working"));
    QVERIFY(client.take().isEmpty());
    QVERIFY(!client.closeCode());
    client.say("40{\"sid\":\"reader\"}");
    QVERIFY(client.take().value(0).startsWith("40{"));
    other.tell(words("complete"));
    QCOMPARE(client.told().size(), 1);
}

void SocketIoTest::aMessageBecomesAJob()
{
    HubBench hub;
    Client client = Client::with(hub, "admin");
    client.tell(words("plan", "\"message\":\"Two steps\",\"total_steps\":2"));
    const JobSnapshot *job = jobNamed(hub, u"t"_s);
    QVERIFY(job);
    QCOMPARE(job->kind, core::JobKind::External);
    QCOMPARE(job->state, JobState::Running);
    QCOMPARE(job->details.title, u"AI t"_s);
    QCOMPARE(job->details.message, u"Two steps"_s);
    QCOMPARE(job->details.steps.size(), 2);
    client.tell(words("working", "\"message\":\"First\",\"step\":1,\"progress\":30"));
    job = jobNamed(hub, u"t"_s);
    QCOMPARE(job->details.steps.at(0).state, JobState::Running);
    QCOMPARE(job->progress.done, 30);
    QCOMPARE(job->progress.total, 100);
    client.tell(words("error", "\"message\":\"no network\""));
    job = jobNamed(hub, u"t"_s);
    QCOMPARE(job->state, JobState::Failed);
    QCOMPARE(job->error->context, u"no network"_s);
    QCOMPARE(job->details.steps.at(0).state, JobState::Failed);
}

void SocketIoTest::tasksMayHaveTheNumbersOfJobs()
{
    HubBench hub;
    const core::JobId download = hub.add(u"local"_s, JobState::Paused);
    Client client = Client::with(hub, "admin");
    const QByteArray number = download.toString().toLatin1();
    client.tell("\"type\":\"working\",\"task_id\":" + number);
    client.tell("\"type\":\"complete\",\"task_id\":\"" + number + '"');
    QCOMPARE(client.told().size(), 2);
    const JobSnapshot *job = jobNamed(hub, download.toString());
    QVERIFY(job);
    QCOMPARE(job->state, JobState::Succeeded);
    QVERIFY(job->id != download);
    QCOMPARE(hub.registry.find(download)->state, JobState::Paused);
    QCOMPARE(hub.registry.snapshots().size(), 2);
}

void SocketIoTest::messagesReachEverySocketOfTheOwner()
{
    HubBench hub;
    Client sender = Client::with(hub, "admin");
    Client reader = Client::with(hub, "reader");
    Client stranger = Client::with(hub, "fenced");
    const QByteArray sent =
        "{\"type\":\"working\",\"task_id\":\"t\",\"x\":{\"n\":1.0},\"timestamp\":\"now\"}";
    sender.say("42[\"ai_progress\"," + sent + ",\"more\"]");
    const QByteArrayList expected{"42[\"ai_progress\"," + sent + ']'};
    QCOMPARE(sender.take(), expected);
    QCOMPARE(reader.take(), expected);
    QVERIFY(stranger.take().isEmpty());
}

void SocketIoTest::anAdminDoesNotHearOthers()
{
    HubBench hub;
    Client admin = Client::with(hub, "admin");
    Client eve = Client::with(hub, "fenced");
    eve.tell(words("working"));
    QCOMPARE(eve.told().size(), 1);
    QVERIFY(admin.take().isEmpty());
    // What an admin reports of her work is hers.
    const JobSnapshot *job = jobNamed(hub, u"t"_s);
    admin.tell("\"type\":\"complete\",\"task_id\":\"" + job->id.toString().toLatin1() + '"');
    QCOMPARE(eve.told().size(), 1);
    QVERIFY(admin.take().isEmpty());
}

void SocketIoTest::answersAreGivenWhenAskedFor()
{
    HubBench hub;
    Client client = Client::with(hub, "admin");
    client.tell(words("working"), "7");
    QTRY_COMPARE(client.socket.record->sent.size(), 2); // answered when it is committed
    const QByteArrayList sent = client.take();
    QVERIFY(sent.at(0).startsWith("42[\"ai_progress\","));
    QVERIFY2(sent.at(1).startsWith("437[{\"ok\":true,\"job\":{"), sent.at(1).constData());
    QVERIFY(sent.at(1).contains("\"externalId\":\"t\""));
    client.tell(words("nonsense"), "8");
    const QByteArrayList refused = client.take();
    QCOMPARE(refused.size(), 1);
    QVERIFY2(refused.at(0).startsWith("438[{\"ok\":false,\"error\":{\"code\":\"invalidArgument\","),
             refused.at(0).constData());
    client.tell("\"type\":\"working\"", "9");
    QVERIFY(client.take().value(0).startsWith("439[{\"ok\":false,"));
}

void SocketIoTest::withoutAnAnswerARefusalIsAnEvent()
{
    HubBench hub;
    Client client = Client::with(hub, "admin");
    client.tell(words("nonsense"));
    const QByteArrayList sent = client.take();
    QCOMPARE(sent.size(), 1);
    QVERIFY(sent.at(0).startsWith("42[\"error\",{\"code\":\"invalidArgument\",\"message\":"));
}

void SocketIoTest::reportingNeedsItsScope()
{
    HubBench hub;
    Client reader = Client::with(hub, "reader");
    reader.tell(words("working"), "1");
    QVERIFY(reader.take().value(0).contains("\"code\":\"forbidden\""));
    reader.say("422[\"job.report\",{\"title\":\"x\"}]");
    QVERIFY(reader.take().value(0).contains("\"code\":\"forbidden\""));
    QVERIFY(hub.registry.snapshots().isEmpty());
}

void SocketIoTest::aFinishedTaskBeginsAgain()
{
    HubBench hub;
    Client client = Client::with(hub, "admin");
    for (const char *type : {"working", "complete", "complete", "thinking"})
        client.tell(words(type));
    QCOMPARE(client.told().size(), 4);
    const JobSnapshot *job = jobNamed(hub, u"t"_s);
    QCOMPARE(job->state, JobState::Running);
    QCOMPARE(job->attempt, 2);
}

void SocketIoTest::anotherAttemptBeginsAtItsFirstStep()
{
    HubBench hub;
    Client client = Client::with(hub, "admin");
    client.tell(words("plan", "\"total_steps\":2"));
    client.tell(words("step_complete", "\"step\":1"));
    client.tell(words("complete"));
    QCOMPARE(jobNamed(hub, u"t"_s)->progress.done, 100);
    client.tell(words("thinking"));
    const JobSnapshot *job = jobNamed(hub, u"t"_s);
    QCOMPARE(job->attempt, 2);
    QCOMPARE(job->progress.done, 0);
    QCOMPARE(job->details.steps.size(), 2);
    for (const core::JobStep &step : job->details.steps)
        QCOMPARE(step.state, JobState::Queued);
}

void SocketIoTest::numbersAreConflated()
{
    HubBench hub;
    Client client = Client::with(hub, "admin");
    for (int i = 0; i < 500; ++i)
        client.tell(words("working", "\"progress\":" + QByteArray::number(i / 5)));
    QCOMPARE(
        client.told(),
        (QByteArrayList{words("working", "\"progress\":0"), words("working", "\"progress\":0")}));
    hub.clock.advance(100ms);
    QTRY_VERIFY(!client.socket.record->sent.isEmpty());
    QCOMPARE(client.told(), QByteArrayList{words("working", "\"progress\":99")});
    // A step makes the numbers before it out of date.
    client.tell(words("working", "\"progress\":100"));
    client.tell(words("complete"));
    QCOMPARE(client.told(), QByteArrayList{words("complete")});
    hub.clock.advance(1s);
    Client witness = Client::with(hub, "admin");
    witness.tell(words("thinking"));
    QCOMPARE(client.told(), QByteArrayList{words("thinking")});
}

void SocketIoTest::slowReadersGetNumbersLater()
{
    HubBench hub;
    Client sender = Client::with(hub, "admin");
    Client slow = Client::with(hub, "reader");
    sender.tell(words("working", "\"progress\":1"));
    QCOMPARE(slow.told().size(), 1);
    slow.socket.record->unsent = 300 * 1024;
    sender.tell(words("working", "\"progress\":2"));
    QVERIFY(slow.take().isEmpty());
    sender.tell(words("step_complete", "\"step\":1"));
    QCOMPARE(slow.told().size(), 1); // never lost
    sender.tell(words("step_complete", "\"step\":1,\"progress\":50"));
    slow.socket.record->unsent = 0;
    hub.clock.advance(1s);
    QTRY_VERIFY(!slow.socket.record->sent.isEmpty());
    QCOMPARE(slow.told(), QByteArrayList{words("step_complete", "\"step\":1,\"progress\":50")});
    slow.socket.record->unsent = 2 * 1024 * 1024;
    sender.tell(words("complete"));
    QCOMPARE(slow.closeCode(), 4008);
}

void SocketIoTest::tooManyChangesAreRefused()
{
    HubBench hub;
    Client client = Client::with(hub, "admin");
    for (int i = 0; i < 60; ++i)
        client.tell(words("working", "\"unknown\":" + QByteArray::number(i)));
    const QByteArrayList sent = client.take();
    QCOMPARE(sent.size(), 60);
    QVERIFY(sent.at(49).startsWith("42[\"ai_progress\""));
    QVERIFY(sent.at(50).startsWith("42[\"error\",{\"code\":\"rateLimited\""));
    QVERIFY(!client.closeCode());
    hub.clock.advance(1s);
    client.tell(words("complete"));
    QCOMPARE(client.told().size(), 1);
}

void SocketIoTest::whatIsCanceledIsTold()
{
    HubBench hub;
    Client client = Client::with(hub, "admin");
    client.tell(words("working", "\"message\":\"On it\""));
    (void)client.take();
    QVERIFY(hub.service.cancel(core::Principal::localUser(), jobNamed(hub, u"t"_s)->id));
    QCOMPARE(client.told(), QByteArrayList{words("error", "\"message\":\"canceled\"")});
    client.tell(words("working"), "1");
    QVERIFY(client.take().value(0).contains("\"code\":\"invalidState\""));
}

void SocketIoTest::otherReportsAreToldInTheSameWords()
{
    HubBench hub;
    Client client = Client::with(hub, "reader");
    const auto report = [&hub](const QByteArray &members) {
        (void)hub.request("POST", u"/api/v1/jobs/backup/report"_s, '{' + members + '}');
    };
    report("\"title\":\"Backup\"");
    QVERIFY(client.take().isEmpty()); // not AI work
    report("\"type\":\"working\",\"message\":\"Copying\",\"done\":10,\"total\":100");
    const QByteArray name = "\"task_id\":\"backup\",\"conversation_id\":\"backup\",";
    QCOMPARE(
        client.told(),
        QByteArrayList{"\"type\":\"working\"," + name + "\"message\":\"Copying\",\"progress\":10"});
    report("\"done\":55");
    QTRY_VERIFY(!client.socket.record->sent.isEmpty());
    QCOMPARE(
        client.told(),
        QByteArrayList{"\"type\":\"working\"," + name + "\"message\":\"Copying\",\"progress\":55"});
    report("\"state\":\"succeeded\",\"message\":\"Copied\"");
    QCOMPARE(client.told(),
             QByteArrayList{"\"type\":\"complete\"," + name
                            + "\"message\":\"Copied\",\"progress\":100"});
}

void SocketIoTest::reportsBySocketAreJobReports()
{
    HubBench hub;
    Client client = Client::with(hub, "fenced");
    client.say("425[\"job.report\",{\"job\":\"own\",\"title\":\"Own\",\"type\":\"thinking\"}]");
    QTRY_COMPARE(client.socket.record->sent.size(), 2);
    const QByteArrayList sent = client.take();
    QVERIFY(sent.at(0).startsWith("42[\"ai_progress\",{\"type\":\"thinking\",\"task_id\":\"own\""));
    QVERIFY(sent.at(1).startsWith("435[{\"ok\":true,\"job\":{"));
    QCOMPARE(jobNamed(hub, u"own"_s)->owner, u"eve"_s);
}

void SocketIoTest::unknownEventsAreCounted()
{
    HubBench hub;
    Client client = Client::with(hub, "admin");
    client.say("421[\"pause\",\"j1\"]");
    QVERIFY(
        client.take().value(0).startsWith("431[{\"ok\":false,\"error\":{\"code\":\"notFound\""));
    client.say("42[\"whatever\"]");
    QVERIFY(client.take().isEmpty());
    for (int i = 0; i < 30; ++i)
        client.say("42[\"whatever\"]");
    QCOMPARE(client.closeCode(), 4029);
    QVERIFY(client.take().value(0).startsWith("42[\"error\",{\"code\":\"rateLimited\""));
}

void SocketIoTest::aRevokedTokenIsExpelled()
{
    HubBench hub;
    Client revoked = Client::with(hub, "fenced");
    Client other = Client::with(hub, "admin");
    hub.access.revoke(u"t3"_s);
    QCOMPARE(revoked.take(), QByteArrayList{"41"});
    QCOMPARE(revoked.closeCode(), 4505);
    QVERIFY(!other.closeCode());
    // Nor may a session that was opened with it connect later.
    server::Request request = upgrade();
    request.principal = HubBench::who(u"eve"_s, core::DefaultScopes);
    request.tokenId = u"t3"_s;
    const Client waiting(hub, request);
    hub.access.revoke(u"t3"_s);
    QCOMPARE(waiting.closeCode(), 4505);
}

void SocketIoTest::aTokenThatEndsIsExpelled()
{
    HubBench hub;
    Client reader = Client::with(hub, "reader");
    for (int i = 0; i < 98; ++i) {
        waitFor(hub, 1s);
        reader.say("3");
    }
    QVERIFY(!reader.closeCode());
    waitFor(hub, 2s);
    QVERIFY(reader.take().contains("41"));
    QCOMPARE(reader.closeCode(), 1008);
}

void SocketIoTest::theEndOfTheProgramIsNoDisconnect()
{
    HubBench hub;
    Client client = Client::with(hub, "admin");
    hub.dialects.sayGoodbye();
    QVERIFY(client.take().isEmpty()); // it comes back by itself
    QCOMPARE(client.closeCode(), 1001);
}

void SocketIoTest::pollingClientsHearToo()
{
    HubBench hub;
    hub.principal.reset();
    const QList<server::Header> type{{"Content-Type", "text/plain;charset=UTF-8"}};
    const QString target = u"/socket.io/?EIO=4&transport=polling"_s;
    const QByteArray greeting = hub.request("GET", target)->answer->body;
    const QJsonObject members = QJsonDocument::fromJson(greeting.sliced(1)).object();
    const QString session = target + u"&sid="_s + members.value("sid"_L1).toString();
    QCOMPARE(hub.request("POST", session, "40{\"sid\":\"admin\"}", type)->answer->body,
             QByteArray("ok"));
    QVERIFY(hub.request("GET", session)->answer->body.startsWith("40{\"sid\":\""));
    const auto held = hub.request("GET", session);
    QVERIFY(!held->answer);
    Client client = Client::with(hub, "admin");
    client.tell(words("working"));
    client.tell(words("complete"));
    QTRY_VERIFY(held->answer);
    const QByteArrayList packets = held->answer->body.split('\x1e');
    QCOMPARE(packets.size(), 2);
    QVERIFY(packets.at(1).startsWith("42[\"ai_progress\",{\"type\":\"complete\""));
    const auto last = hub.request("GET", session);
    hub.dialects.sayGoodbye();
    QCOMPARE(last->answer->body, QByteArray("1"));
}

void SocketIoTest::theFallbackAnswersWhatCame()
{
    HubBench hub;
    Client client = Client::with(hub, "admin");
    client.tell(words("working", "\"message\":\"One\""));
    QCOMPARE(updates(hub, u"conversation_id=c"_s).size(), 1);
    QCOMPARE(updates(hub, u"conversation_id=c"_s).size(), 0);
    client.tell(words("complete", "\"message\":\"Two\""));
    const QJsonArray second = updates(hub, u"conversation_id=c"_s);
    QCOMPARE(second.size(), 1);
    QCOMPARE(second.at(0).toObject().value("message"_L1).toString(), u"Two"_s);
    QCOMPARE(updates(hub, u"conversation_id=c&since=lost"_s).size(), 2);
    QCOMPARE(updates(hub, u"conversation_id=d"_s).size(), 0);
    const auto answer = hub.request(
        "GET", u"/api/method/ai_assistant.api.get_progress?conversation_id=c&since=lost"_s);
    const QString cursor = QJsonDocument::fromJson(answer->answer->body)
                               .object()
                               .value("message"_L1)
                               .toObject()
                               .value("cursor"_L1)
                               .toString();
    QVERIFY(!cursor.isEmpty());
    QCOMPARE(updates(hub, u"conversation_id=c&since="_s + cursor).size(), 0);
}

void SocketIoTest::theFallbackKeepsOwnersApart()
{
    HubBench hub;
    Client client = Client::with(hub, "fenced");
    client.tell(words("working"));
    QCOMPARE(updates(hub, u"conversation_id=c"_s).size(), 0); // an admin of another owner
    hub.principal = HubBench::who(u"eve"_s, core::Scope::Read);
    QCOMPARE(updates(hub, u"conversation_id=c"_s).size(), 1);
    hub.principal = HubBench::who(u"eve"_s, core::Scope::Report);
    const auto answer =
        hub.request("GET", u"/api/method/ai_assistant.api.get_progress?conversation_id=c"_s);
    QCOMPARE(answer->answer->status, 403);
}

void SocketIoTest::theFallbackNeedsAConversation()
{
    HubBench hub;
    const auto answer = hub.request("GET", u"/api/method/ai_assistant.api.get_progress"_s);
    QCOMPARE(answer->answer->status, 400);
}

void SocketIoTest::theFallbackNamesTheLengthOfAConversationThatIsTooLong()
{
    HubBench hub;
    const QString path = u"/api/method/ai_assistant.api.get_progress?conversation_id="_s;
    QCOMPARE(hub.request("GET", path + QString(128, u'c'))->answer->status, 200);
    const auto answer = hub.request("GET", path + QString(129, u'c'));
    QCOMPARE(answer->answer->status, 400);
    QVERIFY2(answer->answer->body.contains("129 characters"), answer->answer->body.constData());
}

void SocketIoTest::sessionsAreCounted()
{
    HubBench hub;
    Client client = Client::with(hub, "admin");
    client.tell(words("working"));
    const auto metrics = hub.request("GET", u"/metrics"_s);
    QVERIFY(metrics->answer->body.contains("{kind=\"websocket\"} 1"));
}

QTEST_GUILESS_MAIN(SocketIoTest)
#include "tst_socketio.moc"
