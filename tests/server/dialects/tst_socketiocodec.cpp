#include "core/externalspecjson.h"
#include "server/dialects/socketio/aimessage.h"
#include "server/dialects/socketio/aisteps.h"
#include "server/dialects/socketio/aiwords.h"
#include "server/dialects/socketio/aiworkflows.h"
#include "server/dialects/socketio/conversations.h"
#include "server/dialects/socketio/enginepacket.h"
#include "server/dialects/socketio/rawjson.h"
#include "server/dialects/socketio/socketpacket.h"

#include <QFile>
#include <QTest>

using namespace Qt::StringLiterals;
using namespace server;
using core::JobSnapshot;
using core::JobState;
using core::JobStep;
using Kind = Conversations::Kind;

namespace {

constexpr core::Milliseconds Now{1'790'000'000'000};

JobSnapshot work(const QString &type, JobState state, const QString &message)
{
    return {.id = {12},
            .kind = core::JobKind::External,
            .state = state,
            .details = {.title = u"Backup"_s, .message = message},
            .source = u"t-1"_s,
            .spec = core::encodeSpec({.type = type, .conversation = u"c-1"_s})};
}

JobSnapshot withSteps(JobSnapshot job, const QList<JobState> &states, qint64 done)
{
    for (const JobState state : states)
        job.details.steps.append({u"step"_s, state, 0});
    job.progress.done = done;
    job.progress.total = done < 0 ? -1 : 100;
    return job;
}

/// As the golden file tells them, in order.
QList<JobSnapshot> goldenWork()
{
    const auto done = JobState::Succeeded;
    JobSnapshot failed = work(u"error"_s, JobState::Failed, u"what it did"_s);
    failed.error = core::Error{core::ErrorCode::WorkFailed, u"no network"_s};
    JobSnapshot nameless = work(u"complete"_s, JobState::Running, {});
    nameless.source.clear();
    nameless.spec = core::encodeSpec(core::ExternalSpec{.type = u"complete"_s});
    const QList<JobState> none(3, JobState::Queued);
    return {work(u"thinking"_s, JobState::Running, u"Reading"_s),
            withSteps(work(u"plan"_s, JobState::Running, u"Three steps"_s), none, -1),
            withSteps(work(u"working"_s, JobState::Running, u"größe \"a\""_s),
                      {done, JobState::Running, JobState::Queued}, 45),
            withSteps(work(u"step_complete"_s, JobState::Running, u"Second"_s),
                      {done, done, JobState::Queued}, 66),
            withSteps(work(u"complete"_s, done, u"Done"_s), {done, done, done}, 3),
            failed,
            work(u"working"_s, JobState::Canceled, u"Reading"_s),
            nameless};
}

AiMessage message(const QByteArray &members)
{
    const QByteArray json = R"({"type":"working","task_id":"t")"
        + (members.isEmpty() ? QByteArray() : ',' + members) + '}';
    const auto read = aiMessageFrom(json, Now);
    return read ? *read : AiMessage();
}

AiMessage typed(const QByteArray &type, const QByteArray &members)
{
    return *aiMessageFrom(R"({"type":")" + type + R"(","task_id":"t",)" + members + '}', Now);
}

/// First letters of the states of steps.
QString statesOf(const QList<JobStep> &steps)
{
    QString letters;
    for (const JobStep &step : steps)
        letters += core::jobStateName(step.state)[0];
    return letters;
}

} // namespace

/// The pure parts of the Socket.IO dialect.
class SocketIoCodecTest final : public QObject
{
    Q_OBJECT
private slots:
    void enginePacketsGoBothWays_data();
    void enginePacketsGoBothWays();
    void wrongEnginePayloads_data();
    void wrongEnginePayloads();
    void payloadsHoldSeveralPackets();
    void socketPacketsGoBothWays_data();
    void socketPacketsGoBothWays();
    void aNamespacesQueryIsNoPartOfIt();
    void wrongSocketPackets_data();
    void wrongSocketPackets();
    void elementsStayAsTheyWereWritten_data();
    void elementsStayAsTheyWereWritten();
    void messagesAreRelayedAsSent_data();
    void messagesAreRelayedAsSent();
    void wrongMessages_data();
    void wrongMessages();
    void progressIsPercentOrAShare_data();
    void progressIsPercentOrAShare();
    void onlyNumbersMayDiffer();
    void stepsFollowTheMessages();
    void plansNameTheSteps();
    void jobsAreToldAsTheGoldenFile();
    void jobsWithoutATypeAreNotTold();
    void workflowsAreToldStepByStep();
    void conversationsAnswerWhatCameSince();
    void eachReaderHasAPlaceOfItsOwn();
    void anUnknownPlaceGetsAllThatIsKept();
    void numbersAreKeptOncePerJob();
    void conversationsAreBounded();
};

void SocketIoCodecTest::enginePacketsGoBothWays_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<EngineType>("type");
    QTest::newRow("open") << QByteArray("0{}") << EngineType::Open;
    QTest::newRow("close") << QByteArray("1") << EngineType::Close;
    QTest::newRow("ping") << QByteArray("2probe") << EngineType::Ping;
    QTest::newRow("pong") << QByteArray("3") << EngineType::Pong;
    QTest::newRow("message") << QByteArray("4hello") << EngineType::Message;
    QTest::newRow("empty message") << QByteArray("4") << EngineType::Message;
    QTest::newRow("upgrade") << QByteArray("5") << EngineType::Upgrade;
    QTest::newRow("noop") << QByteArray("6") << EngineType::Noop;
}

void SocketIoCodecTest::enginePacketsGoBothWays()
{
    QFETCH(const QByteArray, text);
    const auto packet = enginePacketFrom(text);
    QVERIFY(packet);
    QTEST(packet->type, "type");
    QCOMPARE(encode(*packet), text);
}

void SocketIoCodecTest::wrongEnginePayloads_data()
{
    QTest::addColumn<QByteArray>("body");
    QTest::newRow("nothing") << QByteArray();
    QTest::newRow("no digit") << QByteArray("abc");
    QTest::newRow("no such digit") << QByteArray("7");
    QTest::newRow("a gap") << QByteArray("4a\x1e\x1e"
                                         "4b");
    QTest::newRow("an end that goes on") << QByteArray("4a\x1e");
    QTest::newRow("binary") << QByteArray("4a\x1e"
                                          "bAQIDBA==");
}

void SocketIoCodecTest::wrongEnginePayloads()
{
    QFETCH(const QByteArray, body);
    QVERIFY(!enginePayloadFrom(body));
}

void SocketIoCodecTest::payloadsHoldSeveralPackets()
{
    const auto packets = enginePayloadFrom("4a\x1e"
                                           "4b\x1e"
                                           "3");
    QVERIFY(packets);
    QCOMPARE(packets->size(), 3);
    QCOMPARE(packets->at(1), (EnginePacket{EngineType::Message, "b"}));
    QCOMPARE(enginePayload({"4a", "4b", "3"}),
             QByteArray("4a\x1e"
                        "4b\x1e"
                        "3"));
}

void SocketIoCodecTest::socketPacketsGoBothWays_data()
{
    QTest::addColumn<QByteArray>("text");
    for (const char *text :
         {"0", "0{\"sid\":\"x\"}", "0/admin,", "0/admin,{\"a\":1}", "1", "1/admin,", "2[\"foo\"]",
          "2/admin,[\"bar\"]", "212[\"foo\"]", "2/admin,456[\"x\",1]", "2[7,\"numbered\"]", "312[]",
          "3/admin,456[{\"a\":[1,2]}]"})
        QTest::newRow(text) << QByteArray(text);
}

void SocketIoCodecTest::socketPacketsGoBothWays()
{
    QFETCH(const QByteArray, text);
    const auto packet = socketPacketFrom(text);
    QVERIFY2(packet, text.constData());
    QCOMPARE(encode(*packet), text);
}

void SocketIoCodecTest::aNamespacesQueryIsNoPartOfIt()
{
    const auto packet = socketPacketFrom("0/custom?token=abc,{}");
    QVERIFY(packet);
    QCOMPARE(packet->place, u"/custom"_s);
    QVERIFY(packet->value.isObject());
}

void SocketIoCodecTest::wrongSocketPackets_data()
{
    QTest::addColumn<QByteArray>("text");
    const QByteArray deep = "2[\"a\"," + QByteArray(20, '[') + QByteArray(20, ']') + ']';
    for (const QByteArray &text : {QByteArray(),
                                   QByteArray("abc"),
                                   QByteArray("9"),
                                   QByteArray("2"),
                                   QByteArray("2{}"),
                                   QByteArray("2[]"),
                                   QByteArray("2[{}]"),
                                   QByteArray("2abc[\"a\"]"),
                                   QByteArray("2[\"a\",1,\"2\",{3:[false]}]"),
                                   QByteArray("2[\"connect\"]"),
                                   QByteArray("2[\"disconnecting\"]"),
                                   QByteArray("0\"x\""),
                                   QByteArray("0[]"),
                                   QByteArray("1{}"),
                                   QByteArray("3{}"),
                                   QByteArray("4\"no\""),
                                   QByteArray("2/x,"),
                                   QByteArray("21234567890123456[\"a\"]"),
                                   QByteArray("51-[\"a\"]"),
                                   QByteArray("61-1[]"),
                                   QByteArray("0/") + QByteArray(300, 'x'),
                                   QByteArray("0/\x1f,"),
                                   deep})
        QTest::addRow("%s", text.left(40).constData()) << text;
}

void SocketIoCodecTest::wrongSocketPackets()
{
    QFETCH(const QByteArray, text);
    QVERIFY(!socketPacketFrom(text));
}

void SocketIoCodecTest::elementsStayAsTheyWereWritten_data()
{
    QTest::addColumn<QByteArray>("array");
    QTest::addColumn<QByteArrayList>("elements");
    QTest::newRow("none") << QByteArray("[ ]") << QByteArrayList();
    QTest::newRow("one") << QByteArray("[1.0]") << QByteArrayList{"1.0"};
    QTest::newRow("big numbers") << QByteArray("[\"a\", 12345678901234567890 ,1e3]")
                                 << QByteArrayList{"\"a\"", "12345678901234567890", "1e3"};
    QTest::newRow("commas and brackets in strings")
        << QByteArray("[\"a,[\\\"\", {\"b\" : [1, 2]},[]]")
        << QByteArrayList{"\"a,[\\\"\"", "{\"b\" : [1, 2]}", "[]"};
}

void SocketIoCodecTest::elementsStayAsTheyWereWritten()
{
    QFETCH(const QByteArray, array);
    QTEST(elementsOf(array), "elements");
}

void SocketIoCodecTest::messagesAreRelayedAsSent_data()
{
    QTest::addColumn<QByteArray>("sent");
    QTest::addColumn<QByteArray>("relayed");
    const QByteArray stamp = "\"timestamp\":\"2026-09-21T14:13:20.000Z\"}";
    QTest::newRow("a timestamp is added") << QByteArray("{\"type\":\"working\",\"task_id\":\"t\"}")
                                          << "{\"type\":\"working\",\"task_id\":\"t\"," + stamp;
    QTest::newRow("a timestamp is kept")
        << QByteArray("{\"timestamp\":1,\"type\":\"plan\",\"task_id\":\"t\"}")
        << QByteArray("{\"timestamp\":1,\"type\":\"plan\",\"task_id\":\"t\"}");
    QTest::newRow("unknown members and numbers are kept as written")
        << QByteArray("{ \"z\" : 1.0, \"type\":\"working\",\"task_id\":7,\"a\":{\"b\":[1e2]} }")
        << "{ \"z\" : 1.0, \"type\":\"working\",\"task_id\":7,\"a\":{\"b\":[1e2]}," + stamp;
}

void SocketIoCodecTest::messagesAreRelayedAsSent()
{
    QFETCH(const QByteArray, sent);
    const auto read = aiMessageFrom(sent, Now);
    QVERIFY(read);
    QTEST(read->json, "relayed");
}

void SocketIoCodecTest::wrongMessages_data()
{
    QTest::addColumn<QByteArray>("sent");
    QTest::newRow("no object") << QByteArray("[]");
    QTest::newRow("no type") << QByteArray("{\"task_id\":\"t\"}");
    QTest::newRow("no task") << QByteArray("{\"type\":\"working\"}");
    QTest::newRow("a task that is no id") << QByteArray("{\"type\":\"plan\",\"task_id\":{}}");
    QTest::newRow("a separator of payloads in a string")
        << QByteArray("{\"type\":\"plan\",\"task_id\":\"t\",\"m\":\"a\x1e"
                      "41\"}");
}

void SocketIoCodecTest::wrongMessages()
{
    QFETCH(const QByteArray, sent);
    QVERIFY(!aiMessageFrom(sent, Now));
}

void SocketIoCodecTest::progressIsPercentOrAShare_data()
{
    QTest::addColumn<QByteArray>("members");
    QTest::addColumn<qint64>("percent"); // -1: none
    QTest::newRow("none") << QByteArray() << qint64(-1);
    QTest::newRow("percent") << QByteArray("\"progress\":45.9") << qint64(45);
    QTest::newRow("share") << QByteArray("\"progress\":0.25") << qint64(25);
    QTest::newRow("zero") << QByteArray("\"progress\":0") << qint64(0);
    QTest::newRow("one is a percent") << QByteArray("\"progress\":1") << qint64(1);
    QTest::newRow("too much") << QByteArray("\"progress\":1e99") << qint64(100);
    QTest::newRow("negative") << QByteArray("\"progress\":-3") << qint64(-1);
    QTest::newRow("a text") << QByteArray("\"progress\":\"45\"") << qint64(-1);
}

void SocketIoCodecTest::progressIsPercentOrAShare()
{
    QFETCH(const QByteArray, members);
    QFETCH(const qint64, percent);
    QCOMPARE(message(members).percent().value_or(-1), percent);
}

void SocketIoCodecTest::onlyNumbersMayDiffer()
{
    const QJsonObject words = message("\"message\":\"a\",\"progress\":1").words;
    QCOMPARE(message("\"message\":\"a\",\"progress\":2,\"timestamp\":5").words, words);
    QVERIFY(message("\"message\":\"b\",\"progress\":1").words != words);
    QVERIFY(message("\"message\":\"a\",\"progress\":1,\"step\":2").words != words);
    QVERIFY(message("\"message\":\"a\",\"progress\":1,\"unknown\":2").words != words);
}

void SocketIoCodecTest::stepsFollowTheMessages()
{
    QVERIFY(stepsAfter({}, message("\"message\":\"no steps\"")).isEmpty());
    auto steps = stepsAfter({}, typed("plan", "\"total_steps\":3"));
    QCOMPARE(statesOf(steps), u"qqq"_s);
    steps = stepsAfter(steps, typed("working", "\"step\":1,\"message\":\"First\""));
    QCOMPARE(statesOf(steps), u"rqq"_s);
    QCOMPARE(steps.at(0).title, u"First"_s);
    steps = stepsAfter(steps, typed("working", "\"step\":1,\"message\":\"Still\""));
    QCOMPARE(steps.at(0).title, u"First"_s);
    steps = stepsAfter(steps, typed("step_complete", "\"step\":1"));
    QCOMPARE(statesOf(steps), u"sqq"_s);
    QCOMPARE(steps.at(0).progress, 1.0);
    steps = stepsAfter(steps, typed("working", "\"step\":3,\"total_steps\":3"));
    QCOMPARE(statesOf(steps), u"ssr"_s);
    QCOMPARE(statesOf(stepsAfter(steps, typed("error", "\"message\":\"no\""))), u"ssf"_s);
    QCOMPARE(statesOf(stepsAfter(steps, typed("complete", "\"message\":\"ok\""))), u"sss"_s);
    QCOMPARE(stepsDone(steps), 2);
    // What makes no sense changes nothing.
    QCOMPARE(stepsAfter(steps, typed("working", "\"step\":99,\"total_steps\":5000")), steps);
    QCOMPARE(stepsAfter(steps, typed("working", "\"step\":\"two\",\"total_steps\":1.5")), steps);
}

void SocketIoCodecTest::plansNameTheSteps()
{
    const auto steps = stepsAfter(
        {}, typed("plan", "\"total_steps\":3,\"steps\":[\"Look\",{\"title\":\"Think\"},7]"));
    QCOMPARE(steps.size(), 3);
    QCOMPARE(steps.at(0).title, u"Look"_s);
    QCOMPARE(steps.at(1).title, u"Think"_s);
    QCOMPARE(steps.at(2).title, u"Step 3"_s);
}

void SocketIoCodecTest::jobsAreToldAsTheGoldenFile()
{
    QFile file(QStringLiteral(GOLDEN_DIR "/socketio/words.json"));
    QVERIFY(file.open(QIODevice::ReadOnly));
    QByteArrayList lines;
    for (const JobSnapshot &job : goldenWork()) {
        const auto words = aiWordsOf(job);
        QVERIFY(words);
        lines.append(words->json(Now));
    }
    QCOMPARE("[\n" + lines.join(",\n") + "\n]\n", file.readAll());
}

void SocketIoCodecTest::jobsWithoutATypeAreNotTold()
{
    JobSnapshot job = work(u"working"_s, JobState::Queued, u"m"_s);
    QVERIFY(!aiWordsOf(job));
    job.state = JobState::Running;
    QVERIFY(aiWordsOf(job));
    job.spec = core::encodeSpec(core::ExternalSpec());
    QVERIFY(!aiWordsOf(job));
    job = work(u"working"_s, JobState::Running, u"m"_s);
    job.kind = core::JobKind::Download;
    QVERIFY(!aiWordsOf(job));
}

void SocketIoCodecTest::workflowsAreToldStepByStep()
{
    const auto told = [](const QList<AiWords> &said) {
        QStringList list;
        for (const AiWords &one : said)
            list.append(u"%1 %2/%3 %4 %5"_s.arg(one.type)
                            .arg(one.step)
                            .arg(one.totalSteps)
                            .arg(one.message)
                            .arg(one.percent.value_or(-1)));
        return list;
    };
    core::Workflow workflow{.id = {3}, .title = u"Image"_s};
    workflow.steps = {{.name = u"fetch"_s}, {.name = u"write"_s}};
    QCOMPARE(told({planWords(workflow)}), QStringList{u"plan 0/2 Image 0"_s});
    QCOMPARE(planWords(workflow).job, u"w3"_s);
    QVERIFY(!numberWords(workflow));
    core::Workflow next = workflow;
    next.state = next.steps[0].state = JobState::Running;
    QCOMPARE(told(changeWords(workflow, next)), QStringList{u"working 1/2 fetch 0"_s});
    workflow = next;
    next.progress = 0.255;
    QVERIFY(changeWords(workflow, next).isEmpty());
    QCOMPARE(told({*numberWords(next)}), QStringList{u"working 1/2 fetch 25"_s});
    next.steps[0].state = JobState::Succeeded;
    next.steps[1].state = JobState::Running;
    next.stage = 1;
    QCOMPARE(told(changeWords(workflow, next)),
             (QStringList{u"step_complete 1/2 fetch 25"_s, u"working 2/2 write 25"_s}));
    workflow = next;
    next.state = next.steps[1].state = JobState::Failed;
    next.message = u"no drive"_s;
    QCOMPARE(told(changeWords(workflow, next)), QStringList{u"error 2/2 no drive 25"_s});
    workflow = next;
    next.attempt = 2;
    next.state = next.steps[1].state = JobState::Running;
    QCOMPARE(told(changeWords(workflow, next)),
             (QStringList{u"plan 0/2 Image 25"_s, u"working 2/2 write 25"_s}));
    workflow = next;
    next.state = next.steps[1].state = JobState::Succeeded;
    next.progress = 1;
    QCOMPARE(told(changeWords(workflow, next)),
             (QStringList{u"step_complete 2/2 write 100"_s, u"complete 0/2 Image 100"_s}));
    next.state = JobState::Canceled;
    QCOMPARE(told(changeWords(workflow, next)).constLast(), u"error 2/2 canceled 100"_s);
}

void SocketIoCodecTest::conversationsAnswerWhatCameSince()
{
    Conversations kept(u"e"_s);
    kept.add({u"ann"_s, u"c"_s, u"t"_s, "1"}, Kind::Words);
    const auto first = kept.since(u"ann"_s, u"c"_s, {});
    QCOMPARE(first.updates, QByteArrayList{"1"});
    kept.add({u"ann"_s, u"other"_s, u"t"_s, "2"}, Kind::Words);
    kept.add({u"eve"_s, u"c"_s, u"t"_s, "3"}, Kind::Words);
    kept.add({u"ann"_s, u"c"_s, u"t"_s, "4"}, Kind::Words);
    QCOMPARE(kept.since(u"ann"_s, u"c"_s, first.cursor).updates, QByteArrayList{"4"});
    QCOMPARE(kept.since(u"eve"_s, u"c"_s, {}).updates, QByteArrayList{"3"});
    QVERIFY(kept.since(u"bob"_s, u"c"_s, {}).updates.isEmpty());
}

void SocketIoCodecTest::eachReaderHasAPlaceOfItsOwn()
{
    Conversations kept(u"e"_s);
    kept.add({u"ann"_s, u"c"_s, u"t"_s, "1"}, Kind::Words);
    QCOMPARE(kept.sinceLast(u"one"_s, u"ann"_s, u"c"_s).updates, QByteArrayList{"1"});
    QVERIFY(kept.sinceLast(u"one"_s, u"ann"_s, u"c"_s).updates.isEmpty());
    kept.add({u"ann"_s, u"c"_s, u"t"_s, "2"}, Kind::Words);
    QCOMPARE(kept.sinceLast(u"one"_s, u"ann"_s, u"c"_s).updates, QByteArrayList{"2"});
    QCOMPARE(kept.sinceLast(u"two"_s, u"ann"_s, u"c"_s).updates, (QByteArrayList{"1", "2"}));
}

void SocketIoCodecTest::anUnknownPlaceGetsAllThatIsKept()
{
    Conversations kept(u"e"_s);
    kept.add({u"ann"_s, u"c"_s, u"t"_s, "1"}, Kind::Words);
    QCOMPARE(kept.since(u"ann"_s, u"c"_s, {u"earlier"_s, 99}).updates, QByteArrayList{"1"});
    QCOMPARE(kept.since(u"ann"_s, u"c"_s, {u"e"_s, 99}).updates, QByteArrayList{"1"});
}

void SocketIoCodecTest::numbersAreKeptOncePerJob()
{
    Conversations kept(u"e"_s);
    kept.add({u"ann"_s, u"c"_s, u"t"_s, "word"}, Kind::Words);
    for (const char *number : {"1", "2", "3"})
        kept.add({u"ann"_s, u"c"_s, u"t"_s, number}, Kind::Numbers);
    kept.add({u"ann"_s, u"c"_s, u"u"_s, "other"}, Kind::Numbers);
    QCOMPARE(kept.since(u"ann"_s, u"c"_s, {}).updates, (QByteArrayList{"word", "3", "other"}));
    kept.add({u"ann"_s, u"c"_s, u"t"_s, "end"}, Kind::Words);
    QCOMPARE(kept.since(u"ann"_s, u"c"_s, {}).updates, (QByteArrayList{"word", "other", "end"}));
}

void SocketIoCodecTest::conversationsAreBounded()
{
    Conversations kept(u"e"_s);
    for (int i = 0; i < 1000; ++i)
        kept.add({u"ann"_s, u"c"_s, u"t"_s, QByteArray::number(i)}, Kind::Words);
    const auto part = kept.since(u"ann"_s, u"c"_s, {});
    QCOMPARE(part.updates.size(), qsizetype(Conversations::MostUpdates));
    QCOMPARE(part.updates.constLast(), QByteArray("999"));
    const QByteArray large(60'000, 'x');
    for (int i = 0; i < 1000; ++i)
        kept.add({u"ann"_s, QString::number(i), u"t"_s, large}, Kind::Words);
    QVERIFY(kept.since(u"ann"_s, u"c"_s, {}).updates.isEmpty());
    QVERIFY(!kept.since(u"ann"_s, u"999"_s, {}).updates.isEmpty());
    qint64 bytes = 0;
    for (int i = 0; i < 1000; ++i)
        bytes += kept.since(u"ann"_s, QString::number(i), {}).updates.join().size();
    QVERIFY(bytes <= Conversations::MostBytesInAll);
}

QTEST_GUILESS_MAIN(SocketIoCodecTest)
#include "tst_socketiocodec.moc"
