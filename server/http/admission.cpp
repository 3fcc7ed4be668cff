#include "server/http/admission.h"

#include "server/http/websocketgate.h"

namespace server {

using namespace Qt::StringLiterals;

namespace {

using Verdict = Access::OriginVerdict;

bool isPreflight(const Request &request)
{
    return request.method == "OPTIONS" && !request.header("Origin").isNull();
}

/// The same for every path: what may be asked is decided when it is asked.
/// Credentials may come: a cookie that comes with an Origin is not read.
Response preflightAnswer()
{
    return {.status = 204,
            .headers = {{"Access-Control-Allow-Credentials", "true"},
                        {"Access-Control-Allow-Methods", "GET, POST, DELETE"},
                        {"Access-Control-Allow-Headers", "Authorization, Content-Type, Range"},
                        {"Access-Control-Max-Age", "600"}}};
}

Response notFound()
{
    return problem(404, "notFound", u"There is nothing at this address."_s);
}

Response unauthorized()
{
    Response answer = problem(401, "unauthorized", u"A valid token is needed."_s);
    answer.headers.push_back({"WWW-Authenticate", "Bearer"});
    return answer;
}

Response methodNotAllowed(const QByteArray &methods)
{
    Response answer = problem(405, "invalidArgument", u"This address does not take this method."_s);
    answer.headers.push_back({"Allow", methods});
    return answer;
}

/// Of a route or a socket's route.
template<typename RouteRules>
Access::TokenPlaces placesOf(const RouteRules &rules)
{
    if (rules.takesSidCookie)
        return Access::TokenPlaces::QueryAndSidCookie;
    return rules.takesQueryToken ? Access::TokenPlaces::QueryToo : Access::TokenPlaces::HeaderOnly;
}

Request askedBy(Request request, const std::optional<Grant> &grant)
{
    if (grant) {
        request.principal = grant->principal;
        request.tokenId = grant->tokenId;
        request.tokenExpiresAt = grant->expiresAt;
    }
    return request;
}

} // namespace

Response Admission::refuse(const QByteArray &reason, const QString &title) const
{
    m_access.countFailure(reason);
    return problem(403, "forbidden", title);
}

tl::expected<Verdict, Response> Admission::checkSource(const Request &request,
                                                       const Door &door) const
{
    if (!m_access.allowsHost(request.header("Host"), door))
        return tl::unexpected(
            refuse("host", u"This server is not known by that name; see --allow-host."_s));
    const Verdict verdict = m_access.judgeOrigin(request, door);
    if (verdict == Verdict::Refused)
        return tl::unexpected(
            refuse("origin", u"Pages of that origin are not let in; see --allow-origin."_s));
    return verdict;
}

tl::expected<AdmittedRequest, Refusal> Admission::admit(const Request &request,
                                                        const Door &door) const
{
    const auto verdict = checkSource(request, door);
    if (!verdict)
        return tl::unexpected(verdict.error());
    if (*verdict == Verdict::UnpairedExtension)
        return tl::unexpected(refuse("origin", u"That extension has not been paired."_s));
    if (isPreflight(request))
        return tl::unexpected(preflightAnswer());
    AdmittedRequest admitted{m_router.match(request.method, request.path), std::nullopt};
    if (!admitted.route.handler)
        return tl::unexpected(Refusal(admitted.route.otherMethods.isEmpty()
                                          ? notFound()
                                          : methodNotAllowed(admitted.route.otherMethods),
                                      admitted.route.pattern));
    if (admitted.route.access->isPublic)
        return admitted;
    auto grant = m_access.whoAsks(request, door, placesOf(*admitted.route.access));
    const bool asksByMessage = admitted.route.access->asksByMessage;
    if (grant)
        admitted.grant = std::move(*grant);
    else if (!asksByMessage || grant.error() == Access::AuthFailure::Wrong)
        m_access.countFailure(grant.error());
    if (!admitted.grant && !asksByMessage)
        return tl::unexpected(Refusal(unauthorized(), admitted.route.pattern));
    return admitted;
}

tl::expected<AdmittedSocket, Refusal> Admission::admitSocket(const RequestHead &head,
                                                             const Door &door) const
{
    const Request &request = head.request;
    const auto verdict = checkSource(request, door);
    if (!verdict)
        return tl::unexpected(verdict.error());
    AdmittedSocket admitted{m_router.matchSocket(request.path), std::nullopt};
    if (!admitted.route.handler)
        return tl::unexpected(notFound());
    const Router::SocketAccess &access = *admitted.route.access;
    if (*verdict == Verdict::UnpairedExtension && !access.allowsUnpairedExtension)
        return tl::unexpected(refuse("origin", u"That extension has not been paired."_s));
    if (auto answer = WebSocketGate::check(head, access))
        return tl::unexpected(Refusal(std::move(*answer), admitted.route.pattern));
    auto grant = m_access.whoAsks(request, door, placesOf(access));
    if (grant)
        admitted.grant = std::move(*grant);
    else if (!access.asksByMessage || grant.error() == Access::AuthFailure::Wrong)
        m_access.countFailure(grant.error());
    if (access.check)
        if (auto answer = access.check(askedBy(request, admitted.grant)))
            return tl::unexpected(Refusal(std::move(*answer), admitted.route.pattern));
    return admitted;
}

QByteArray Admission::allowedOrigin(const Request &request, const Door &door) const
{
    const bool isAllowed = m_access.allowsHost(request.header("Host"), door)
        && m_access.judgeOrigin(request, door) == Verdict::Allowed;
    return isAllowed ? request.header("Origin") : QByteArray();
}

} // namespace server
