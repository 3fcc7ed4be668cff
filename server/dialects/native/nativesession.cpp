#include "server/dialects/native/nativesession.h"

#include "server/dialects/json.h"
#include "server/dialects/native/callrules.h"
#include "server/dialects/native/jobpage.h"
#include "server/dialects/native/nativecodec.h"
#include "server/dialects/native/reportmethod.h"
#include "server/dialects/native/sessionparams.h"

#include <QPointer>
#include <QUuid>

namespace server {
namespace {

using namespace Qt::StringLiterals;
using core::ErrorCode;

const QByteArray Nothing("{}");

} // namespace

NativeSession::NativeSession(std::unique_ptr<WebSocketSession> socket,
                             Surroundings surroundings,
                             qint64 expiresAt)
    : m_surroundings(surroundings)
    , m_socket(std::move(socket))
    , m_id(QUuid::createUuid().toString(QUuid::Id128))
    , m_watch(surroundings.clock)
    , m_pairing(surroundings.pairings)
    , m_agent(surroundings.agents, [this](const QByteArray &message) { send(message); })
{
    const Request &request = m_socket->request();
    if (request.principal)
        becomes({*request.principal, request.tokenId, expiresAt});
    ++m_surroundings.counters.open;
    connect(m_socket.get(), &WebSocketSession::received, this, &NativeSession::onReceived);
    connect(m_socket.get(), &WebSocketSession::heard, this, [this] { m_watch.heard(); });
    connect(m_socket.get(), &WebSocketSession::drained, this, [this] { m_watch.drained(); });
    connect(m_socket.get(), &WebSocketSession::closed, this, [this] { m_agent.leave(); });
    connect(m_socket.get(), &WebSocketSession::closed, this, &NativeSession::closed);
    connect(m_socket.get(), &WebSocketSession::refused, this,
            [this](int code, const QString &reason) {
                end({code, reason});
            });
}

NativeSession::~NativeSession()
{
    m_surroundings.feed.leave(*this);
    --m_surroundings.counters.open;
}

void NativeSession::tick()
{
    if (m_isEnding)
        return;
    if (m_pairing.isWaiting())
        m_mustBeKnownAt = m_watch.age() + AuthenticationTime;
    const auto overdue = m_watch.overdue(m_socket->unsentBytes());
    if (!m_isKnown && m_watch.age() >= m_mustBeKnownAt) {
        const auto refusal = turnAway(u"no token came in time"_s);
        answerAll(rpcFailure(QJsonValue::Null, rpcError(refusal.value())));
    } else if (m_expiresAt != 0 && m_surroundings.clock.wallTime().count() >= m_expiresAt) {
        end({Ending::Unauthorized, u"the token has expired"_s});
    } else if (overdue) {
        endAsSlow(*overdue);
    } else if (m_watch.sinceSent() >= PingAfter) {
        const qint64 time = m_surroundings.clock.wallTime().count();
        send(rpcNotification("session.ping"_L1, R"({"time":)" + QByteArray::number(time) + '}'));
        m_watch.pinged();
    }
}

void NativeSession::end(const Ending &ending)
{
    if (m_isEnding)
        return;
    m_isEnding = true;
    m_pairing.withdraw();
    m_agent.leave();
    m_surroundings.feed.leave(*this);
    m_socket->send(byeMessage(ending));
    m_socket->close(ending.code, ending.reason);
}

void NativeSession::takeEvent(quint64, const Frame &frame)
{
    send(frame.message());
}

void NativeSession::takeProgress(const Frame &frame)
{
    send(frame.message());
}

/// Every message goes out here.
void NativeSession::send(const QByteArray &message)
{
    if (m_isEnding)
        return;
    m_watch.sent();
    m_socket->send(message);
    if (const auto overfull = SessionWatch::overfull(m_socket->unsentBytes()))
        endAsSlow(*overfull);
}

void NativeSession::endAsSlow(const Ending &ending)
{
    if (ending.code == Ending::TooSlow)
        m_surroundings.feed.countSlowClosed();
    end(ending);
}

void NativeSession::onReceived(const QByteArray &utf8)
{
    if (m_isEnding)
        return;
    ++m_surroundings.counters.received;
    m_surroundings.counters.receivedBytes += utf8.size();
    m_watch.heard();
    const RpcMessage message = parseMessage(utf8);
    if (isPong(message))
        return m_watch.ponged(m_surroundings.counters.roundTrips);
    const bool isFree = m_who.has(core::Scope::Report) && isReport(message, m_agent);
    const MessageBudget::Verdict verdict = isFree
        ? MessageBudget::Verdict::Allowed
        : m_budget.take(m_surroundings.clock.monotonicTime());
    if (verdict != MessageBudget::Verdict::Allowed) {
        refuse(message, verdict);
        return;
    }
    runMessage(
        message,
        [&](const RpcCall &call, const RpcAnswer &answer) { run(call, message.batch, answer); },
        [session = QPointer(this)](const QByteArray &reply) {
            if (NativeSession *open = session.data())
                open->answerAll(reply);
        });
}

void NativeSession::refuse(const RpcMessage &message, MessageBudget::Verdict verdict)
{
    ++m_surroundings.counters.refused;
    const qint64 wait = m_budget.wait().count();
    RpcError error = rpcError({ErrorCode::RateLimited, u"100 a minute, 30 at once"_s});
    error.retryAfterMs = wait;
    if (verdict == MessageBudget::Verdict::RefusedForGood)
        m_afterAnswer = [this, wait] {
            end({Ending::TooManyMessages, u"too many messages"_s, wait});
        };
    runMessage(
        message,
        [&error](const RpcCall &, const RpcAnswer &answer) { answer(tl::unexpected(error)); },
        [this](const QByteArray &reply) { answerAll(reply); });
}

/// The answer of one message goes out, and then what had to wait for it.
void NativeSession::answerAll(const QByteArray &reply)
{
    if (!reply.isEmpty()) {
        ++m_surroundings.counters.replies;
        m_surroundings.counters.replyBytes += reply.size();
        send(reply);
    }
    if (const auto after = std::exchange(m_afterAnswer, {}))
        after();
}

NativeSession::Own NativeSession::ownMethod(const QString &name)
{
    static const QHash<QString, Own> methods{
        {u"session.hello"_s, &NativeSession::hello},
        {u"session.auth"_s, &NativeSession::auth},
        {u"session.pong"_s, &NativeSession::pong},
        {u"topic.subscribe"_s, &NativeSession::subscribe},
        {u"topic.unsubscribe"_s, &NativeSession::unsubscribe},
        {u"topic.list"_s, &NativeSession::listTopics},
    };
    return methods.value(name, nullptr);
}

void NativeSession::run(const RpcCall &call, Batch batch, const RpcAnswer &answer)
{
    const auto finish = [answer](const core::Result<QByteArray> &result) {
        answer(result.map_error(rpcError));
    };
    if (!m_isKnown && !needsNoToken(call.method))
        return finish(turnAway(m_socket->request().presentsToken()
                                   ? u"the token is not valid: unknown, revoked or expired"_s
                                   : u"say session.hello with a token first"_s));
    if (batch == Batch::Yes && mustBeAlone(call.method))
        return answer(tl::unexpected(invalidRequest(u"%1 comes alone"_s.arg(call.method))));
    if (call.method == PairRequest)
        return m_pairing.ask(Params(call.params), m_socket->request().header("Origin"), finish);
    if (const Own own = ownMethod(call.method))
        return finish((this->*own)(Params(call.params)));
    if (AgentLine::methods().contains(call.method))
        return m_agent.call(m_who, call.method, Params(call.params), finish);
    if (!m_surroundings.methods.scopeOf(call.method))
        return answer(tl::unexpected(methodNotFound(call.method)));
    m_surroundings.methods.call(m_who, call.method, call.params, finish);
}

/// The error for who has no valid token; the session ends after it is sent.
tl::unexpected<core::Error> NativeSession::turnAway(const QString &why)
{
    ++m_surroundings.counters.unauthorized;
    m_afterAnswer = [this, why] { end({Ending::Unauthorized, why}); };
    return core::fail(ErrorCode::Unauthorized, why);
}

void NativeSession::becomes(const Grant &grant)
{
    const core::Principal &other = grant.principal;
    if (m_isKnown && (m_who.owner != other.owner || m_who.scopes != other.scopes))
        m_agent.leave(); // it was there with other rights
    m_who = grant.principal;
    m_tokenId = grant.tokenId;
    m_expiresAt = grant.expiresAt;
    m_isKnown = true;
}

core::Result<void> NativeSession::authenticate(const QString &token)
{
    if (!m_surroundings.access.mayUseTokens(m_socket->request().header("Origin")))
        return core::fail(ErrorCode::Unauthorized, u"this extension must be paired first"_s);
    const auto grant = m_surroundings.access.grantOf(token.toUtf8(), m_socket->request().peer);
    if (!grant)
        return core::fail(ErrorCode::Unauthorized, u"the token is not valid"_s);
    becomes(*grant);
    return {};
}

core::Result<QByteArray> NativeSession::hello(const Params &params)
{
    if (m_hasSeat)
        return core::fail(ErrorCode::InvalidState, u"session.hello comes once, and first"_s);
    const auto token = params.text("token"_L1);
    if (!token)
        return core::fail(token.error());
    if (const auto granted = token->isEmpty() ? core::Result<void>() : authenticate(*token);
        !granted)
        return turnAway(granted.error().context);
    if (!m_isKnown && (params.has("topics"_L1) || params.has("resume"_L1)))
        return turnAway(u"say session.hello with a token first"_s);
    const auto resumed = params.object("resume"_L1);
    if (!resumed)
        return core::fail(resumed.error());

    m_surroundings.feed.join(*this);
    m_hasSeat = true;
    if (const auto subscribed = subscribeAll(params); !subscribed) {
        m_surroundings.feed.leave(*this);
        m_hasSeat = false;
        return core::fail(subscribed.error());
    }
    const auto position = resumePositionFrom(Params(*resumed));
    if (position && resume(*position) == Recovered::Yes)
        return greeting(*position, Recovered::Yes);
    return greeting(m_surroundings.feed.position(), Recovered::No);
}

core::Result<void> NativeSession::subscribeAll(const Params &params)
{
    const QJsonValue topics = params.raw("topics"_L1);
    if (!topics.isArray() && !topics.isUndefined())
        return core::fail(ErrorCode::InvalidArgument, u"\"topics\" is not a list"_s);
    for (const QJsonValue &item : topics.toArray()) {
        const auto wish = topicWishFrom(Params(item.toObject()));
        if (!wish)
            return core::fail(wish.error());
        if (const auto allowed = mayListen(); !allowed)
            return allowed;
        const auto subscribed = m_surroundings.feed.subscribe(*this, wish->topic, wish->rateHz);
        if (!subscribed)
            return subscribed;
    }
    return {};
}

/// Arranges for what was missed to follow the answer, when all of it is still here.
NativeSession::Recovered NativeSession::resume(const Position &position)
{
    auto missed = m_surroundings.feed.missed(*this, position);
    if (!missed) {
        m_surroundings.feed.countLost();
        return Recovered::No;
    }
    m_afterAnswer = [this, position, entries = std::move(*missed)] {
        m_surroundings.feed.replay(*this, position, entries);
    };
    return Recovered::Yes;
}

/// `seq` is the position that this connection's events go on from. When nothing is replayed, each
/// topic's ack with its snapshot is in `topics`.
QByteArray NativeSession::greeting(const Position &position, Recovered recovered)
{
    QByteArray answer = encode(QJsonObject{
        {u"session"_s, m_id},
        {u"epoch"_s, position.epoch},
        {u"seq"_s, qint64(position.seq)},
        {u"server"_s,
         QJsonObject{{u"name"_s, u"Dray"_s}, {u"version"_s, QLatin1StringView(DRAY_VERSION)}}},
        {u"limits"_s, sessionLimits()},
        {u"heartbeatMs"_s, qint64(PingAfter.count())},
        {u"columns"_s, QJsonArray::fromStringList(progressColumns())},
        {u"scopes"_s, QJsonArray::fromStringList(core::scopeNames(m_who.scopes))},
        {u"recovered"_s, recovered == Recovered::Yes}});
    const auto topics = m_surroundings.feed.subscriptions(*this);
    if (recovered == Recovered::Yes || topics.isEmpty())
        return answer;
    const TopicAcks acks = topicAcks();
    QList<QByteArray> encoded;
    qsizetype room = JobFilter::MaxBytes;
    for (const EventFeed::Subscribed &subscribed : topics) {
        encoded.append(
            acks.ack(subscribed.topic, Snapshot::Yes, std::max<qsizetype>(room, 0)).object);
        room -= encoded.constLast().size();
    }
    answer.chop(1);
    return answer + R"(,"topics":[)" + encoded.join(',') + "]}";
}

core::Result<QByteArray> NativeSession::auth(const Params &params)
{
    const auto token = params.requiredText("token"_L1);
    if (!token)
        return core::fail(token.error());
    if (const auto granted = authenticate(*token); !granted && !m_isKnown)
        return turnAway(granted.error().context);
    else if (!granted)
        return core::fail(granted.error());
    QJsonObject result{{u"scopes"_s, QJsonArray::fromStringList(core::scopeNames(m_who.scopes))}};
    if (m_expiresAt != 0)
        result.insert("expiresAt"_L1, m_expiresAt);
    return encode(result);
}

core::Result<QByteArray> NativeSession::pong(const Params &)
{
    return Nothing;
}

core::Result<void> NativeSession::mayListen()
{
    if (m_who.has(core::Scope::Read))
        return {};
    return core::fail(ErrorCode::Forbidden, u"topic.subscribe needs scope \"read\""_s);
}

core::Result<QByteArray> NativeSession::subscribe(const Params &params)
{
    const auto wish = topicWishFrom(params);
    if (!wish)
        return core::fail(wish.error());
    const bool isBare = params.raw("snapshot"_L1) == QJsonValue(false);
    if (const auto allowed = mayListen(); !allowed)
        return core::fail(allowed.error());
    if (const auto id = wish->topic.jobId())
        if (const auto job = m_surroundings.service.get(m_who, *id); !job)
            return core::fail(job.error());
    if (const auto there = m_surroundings.feed.snapshots().members(m_who, wish->topic, 0); !there)
        return core::fail(there.error());
    if (!std::exchange(m_hasSeat, true))
        m_surroundings.feed.join(*this);
    const auto subscribed = m_surroundings.feed.subscribe(*this, wish->topic, wish->rateHz);
    if (!subscribed)
        return core::fail(subscribed.error());
    const TopicAcks acks = topicAcks();
    return acks.ack(wish->topic, isBare ? Snapshot::No : Snapshot::Yes, JobFilter::MaxBytes).object;
}

core::Result<QByteArray> NativeSession::unsubscribe(const Params &params)
{
    const auto name = params.requiredText("topic"_L1);
    if (!name)
        return core::fail(name.error());
    const auto topic = Topic::parse(*name);
    if (!topic)
        return core::fail(topic.error());
    if (!m_hasSeat)
        return core::fail(ErrorCode::NotFound, u"nothing is subscribed"_s);
    return m_surroundings.feed.unsubscribe(*this, *topic).map([&] {
        return encode(QJsonObject{{u"topic"_s, topic->name()}});
    });
}

core::Result<QByteArray> NativeSession::listTopics(const Params &)
{
    QJsonArray topics;
    for (const EventFeed::Subscribed &subscribed : m_surroundings.feed.subscriptions(*this))
        topics.append(
            QJsonObject{{u"topic"_s, subscribed.topic.name()}, {u"rateHz"_s, subscribed.rateHz}});
    return encode(QJsonObject{{u"topics"_s, topics}});
}

} // namespace server
