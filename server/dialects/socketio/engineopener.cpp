#include "server/dialects/socketio/engineopener.h"

#include "server/http/authority.h"

namespace server {
namespace {

/// The Origin was let in before; what is asked is only whether it is us.
QByteArray foreignOriginOf(const Request &request)
{
    const QByteArray origin = request.header("Origin");
    const auto web = parseOrigin(origin);
    if (!web)
        return origin;
    const quint16 port = web->scheme == QLatin1StringView("https") ? 443 : 80;
    const bool isOwn = web->authority == parseAuthority(request.header("Host"), port);
    return isOwn ? QByteArray() : origin.toLower();
}

} // namespace

EngineOpener EngineOpener::of(const Request &request)
{
    EngineOpener opener{request.peer, foreignOriginOf(request), std::nullopt};
    if (request.principal)
        opener.grant = Grant{*request.principal, request.tokenId, request.tokenExpiresAt};
    return opener;
}

bool EngineOpener::mayAlsoSend(const Request &request) const
{
    const EngineOpener other = of(request);
    if (other.peer != peer || other.foreignOrigin != foreignOrigin)
        return false;
    return !other.grant
        || (grant && other.grant->tokenId == grant->tokenId
            && other.grant->principal.owner == grant->principal.owner);
}

} // namespace server
