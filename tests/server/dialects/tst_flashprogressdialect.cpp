#include "server/dialects/flashprogress/flashjobid.h"
#include "server/dialects/flashprogress/flashmessage.h"
#include "server/dialects/flashprogress/flashprogresscodec.h"
#include "tests/server/dialects/hubbench.h"

using namespace std::chrono_literals;
using namespace Qt::StringLiterals;
using namespace tests;
using core::JobId;
using core::JobReport;
using core::JobSnapshot;
using core::JobState;
using core::Stage;
using server::FlashPing;

Q_DECLARE_METATYPE(core::JobReport)

namespace {

QByteArray golden(const QString &name)
{
    QFile file(QStringLiteral(GOLDEN_DIR "/flashprogress/%1.json").arg(name));
    if (!file.open(QIODevice::ReadOnly))
        qFatal("no golden file %s", qPrintable(file.fileName()));
    return file.readAll();
}

/// As the golden files are: an array with one message a line.
QByteArray lines(const QByteArrayList &messages)
{
    return messages.isEmpty() ? "[\n]\n" : "[\n" + messages.join(",\n") + "\n]\n";
}

/// Job 42 as the golden files tell it.
JobSnapshot flash(JobState state)
{
    return {.id = {42},
            .kind = core::JobKind::Flash,
            .owner = u"local"_s,
            .state = state,
            .progress = {.total = 2000},
            .details = {.drives = {{.id = u"usb-sdb"_s}}},
            .startedAt = state == JobState::Queued ? 0 : 5};
}

JobSnapshot running(Stage stage = Stage::Writing, qint64 total = 2000)
{
    JobSnapshot job = flash(JobState::Running);
    job.progress = {stage, 911, total, 1024, total < 0 ? -1 : 2};
    job.details.drives[0] = {u"usb-sdb"_s, JobState::Running, 911, {}};
    return job;
}

JobSnapshot twoDrives()
{
    JobSnapshot job = running();
    job.progress.total = 4000;
    job.progress.done = 1111;
    job.details.drives.append({u"usb-sdc"_s, JobState::Running, 200, {}});
    return job;
}

JobSnapshot reportedBy(JobSnapshot job)
{
    job.kind = core::JobKind::External;
    job.source = u"test_job_123"_s;
    job.details.drives[0].id = u"stick"_s;
    return job;
}

JobSnapshot failed(JobSnapshot job, const core::Error &error)
{
    job.state = JobState::Failed;
    job.error = error;
    return job;
}

/// A client of the socket.
struct Client {
    FakeSocket *socket = nullptr;
    std::shared_ptr<SocketRecord> record = std::make_shared<SocketRecord>();

    Client(HubBench &hub, const core::Principal &who = core::Principal::localUser())
    {
        server::Request request;
        request.principal = who;
        auto made = std::make_unique<FakeSocket>(std::move(request), record);
        socket = made.get();
        (*hub.router.matchSocket(u"/flash-progress"_s).handler)(std::move(made));
    }
    /// The types of what came, in order.
    QStringList types()
    {
        QStringList types;
        for (const QJsonObject &message : record->take())
            types.append(message.value("type"_L1).toString());
        return types;
    }
};

QByteArray say(const QByteArray &type, const QByteArray &members = {})
{
    return R"({"type":")" + type + R"(","jobId":"test_job_123","deviceId":"stick")"
        + (members.isEmpty() ? QByteArray() : ',' + members) + '}';
}

core::Drive stick()
{
    return {.id = u"usb-sdb"_s,
            .path = u"/dev/sdb"_s,
            .serial = u"SDB"_s,
            .size = 31'900'000'000,
            .diskseq = 7,
            .bus = core::Bus::Usb,
            .isRemovable = true};
}

} // namespace

class FlashProgressDialectTest final : public QObject
{
    Q_OBJECT
private slots:
    void jobIdsGoBothWays();
    void introductionsAreAsTheGoldenFiles_data();
    void introductionsAreAsTheGoldenFiles();
    void stepsAreAsTheGoldenFiles_data();
    void stepsAreAsTheGoldenFiles();
    void numbersAreAsTheGoldenFiles();
    void answersAreAsTheGoldenFiles();
    void aRetryIsAStart();
    void messagesAreRead_data();
    void messagesAreRead();
    void badMessagesGetAnErrorAndTheSocketStays_data();
    void badMessagesGetAnErrorAndTheSocketStays();
    void whoTellsOfAFlashIsSeenByAll();
    void aReportedJobThatNamesADriveIsAFlash();
    void aStageIsNeverLost();
    void reportingNeedsItsScope();
    void reportsAndPingsAreNotCounted();
    void anothersFlashIsNotTold();
    void ourFlashesAreNotAProgramsToTell();
    void whoConnectsLearnsWhatRuns();
    void startNeedsAYesWithoutTheScope();
    void startErasesWithTheScope();
    void startTakesQueryParameters();
    void whatCannotBeStarted_data();
    void whatCannotBeStarted();

private:
    FakeClock m_clock;
    server::FlashProgressCodec m_codec{m_clock};
};

void FlashProgressDialectTest::jobIdsGoBothWays()
{
    QCOMPARE(server::flashJobId(flash(JobState::Queued)), u"job_0000002a"_s);
    QCOMPARE(server::flashJobId(flash(JobState::Queued), 1), u"job_0000002a-2"_s);
    QCOMPARE(server::flashJobId(reportedBy(running())), u"test_job_123"_s);
    QCOMPARE(server::numberInFlashJobId(u"job_0000002a"_s), JobId{42});
    QCOMPARE(server::numberInFlashJobId(u"job_ab12cd34"_s), JobId{0xab12cd34});
    for (const QString &other : {u"job_2a"_s, u"job_0000002A"_s, u"job_-000002a"_s, u"job_"_s,
                                 u"test_job_123"_s, u"job_0000002a-2"_s, u""_s})
        QCOMPARE(server::numberInFlashJobId(other), std::nullopt);
}

void FlashProgressDialectTest::introductionsAreAsTheGoldenFiles_data()
{
    QTest::addColumn<JobSnapshot>("job");
    QTest::newRow("queued") << flash(JobState::Queued);
    QTest::newRow("running") << running();
    JobSnapshot word = reportedBy(running(Stage::None));
    word.details.message = u"warming up"_s;
    QTest::newRow("reported") << word;
}

void FlashProgressDialectTest::introductionsAreAsTheGoldenFiles()
{
    QFETCH(JobSnapshot, job);
    QVERIFY(m_codec.covers(job));
    QCOMPARE(lines(m_codec.introduce(job)), golden(QString::fromLatin1(QTest::currentDataTag())));
}

void FlashProgressDialectTest::stepsAreAsTheGoldenFiles_data()
{
    QTest::addColumn<JobSnapshot>("before");
    QTest::addColumn<JobSnapshot>("after");
    const core::Error gone{core::ErrorCode::DeviceGone, u"/dev/sdb"_s};
    QTest::newRow("started") << flash(JobState::Queued) << flash(JobState::Running);
    QTest::newRow("completed") << running() << flash(JobState::Succeeded);
    QTest::newRow("failed") << running() << failed(running(), gone);
    QTest::newRow("canceled") << running() << flash(JobState::Canceled);
    QTest::newRow("paused") << running() << flash(JobState::Paused);
    JobSnapshot queuedAgain = flash(JobState::Queued);
    queuedAgain.startedAt = 5;
    QTest::newRow("resumed") << flash(JobState::Paused) << queuedAgain;
    JobSnapshot oneFailed = twoDrives();
    oneFailed.details.drives[1].state = JobState::Failed;
    oneFailed.details.drives[1].error = core::Error{core::ErrorCode::DeviceFailed, u"sector 7"_s};
    QTest::newRow("onefailed") << twoDrives() << oneFailed;
    QTest::newRow("reportedfailed")
        << reportedBy(running())
        << failed(reportedBy(running()), {core::ErrorCode::WorkFailed, u"the stick is hot"_s});
}

void FlashProgressDialectTest::stepsAreAsTheGoldenFiles()
{
    QFETCH(JobSnapshot, before);
    QFETCH(JobSnapshot, after);
    QCOMPARE(lines(m_codec.step(before, after)),
             golden(QString::fromLatin1(QTest::currentDataTag())));
    QVERIFY(m_codec.step(after, after).isEmpty());
}

void FlashProgressDialectTest::numbersAreAsTheGoldenFiles()
{
    QCOMPARE(lines(m_codec.numbers(running())), golden(u"progress"_s));
    QCOMPARE(lines(m_codec.numbers(running(Stage::Decoding, -1))), golden(u"unknown"_s));
    QCOMPARE(lines(m_codec.numbers(twoDrives())), golden(u"twodrives"_s));
    QVERIFY(m_codec.numbers(flash(JobState::Paused)).isEmpty());
}

void FlashProgressDialectTest::answersAreAsTheGoldenFiles()
{
    QCOMPARE(lines({m_codec.pongText(1234), m_codec.pongText(std::nullopt)}), golden(u"pong"_s));
    HubBench hub;
    const auto socket = hub.router.matchSocket(u"/flash-progress"_s);
    QVERIFY(socket.access->takesQueryToken);
    QCOMPARE(lines({socket.access->refusal()}), golden(u"refused"_s));
}

void FlashProgressDialectTest::aRetryIsAStart()
{
    JobSnapshot again = flash(JobState::Queued);
    again.attempt = 2;
    const JobSnapshot ended = flash(JobState::Canceled);
    QCOMPARE(m_codec.step(ended, again).size(), 1);
    QVERIFY(m_codec.step(ended, again).constFirst().contains("flash_started"));
    JobSnapshot runs = again;
    runs.state = JobState::Running;
    QVERIFY(m_codec.step(again, runs).isEmpty());
}

void FlashProgressDialectTest::messagesAreRead_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<JobReport>("report");
    const JobReport base{
        .job = u"test_job_123"_s, .title = u"Flash test_job_123"_s, .state = JobState::Running};
    const auto row = [](const char *name, const QByteArray &text, const JobReport &report) {
        QTest::newRow(name) << text << report;
    };
    const auto onStick = [](JobReport report) {
        report.drives = QList<core::JobDrive>{
            {.id = u"stick"_s, .state = *report.state, .done = report.done.value_or(0)}};
        return report;
    };
    JobReport report = base;
    report.stage = Stage::Writing;
    report.message = u""_s;
    report.total = 2000;
    row("flash_started", say("flash_started", R"("stage":"writing","totalBytes":2000)"),
        onStick(report));
    report = base;
    report.stage = Stage::None;
    report.message = u"warming up"_s;
    report.done = 911;
    report.total = 2000;
    report.percent = 45.5;
    report.bytesPerSecond = 1024;
    report.etaSeconds = 2;
    row("flash_progress",
        say("flash_progress", R"("progress":45.5,"stage":"warming up","bytesTransferred":911,
            "totalBytes":2000,"transferSpeed":1024.7,"estimatedTimeRemaining":2)"),
        onStick(report));
    report = base;
    report.percent = 45.5;
    row("a percentage alone", say("flash_progress", R"("progress":45.5)"), onStick(report));
    report = base;
    row("without a drive", R"({"type":"flash_resumed","jobId":"test_job_123"})", report);
    report.state = JobState::Succeeded;
    row("flash_completed", say("flash_completed"), onStick(report));
    report.state = JobState::Paused;
    row("flash_paused", say("flash_paused"), onStick(report));
    report.state = JobState::Canceled;
    row("canceled", say("flash_failed", R"("error":"canceled")"), onStick(report));
    report.state = JobState::Failed;
    report.error = u"the stick is hot"_s;
    row("flash_failed", say("flash_failed", R"("error":"the stick is hot")"), onStick(report));
}

void FlashProgressDialectTest::messagesAreRead()
{
    QFETCH(QByteArray, text);
    QFETCH(JobReport, report);
    const auto message = server::flashMessageFrom(text);
    QVERIFY2(message, message ? "" : qPrintable(message.error().context));
    QVERIFY(std::get<JobReport>(*message) == report);
}

void FlashProgressDialectTest::badMessagesGetAnErrorAndTheSocketStays_data()
{
    QTest::addColumn<QByteArray>("text");
    const auto row = [](const char *name, const char *text) {
        QTest::newRow(name) << QByteArray(text);
    };
    row("not JSON", "{");
    row("not an object", "[]");
    row("no type", "{}");
    row("unknown type", R"({"type":"flash_burned","jobId":"a"})");
    row("no job", R"({"type":"flash_started"})");
    row("job is a list", R"({"type":"flash_started","jobId":[]})");
    row("bytes below zero", R"({"type":"flash_progress","jobId":"a","bytesTransferred":-1})");
    row("bytes without end", R"({"type":"flash_progress","jobId":"a","totalBytes":1e300})");
    row("bytes are text", R"({"type":"flash_progress","jobId":"a","totalBytes":"5"})");
    row("timestamp is text", R"({"type":"ping","timestamp":"now"})");
}

void FlashProgressDialectTest::badMessagesGetAnErrorAndTheSocketStays()
{
    QFETCH(QByteArray, text);
    HubBench hub;
    Client client(hub);
    client.socket->say(text);
    const auto messages = client.record->take();
    QCOMPARE(messages.size(), 1);
    QCOMPARE(messages.constFirst().value("type"_L1), u"error"_s);
    QVERIFY(!messages.constFirst().value("message"_L1).toString().isEmpty());
    QVERIFY(!client.record->closeCode);
    QVERIFY(hub.registry.snapshots().isEmpty());
    client.socket->say(R"({"type":"ping","timestamp":1234})");
    QCOMPARE(client.types(), QStringList{u"pong"_s});
}

void FlashProgressDialectTest::whoTellsOfAFlashIsSeenByAll()
{
    HubBench hub;
    Client sender(hub);
    Client watcher(hub);
    auto native = hub.connect();
    native.ask("session.hello", R"({"topics":[{"topic":"jobs"}]})");
    sender.socket->say(say("flash_started", R"("stage":"writing","totalBytes":2000)"));
    sender.socket->say(say("flash_paused"));
    sender.socket->say(say("flash_resumed"));
    sender.socket->say(say("flash_progress", R"("stage":"verifying","bytesTransferred":800)"));
    sender.socket->say(say("flash_progress", R"("progress":45)")); // of what flash_started said
    sender.socket->say(say("flash_failed", R"("error":"the stick is hot")"));
    const QStringList told{u"flash_started"_s, u"flash_progress"_s, u"flash_paused"_s,
                           u"flash_resumed"_s, u"flash_progress"_s, u"flash_progress"_s,
                           u"flash_failed"_s};
    QCOMPARE(watcher.types(), told);
    QCOMPARE(sender.types(), told);
    const JobSnapshot job = *hub.registry.find(JobId{1});
    QCOMPARE(job.kind, core::JobKind::External);
    QCOMPARE(job.state, JobState::Failed);
    QCOMPARE(job.progress.done, 900);
    QCOMPARE(job.progress.total, 2000);
    QCOMPARE(job.error->context, u"the stick is hot"_s);
    QCOMPARE(job.details.drives.constFirst().id, u"stick"_s);
    QStringList states;
    for (const QJsonObject &event : only(native.record->take(), "event"_L1)) {
        const QJsonValue object =
            event.contains("object"_L1) ? event["object"_L1] : event["patch"_L1];
        if (!object["state"_L1].isUndefined())
            states.append(object["state"_L1].toString());
    }
    QCOMPARE(states,
             (QStringList{u"running"_s, u"paused"_s, u"queued"_s, u"running"_s, u"failed"_s}));
}

void FlashProgressDialectTest::aReportedJobThatNamesADriveIsAFlash()
{
    HubBench hub;
    Client client(hub);
    auto native = hub.connect();
    native.call("job.report", R"({"job":"test_job_123","title":"Stick for Ann"})");
    QCOMPARE(hub.registry.snapshots().size(), 1);
    QVERIFY(client.types().isEmpty());
    client.socket->say(say("flash_progress", R"("stage":"writing")"));
    QCOMPARE(client.types(), (QStringList{u"flash_started"_s, u"flash_progress"_s}));
    QCOMPARE(hub.registry.find(JobId{1})->details.title, u"Stick for Ann"_s);
    client.socket->say(say("flash_completed"));
    QCOMPARE(client.types(), QStringList{u"flash_completed"_s});
}

void FlashProgressDialectTest::aStageIsNeverLost()
{
    HubBench hub;
    Client sender(hub);
    sender.socket->say(say("flash_started", R"("stage":"writing")"));
    sender.record->take();
    for (const char *stage : {"verifying", "cooling down", "flushing"})
        sender.socket->say(say("flash_progress", R"("stage":")" + QByteArray(stage) + '"'));
    QStringList stages;
    for (const QJsonObject &message : sender.record->take())
        stages.append(message.value("stage"_L1).toString());
    QCOMPARE(stages, (QStringList{u"verifying"_s, u"cooling down"_s, u"flushing"_s}));
}

void FlashProgressDialectTest::reportingNeedsItsScope()
{
    HubBench hub;
    Client reader(hub, HubBench::who(u"local"_s, core::Scope::Read));
    for (int i = 0; i < 30; ++i)
        reader.socket->say(say("flash_started"));
    QCOMPARE(reader.types(), QStringList(30, u"error"_s));
    QVERIFY(hub.registry.snapshots().isEmpty());
    for (int i = 0; i < 3; ++i) // these are counted
        reader.socket->say(say("flash_started"));
    QCOMPARE(reader.record->closeCode, std::optional(4029));
}

void FlashProgressDialectTest::reportsAndPingsAreNotCounted()
{
    HubBench hub;
    Client client(hub);
    for (int i = 0; i < 200; ++i) {
        client.socket->say(say("flash_progress", R"("bytesTransferred":)" + QByteArray::number(i)));
        client.socket->say(R"({"type":"ping"})");
    }
    QVERIFY(!client.record->closeCode);
    QCOMPARE(hub.registry.find(JobId{1})->progress.done, 199);
    client.record->take();
    for (int i = 0; i < 60; ++i)
        client.socket->say(say("flash_progress", R"("stage":")" + QByteArray::number(i) + '"'));
    const QStringList types = client.types();
    QCOMPARE(types.count(u"error"_s), 11); // 50 changes a second, of which one made the job
    QVERIFY(!client.record->closeCode);
}

void FlashProgressDialectTest::anothersFlashIsNotTold()
{
    HubBench hub;
    Client local(hub, HubBench::who(u"local"_s, core::DefaultScopes));
    Client eve(hub, HubBench::who(u"eve"_s, core::DefaultScopes));
    Client admin(hub);
    eve.socket->say(say("flash_started"));
    QVERIFY(local.types().isEmpty());
    QCOMPARE(eve.types(), admin.types());
    local.socket->say(say("flash_completed")); // its own job of that name
    QCOMPARE(hub.registry.snapshots().size(), 2);
    QVERIFY(eve.types().isEmpty());
    QCOMPARE(hub.registry.find(JobId{1})->state, JobState::Running);
}

void FlashProgressDialectTest::ourFlashesAreNotAProgramsToTell()
{
    HubBench hub;
    JobSnapshot ours = flash(JobState::Paused);
    const JobId id = hub.registry.add(ours);
    Client client(hub);
    client.socket->say(R"({"type":"flash_completed","jobId":"job_00000001"})");
    QCOMPARE(client.types(), QStringList{u"error"_s});
    QCOMPARE(hub.registry.snapshots().size(), 1);
    QCOMPARE(hub.registry.find(id)->state, JobState::Paused);
}

void FlashProgressDialectTest::whoConnectsLearnsWhatRuns()
{
    HubBench hub;
    Client sender(hub);
    sender.socket->say(say("flash_started", R"("totalBytes":2000)"));
    hub.registry.add(flash(JobState::Paused));
    hub.registry.add({.owner = u"local"_s, .state = JobState::Paused}); // a download
    Client late(hub);
    QTRY_COMPARE(late.record->sent.size(), 5);
    QCOMPARE(late.types(),
             (QStringList{u"flash_started"_s, u"flash_progress"_s, u"flash_started"_s,
                          u"flash_progress"_s, u"flash_paused"_s}));
}

namespace {

/// With an image and a drive.
struct FlashBench : HubBench {
    QString image = folder.filePath(u"downloads/a.img"_s);

    FlashBench()
    {
        QFile file(image);
        if (!QDir().mkpath(folder.filePath(u"downloads"_s)) || !file.open(QIODevice::WriteOnly))
            qFatal("no image");
        drives.update({stick()});
    }
    [[nodiscard]] QByteArray wish() const
    {
        return R"({"deviceId":"usb-sdb","image":")" + image.toUtf8() + R"("})";
    }
    std::pair<int, QJsonObject> start(const QString &query, const QByteArray &body)
    {
        const auto exchange = request("POST", u"/api/flash/start"_s + query, body);
        if (!QTest::qWaitFor([&] { return exchange->answer.has_value(); }, 10'000))
            qFatal("no answer");
        return {exchange->answer->status, QJsonDocument::fromJson(exchange->answer->body).object()};
    }
};

} // namespace

void FlashProgressDialectTest::startNeedsAYesWithoutTheScope()
{
    FlashBench hub;
    hub.principal = HubBench::who(u"local"_s, core::DefaultScopes);
    const auto [status, answer] = hub.start({}, hub.wish());
    QCOMPARE(status, 200);
    QCOMPARE(
        answer,
        (QJsonObject{{u"jobId"_s, u"job_00000001"_s}, {u"status"_s, u"awaiting_confirmation"_s}}));
    QCOMPARE(hub.registry.find(JobId{1})->progress.stage, Stage::AwaitingConfirmation);
    Client client(hub);
    QVERIFY(hub.service.cancel(core::Principal::localUser(), JobId{1}));
    QTRY_COMPARE(hub.registry.find(JobId{1})->state, JobState::Canceled);
    const auto messages = client.record->take();
    QCOMPARE(messages.size(), 1);
    QCOMPARE(messages.constFirst().value("error"_L1), u"canceled"_s);
    QCOMPARE(messages.constFirst().value("jobId"_L1), u"job_00000001"_s);
    hub.principal = HubBench::who(u"local"_s, core::Scope::Read);
    QCOMPARE(hub.start({}, hub.wish()).first, 403);
    hub.principal.reset();
    QCOMPARE(hub.start({}, hub.wish()).first, 401);
}

void FlashProgressDialectTest::startErasesWithTheScope()
{
    FlashBench hub;
    Client client(hub);
    hub.principal = HubBench::who(u"local"_s, core::Scope::Read | core::Scope::Flash);
    QFile image(hub.image);
    QVERIFY(image.open(QIODevice::WriteOnly));
    QCOMPARE(image.write(QByteArray(4096, 'a')), 4096);
    image.close();
    const QByteArray byPath = R"({"deviceId":"/dev/sdb","image":")" + hub.image.toUtf8() + R"("})";
    const auto [status, answer] = hub.start({}, byPath);
    QCOMPARE(status, 200);
    QCOMPARE(answer.value("status"_L1), u"started"_s);
    QTRY_COMPARE(hub.registry.find(JobId{1})->state, JobState::Running);
    hub.switchOf(JobId{1})->order = 1;
    QTRY_COMPARE(hub.registry.find(JobId{1})->state, JobState::Succeeded);
    const QStringList types = client.types();
    QCOMPARE(types.constFirst(), u"flash_started"_s);
    QCOMPARE(types.constLast(), u"flash_completed"_s);
}

void FlashProgressDialectTest::startTakesQueryParameters()
{
    FlashBench hub;
    hub.principal = HubBench::who(u"local"_s, core::DefaultScopes);
    const auto [status, answer] =
        hub.start(u"?device_id=usb-sdb&partition=root&image="_s + hub.image, {});
    QCOMPARE(status, 200);
    QCOMPARE(answer.value("status"_L1), u"awaiting_confirmation"_s);
}

void FlashProgressDialectTest::whatCannotBeStarted_data()
{
    QTest::addColumn<QString>("query");
    QTest::addColumn<QByteArray>("body");
    QTest::addColumn<int>("status");
    const auto row = [](const char *name, const QString &query, const char *body, int status) {
        QTest::newRow(name) << query << QByteArray(body) << status;
    };
    row("no drive", u"?image=/a.img"_s, "", 400);
    row("no image", u"?device_id=usb-sdb"_s, "", 400);
    row("a partition that is a path", u"?device_id=usb-sdb&partition=../../etc/passwd"_s, "", 400);
    row("a hidden partition", u"?device_id=usb-sdb&partition=.ssh"_s, "", 400);
    row("broken JSON", {}, "{", 400);
    row("drive is a number", {}, R"({"deviceId":5,"image":"/a.img"})", 400);
    row("an image elsewhere", {}, R"({"deviceId":"usb-sdb","image":"/etc/passwd"})", 403);
}

void FlashProgressDialectTest::whatCannotBeStarted()
{
    QFETCH(QString, query);
    QFETCH(QByteArray, body);
    QFETCH(int, status);
    FlashBench hub;
    hub.principal = HubBench::who(u"local"_s, core::DefaultScopes | core::Scope::Flash);
    QCOMPARE(hub.start(query, body).first, status);
    QVERIFY(hub.registry.snapshots().isEmpty());
}

QTEST_GUILESS_MAIN(FlashProgressDialectTest)
#include "tst_flashprogressdialect.moc"
