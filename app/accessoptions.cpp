#include "app/accessoptions.h"

namespace app {
namespace {

std::optional<server::Grant> grantOfStored(core::Tokens &tokens, const QByteArray &token)
{
    const auto entry = tokens.check(token);
    if (!entry)
        return std::nullopt;
    return server::Grant{
        .principal = {.name = entry->name, .owner = entry->owner, .scopes = entry->scopes},
        .tokenId = entry->id,
        .expiresAt = entry->expiresAt};
}

} // namespace

server::Access::Options accessOptions(const HubOptions &options,
                                      core::Tokens &tokens,
                                      const JwtKeys &jwtKeys,
                                      const core::Clock &clock)
{
    using TrustLocal = server::Access::TrustLocal;
    return {
        .allowHosts = options.allowHosts,
        .allowOrigins = options.allowOrigins,
        .trustLocal = options.trustLocal ? TrustLocal::Yes : TrustLocal::No,
        .lookUp =
            [&](const QByteArray &token) {
                const auto grant = jwtKeys.grantOf(token, clock.wallTime());
                return grant ? grant : grantOfStored(tokens, token);
            },
        .isPaired = [&tokens](const QByteArray &origin) { return tokens.isPaired(origin); },
    };
}

} // namespace app
