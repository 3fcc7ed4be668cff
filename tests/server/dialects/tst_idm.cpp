#include "tests/server/dialects/golden.h"
#include "tests/server/dialects/hubbench.h"

#include <QDir>
#include <QJsonArray>

using namespace std::chrono_literals;
using namespace Qt::StringLiterals;
using namespace tests;
using core::JobId;
using core::JobKind;
using core::JobState;
using core::Scope;
using server::IdmCodec;
using server::IdmPage;

Q_DECLARE_METATYPE(core::JobSnapshot)

namespace {

QJsonArray listOf(HubBench &hub, const QString &query = {})
{
    const auto answered = hub.request("GET", u"/list"_s + query);
    return QJsonDocument::fromJson(answered->answer->body).array();
}

} // namespace

class IdmTest final : public QObject
{
    Q_OBJECT
private slots:
    void messagesAreAsTheGoldenFiles_data();
    void messagesAreAsTheGoldenFiles();
    void otherMessagesAreAsTheGoldenFiles();
    void onlyChangesOfStateAreSteps();
    void otherKindsOfJobsAreNotTold_data();
    void otherKindsOfJobsAreNotTold();
    void theListIsAsTheGoldenFile();
    void theListHasPages_data();
    void theListHasPages();
    void aDownloadIsAddedAndTold();
    void aVideoPageMayBeAdded();
    void badRequestsAreProblems_data();
    void badRequestsAreProblems();
    void aFormCannotAdd();
    void aFileNameLeadsNowhereElse_data();
    void aFileNameLeadsNowhereElse();
    void everyRouteNeedsItsScope_data();
    void everyRouteNeedsItsScope();
    void aFencedOwnerSeesOnlyItsOwn();
    void theFileComesWithItsName();
    void whatClientsSayIsNoTrouble();
};

void IdmTest::messagesAreAsTheGoldenFiles_data()
{
    QTest::addColumn<core::JobSnapshot>("job");
    for (const GoldenRow &row : goldenRows())
        QTest::newRow(row.name) << row.job;
}

void IdmTest::messagesAreAsTheGoldenFiles()
{
    QFETCH(core::JobSnapshot, job);
    const QByteArrayList expected =
        golden(u"idm/"_s + QString::fromLatin1(QTest::currentDataTag()));
    const IdmCodec codec;
    QCOMPARE(codec.introduce(job), expected);
    core::JobSnapshot before = job;
    before.state = job.state == JobState::Queued ? JobState::Paused : JobState::Queued;
    QCOMPARE(codec.step(before, job), expected);
}

void IdmTest::otherMessagesAreAsTheGoldenFiles()
{
    QCOMPARE(IdmCodec().removed(JobId{12}), golden(u"idm/removed"_s));
    HubBench hub;
    const auto route = hub.router.matchSocket(u"/"_s);
    QCOMPARE(route.access->refusal(), golden(u"idm/refused"_s).constFirst());
}

void IdmTest::onlyChangesOfStateAreSteps()
{
    const core::JobSnapshot before = goldenJob(JobState::Running);
    core::JobSnapshot after = before;
    after.details.title = u"another"_s;
    after.progress.done += 1;
    QVERIFY(IdmCodec().step(before, after).isEmpty());
}

void IdmTest::otherKindsOfJobsAreNotTold_data()
{
    QTest::addColumn<JobKind>("kind");
    for (const JobKind kind :
         {JobKind::Flash, JobKind::Verify, JobKind::Extract, JobKind::Read, JobKind::Compare,
          JobKind::Format, JobKind::Command, JobKind::External})
        QTest::newRow(core::jobKindName(kind).data()) << kind;
}

void IdmTest::otherKindsOfJobsAreNotTold()
{
    QFETCH(JobKind, kind);
    QVERIFY(!IdmCodec().covers({.kind = kind}));
    QCOMPARE(server::idmList({{.id = {1}, .kind = kind}}, {}), "[]");
}

void IdmTest::theListIsAsTheGoldenFile()
{
    QList<core::JobSnapshot> jobs;
    for (const JobState state :
         {JobState::Queued, JobState::Running, JobState::Succeeded, JobState::Failed}) {
        core::JobSnapshot job = goldenJob(state);
        job.id.value += jobs.size();
        jobs.append(job);
    }
    QCOMPARE(server::idmList(jobs, {}), golden(u"idm/list"_s).constFirst());
}

void IdmTest::theListHasPages_data()
{
    QTest::addColumn<QString>("query");
    QTest::addColumn<qsizetype>("count");
    QTest::addColumn<int>("first");
    QTest::newRow("the newest 1,000") << QString() << qsizetype(1000) << 1003;
    QTest::newRow("first page") << u"?page=1&size=2"_s << qsizetype(2) << 1003;
    QTest::newRow("second page") << u"?page=2&size=2"_s << qsizetype(2) << 1001;
    QTest::newRow("last page") << u"?page=2"_s << qsizetype(3) << 3;
    QTest::newRow("after the last") << u"?page=9007199254740991&size=1000"_s << qsizetype(0) << 0;
    QTest::newRow("no page has more than 1,000") << u"?size=5000"_s << qsizetype(1000) << 1003;
}

void IdmTest::theListHasPages()
{
    QFETCH(QString, query);
    QFETCH(qsizetype, count);
    QFETCH(int, first);
    HubBench hub;
    for (int i = 0; i < 1003; ++i)
        hub.add(u"local"_s, JobState::Paused);
    const QJsonArray list = listOf(hub, query);
    QCOMPARE(list.size(), count);
    QCOMPARE(list.at(0).toObject().value("id"_L1).toInt(), first);
}

void IdmTest::aDownloadIsAddedAndTold()
{
    HubBench hub;
    auto page = hub.connect(core::Principal::localUser(), {}, u"/"_s);
    const auto added = hub.request(
        "POST", u"/download"_s, R"({"url":"http://example.com/a","filename":"b.bin","quality":1})");
    QTRY_VERIFY(added->answer);
    QCOMPARE(added->answer->status, 200);
    QCOMPARE(added->answer->body, "{\"id\":1,\"status\":\"started\"}");
    QTRY_COMPARE(hub.registry.find(JobId{1})->state, JobState::Running);
    hub.switchOf(JobId{1})->done = 455;
    QTRY_VERIFY(page.record->sent.join().contains("\"status\":\"downloading\",\"progress\":45.5"));
    hub.clock.advance(1s);
    hub.switchOf(JobId{1})->order = 1;
    QTRY_VERIFY(page.record->sent.constLast().startsWith("{\"id\":1,\"done\":true,\"filename\":"));
    QStringList states;
    for (const QJsonObject &message : page.record->take())
        if (states.isEmpty() || states.constLast() != message.value("status"_L1).toString())
            states.append(message.value("status"_L1).toString());
    QCOMPARE(states, (QStringList{u"queued"_s, u"downloading"_s, u"completed"_s, QString()}));
}

void IdmTest::aVideoPageMayBeAdded()
{
    HubBench hub;
    const auto added =
        hub.request("POST", u"/download"_s, R"({"url":"http://example.com/watch?v=1"})");
    QTRY_VERIFY(added->answer);
    QVERIFY(hub.registry.find(JobId{1})->spec.contains("mayBeMedia"));
}

void IdmTest::badRequestsAreProblems_data()
{
    QTest::addColumn<QByteArray>("method");
    QTest::addColumn<QString>("target");
    QTest::addColumn<QByteArray>("body");
    QTest::addColumn<int>("status");
    const auto add = [](const char *name, const QByteArray &body, int status = 400) {
        QTest::newRow(name) << QByteArray("POST") << u"/download"_s << body << status;
    };
    add("no JSON", "url=http://example.com/a");
    add("no object", "[]");
    add("no URL", "{}");
    add("URL is null", R"({"url":null})");
    add("URL is a number", R"({"url":1})");
    add("file name is a number", R"({"url":"http://example.com/a","filename":1})");
    add("no such scheme", R"({"url":"file:///etc/passwd"})");
    add("our own port", R"({"url":"http://127.0.0.1:8765/list"})", 403);
    const auto list = [](const char *name, const QString &query) {
        QTest::newRow(name) << QByteArray("GET") << (u"/list?"_s + query) << QByteArray() << 400;
    };
    list("page 0", u"page=0"_s);
    list("page -1", u"page=-1"_s);
    list("page without number", u"page="_s);
    list("page is no number", u"page=two"_s);
    list("size 0", u"size=0"_s);
    list("size beyond all numbers", u"size=99999999999999999999"_s);
    QTest::newRow("no such file") << QByteArray("GET") << u"/file/7"_s << QByteArray() << 404;
    QTest::newRow("no id") << QByteArray("GET") << u"/file/x"_s << QByteArray() << 400;
}

void IdmTest::badRequestsAreProblems()
{
    QFETCH(QByteArray, method);
    QFETCH(QString, target);
    QFETCH(QByteArray, body);
    QFETCH(int, status);
    HubBench hub;
    const auto refused = hub.request(method, target, body);
    QTRY_VERIFY(refused->answer);
    QCOMPARE(refused->answer->status, status);
    QVERIFY(refused->answer->headers.contains({"Content-Type", "application/problem+json"}));
    QVERIFY(hub.registry.snapshots().isEmpty());
}

void IdmTest::aFormCannotAdd()
{
    HubBench hub;
    for (const QByteArray &type : QByteArrayList{"application/x-www-form-urlencoded", "text/plain",
                                                 "multipart/form-data; boundary=x", ""}) {
        const auto refused = hub.request(
            "POST", u"/download"_s, R"({"url":"http://example.com/a"})", {{"Content-Type", type}});
        QCOMPARE(refused->answer->status, 415);
    }
    QVERIFY(hub.registry.snapshots().isEmpty());
}

void IdmTest::aFileNameLeadsNowhereElse_data()
{
    QTest::addColumn<QByteArray>("name");
    for (const char *name :
         {"../a", "../../etc/passwd", "/etc/passwd", "a/b", "..", ".", "a\\u0000b"})
        QTest::newRow(name) << QByteArray(name);
}

void IdmTest::aFileNameLeadsNowhereElse()
{
    QFETCH(QByteArray, name);
    HubBench hub;
    const auto refused = hub.request(
        "POST", u"/download"_s, R"({"url":"http://example.com/a","filename":")" + name + R"("})");
    QTRY_VERIFY(refused->answer);
    QCOMPARE(refused->answer->status, 400);
    QVERIFY(hub.registry.snapshots().isEmpty());
}

void IdmTest::everyRouteNeedsItsScope_data()
{
    QTest::addColumn<QByteArray>("method");
    QTest::addColumn<QString>("target");
    QTest::addColumn<QString>("scope");
    QTest::newRow("download") << QByteArray("POST") << u"/download"_s << u"add"_s;
    QTest::newRow("list") << QByteArray("GET") << u"/list"_s << u"read"_s;
    QTest::newRow("file") << QByteArray("GET") << u"/file/1"_s << u"read"_s;
}

void IdmTest::everyRouteNeedsItsScope()
{
    QFETCH(QByteArray, method);
    QFETCH(QString, target);
    QFETCH(QString, scope);
    const core::Scopes needed = *core::scopesFromNames({scope});
    const QByteArray body = R"({"url":"http://example.com/a"})";
    HubBench hub;
    hub.add(u"local"_s, JobState::Paused);
    hub.principal = HubBench::who(u"local"_s, core::Scopes(0x3f) & ~needed);
    const auto refused = hub.request(method, target, body);
    QTRY_VERIFY(refused->answer);
    QCOMPARE(refused->answer->status, 403);
    hub.principal = HubBench::who(u"local"_s, needed);
    const auto allowed = hub.request(method, target, body);
    QTRY_VERIFY(allowed->answer);
    QVERIFY(allowed->answer->status != 403);
    hub.principal.reset();
    QCOMPARE(hub.request(method, target, body)->answer->status, 401);
}

void IdmTest::aFencedOwnerSeesOnlyItsOwn()
{
    HubBench hub;
    const auto eve = HubBench::who(u"eve"_s, core::DefaultScopes);
    const JobId mine = hub.add(u"local"_s, JobState::Paused);
    const JobId hers = hub.add(u"eve"_s, JobState::Paused);
    auto page = hub.connect(eve, {}, u"/"_s);
    QTRY_COMPARE(page.record->sent.size(), 1);
    hub.add(u"local"_s, JobState::Paused);
    QVERIFY(hub.registry.cancel(mine));
    QTRY_COMPARE(hub.registry.find(mine)->state, JobState::Canceled);
    QVERIFY(hub.registry.remove(mine));
    QVERIFY(hub.registry.cancel(hers));
    QTRY_COMPARE(page.record->sent.size(), 2);
    for (const QJsonObject &message : page.record->take())
        QCOMPARE(message.value("id"_L1).toInteger(), hers.value);
    hub.principal = eve;
    const QJsonArray list = listOf(hub);
    QCOMPARE(list.size(), 1);
    QCOMPARE(list.at(0).toObject().value("id"_L1).toInteger(), hers.value);
    QCOMPARE(hub.request("GET", u"/file/3"_s)->answer->status, 404);
}

void IdmTest::theFileComesWithItsName()
{
    HubBench hub;
    QVERIFY(QDir().mkpath(hub.folder.filePath(u"downloads"_s)));
    const QString path = hub.folder.filePath(u"downloads/a.bin"_s);
    QFile file(path);
    QVERIFY(file.open(QIODevice::WriteOnly));
    QCOMPARE(file.write("12345"), 5);
    file.close();
    hub.registry.add(
        {.owner = u"local"_s, .state = JobState::Succeeded, .details = {.target = path}});
    const auto sent = hub.request("GET", u"/file/1"_s);
    QTRY_VERIFY(sent->answer);
    QCOMPARE(sent->answer->status, 200);
    QVERIFY(
        sent->answer->headers.contains({"Content-Disposition", "attachment; filename=\"a.bin\""}));
    QCOMPARE(sent->answer->file->path, QFileInfo(path).canonicalFilePath());
    QCOMPARE(sent->answer->file->size, 5);
    hub.registry.add({.owner = u"local"_s,
                      .state = JobState::Succeeded,
                      .details = {.target = u"/etc/passwd"_s}});
    const auto outside = hub.request("GET", u"/file/2"_s);
    QTRY_VERIFY(outside->answer);
    QCOMPARE(outside->answer->status, 403);
    hub.add(u"local"_s, JobState::Paused);
    QCOMPARE(hub.request("GET", u"/file/3"_s)->answer->status, 409);
}

void IdmTest::whatClientsSayIsNoTrouble()
{
    HubBench hub;
    auto page = hub.connect(core::Principal::localUser(), {}, u"/"_s);
    for (const char *text : {"", "ping", "{", "[1,2]", R"({"action":"cancel","id":1})"})
        page.say(text);
    hub.add(u"local"_s, JobState::Paused);
    QTRY_COMPARE(page.record->sent.size(), 1);
    QVERIFY(!page.record->closeCode);
}

QTEST_GUILESS_MAIN(IdmTest)
#include "tst_idm.moc"
