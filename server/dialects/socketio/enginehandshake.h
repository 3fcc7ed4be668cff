#pragma once
#include "server/http/message.h"

#include <tl/expected.hpp>

namespace server {

/// Why an Engine.IO request is refused, by the protocol's own codes.
enum class EngineRefusal {
    UnknownTransport,
    UnknownSession,
    BadHandshakeMethod,
    BadRequest,
    Forbidden,
    UnsupportedVersion,
};

/// What the query of an Engine.IO request asks for. `t` is there to get past caches.
struct EngineWish {
    enum class Transport { Polling, WebSocket };

    Transport transport = Transport::Polling;
    /// Empty: a session that there is not yet.
    QByteArray sid;
};

/// Refuses other versions than 4, and a transport that there is not.
[[nodiscard]] tl::expected<EngineWish, EngineRefusal> engineWishFrom(const Request &request);

/// `{"code":…,"message":…}` with status 400, or 403.
[[nodiscard]] Response engineRefusal(EngineRefusal refusal);

/// What a page of another origin may read, with credentials or without: we read no cookie that comes
/// with an Origin.
[[nodiscard]] Response forPages(Response response, const Request &request);

/// The text of the first packet: `{"sid":…,"upgrades":[…],…}`.
[[nodiscard]] QByteArray engineGreeting(const QByteArray &sid, EngineWish::Transport transport);

} // namespace server
