#include "tests/server/dialects/hubbench.h"

#include <QJsonArray>

using namespace std::chrono_literals;
using namespace Qt::StringLiterals;
using core::JobId;
using core::JobState;
using namespace tests;

namespace {

QJsonObject jobIn(const QJsonObject &answer)
{
    return resultOf(answer).value("job"_L1).toObject();
}

} // namespace

/// External jobs over native socket and REST; what a report does is ExternalJobs' own test.
class ReportsTest final : public QObject
{
    Q_OBJECT
private slots:
    void aReportIsAJobInEveryView();
    void reportsAreNotCountedButTheirChangesAre();
    void whoMayNotReportIsCounted();
    void whatIsNoReport_data();
    void whatIsNoReport();
    void reportsByRest();
    void anotherOwnersJobsAreInvisible();
    void changesAreToldOneByOneAndNumbersAsProgress();

private:
    /// Calls and waits: a new job is answered when it is on disk.
    static QJsonObject ask(HubBench::Client &client, const QByteArray &params)
    {
        client.call("job.report", params);
        const auto hasAnswer = [&client] {
            return !client.record->sent.isEmpty()
                && client.record->sent.constLast().contains(R"("id":1,)");
        };
        if (!QTest::qWaitFor(hasAnswer))
            qFatal("no answer");
        return client.record->take().constLast();
    }
};

void ReportsTest::aReportIsAJobInEveryView()
{
    HubBench hub;
    auto reporter = hub.connect();
    const QJsonObject job =
        jobIn(ask(reporter, R"({"job":"test_job_123","title":"Backup","stage":"hashing",
        "message":"a","done":5,"total":10,"type":"working",
        "steps":[{"title":"One","state":"succeeded"},{"title":"Two","state":"running","progress":0.5},"Three"]})"));
    QVERIFY(job.isEmpty()); // a step is an object
    const QJsonObject made =
        jobIn(ask(reporter, R"({"job":"test_job_123","title":"Backup","stage":"hashing",
        "message":"a","done":5,"total":10,"type":"working",
        "steps":[{"title":"One","state":"succeeded"},{"title":"Two","state":"running","progress":0.5}]})"));
    QCOMPARE(made.value("kind"_L1), u"external"_s);
    QCOMPARE(made.value("externalId"_L1), u"test_job_123"_s);
    QVERIFY(!made.contains("source"_L1));
    QCOMPARE(made.value("state"_L1), u"running"_s);
    QCOMPARE(made.value("stage"_L1), u"hashing"_s);
    QCOMPARE(made.value("done"_L1), 5);
    QCOMPARE(made.value("total"_L1), 10);
    QCOMPARE(made.value("message"_L1), u"a"_s);
    QCOMPARE(
        made.value("steps"_L1).toArray(),
        (QJsonArray{
            QJsonObject{{u"title"_s, u"One"_s}, {u"state"_s, u"succeeded"_s}, {u"progress"_s, 1}},
            QJsonObject{
                {u"title"_s, u"Two"_s}, {u"state"_s, u"running"_s}, {u"progress"_s, 0.5}}}));
    auto other = hub.connect();
    const QJsonObject got = jobIn(other.ask("job.get", R"({"job":"1"})"));
    QCOMPARE(got, made);
    const QJsonArray listed =
        resultOf(other.ask("job.list", R"({"kind":"external"})")).value("jobs"_L1).toArray();
    QCOMPARE(listed, QJsonArray{made});
}

void ReportsTest::reportsAreNotCountedButTheirChangesAre()
{
    HubBench hub;
    auto client = hub.connect();
    QVERIFY(ask(client, R"({"job":"x","title":"a"})").contains("result"_L1));
    for (int i = 0; i < 300; ++i)
        QVERIFY(client.ask("job.report", R"({"job":"x","done":)" + QByteArray::number(i) + '}')
                    .contains("result"_L1));
    for (int i = 1; i < 50; ++i)
        QVERIFY(
            client.ask("job.report", R"({"job":"x","message":")" + QByteArray::number(i) + R"("})")
                .contains("result"_L1));
    QCOMPARE(errorNumberOf(client.ask("job.report", R"({"job":"x","state":"paused"})")), -32005);
    QVERIFY(client.ask("job.list").contains("result"_L1)); // the budget of messages is whole
    QVERIFY(!client.record->closeCode);
}

void ReportsTest::whoMayNotReportIsCounted()
{
    HubBench hub;
    auto client = hub.connect(HubBench::who(u"local"_s, core::Scope::Read));
    for (int i = 0; i < 30; ++i)
        QCOMPARE(errorNumberOf(client.ask("job.report", R"({"title":"a"})")), -32002);
    QCOMPARE(errorNumberOf(client.ask("job.report", R"({"title":"a"})")), -32005);
}

void ReportsTest::whatIsNoReport_data()
{
    QTest::addColumn<QByteArray>("params");
    QTest::addColumn<int>("error");
    const auto row = [](const char *name, const char *params, int error) {
        QTest::newRow(name) << QByteArray(params) << error;
    };
    row("no title", "{}", -32602);
    row("title is a number", R"({"title":5})", -32602);
    row("job is a list", R"({"title":"a","job":[]})", -32602);
    row("unknown state", R"({"title":"a","state":"happy"})", -32602);
    row("unknown stage", R"({"title":"a","stage":"happy"})", -32602);
    row("a stage that is not to be said", R"({"title":"a","stage":"stale"})", -32602);
    row("unknown type", R"({"title":"a","type":"happy"})", -32602);
    row("done is half a byte", R"({"title":"a","done":0.5})", -32602);
    row("done is below zero", R"({"title":"a","done":-1})", -32602);
    row("steps are no list", R"({"title":"a","steps":{}})", -32602);
    row("a step without a title", R"({"title":"a","steps":[{}]})", -32602);
    row("a step in no state", R"({"title":"a","steps":[{"title":"a","state":"x"}]})", -32602);
    row("a download", R"({"job":1,"done":5})", -32004);
}

void ReportsTest::whatIsNoReport()
{
    QFETCH(QByteArray, params);
    QFETCH(int, error);
    HubBench hub;
    hub.add(u"local"_s, JobState::Paused);
    auto client = hub.connect();
    QCOMPARE(errorNumberOf(client.ask("job.report", params)), error);
    QCOMPARE(hub.registry.snapshots().size(), 1);
}

void ReportsTest::reportsByRest()
{
    HubBench hub;
    hub.add(u"local"_s, JobState::Paused);
    const auto post = [&](const QString &id, const QByteArray &body) {
        auto exchange = hub.request("POST", u"/api/v1/jobs/"_s + id + u"/report"_s, body);
        if (!QTest::qWaitFor([&] { return exchange->answer.has_value(); }))
            qFatal("no answer");
        return std::pair(exchange->answer->status,
                         QJsonDocument::fromJson(exchange->answer->body).object());
    };
    const auto made = post(u"nightly"_s, R"({"title":"Backup","done":5,"job":"another"})");
    QCOMPARE(made.first, 200);
    QCOMPARE(made.second.value("job"_L1).toObject().value("externalId"_L1), u"nightly"_s);
    QCOMPARE(post(u"nightly"_s, R"({"state":"succeeded"})").first, 200);
    QCOMPARE(hub.registry.find(JobId{2})->state, JobState::Succeeded);
    QCOMPARE(post(u"2"_s, R"({"state":"running","done":1})").first, 200);
    QCOMPARE(hub.registry.find(JobId{2})->attempt, 2);
    QCOMPARE(post(u"1"_s, R"({"done":1})").first, 409);
    QCOMPARE(post(u"weekly"_s, R"({"done":1})").first, 400);
    QVERIFY(hub.service.cancel(core::Principal::localUser(), JobId{2}));
    QCOMPARE(post(u"nightly"_s, R"({"done":2})").first, 409);
}

void ReportsTest::anotherOwnersJobsAreInvisible()
{
    HubBench hub;
    auto local = hub.connect();
    QVERIFY(ask(local, R"({"job":"x","title":"Mine"})").contains("result"_L1));
    auto eve = hub.connect(HubBench::who(u"eve"_s, core::DefaultScopes));
    QCOMPARE(errorNumberOf(eve.ask("job.report", R"({"job":"1","done":5})")), -32602); // a new one
    const QJsonObject hers = jobIn(ask(eve, R"({"job":"x","title":"Hers"})"));
    QCOMPARE(hers.value("id"_L1), u"2"_s);
    QCOMPARE(hers.value("owner"_L1), u"eve"_s);
    QCOMPARE(hub.registry.find(JobId{1})->details.title, u"Mine"_s);
    QCOMPARE(errorNumberOf(eve.ask("job.cancel", R"({"job":"1"})")), -32003);
}

void ReportsTest::changesAreToldOneByOneAndNumbersAsProgress()
{
    HubBench hub;
    auto watcher = hub.connect();
    watcher.ask("session.hello", R"({"topics":[{"topic":"jobs"}]})");
    auto reporter = hub.connect();
    QVERIFY(ask(reporter, R"({"job":"x","title":"a","stage":"writing"})").contains("result"_L1));
    QTRY_VERIFY(!watcher.record->sent.isEmpty());
    watcher.record->take();
    for (const char *stage : {"verifying", "hashing", "moving"})
        ask(reporter, R"({"job":"x","stage":")" + QByteArray(stage) + R"("})");
    QStringList stages;
    for (const QJsonObject &event : only(watcher.record->take(), "event"_L1))
        stages.append(event.value("patch"_L1).toObject().value("stage"_L1).toString());
    QCOMPARE(stages, (QStringList{u"verifying"_s, u"hashing"_s, u"moving"_s}));
    for (int done = 1; done <= 100; ++done)
        ask(reporter, R"({"job":"x","done":)" + QByteArray::number(done) + '}');
    hub.clock.advance(1s);
    QTRY_VERIFY(hasProgress(*watcher.record));
    const auto messages = watcher.record->take();
    QVERIFY(only(messages, "event"_L1).isEmpty());
    const QJsonArray row = only(messages, "progress"_L1).constLast().value("jobs"_L1)[0].toArray();
    QCOMPARE(row.at(2), 100);
}

QTEST_GUILESS_MAIN(ReportsTest)
#include "tst_reports.moc"
