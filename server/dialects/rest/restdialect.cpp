#include "server/dialects/rest/restdialect.h"

#include "server/dialects/jsonrequest.h"
#include "server/dialects/rest/jobfile.h"

#include <QPointer>

namespace server {
namespace {

using namespace Qt::StringLiterals;
using core::ErrorCode;
using core::Milliseconds;

constexpr qint64 DefaultWaitSeconds = 25;
constexpr qint64 MaxWaitSeconds = 60;

QString queryText(const Request &request, const QString &name)
{
    return request.query.queryItemValue(name, QUrl::FullyDecoded);
}

/// The members of the query that are known, as params; numbers as numbers.
QJsonObject queryParams(const Request &request, const QStringList &texts, const QString &number)
{
    QJsonObject params;
    for (const QString &name : texts)
        if (request.query.hasQueryItem(name))
            params.insert(name, queryText(request, name));
    if (request.query.hasQueryItem(number)) {
        const QString text = queryText(request, number);
        bool isNumber = false;
        const qint64 value = text.toLongLong(&isNumber);
        params.insert(number, isNumber ? QJsonValue(value) : QJsonValue(text));
    }
    return params;
}

core::Result<QList<Topic>> topicsFrom(const Request &request)
{
    const QString names = queryText(request, u"topics"_s);
    if (names.isEmpty())
        return QList<Topic>{Topic::jobs(), Topic::system()};
    QList<Topic> topics;
    for (const QString &name : names.split(u',')) {
        auto topic = Topic::parse(name);
        if (!topic)
            return core::fail(topic.error());
        if (!topics.contains(*topic))
            topics.append(std::move(*topic));
    }
    if (topics.size() > qsizetype(EventFeed::MaxSubscriptions))
        return core::fail(ErrorCode::LimitExceeded,
                          u"%1 topics at most"_s.arg(EventFeed::MaxSubscriptions));
    return topics;
}

/// An unreadable position counts as a lost one.
Position positionFrom(const QString &text)
{
    return Position::parse(text).value_or(Position{});
}

core::Result<EventReader::Wish> wishFrom(const Request &request)
{
    const auto topics = topicsFrom(request);
    if (!topics)
        return core::fail(topics.error());
    const Params params(queryParams(request, {}, u"wait"_s));
    const auto wait = params.number("wait"_L1, DefaultWaitSeconds, {0, MaxWaitSeconds});
    if (!wait)
        return core::fail(wait.error());
    EventReader::Wish wish{.topics = *topics, .wait = std::chrono::seconds(*wait)};
    if (const QString since = queryText(request, u"since"_s); !since.isEmpty())
        wish.since = positionFrom(since);
    // A browser's EventSource gives up for good on an error status.
    if (const QByteArray last = request.header("Last-Event-ID"); !last.isEmpty()) {
        wish.since = positionFrom(QString::fromLatin1(last));
        wish.whenLost = EventReader::WhenLost::SendSnapshot;
    }
    if (queryText(request, u"snapshot"_s) == "true"_L1) {
        wish.snapshot = Snapshot::Yes;
        wish.whenLost = EventReader::WhenLost::SendSnapshot;
    }
    return wish;
}

} // namespace

RestDialect::RestDialect(Surroundings surroundings)
    : m_surroundings(std::move(surroundings))
    , m_readers(this)
    , m_timer(this)
{
    connect(&m_timer, &QTimer::timeout, this, &RestDialect::tick);
    m_timer.start(std::chrono::seconds(1));
}

RestDialect::~RestDialect() = default;

void RestDialect::addRoutes(Router &router)
{
    addJobRoutes(router);
    addWorkflowRoutes(router);
    addSettingRoutes(router);
    router.add("GET", u"/api/v1/agents"_s, {}, [this](Exchange &e) {
        answer(e, {u"agent.list"_s, {}});
    });
    router.add("GET", u"/api/v1/agents/{name}"_s, {}, [this](Exchange &e) {
        answer(e, {u"agent.get"_s, {{u"agent"_s, e.request().captures.value(0)}}});
    });
    router.add("GET", u"/api/v1/devices"_s, {}, [this](Exchange &e) {
        answer(e, {u"device.list"_s, {}});
    });
    router.add("GET", u"/api/v1/events"_s, {}, [this](Exchange &e) { openEvents(e); });
    router.add("GET", u"/metrics"_s, {}, [this](Exchange &e) { sendMetrics(e); });
}

void RestDialect::addJobRoutes(Router &router)
{
    const QString jobs = u"/api/v1/jobs"_s;
    const QString job = u"/api/v1/jobs/{id}"_s;
    const auto idOf = [](const Exchange &e) {
        return QJsonObject{{u"job"_s, e.request().captures.value(0)}};
    };
    router.add("GET", jobs, {}, [this](Exchange &e) {
        const QStringList texts{u"state"_s, u"kind"_s, u"before"_s};
        answer(e, {u"job.list"_s, queryParams(e.request(), texts, u"limit"_s)});
    });
    router.add("POST", jobs, {}, [this](Exchange &e) { answerChange(e, {u"job.add"_s, {}, 201}); });
    router.add("GET", job, {}, [this, idOf](Exchange &e) { answer(e, {u"job.get"_s, idOf(e)}); });
    router.add("DELETE", job, {}, [this, idOf](Exchange &e) {
        QJsonObject params = idOf(e);
        params.insert("files"_L1, queryText(e.request(), u"files"_s) == "true"_L1);
        answerChange(e, {u"job.remove"_s, params});
    });
    for (const QString &verb : {u"pause"_s, u"resume"_s, u"cancel"_s, u"retry"_s, u"report"_s,
                                u"move"_s, u"setLimit"_s, u"refreshUrl"_s})
        router.add("POST", job + u'/' + verb, {}, [this, idOf, verb](Exchange &e) {
            answerChange(e, {u"job."_s + verb, idOf(e)});
        });
    router.add("GET", job + u"/file"_s, {},
               [this](Exchange &e) { answerJobFile(m_surroundings.service, e); });
}

void RestDialect::addWorkflowRoutes(Router &router)
{
    const QString workflows = u"/api/v1/workflows"_s;
    const QString workflow = u"/api/v1/workflows/{id}"_s;
    const auto idOf = [](const Exchange &e) {
        return QJsonObject{{u"workflow"_s, e.request().captures.value(0)}};
    };
    router.add("GET", workflows, {}, [this](Exchange &e) {
        const QStringList texts{u"state"_s, u"before"_s};
        answer(e, {u"workflow.list"_s, queryParams(e.request(), texts, u"limit"_s)});
    });
    router.add("POST", workflows, {}, [this](Exchange &e) {
        answerChange(e, {u"workflow.add"_s, {}, 201});
    });
    router.add("GET", workflow, {}, [this, idOf](Exchange &e) {
        answer(e, {u"workflow.get"_s, idOf(e)});
    });
    router.add("DELETE", workflow, {}, [this, idOf](Exchange &e) {
        answerChange(e, {u"workflow.remove"_s, idOf(e)});
    });
    for (const QString &verb : {u"pause"_s, u"resume"_s, u"cancel"_s, u"retry"_s})
        router.add("POST", workflow + u'/' + verb, {}, [this, idOf, verb](Exchange &e) {
            answerChange(e, {u"workflow."_s + verb, idOf(e)});
        });
}

void RestDialect::addSettingRoutes(Router &router)
{
    router.add("GET", u"/api/v1/history"_s, {}, [this](Exchange &e) {
        answer(e, {u"history.list"_s, queryParams(e.request(), {u"before"_s}, u"limit"_s)});
    });
    const QString settings = u"/api/v1/settings"_s;
    router.add("GET", settings, {}, [this](Exchange &e) {
        answer(e, {u"settings.get"_s, queryParams(e.request(), {u"key"_s}, {})});
    });
    router.add("POST", settings, {}, [this](Exchange &e) {
        answerChange(e, {u"settings.set"_s, {}});
    });
}

qint64 RestDialect::openStreams() const
{
    return m_readers.size();
}

void RestDialect::endStreams()
{
    for (EventReader *reader : m_readers.all())
        reader->end();
}

void RestDialect::tick()
{
    for (EventReader *reader : m_readers.all())
        reader->tick();
}

void RestDialect::answer(Exchange &exchange, const Call &call)
{
    const auto &who = exchange.request().principal;
    if (!who)
        return exchange.respond(problemOf({ErrorCode::Unauthorized, u"a token is needed"_s}));
    m_surroundings.methods.call(
        *who, call.method, call.params,
        [pending = QPointer(&exchange), status = call.status](const core::Result<QByteArray> &r) {
            if (Exchange *open = pending.data())
                open->respond(r ? jsonResponse(*r, status) : problemOf(r.error()));
        });
}

void RestDialect::answerChange(Exchange &exchange, Call call)
{
    const Request &request = exchange.request();
    if (const auto refusal = refuseUnlessJson(request))
        return exchange.respond(*refusal);
    const auto body = bodyObject(request);
    if (!body)
        return exchange.respond(problemOf(body.error()));
    for (auto member = body->begin(); member != body->end(); ++member)
        if (!call.params.contains(member.key())) // the address decides
            call.params.insert(member.key(), member.value());
    answer(exchange, call);
}

void RestDialect::sendMetrics(Exchange &exchange)
{
    const auto &who = exchange.request().principal;
    if (!who || !who->has(core::Scope::Read))
        return exchange.respond(
            problemOf({who ? ErrorCode::Forbidden : ErrorCode::Unauthorized, u"/metrics"_s}));
    exchange.respond({.headers = {{"Content-Type", "text/plain; version=0.0.4; charset=utf-8"}},
                      .body = m_surroundings.metrics(*who)});
}

void RestDialect::openEvents(Exchange &exchange)
{
    const Request &request = exchange.request();
    if (!request.principal || !request.principal->has(core::Scope::Read))
        return exchange.respond(
            problemOf({request.principal ? ErrorCode::Forbidden : ErrorCode::Unauthorized,
                       u"events need scope \"read\""_s}));
    if (request.method == "HEAD") // nothing follows, so nobody listens
        return exchange.respond({.headers = {{"Content-Type", "text/event-stream"}}});
    auto wish = wishFrom(request);
    if (!wish)
        return exchange.respond(problemOf(wish.error()));
    const EventReader::Surroundings around{m_surroundings.service, m_surroundings.flashes,
                                           m_surroundings.feed, m_surroundings.clock};
    std::unique_ptr<EventReader> made;
    if (request.query.hasQueryItem(u"wait"_s))
        made = std::make_unique<LongPoll>(exchange, around, std::move(*wish));
    else
        made = std::make_unique<EventStream>(exchange, around, std::move(*wish));
    m_readers.keep(std::move(made), &EventReader::ended).start();
}

} // namespace server
