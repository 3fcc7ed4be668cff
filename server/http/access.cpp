#include "server/http/access.h"

#include "server/http/authority.h"

namespace server {

using namespace Qt::StringLiterals;

namespace {

constexpr QByteArrayView BearerSubprotocol = "dray.bearer.";

quint16 defaultPort(const Door &door)
{
    return door.isTls ? 443 : 80;
}

/// The token of `Authorization: Bearer …`; empty when the header is of another scheme.
QByteArray bearerOf(const QByteArray &authorization)
{
    const QByteArrayView scheme = "Bearer ";
    if (authorization.size() <= scheme.size()
        || scheme.compare(authorization.first(scheme.size()), Qt::CaseInsensitive) != 0)
        return "";
    return authorization.sliced(scheme.size()).trimmed();
}

/// The token that stands as `dray.bearer.<…>` among the subprotocols; null when none does.
QByteArray subprotocolToken(const Request &request)
{
    for (const QByteArray &item : request.header("Sec-WebSocket-Protocol").split(','))
        if (const QByteArray name = item.trimmed(); name.startsWith(BearerSubprotocol))
            return name.sliced(BearerSubprotocol.size());
    return {};
}

/// What was presented, null when nothing was: an empty token is one, and wrong.
QByteArray presentedToken(const Request &request, Access::TokenPlaces places)
{
    if (const QByteArray value = request.header("Authorization"); !value.isNull())
        return bearerOf(value);
    if (const QByteArray token = subprotocolToken(request); !token.isNull())
        return token;
    if (places != Access::TokenPlaces::HeaderOnly && request.query.hasQueryItem(u"token"_s))
        return request.query.queryItemValue(u"token"_s, QUrl::FullyDecoded).toUtf8() + "";
    return {};
}

/// The cookie `sid`, where no page of another site can have made the browser send it; empty: none.
QByteArray sidCookie(const Request &request)
{
    if (!request.header("Origin").isNull() || isForAnotherSite(request))
        return {};
    for (const QByteArray &pair : request.header("Cookie").split(';'))
        if (const QByteArray cookie = pair.trimmed(); cookie.startsWith("sid="))
            return cookie.sliced(4);
    return {};
}

} // namespace

bool isForAnotherSite(const Request &request)
{
    const QByteArray site = request.header("Sec-Fetch-Site");
    return site == "cross-site" || site == "same-site";
}

bool isExtensionOrigin(const QByteArray &origin)
{
    return origin.startsWith("chrome-extension://") || origin.startsWith("moz-extension://");
}

Access::Access(const core::Clock &clock, Options options)
    : m_options(std::move(options))
    , m_memoryTokens(clock)
{ }

bool Access::allowsHost(QByteArrayView host, const Door &door) const
{
    const auto authority = parseAuthority(host, defaultPort(door));
    if (!authority || authority->port != door.port)
        return false;
    if (authority->address)
        return authority->address->isLoopback() || *authority->address == unmapped(door.address);
    return authority->host == "localhost"_L1
        || m_options.allowHosts.contains(authority->host, Qt::CaseInsensitive);
}

Access::OriginVerdict Access::judgeOrigin(const Request &request, const Door &door) const
{
    const QByteArray origin = request.header("Origin");
    if (origin.isNull())
        return OriginVerdict::Absent;
    const auto web = parseOrigin(origin);
    const bool isOwn = web && web->scheme == (door.isTls ? "https"_L1 : "http"_L1)
        && web->authority == parseAuthority(request.header("Host"), defaultPort(door));
    if (isOwn || isNamed(origin))
        return OriginVerdict::Allowed;
    if (!isExtensionOrigin(origin))
        return OriginVerdict::Refused;
    return mayUseTokens(origin) ? OriginVerdict::Allowed : OriginVerdict::UnpairedExtension;
}

/// By --allow-origin.
bool Access::isNamed(const QByteArray &origin) const
{
    return m_options.allowOrigins.contains(QString::fromLatin1(origin), Qt::CaseInsensitive);
}

bool Access::mayUseTokens(const QByteArray &origin) const
{
    return !isExtensionOrigin(origin) || isNamed(origin)
        || (m_options.isPaired && m_options.isPaired(origin));
}

bool Access::isTrusted(const Request &request, const Door &door) const
{
    return m_options.trustLocal == TrustLocal::Yes && door.isLoopback && isLoopback(request.peer)
        && request.header("Origin").isNull() && !isForAnotherSite(request);
}

std::optional<Grant> Access::grantOf(const QByteArray &token, const QHostAddress &peer) const
{
    auto grant = m_memoryTokens.find(token);
    if (!grant && m_options.lookUp)
        grant = m_options.lookUp(token);
    if (grant)
        grant->principal.isRemote = !isLoopback(peer);
    return grant;
}

std::optional<Grant> Access::grantOfBearer(const QByteArray &token, const QHostAddress &peer) const
{
    if (const auto grant = grantOf(token, peer))
        return grant;
    // A subprotocol may carry the token as it is (ours are base64url already) or encoded once more.
    const auto decoded = QByteArray::fromBase64Encoding(
        token, QByteArray::Base64UrlEncoding | QByteArray::AbortOnBase64DecodingErrors);
    return decoded ? grantOf(*decoded, peer) : std::nullopt;
}

/// A ticket is for links: it commands nothing, so it opens no socket either.
static bool isPlainGet(const Request &request)
{
    return (request.method == "GET" || request.method == "HEAD")
        && request.header("Upgrade").isEmpty();
}

tl::expected<Grant, Access::AuthFailure>
Access::whoAsks(const Request &request, const Door &door, TokenPlaces places) const
{
    if (!mayUseTokens(request.header("Origin")))
        return tl::unexpected(AuthFailure::Missing);
    std::optional<Grant> grant;
    const QByteArray token = presentedToken(request, places);
    // Cookies know no ports: one that is not ours is no failure, but another program's.
    if (token.isNull() && places == TokenPlaces::QueryAndSidCookie)
        if (auto known = grantOf(sidCookie(request), request.peer))
            return *known;
    const QByteArray ticket =
        request.query.queryItemValue(u"ticket"_s, QUrl::FullyDecoded).toUtf8();
    if (!token.isNull())
        grant = grantOfBearer(token, request.peer);
    else if (!ticket.isEmpty() && isPlainGet(request))
        grant = m_memoryTokens.findTicket(ticket, request.path);
    else if (isTrusted(request, door))
        return Grant{.principal = {.name = u"local"_s,
                                   .owner = QString(core::LocalOwner),
                                   .scopes = core::DefaultScopes}};
    else
        return tl::unexpected(AuthFailure::Missing);
    if (!grant)
        return tl::unexpected(AuthFailure::Wrong);
    grant->principal.isRemote = !isLoopback(request.peer);
    return *grant;
}

void Access::revoke(const QString &tokenId)
{
    m_memoryTokens.forget(tokenId);
    emit revoked(tokenId);
}

void Access::countFailure(AuthFailure failure)
{
    countFailure(failure == AuthFailure::Missing ? QByteArray("missing") : QByteArray("token"));
}

} // namespace server
