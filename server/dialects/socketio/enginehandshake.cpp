#include "server/dialects/socketio/enginehandshake.h"

#include "server/dialects/objecttext.h"
#include "server/dialects/socketio/enginesession.h"

#include <array>

namespace server {

using namespace Qt::StringLiterals;

namespace {

constexpr std::array Messages{
    "Transport unknown"_L1, "Session ID unknown"_L1, "Bad handshake method"_L1,
    "Bad request"_L1,       "Forbidden"_L1,          "Unsupported protocol version"_L1};

std::optional<EngineWish::Transport> transportFrom(const QString &name)
{
    if (name == "polling"_L1)
        return EngineWish::Transport::Polling;
    if (name == "websocket"_L1)
        return EngineWish::Transport::WebSocket;
    return std::nullopt;
}

} // namespace

tl::expected<EngineWish, EngineRefusal> engineWishFrom(const Request &request)
{
    const auto textOf = [&request](const QString &name) {
        return request.query.queryItemValue(name, QUrl::FullyDecoded);
    };
    const auto transport = transportFrom(textOf(u"transport"_s));
    if (!transport)
        return tl::unexpected(EngineRefusal::UnknownTransport);
    if (textOf(u"EIO"_s) != "4"_L1)
        return tl::unexpected(EngineRefusal::UnsupportedVersion);
    return EngineWish{*transport, textOf(u"sid"_s).toUtf8()};
}

Response engineRefusal(EngineRefusal refusal)
{
    const int status = refusal == EngineRefusal::Forbidden ? 403 : 400;
    const QByteArray json = ObjectText()
                                .put("code", qint64(refusal))
                                .put("message", QString(Messages.at(size_t(refusal))))
                                .json();
    return jsonResponse(json, status);
}

Response forPages(Response response, const Request &request)
{
    if (!request.header("Origin").isNull())
        response.headers.push_back({"Access-Control-Allow-Credentials", "true"});
    return response;
}

QByteArray engineGreeting(const QByteArray &sid, EngineWish::Transport transport)
{
    const bool mayUpgrade = transport == EngineWish::Transport::Polling;
    return R"({"sid":")" + sid + R"(","upgrades":)" + (mayUpgrade ? R"(["websocket"])" : "[]")
        + R"(,"pingInterval":)" + QByteArray::number(qint64(EngineSession::PingInterval.count()))
        + R"(,"pingTimeout":)" + QByteArray::number(qint64(EngineSession::PingTimeout.count()))
        + R"(,"maxPayload":)" + QByteArray::number(EngineSession::MaxPayload) + '}';
}

} // namespace server
