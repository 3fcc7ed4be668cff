#include "server/dialects/objecttext.h"
#include "tests/server/dialects/golden.h"
#include "tests/server/dialects/hubbench.h"

using namespace std::chrono_literals;
using namespace Qt::StringLiterals;
using namespace tests;
using core::JobId;
using core::JobState;
using core::Scope;
using server::GatewayCodec;
using server::GatewayCommand;

Q_DECLARE_METATYPE(core::JobSnapshot)
Q_DECLARE_METATYPE(server::GatewayCommand)

namespace {

HubBench::Client connectTo(HubBench &hub, const core::Principal &who = core::Principal::localUser())
{
    return hub.connect(who, {}, u"/ws"_s);
}

QByteArray command(const QByteArray &action, const QByteArray &id = "1")
{
    return R"({"action":")" + action + R"(","download_id":")" + id + R"("})";
}

} // namespace

class GatewayTest final : public QObject
{
    Q_OBJECT
private slots:
    void messagesAreAsTheGoldenFiles_data();
    void messagesAreAsTheGoldenFiles();
    void otherMessagesAreAsTheGoldenFiles();
    void realsHaveAPointAndNoExponent_data();
    void realsHaveAPointAndNoExponent();
    void commandsAreRead_data();
    void commandsAreRead();
    void badMessagesGetAnErrorAndTheSocketStays_data();
    void badMessagesGetAnErrorAndTheSocketStays();
    void everyCommandIsObeyed();
    void anAddedDownloadIsTold();
    void commandsNeedTheirScope_data();
    void commandsNeedTheirScope();
    void aFencedOwnerCommandsOnlyItsOwn();
    void whoComesBackLearnsWhatEnded();
};

void GatewayTest::messagesAreAsTheGoldenFiles_data()
{
    QTest::addColumn<core::JobSnapshot>("job");
    for (const GoldenRow &row : goldenRows())
        QTest::newRow(row.name) << row.job;
    QTest::newRow("tiny") << goldenRunning(100, 1'000'000);
    QTest::newRow("all") << goldenRunning(1'000'000, 1'000'000);
}

void GatewayTest::messagesAreAsTheGoldenFiles()
{
    QFETCH(core::JobSnapshot, job);
    const QByteArrayList expected =
        golden(u"gateway/"_s + QString::fromLatin1(QTest::currentDataTag()));
    const GatewayCodec codec;
    QCOMPARE(codec.introduce(job), expected);
    core::JobSnapshot before = job;
    before.state = job.state == JobState::Queued ? JobState::Paused : JobState::Queued;
    QCOMPARE(codec.step(before, job), expected);
    QVERIFY(codec.step(job, job).isEmpty());
}

void GatewayTest::otherMessagesAreAsTheGoldenFiles()
{
    QCOMPARE(GatewayCodec().removed(JobId{12}), golden(u"gateway/canceled"_s));
    HubBench hub;
    QCOMPARE(hub.router.matchSocket(u"/ws"_s).access->refusal(),
             golden(u"gateway/refused"_s).constFirst());
    auto client = connectTo(hub);
    client.say(command("explode"));
    QCOMPARE(client.record->sent, golden(u"gateway/badmessage"_s));
}

void GatewayTest::realsHaveAPointAndNoExponent_data()
{
    QTest::addColumn<double>("value");
    QTest::addColumn<QByteArray>("text");
    QTest::newRow("0") << 0.0 << QByteArray("0.0");
    QTest::newRow("1") << 1.0 << QByteArray("1.0");
    QTest::newRow("small") << 0.00001 << QByteArray("0.00001");
    QTest::newRow("smaller") << 1e-9 << QByteArray("0.0");
    QTest::newRow("third") << 1.0 / 3 << QByteArray("0.333333");
    QTest::newRow("large") << 1e20 << QByteArray("100000000000000000000.0");
    QTest::newRow("ten") << 10.0 << QByteArray("10.0");
    QTest::newRow("infinite") << qInf() << QByteArray("0.0");
    QTest::newRow("no number") << qQNaN() << QByteArray("0.0");
}

void GatewayTest::realsHaveAPointAndNoExponent()
{
    QFETCH(double, value);
    QFETCH(QByteArray, text);
    QCOMPARE(server::ObjectText().putReal("x", value).json(), "{\"x\":" + text + '}');
}

void GatewayTest::commandsAreRead_data()
{
    using Action = GatewayCommand::Action;
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<GatewayCommand>("expected");
    QTest::newRow("pause") << command("pause_download", "12")
                           << GatewayCommand{Action::Pause, JobId{12}, {}};
    QTest::newRow("resume") << command("resume_download")
                            << GatewayCommand{Action::Resume, JobId{1}, {}};
    QTest::newRow("cancel") << command("cancel_download")
                            << GatewayCommand{Action::Cancel, JobId{1}, {}};
    QTest::newRow("retry") << command("retry_download")
                           << GatewayCommand{Action::Retry, JobId{1}, {}};
    QTest::newRow("the id as an integer")
        << QByteArray(R"({"download_id":7,"action":"pause_download"})")
        << GatewayCommand{Action::Pause, JobId{7}, {}};
    QTest::newRow("add") << QByteArray(R"({"action":"add_download","url":"http://a/b","x":[]})")
                         << GatewayCommand{Action::Add, {}, u"http://a/b"_s};
}

void GatewayTest::commandsAreRead()
{
    QFETCH(QByteArray, text);
    QFETCH(GatewayCommand, expected);
    const auto read = server::gatewayCommandFrom(text);
    QVERIFY(read);
    QCOMPARE(*read, expected);
}

void GatewayTest::badMessagesGetAnErrorAndTheSocketStays_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<QString>("says");
    const auto row = [](const char *name, const QByteArray &text, const QString &says) {
        QTest::newRow(name) << text << says;
    };
    row("nothing", "", u"JSON"_s);
    row("no JSON", "pause", u"JSON"_s);
    row("cut off", R"({"action":)", u"JSON"_s);
    row("two values", "{} {}", u"JSON"_s);
    row("a list", "[]", u"object"_s);
    row("too deep", QByteArray(40, '[') + QByteArray(40, ']'), u"JSON"_s);
    row("no action", R"({"download_id":"1"})", u"action"_s);
    row("action is a number", R"({"action":1})", u"action"_s);
    row("no such action", command("remove_download"), u"remove_download"_s);
    row("no id", R"({"action":"pause_download"})", u"download_id"_s);
    row("id is a word", command("pause_download", "one"), u"download_id"_s);
    row("id is a fraction", R"({"action":"pause_download","download_id":1.5})", u"download_id"_s);
    row("no such download", command("pause_download", "99"), u"Not found"_s);
    row("not possible", command("retry_download"), u"Not possible"_s);
    row("no URL", R"({"action":"add_download"})", u"url"_s);
    row("URL is null", R"({"action":"add_download","url":null})", u"url"_s);
    row("no such scheme", R"({"action":"add_download","url":"file:///etc/passwd"})", u"file"_s);
    row("our own port", R"({"action":"add_download","url":"http://localhost:8765/ws"})", u"8765"_s);
}

void GatewayTest::badMessagesGetAnErrorAndTheSocketStays()
{
    QFETCH(QByteArray, text);
    QFETCH(QString, says);
    HubBench hub;
    hub.add(u"local"_s, JobState::Paused);
    auto client = connectTo(hub);
    QTRY_COMPARE(client.record->sent.size(), 1);
    client.record->sent.clear();
    client.say(text);
    QTRY_COMPARE(client.record->sent.size(), 1);
    const QJsonObject answer = client.record->take().constFirst();
    QCOMPARE(answer.keys(), (QStringList{u"message"_s, u"type"_s}));
    QCOMPARE(answer.value("type"_L1), u"error"_s);
    QVERIFY2(answer.value("message"_L1).toString().contains(says),
             qPrintable(answer.value("message"_L1).toString()));
    client.say(command("cancel_download"));
    QTRY_COMPARE(client.record->sent.size(), 1);
    QVERIFY(client.record->sent.constFirst().contains("\"error_message\":\"canceled\""));
    QVERIFY(!client.record->closeCode);
}

void GatewayTest::everyCommandIsObeyed()
{
    HubBench hub;
    auto client = connectTo(hub);
    const JobId id = hub.add();
    const auto stateIs = [&](JobState state) { return hub.registry.find(id)->state == state; };
    QTRY_VERIFY(stateIs(JobState::Running));
    client.say(command("pause_download"));
    QTRY_VERIFY(stateIs(JobState::Paused));
    client.say(command("resume_download"));
    QTRY_VERIFY(stateIs(JobState::Running));
    hub.switchOf(id)->order = 2;
    QTRY_VERIFY(stateIs(JobState::Failed));
    QCOMPARE(
        client.record->sent.constLast(),
        R"({"type":"download_error","download_id":"1","error_message":"Network error: reset"})");
    client.say(command("retry_download"));
    QTRY_VERIFY(stateIs(JobState::Running));
    client.say(command("cancel_download"));
    QTRY_VERIFY(stateIs(JobState::Canceled));
    const QByteArray canceled =
        R"({"type":"download_error","download_id":"1","error_message":"canceled"})";
    QCOMPARE(client.record->sent.constLast(), canceled);
    for (const QByteArray &message : std::as_const(client.record->sent))
        QVERIFY2(!message.contains("\"type\":\"error\""), message.constData());
    client.record->sent.clear();
    QVERIFY(hub.registry.remove(id));
    QCOMPARE(client.record->sent, QByteArrayList{canceled});
}

void GatewayTest::anAddedDownloadIsTold()
{
    HubBench hub;
    auto client = connectTo(hub);
    client.say(R"({"action":"add_download","url":"http://example.com/a"})");
    QTRY_VERIFY(!client.record->sent.isEmpty());
    const QByteArray told =
        R"({"type":"download_progress","download_id":"1","progress":0.0,"speed":0})";
    QCOMPARE(client.record->sent.constFirst(), told);
}

void GatewayTest::commandsNeedTheirScope_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<QString>("scope");
    for (const char *action :
         {"pause_download", "resume_download", "cancel_download", "retry_download"})
        QTest::newRow(action) << command(action) << u"control"_s;
    QTest::newRow("add_download") << QByteArray(
        R"({"action":"add_download","url":"http://example.com/a"})")
                                  << u"add"_s;
}

void GatewayTest::commandsNeedTheirScope()
{
    QFETCH(QByteArray, text);
    QFETCH(QString, scope);
    HubBench hub;
    hub.add(u"local"_s, JobState::Paused);
    const core::Scopes needed = *core::scopesFromNames({scope});
    auto client = connectTo(hub, HubBench::who(u"local"_s, core::Scopes(0x3f) & ~needed));
    QTRY_COMPARE(client.record->sent.size(), 1);
    client.record->sent.clear();
    client.say(text);
    QTRY_COMPARE(client.record->sent.size(), 1);
    QVERIFY(client.record->sent.constFirst().contains("\"message\":\"Not allowed: "));
    QCOMPARE(hub.registry.snapshots().size(), 1);
    QCOMPARE(hub.registry.find(JobId{1})->state, JobState::Paused);
    auto deaf = connectTo(hub, HubBench::who(u"local"_s, needed));
    hub.add(u"local"_s, JobState::Paused);
    QTRY_COMPARE(client.record->sent.size(), 2);
    QVERIFY(deaf.record->sent.isEmpty()); // without the scope read
}

void GatewayTest::aFencedOwnerCommandsOnlyItsOwn()
{
    HubBench hub;
    hub.add(u"local"_s, JobState::Paused);
    auto eve = connectTo(hub, HubBench::who(u"eve"_s, core::DefaultScopes));
    for (const char *action :
         {"pause_download", "resume_download", "cancel_download", "retry_download"}) {
        eve.say(command(action));
        QCOMPARE(eve.record->sent.size(), 1);
        QVERIFY(eve.record->take()
                    .constFirst()
                    .value("message"_L1)
                    .toString()
                    .startsWith("Not found"_L1));
    }
    QCOMPARE(hub.registry.find(JobId{1})->state, JobState::Paused);
    eve.say(R"({"action":"add_download","url":"http://example.com/a"})");
    QTRY_VERIFY(hub.registry.find(JobId{2}));
    QCOMPARE(hub.registry.find(JobId{2})->owner, u"eve"_s);
}

void GatewayTest::whoComesBackLearnsWhatEnded()
{
    HubBench hub;
    const JobId id = hub.add();
    hub.switchOf(id)->order = 1;
    QTRY_COMPARE(hub.registry.find(id)->state, JobState::Succeeded);
    hub.add(u"local"_s, JobState::Paused);
    auto client = connectTo(hub);
    QTRY_COMPARE(client.record->sent.size(), 2);
    QVERIFY(
        client.record->sent.at(0).startsWith(R"({"type":"download_complete","download_id":"1")"));
    hub.clock.advance(GatewayCodec::EndsAreTold + 1s);
    auto later = connectTo(hub);
    QTRY_COMPARE(later.record->sent.size(), 1);
    QVERIFY(later.record->sent.at(0).contains("\"download_id\":\"2\""));
}

QTEST_GUILESS_MAIN(GatewayTest)
#include "tst_gateway.moc"
