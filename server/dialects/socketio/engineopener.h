#pragma once
#include "server/http/grant.h"
#include "server/http/message.h"

namespace server {

/// Who opened an Engine.IO session and from where. Its id alone opens nothing to anyone else.
struct EngineOpener {
    QHostAddress peer;
    /// Of a page that is not ours; empty: no page, or our own, whose browser names no Origin in a GET.
    QByteArray foreignOrigin;
    /// Of the token that the handshake came with; nullopt: none.
    std::optional<Grant> grant;

    [[nodiscard]] static EngineOpener of(const Request &request);
    /// Whether a later request of the session may come like that. One that presents nobody is as good:
    /// a browser sends no Authorization with its WebSocket.
    [[nodiscard]] bool mayAlsoSend(const Request &request) const;
};

} // namespace server
