#pragma once
#include "server/http/access.h"
#include "server/http/requesthead.h"
#include "server/http/router.h"

#include <tl/expected.hpp>

namespace server {

/// A request that was let in, and what answers it.
struct AdmittedRequest {
    Router::Match route;
    std::optional<Grant> grant;
};
struct AdmittedSocket {
    Router::SocketMatch route;
    std::optional<Grant> grant;
};

/// The answer to one that was not, and what it would have reached.
struct Refusal {
    Refusal(Response theAnswer, QByteArray thePattern = {})
        : answer(std::move(theAnswer))
        , pattern(std::move(thePattern))
    { }

    Response answer;
    QByteArray pattern; // the route's; empty when there is none, or it was not looked for
};

/// Rules 1 to 3 of PROTOCOL.md §0 in their order, then the route; else the answer: 403, 404, 405, 401,
/// or 204 to a CORS preflight. Decided once, by the head alone.
class Admission
{
public:
    Admission(const Router &router, Access &access)
        : m_router(router)
        , m_access(access)
    { }

    [[nodiscard]] tl::expected<AdmittedRequest, Refusal> admit(const Request &request,
                                                               const Door &door) const;
    /// Rule 3 does not refuse sockets here: one without a grant is accepted and then closed, as a
    /// browser shows scripts no answer to a refused upgrade.
    [[nodiscard]] tl::expected<AdmittedSocket, Refusal> admitSocket(const RequestHead &head,
                                                                    const Door &door) const;
    /// The Origin to name in CORS headers, empty when there is none or it is not allowed.
    [[nodiscard]] QByteArray allowedOrigin(const Request &request, const Door &door) const;

private:
    [[nodiscard]] tl::expected<Access::OriginVerdict, Response> checkSource(const Request &request,
                                                                            const Door &door) const;
    [[nodiscard]] Response refuse(const QByteArray &reason, const QString &title) const;

    const Router &m_router;
    Access &m_access;
};

} // namespace server
