#include "server/dialects/socketio/socketiosession.h"

#include "server/dialects/errortext.h"
#include "server/dialects/json.h"
#include "server/dialects/objecttext.h"
#include "server/dialects/socketio/rawjson.h"

#include <QRandomGenerator>

namespace server {

using namespace Qt::StringLiterals;
using core::ErrorCode;

namespace {

/// What a client calls its socket; means nothing to us.
QByteArray makeSocketId()
{
    return QByteArray::number(QRandomGenerator::system()->generate64(), 36);
}

/// `{"code":…,"message":…}`.
QByteArray errorObject(const core::Error &error)
{
    return ObjectText()
        .put("code", QString(core::errorCodeName(error.code)))
        .put("message", errorMessage(error))
        .json();
}

} // namespace

SocketIoSession::SocketIoSession(EngineSession &engine, Surroundings surroundings)
    : m_engine(engine)
    , m_surroundings(surroundings)
    , m_waitsSince(surroundings.clock.monotonicTime())
{
    ++m_surroundings.counters.open;
    connect(&engine, &EngineSession::received, this, &SocketIoSession::onReceived);
    connect(&engine, &EngineSession::closed, this, &SocketIoSession::onEngineClosed);
}

SocketIoSession::~SocketIoSession()
{
    m_surroundings.feed.leave(*this);
    --m_surroundings.counters.open;
}

void SocketIoSession::tick()
{
    if (m_isOver)
        return;
    const core::Milliseconds now = m_surroundings.clock.monotonicTime();
    const qint64 expiresAt = m_grant.expiresAt;
    if (!m_isConnected && now - m_waitsSince >= ConnectTime)
        m_engine.end({Ending::Unauthorized, u"no CONNECT came"_s});
    else if (expiresAt != 0 && m_surroundings.clock.wallTime().count() >= expiresAt)
        expel({Ending::Unauthorized, u"the token has expired"_s});
}

void SocketIoSession::expel(const Ending &ending)
{
    send({.type = SocketType::Disconnect});
    m_engine.end(ending);
}

bool SocketIoSession::isOf(const QString &tokenId) const
{
    const auto &opened = m_engine.opener().grant;
    return m_grant.tokenId == tokenId || (opened && opened->tokenId == tokenId);
}

void SocketIoSession::takeMessage(const QByteArray &packet)
{
    m_engine.send(packet);
}

void SocketIoSession::onEngineClosed()
{
    const auto &ending = m_engine.ending();
    if (ending && ending->code == Ending::TooSlow)
        m_surroundings.feed.countSlowClosed();
    m_isOver = true;
    leave();
    emit closed();
}

void SocketIoSession::onReceived(const QByteArray &message)
{
    if (m_isOver)
        return;
    ++m_surroundings.counters.received;
    m_surroundings.counters.receivedBytes += message.size();
    const auto packet = socketPacketFrom(message);
    if (!packet)
        return m_engine.end({Ending::Protocol, u"not a Socket.IO packet"_s});
    if (packet->type == SocketType::Connect)
        return connectClient(*packet);
    if (packet->place != "/"_L1 || !m_isConnected)
        return m_engine.end({Ending::Protocol, u"not connected to that namespace"_s});
    if (packet->type == SocketType::Disconnect)
        leave();
    else if (packet->type == SocketType::Event)
        takeEvent(*packet);
    else
        (void)spend(*packet); // an answer to a question that was not asked
}

void SocketIoSession::connectClient(const SocketPacket &packet)
{
    if (!spend(packet))
        return;
    if (packet.place != "/"_L1)
        return send({.type = SocketType::ConnectError,
                     .place = packet.place,
                     .json = R"({"message":"Invalid namespace"})"});
    if (m_isConnected)
        return m_engine.end({Ending::Protocol, u"connected already"_s});
    const auto grant = grantFor(packet);
    if (!grant)
        return refuseClient();
    m_grant = *grant;
    m_isConnected = true;
    send({.type = SocketType::Connect, .json = R"({"sid":")" + makeSocketId() + R"("})"});
    m_surroundings.feed.join(*this);
    emit connected();
}

/// A token that is presented and wrong is a failure, whoever opened the session.
std::optional<Grant> SocketIoSession::grantFor(const SocketPacket &packet) const
{
    const QJsonValue sid = packet.value["sid"_L1];
    const auto &opened = m_engine.opener().grant;
    const qint64 now = m_surroundings.clock.wallTime().count();
    if (sid.isUndefined() || sid.isNull())
        return opened && opened->expiresAt != 0 && now >= opened->expiresAt ? std::nullopt : opened;
    return m_surroundings.access.grantOf(sid.toString().toUtf8(), m_engine.opener().peer);
}

void SocketIoSession::refuseClient()
{
    ++m_surroundings.counters.unauthorized;
    m_surroundings.access.countFailure("token");
    send({.type = SocketType::ConnectError,
          .json = R"({"message":"unauthorized","data":{"code":4401}})"});
    if (std::exchange(m_wasRefused, true))
        m_engine.end({Ending::Unauthorized, u"unauthorized"_s});
}

/// Reports are not counted as messages: what they change is, where they are taken.
void SocketIoSession::takeEvent(const SocketPacket &packet)
{
    const QString name = packet.value.toArray().first().toString();
    const QByteArray argument = elementsOf(packet.json).value(1, "{}");
    if (name == "ai_progress"_L1)
        return report(packet, argument);
    if (name == "job.report"_L1)
        return call(packet, packet.value.toArray().at(1).toObject());
    if (spend(packet) && packet.id)
        fail(packet.id, {ErrorCode::NotFound, u"there is no event \"%1\""_s.arg(name.left(64))});
}

void SocketIoSession::report(const SocketPacket &packet, const QByteArray &message)
{
    const auto read = aiMessageFrom(message, m_surroundings.clock.wallTime());
    if (!read || !principal().has(core::Scope::Report))
        if (!spend(packet))
            return;
    if (!read)
        return fail(packet.id, read.error());
    m_surroundings.reports.take(
        principal(), *read,
        [asker = QPointer(this), id = packet.id](const core::Result<core::JobSnapshot> &job) {
            if (!asker)
                return;
            if (job)
                asker->succeed(id, jobResult(*job));
            else
                asker->fail(id, job.error());
        });
}

void SocketIoSession::call(const SocketPacket &packet, const QJsonObject &params)
{
    if (!principal().has(core::Scope::Report) && !spend(packet))
        return;
    m_surroundings.methods.call(
        principal(), u"job.report"_s, params,
        [asker = QPointer(this), id = packet.id](const core::Result<QByteArray> &result) {
            if (!asker)
                return;
            if (result)
                asker->succeed(id, *result);
            else
                asker->fail(id, result.error());
        });
}

/// Counts a message. False when it is one too many, which was said.
bool SocketIoSession::spend(const SocketPacket &packet)
{
    const auto verdict = m_budget.take(m_surroundings.clock.monotonicTime());
    if (verdict == MessageBudget::Verdict::Allowed)
        return true;
    ++m_surroundings.counters.refused;
    fail(packet.id, {ErrorCode::RateLimited, u"100 a minute, 30 at once"_s});
    if (verdict == MessageBudget::Verdict::RefusedForGood)
        m_engine.end({Ending::TooManyMessages, u"too many messages"_s});
    return false;
}

/// `result` is the object that job.report answers.
void SocketIoSession::succeed(const std::optional<qint64> &id, const QByteArray &result)
{
    if (id)
        send({.type = SocketType::Ack,
              .id = id,
              .json = R"([{"ok":true,)" + result.sliced(1) + ']'});
}

/// To who did not ask for an answer it is an event.
void SocketIoSession::fail(const std::optional<qint64> &id, const core::Error &error)
{
    const QByteArray object = errorObject(error);
    if (id)
        send({.type = SocketType::Ack,
              .id = id,
              .json = R"([{"ok":false,"error":)" + object + "}]"});
    else
        send({.type = SocketType::Event, .json = R"(["error",)" + object + ']'});
}

/// An answer may come when the session is over, and the engine is gone before it.
void SocketIoSession::send(const SocketPacket &packet)
{
    if (m_isOver)
        return;
    const QByteArray text = encode(EnginePacket{EngineType::Message, encode(packet)});
    ++m_surroundings.counters.replies;
    m_surroundings.counters.replyBytes += text.size();
    m_engine.send(text);
}

/// It hears nothing more, and may come back in the same session.
void SocketIoSession::leave()
{
    m_surroundings.feed.leave(*this);
    m_isConnected = false;
    m_grant = {};
    m_waitsSince = m_surroundings.clock.monotonicTime();
}

} // namespace server
