#pragma once
#include "app/jwtkeys.h"
#include "app/options.h"
#include "core/store/tokens.h"
#include "server/http/access.h"
#include "server/http/httpserver.h"

namespace app {

/// Who may come in: stored tokens, JWTs of the configured keys, and extensions that were paired. All of
/// these outlive what is made.
[[nodiscard]] server::Access::Options accessOptions(const HubOptions &options,
                                                    core::Tokens &tokens,
                                                    const JwtKeys &jwtKeys,
                                                    const core::Clock &clock);

/// Where and how the server listens.
[[nodiscard]] server::HttpServer::Options httpOptions(const HubOptions &options);

} // namespace app
