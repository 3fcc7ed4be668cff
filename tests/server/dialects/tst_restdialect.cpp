#include "server/dialects/rest/contentdisposition.h"
#include "server/dialects/rest/documents.h"
#include "server/http/admission.h"
#include "server/http/assets.h"
#include "server/http/sessionroutes.h"
#include "tests/server/dialects/hubbench.h"

#include <QDir>
#include <QJsonArray>
#include <QRegularExpression>

using namespace std::chrono_literals;
using namespace Qt::StringLiterals;
using core::JobId;
using core::JobState;
using tests::FakeExchange;
using tests::HubBench;

namespace {

QJsonObject bodyOf(const FakeExchange &exchange)
{
    return QJsonDocument::fromJson(exchange.answer ? exchange.answer->body : QByteArray()).object();
}

struct StreamEvent {
    QByteArray id;
    QByteArray name;
    QJsonObject data;
};

/// Reads a stream as a browser would; comments and empty messages vanish.
QList<StreamEvent> eventsOf(const QByteArray &stream)
{
    QList<StreamEvent> events;
    StreamEvent event;
    for (const QByteArray &line : stream.split('\n')) {
        if (line.startsWith("id: "))
            event.id = line.sliced(4);
        else if (line.startsWith("event: "))
            event.name = line.sliced(7);
        else if (line.startsWith("data: "))
            event.data = QJsonDocument::fromJson(line.sliced(6)).object();
        else if (line.isEmpty() && !event.data.isEmpty())
            events.append(std::exchange(event, {event.id, {}, {}}));
    }
    return events;
}

QList<QJsonObject> lossless(const QByteArray &stream)
{
    QList<QJsonObject> events;
    for (const StreamEvent &event : eventsOf(stream))
        if (event.name == "event")
            events.append(event.data);
    return events;
}

/// A request, and what it needs.
struct RouteRow {
    const char *method;
    const char *target;
    const char *scope;
    const char *body = "";
};

std::vector<RouteRow> scopedRoutes()
{
    return {
        {"GET", "/api/v1/jobs", "read"},
        {"POST", "/api/v1/jobs", "add"},
        {"GET", "/api/v1/jobs/1", "read"},
        {"DELETE", "/api/v1/jobs/1", "control"},
        {"POST", "/api/v1/jobs/1/pause", "control"},
        {"POST", "/api/v1/jobs/1/resume", "control"},
        {"POST", "/api/v1/jobs/1/cancel", "control"},
        {"POST", "/api/v1/jobs/1/retry", "control"},
        {"POST", "/api/v1/jobs/1/move", "control"},
        {"POST", "/api/v1/jobs/1/setLimit", "control"},
        {"POST", "/api/v1/jobs/1/refreshUrl", "control"},
        {"POST", "/api/v1/jobs/x/report", "report"},
        {"GET", "/api/v1/jobs/1/file", "read"},
        {"GET", "/api/v1/devices", "read"},
        {"GET", "/api/v1/workflows", "read"},
        {"POST", "/api/v1/workflows", "add"},
        {"GET", "/api/v1/workflows/w1", "read"},
        {"DELETE", "/api/v1/workflows/w1", "control"},
        {"POST", "/api/v1/workflows/w1/pause", "control"},
        {"POST", "/api/v1/workflows/w1/resume", "control"},
        {"POST", "/api/v1/workflows/w1/cancel", "control"},
        {"POST", "/api/v1/workflows/w1/retry", "control"},
        {"GET", "/api/v1/agents", "read"},
        {"GET", "/api/v1/agents/a", "read"},
        {"GET", "/api/v1/history", "read"},
        {"GET", "/api/v1/settings", "read"},
        {"POST", "/api/v1/settings", "settings"},
        {"GET", "/api/v1/events?wait=0", "read"},
        {"GET", "/metrics", "read"},
        {"POST", "/download", "add", R"({"url":"http://h/f"})"},
        {"GET", "/list", "read"},
        {"GET", "/file/1", "read"},
        {"GET", "/api/method/ai_assistant.api.get_progress?conversation_id=c", "read"},
    };
}

/// One operation of openapi.json.
struct DocumentedRoute {
    QByteArray method;
    QString path;
    QString scope; // what its description says: "read", …, "any" or "of" the method
    bool isPublic = false;
};

QList<DocumentedRoute> documentedRoutes()
{
    QFile file(QStringLiteral(OPENAPI_FILE));
    if (!file.open(QIODevice::ReadOnly))
        return {};
    static const QRegularExpression scope(u"Needs scope (\\w+)"_s);
    static const QStringList methods{u"get"_s, u"post"_s, u"delete"_s};
    const QJsonObject paths =
        QJsonDocument::fromJson(file.readAll()).object().value("paths"_L1).toObject();
    QList<DocumentedRoute> routes;
    for (const QString &path : paths.keys()) {
        const QJsonObject operations = paths.value(path).toObject();
        for (const QString &method : operations.keys()) {
            if (!methods.contains(method))
                continue;
            const QJsonObject operation = operations.value(method).toObject();
            const QString description = operation.value("description"_L1).toString();
            routes.append({.method = method.toUpper().toLatin1(),
                           .path = path,
                           .scope = scope.match(description).captured(1),
                           .isPublic = operation.contains("security"_L1)});
        }
    }
    return routes;
}

} // namespace

class RestDialectTest final : public QObject
{
    Q_OBJECT
private slots:
    void jobsCanBeAddedListedAndCommanded();
    void historyOutlivesItsJobs();
    void longLinksMakeShortPagesOfHistory();
    void errorsAreProblems_data();
    void errorsAreProblems();
    void changesNeedJson_data();
    void changesNeedJson();
    void everyRouteNeedsItsScope_data();
    void everyRouteNeedsItsScope();
    void everyDocumentedRouteHasARow();
    void everyDocumentedRouteButThePublicNeedsAToken_data();
    void everyDocumentedRouteButThePublicNeedsAToken();
    void rpcAnswersOneMessage();
    void filesComeWithTheirName();
    void namesAreEncodedForTheHeader_data();
    void namesAreEncodedForTheHeader();
    void streamGivesTheSocketsEvents();
    void streamResumesByLastEventId();
    void streamPagesALargeSnapshot();
    void streamHasHeartbeatsAndEndsWhenStalled();
    void lostPositionsAreSaid();
    void longPollGivesTheSocketsEvents();
    void longPollWaitsAndThenAnswersEmpty();
    void hangingUpIsNoTrouble();
    void metricsAreReadable();
    void metricsTellAFencedOwnerOfItsJobsOnly();
    void aHeadOfTheEventsOpensNoStream();
};

void RestDialectTest::jobsCanBeAddedListedAndCommanded()
{
    HubBench hub;
    const auto added =
        hub.request("POST", u"/api/v1/jobs"_s, R"({"url":"http://example.com/a","paused":true})");
    QTRY_VERIFY(added->answer);
    QCOMPARE(added->answer->status, 201);
    QCOMPARE(bodyOf(*added).value("job"_L1).toObject().value("id"_L1), u"1"_s);
    hub.add();
    const auto list = [&](const QString &query) {
        return bodyOf(*hub.request("GET", u"/api/v1/jobs"_s + query)).value("jobs"_L1).toArray();
    };
    QCOMPARE(list({}).size(), 2);
    QCOMPARE(list(u"?state=paused"_s).size(), 1);
    QCOMPARE(list(u"?kind=media"_s).size(), 0);
    QCOMPARE(list(u"?before=2"_s).size(), 1);
    QCOMPARE(list(u"?limit=1"_s).at(0).toObject().value("id"_L1), u"2"_s);
    QCOMPARE(bodyOf(*hub.request("GET", u"/api/v1/jobs?limit=1"_s)).value("next"_L1), u"2"_s);
    const auto resumed = hub.request("POST", u"/api/v1/jobs/1/resume"_s);
    QCOMPARE(bodyOf(*resumed).value("job"_L1).toObject().value("state"_L1), u"queued"_s);
    QVERIFY(hub.request("POST", u"/api/v1/jobs/1/cancel"_s)->answer);
    QTRY_COMPARE(hub.registry.find(JobId{1})->state, JobState::Canceled);
    const auto removed = hub.request("DELETE", u"/api/v1/jobs/1"_s);
    QTRY_VERIFY(removed->answer);
    QCOMPARE(removed->answer->status, 200);
    QCOMPARE(hub.request("GET", u"/api/v1/jobs/1"_s)->answer->status, 404);
}

void RestDialectTest::historyOutlivesItsJobs()
{
    HubBench hub;
    const JobId id = hub.add();
    hub.switchOf(id)->done = 7;
    hub.switchOf(id)->order = 1;
    QTRY_COMPARE(hub.registry.find(id)->state, JobState::Succeeded);
    QVERIFY(hub.registry.remove(id));
    core::HistoryEntry drive{.job = JobId{9},
                             .kind = core::JobKind::Flash,
                             .owner = u"eve"_s,
                             .source = u"/a.img"_s,
                             .bytes = 100,
                             .verdict = core::HistoryVerdict::Unverified,
                             .drive = core::HistoryDrive{u"usb-1"_s, u"0815"_s, 50, 10, 0, 2}};
    hub.history.add(drive);
    const auto list = [&](const QString &query) {
        const auto exchange = hub.request("GET", u"/api/v1/history"_s + query);
        if (!QTest::qWaitFor([&] { return exchange->answer.has_value(); }))
            qFatal("no answer");
        return bodyOf(*exchange);
    };
    QTRY_COMPARE(list({}).value("history"_L1).toArray().size(), 2);
    const QJsonObject latest = list(u"?limit=1"_s);
    QCOMPARE(latest.value("next"_L1), u"2"_s);
    const QJsonObject flashed = latest.value("history"_L1)[0].toObject();
    QCOMPARE(flashed.value("verdict"_L1), u"unverified"_s);
    QCOMPARE(flashed.value("kind"_L1), u"flash"_s);
    QCOMPARE(flashed.value("drive"_L1).toObject(),
             (QJsonObject{{u"id"_s, u"usb-1"_s},
                          {u"serial"_s, u"0815"_s},
                          {u"writtenBytes"_s, 50},
                          {u"writeBytesPerSecond"_s, 10},
                          {u"rewrites"_s, 2}}));
    const QJsonObject older = list(u"?before=2"_s);
    QVERIFY(!older.contains("next"_L1));
    const QJsonObject fetched = older.value("history"_L1)[0].toObject();
    QCOMPARE(fetched.value("job"_L1), id.toString());
    QCOMPARE(fetched.value("verdict"_L1), u"succeeded"_s);
    QCOMPARE(fetched.value("source"_L1), u"http://host/file"_s);
    QCOMPARE(fetched.value("bytes"_L1), 7);
    QVERIFY(fetched.value("finishedAt"_L1).toInteger() > 0);
    QVERIFY(!fetched.contains("drive"_L1));
}

void RestDialectTest::longLinksMakeShortPagesOfHistory()
{
    HubBench hub;
    for (int i = 0; i < 30; ++i)
        hub.history.add({.job = JobId{i + 1},
                         .owner = u"local"_s,
                         .source = u"http://host/"_s + QString(10'000, u'a'),
                         .verdict = core::HistoryVerdict::Succeeded});
    const auto pageAt = [&hub](const QString &query) {
        const auto page = hub.request("GET", u"/api/v1/history"_s + query);
        if (!QTest::qWaitFor([&] { return page->answer.has_value(); })
            || page->answer->body.size() > server::MaxMessageOut)
            qFatal("no answer, or one that is too large");
        return bodyOf(*page);
    };
    const auto latest = [&] { return pageAt(u"?limit=1"_s).value("history"_L1)[0]["id"_L1]; };
    QTRY_COMPARE(latest(), u"30"_s);
    QStringList ids;
    QString query;
    do {
        const QJsonObject page = pageAt(query);
        for (const QJsonValue &entry : page.value("history"_L1).toArray())
            ids.append(entry["id"_L1].toString());
        const QString next = page.value("next"_L1).toString();
        query = next.isEmpty() ? QString() : u"?before="_s + next;
    } while (!query.isEmpty());
    QCOMPARE(ids.size(), 30);
    QCOMPARE(ids.removeDuplicates(), 0);
}

void RestDialectTest::errorsAreProblems_data()
{
    QTest::addColumn<QByteArray>("method");
    QTest::addColumn<QString>("target");
    QTest::addColumn<QByteArray>("body");
    QTest::addColumn<int>("status");
    QTest::addColumn<QString>("type");
    const auto row = [](const char *name, const char *method, const QString &target,
                        const char *body, int status, const char *type) {
        QTest::newRow(name) << QByteArray(method) << target << QByteArray(body) << status
                            << QString::fromLatin1(type);
    };
    const QString jobs = u"/api/v1/jobs"_s;
    row("no such job", "GET", jobs + u"/9"_s, "", 404, "notFound");
    row("id is no number", "GET", jobs + u"/x"_s, "", 400, "invalidArgument");
    row("wrong state", "POST", jobs + u"/1/pause"_s, "", 409, "invalidState");
    row("not finished", "DELETE", jobs + u"/1"_s, "", 409, "invalidState");
    row("no file yet", "GET", jobs + u"/1/file"_s, "", 409, "invalidState");
    row("broken JSON", "POST", jobs, "{", 400, "invalidArgument");
    row("not an object", "POST", jobs, "[]", 400, "invalidArgument");
    row("not a URL", "POST", jobs, R"({"url":"hello"})", 400, "invalidUrl");
    row("unknown scheme", "POST", jobs, R"({"url":"gopher://a/b"})", 400, "unsupportedScheme");
    row("unknown filter", "GET", jobs + u"?state=x"_s, "", 400, "invalidArgument");
    row("limit is no number", "GET", jobs + u"?limit=x"_s, "", 400, "invalidArgument");
    row("history before what", "GET", u"/api/v1/history?before=x"_s, "", 400, "invalidArgument");
    row("unknown setting", "GET", u"/api/v1/settings?key=x"_s, "", 404, "notFound");
    row("unknown topic", "GET", u"/api/v1/events?topics=x"_s, "", 400, "invalidArgument");
    row("wait is no number", "GET", u"/api/v1/events?wait=x"_s, "", 400, "invalidArgument");
}

void RestDialectTest::errorsAreProblems()
{
    QFETCH(QByteArray, method);
    QFETCH(QString, target);
    QFETCH(QByteArray, body);
    QFETCH(int, status);
    QFETCH(QString, type);
    HubBench hub;
    hub.add(u"local"_s, JobState::Paused);
    const auto exchange = hub.request(method, target, body);
    QTRY_VERIFY(exchange->answer);
    QCOMPARE(exchange->answer->status, status);
    QVERIFY(exchange->answer->headers.contains(
        server::Header{"Content-Type", "application/problem+json"}));
    QCOMPARE(bodyOf(*exchange).value("type"_L1), type);
    QCOMPARE(bodyOf(*exchange).value("status"_L1), status);
}

void RestDialectTest::changesNeedJson_data()
{
    QTest::addColumn<QByteArray>("method");
    QTest::newRow("/api/v1/jobs") << QByteArray("POST");
    QTest::newRow("/api/v1/jobs/1") << QByteArray("DELETE");
    for (const char *verb : {"pause", "resume", "cancel", "retry"})
        QTest::addRow("/api/v1/jobs/1/%s", verb) << QByteArray("POST");
    QTest::newRow("/api/v1/settings") << QByteArray("POST");
    QTest::newRow("/api/v1/rpc") << QByteArray("POST");
}

void RestDialectTest::changesNeedJson()
{
    QFETCH(QByteArray, method);
    HubBench hub;
    hub.add(u"local"_s, JobState::Paused);
    const QString target = QString::fromLatin1(QTest::currentDataTag());
    for (const char *type : {"text/plain", "application/x-www-form-urlencoded", ""}) {
        const auto exchange = hub.request(method, target, "{}", {{"Content-Type", type}});
        QCOMPARE(exchange->answer->status, 415);
    }
    const auto exchange =
        hub.request(method, target, "{}", {{"content-type", "Application/JSON; charset=utf-8"}});
    QTRY_VERIFY(exchange->answer);
    QVERIFY(exchange->answer->status != 415);
}

void RestDialectTest::everyRouteNeedsItsScope_data()
{
    QTest::addColumn<QByteArray>("method");
    QTest::addColumn<QString>("target");
    QTest::addColumn<QString>("scope");
    QTest::addColumn<QByteArray>("body");
    for (const RouteRow &row : scopedRoutes())
        QTest::addRow("%s %s", row.method, row.target)
            << QByteArray(row.method) << QString::fromLatin1(row.target)
            << QString::fromLatin1(row.scope) << QByteArray(row.body);
}

void RestDialectTest::everyRouteNeedsItsScope()
{
    QFETCH(QByteArray, method);
    QFETCH(QString, target);
    QFETCH(QString, scope);
    QFETCH(QByteArray, body);
    const core::Scopes needed = *core::scopesFromNames({scope});
    HubBench hub;
    hub.add(u"local"_s, JobState::Paused);
    hub.principal = HubBench::who(u"local"_s, core::Scopes(0x3f) & ~needed);
    QCOMPARE(hub.request(method, target, body)->answer->status, 403);
    hub.principal = HubBench::who(u"local"_s, needed);
    const auto allowed = hub.request(method, target, body);
    QTRY_VERIFY(allowed->answer);
    QVERIFY(allowed->answer->status != 403);
    hub.principal.reset();
    QCOMPARE(hub.request(method, target, body)->answer->status, 401);
}

void RestDialectTest::everyDocumentedRouteHasARow()
{
    const HubBench hub;
    QMap<QString, QString> tested;
    for (const RouteRow &row : scopedRoutes()) {
        const QString path = QUrl(QString::fromLatin1(row.target)).path();
        const QByteArray pattern = hub.router.match(row.method, path).pattern;
        tested.insert(QString::fromLatin1(row.method + (' ' + pattern)),
                      QString::fromLatin1(row.scope));
    }
    QMap<QString, QString> documented;
    for (const DocumentedRoute &route : documentedRoutes())
        if (core::scopesFromNames({route.scope}))
            documented.insert(QString::fromLatin1(route.method) + u' ' + route.path, route.scope);
    documented.remove(u"POST /api/flash/start"_s); // or flash: see tst_flashprogressdialect
    QCOMPARE(tested, documented);
}

void RestDialectTest::everyDocumentedRouteButThePublicNeedsAToken_data()
{
    QTest::addColumn<DocumentedRoute>("route");
    for (const DocumentedRoute &route : documentedRoutes())
        QTest::addRow("%s %s", route.method.constData(), qPrintable(route.path)) << route;
    QVERIFY(documentedRoutes().size() > 40);
}

void RestDialectTest::everyDocumentedRouteButThePublicNeedsAToken()
{
    QFETCH(DocumentedRoute, route);
    HubBench hub;
    server::addSessionRoutes(hub.router, hub.access);
    server::addDocumentRoutes(hub.router, u":/schema"_s);
    QVERIFY(server::addAssetRoutes(hub.router, u":/none"_s)); // /healthz
    const server::Admission admission(hub.router, hub.access);
    server::Request request{.method = route.method, .path = route.path};
    request.peer = QHostAddress::LocalHost;
    request.headers = {{"Host", "127.0.0.1:8765"}};
    const server::Door door{QHostAddress(QHostAddress::LocalHost), 8765};
    const auto stranger = admission.admit(request, door);
    QCOMPARE(stranger ? 200 : stranger.error().answer.status, route.isPublic ? 200 : 401);
    request.headers.push_back({"Authorization", "Bearer admin"});
    const auto known = admission.admit(request, door);
    QCOMPARE(known ? 200 : known.error().answer.status, 200);
}

void RestDialectTest::rpcAnswersOneMessage()
{
    HubBench hub;
    hub.add(u"local"_s, JobState::Paused);
    const auto ask = [&](const QByteArray &body) {
        return hub.request("POST", u"/api/v1/rpc"_s, body);
    };
    const auto got = ask(R"({"jsonrpc":"2.0","id":5,"method":"job.get","params":{"job":"1"}})");
    QCOMPARE(bodyOf(*got).value("id"_L1), 5);
    QVERIFY(bodyOf(*got).contains("result"_L1));
    const auto noSocket = ask(R"({"jsonrpc":"2.0","id":5,"method":"topic.subscribe"})");
    QCOMPARE(tests::errorNumberOf(bodyOf(*noSocket)), -32601);
    QCOMPARE(ask(R"({"jsonrpc":"2.0","method":"job.list"})")->answer->status, 204);
    QCOMPARE(tests::errorNumberOf(bodyOf(*ask("{"))), -32700);
    const auto added = ask(R"([{"jsonrpc":"2.0","id":1,"method":"job.list"},
        {"jsonrpc":"2.0","id":2,"method":"job.add","params":{"url":"http://a/b","paused":true}}])");
    QTRY_VERIFY(added->answer);
    QCOMPARE(QJsonDocument::fromJson(added->answer->body).array().size(), 2);
}

void RestDialectTest::filesComeWithTheirName()
{
    HubBench hub;
    const QString folder = hub.folder.filePath(u"downloads"_s);
    QVERIFY(QDir().mkpath(folder));
    const QString path = folder + u"/\u00e4 b.iso"_s;
    QFile file(path);
    QVERIFY(file.open(QIODevice::WriteOnly));
    QCOMPARE(file.write("12345"), 5);
    file.close();
    hub.registry.restore({.id = JobId{1},
                          .owner = u"local"_s,
                          .state = JobState::Succeeded,
                          .details = {.target = path}});
    const auto exchange = hub.request("GET", u"/api/v1/jobs/1/file"_s);
    QTRY_VERIFY(exchange->answer);
    QCOMPARE(exchange->answer->status, 200);
    QCOMPARE(exchange->answer->file->size, 5);
    QCOMPARE(exchange->answer->headers.at(1).value,
             QByteArray("attachment; filename=\"_ b.iso\"; filename*=UTF-8''%C3%A4%20b.iso"));
}

void RestDialectTest::namesAreEncodedForTheHeader_data()
{
    QTest::addColumn<QString>("name");
    QTest::addColumn<QByteArray>("value");
    QTest::newRow("plain") << u"a.iso"_s << QByteArray("attachment; filename=\"a.iso\"");
    QTest::newRow("quote and backslash")
        << u"a\"b\\c"_s << QByteArray("attachment; filename=\"a_b_c\"; filename*=UTF-8''a%22b%5Cc");
    QTest::newRow("line break")
        << u"a\r\nX: y"_s
        << QByteArray("attachment; filename=\"a__X: y\"; filename*=UTF-8''a%0D%0AX%3A%20y");
}

void RestDialectTest::namesAreEncodedForTheHeader()
{
    QFETCH(QString, name);
    QFETCH(QByteArray, value);
    QCOMPARE(server::attachmentNamed(name), value);
}

void RestDialectTest::streamGivesTheSocketsEvents()
{
    HubBench hub;
    auto client = hub.connect();
    client.ask("session.hello", R"({"topics":[{"topic":"jobs"},{"topic":"system"}]})");
    const auto stream = hub.request("GET", u"/api/v1/events"_s);
    QVERIFY(stream->answer->headers.contains(server::Header{"Content-Type", "text/event-stream"}));
    const JobId id = hub.add();
    QTRY_COMPARE(hub.registry.find(id)->state, JobState::Running);
    QTRY_VERIFY(stream->body.contains("event: progress"));
    hub.switchOf(id)->order = 2;
    QTRY_COMPARE(hub.registry.find(id)->state, JobState::Failed);
    QList<QJsonObject> bySocket;
    for (const QJsonObject &message : client.record->take())
        if (message.value("method"_L1) == "event"_L1)
            bySocket.append(message.value("params"_L1).toObject());
    QCOMPARE(lossless(stream->body), bySocket);
    QVERIFY(stream->body.startsWith("retry: 1000\n"));
    const auto events = eventsOf(stream->body);
    QCOMPARE(events.constFirst().name, QByteArray("hello"));
    QCOMPARE(events.constFirst().id, QByteArray("epoch1:0"));
    const qint64 lastSeq = bySocket.constLast().value("seq"_L1).toInteger();
    QCOMPARE(events.constLast().id, "epoch1:" + QByteArray::number(lastSeq));
}

void RestDialectTest::streamResumesByLastEventId()
{
    HubBench hub;
    for (int i = 0; i < 3; ++i)
        hub.add(u"local"_s, JobState::Paused);
    const auto bySince = hub.request("GET", u"/api/v1/events?since=epoch1:1"_s);
    const auto byHeader =
        hub.request("GET", u"/api/v1/events?since=epoch1:3"_s, {}, {{"Last-Event-ID", "epoch1:1"}});
    for (const auto &stream : {bySince.get(), byHeader.get()}) {
        const auto events = lossless(stream->body);
        QCOMPARE(events.size(), 2);
        QCOMPARE(events.at(0).value("prev"_L1), 1);
        QCOMPARE(events.at(1).value("seq"_L1), 3);
        QCOMPARE(eventsOf(stream->body).constFirst().data.value("recovered"_L1), true);
    }
}

void RestDialectTest::streamPagesALargeSnapshot()
{
    HubBench hub;
    for (int i = 0; i < 1500; ++i)
        hub.add(u"local"_s, JobState::Paused);
    const auto stream = hub.request("GET", u"/api/v1/events?topics=jobs&snapshot=true"_s);
    QStringList ids;
    for (const StreamEvent &event : eventsOf(stream->body))
        for (const QJsonValue &job : event.data.value("jobs"_L1).toArray())
            ids.append(job.toObject().value("id"_L1).toString());
    QCOMPARE(ids.size(), 1500);
    QCOMPARE(ids.constFirst(), u"1500"_s);
    QCOMPARE(ids.constLast(), u"1"_s);
    // The id comes with the last page only: who is cut off before asks for a whole snapshot again.
    QCOMPARE(stream->body.count("id: "), 1);
    QVERIFY(stream->body.lastIndexOf("id: ") > stream->body.lastIndexOf("\"next\""));
}

void RestDialectTest::streamHasHeartbeatsAndEndsWhenStalled()
{
    HubBench hub;
    const auto stream = hub.request("GET", u"/api/v1/events"_s);
    stream->body.clear();
    hub.clock.advance(20s);
    hub.dialects.tick();
    QCOMPARE(stream->body, QByteArray(":\n\n"));
    stream->unsent = 1000;
    hub.clock.advance(29s);
    hub.dialects.tick();
    QVERIFY(!stream->isFinished);
    hub.clock.advance(1s);
    hub.dialects.tick();
    QVERIFY(stream->isFinished);
    const auto slow = hub.request("GET", u"/api/v1/events"_s);
    slow->unsent = server::EventFeed::TooSlowBytes + 1;
    hub.add(u"local"_s, JobState::Paused);
    QVERIFY(slow->isFinished);
}

void RestDialectTest::lostPositionsAreSaid()
{
    HubBench hub;
    hub.add(u"local"_s, JobState::Paused);
    for (const QString &query : {u"?since=old:1"_s, u"?since=old:1&wait=1"_s, u"?since=junk"_s}) {
        const auto refused = hub.request("GET", u"/api/v1/events"_s + query);
        QCOMPARE(refused->answer->status, 410);
        QCOMPARE(bodyOf(*refused).value("type"_L1), u"positionLost"_s);
    }
    const auto stream = hub.request("GET", u"/api/v1/events"_s, {}, {{"Last-Event-ID", "old:1"}});
    const auto events = eventsOf(stream->body);
    QCOMPARE(events.at(0).data.value("recovered"_L1), false);
    QCOMPARE(events.at(1).name, QByteArray("snapshot"));
    QCOMPARE(events.at(1).data.value("jobs"_L1).toArray().size(), 1);
    const auto poll = hub.request("GET", u"/api/v1/events?since=old:1&wait=1&snapshot=true"_s);
    QCOMPARE(bodyOf(*poll).value("recovered"_L1), false);
    QCOMPARE(bodyOf(*poll).value("topics"_L1).toArray().size(), 2);
}

void RestDialectTest::longPollGivesTheSocketsEvents()
{
    HubBench hub;
    auto client = hub.connect();
    client.ask("session.hello", R"({"topics":[{"topic":"jobs"},{"topic":"system"}]})");
    QString since = u"epoch1:0"_s;
    QList<QJsonObject> byPoll;
    const auto poll = [&](const std::function<void()> &act) {
        const auto exchange = hub.request("GET", u"/api/v1/events?wait=25&since="_s + since);
        act();
        QTRY_VERIFY(exchange->answer);
        const QJsonObject body = bodyOf(*exchange);
        QCOMPARE(body.value("recovered"_L1), true);
        since = u"epoch1:%1"_s.arg(body.value("seq"_L1).toInteger());
        for (const QJsonValue &event : body.value("events"_L1).toArray())
            byPoll.append(event.toObject());
    };
    poll([&] { hub.add(u"local"_s, JobState::Paused); });
    hub.add(u"local"_s, JobState::Paused); // while nobody polls
    hub.feed.notice(server::EventFeed::NoticeLevel::Message, u"x"_s);
    poll([] {});
    poll([&] { QVERIFY(hub.registry.resume(JobId{1})); });
    QTRY_COMPARE(hub.registry.find(JobId{1})->state, JobState::Running);
    poll([] {});
    QList<QJsonObject> bySocket;
    for (const QJsonObject &message : client.record->take())
        if (message.value("method"_L1) == "event"_L1)
            bySocket.append(message.value("params"_L1).toObject());
    QCOMPARE(byPoll, bySocket);
}

void RestDialectTest::longPollWaitsAndThenAnswersEmpty()
{
    HubBench hub;
    const auto poll = hub.request("GET", u"/api/v1/events?wait=5"_s);
    hub.clock.advance(4s);
    hub.dialects.tick();
    QVERIFY(!poll->answer);
    hub.clock.advance(1s);
    hub.dialects.tick();
    QCOMPARE(bodyOf(*poll).value("events"_L1).toArray().size(), 0);
    QCOMPARE(bodyOf(*poll).value("seq"_L1), 0);
    const auto now = hub.request("GET", u"/api/v1/events?wait=0"_s);
    QTRY_VERIFY(now->answer);
}

void RestDialectTest::hangingUpIsNoTrouble()
{
    HubBench hub;
    auto stream = hub.request("GET", u"/api/v1/events"_s);
    auto poll = hub.request("GET", u"/api/v1/events?wait=25"_s);
    auto add = hub.request("POST", u"/api/v1/jobs"_s, R"({"url":"http://a/b","paused":true})");
    for (auto *exchange : {&stream, &poll, &add}) {
        (*exchange)->hangUp();
        exchange->reset();
    }
    QCOMPARE(hub.feed.subscriptionCount(), 0);
    hub.add(u"local"_s, JobState::Paused);
    hub.dialects.tick();
    // An answer that comes later finds nobody: the next one is behind it.
    const auto next =
        hub.request("POST", u"/api/v1/jobs"_s, R"({"url":"http://a/b","paused":true})");
    QTRY_VERIFY(next->answer);
}

void RestDialectTest::metricsAreReadable()
{
    HubBench hub;
    auto client = hub.connect();
    client.ask("topic.subscribe", R"({"topic":"jobs"})");
    hub.add(u"local"_s, JobState::Paused);
    const auto exchange = hub.request("GET", u"/metrics"_s);
    const QByteArray text = exchange->answer->body;
    for (const char *line :
         {"dray_jobs{state=\"paused\"} 1\n", "dray_jobs{state=\"running\"} 0\n",
          "dray_connections{kind=\"websocket\"} 1\n", "dray_subscriptions 1\n",
          "dray_messages_sent_total{lane=\"event\"} 1\n", "dray_journal_first_seq 1\n",
          "dray_journal_last_seq 1\n", "dray_event_latency_seconds_bucket{le=\"+Inf\"} 1\n",
          "dray_event_latency_seconds_count 1\n", "# TYPE dray_jobs gauge\n",
          "dray_resume_total{result=\"recovered\"} 0\n", "dray_slow_closed_total 0\n"})
        QVERIFY2(text.contains(line), line);
    const QJsonObject result = client.ask("metrics.get").value("result"_L1).toObject();
    QCOMPARE(result.value("jobs"_L1).toObject().value("paused"_L1), 1);
    QCOMPARE(result.value("subscriptions"_L1), 1);
}

void RestDialectTest::metricsTellAFencedOwnerOfItsJobsOnly()
{
    HubBench hub;
    hub.add(u"local"_s, JobState::Paused);
    hub.add(u"eve"_s, JobState::Paused);
    hub.principal = HubBench::who(u"eve"_s, core::Scope::Read);
    const QByteArray text = hub.request("GET", u"/metrics"_s)->answer->body;
    QVERIFY(text.contains("dray_jobs{state=\"paused\"} 1\n"));
    QVERIFY(!text.contains("dray_journal") && !text.contains("dray_event_latency"));
    auto client = hub.connect(hub.principal);
    const QJsonObject result = client.ask("metrics.get").value("result"_L1).toObject();
    QCOMPARE(result.keys(), QStringList{u"jobs"_s});
    QCOMPARE(result.value("jobs"_L1).toObject().value("paused"_L1), 1);
}

void RestDialectTest::aHeadOfTheEventsOpensNoStream()
{
    HubBench hub;
    const auto exchange = hub.request("HEAD", u"/api/v1/events"_s);
    QVERIFY(exchange->answer);
    QCOMPARE(exchange->answer->status, 200);
    QCOMPARE(hub.feed.subscriptionCount(), 0);
}

QTEST_GUILESS_MAIN(RestDialectTest)
#include "tst_restdialect.moc"
