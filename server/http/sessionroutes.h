#pragma once
#include "server/http/access.h"
#include "server/http/router.h"

namespace server {

/// `POST /api/v1/session {token}` exchanges a one-time token for a page's session:
/// `{token, scopes, expiresAt}`; public. `POST /api/v1/tickets {path}` gives `{ticket}`, good for GETs of
/// that path for 30 s with the rights of who asked. PROTOCOL.md §0, tokens.
/// `access` outlives the router.
void addSessionRoutes(Router &router, Access &access);

} // namespace server
