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

QStringList addressesFor(const HubOptions &options)
{
    const bool isDefault = options.listen.isEmpty() && options.passedSockets.isEmpty();
    return isDefault ? server::HttpServer::Options().listen : options.listen;
}

} // namespace

server::HttpServer::Options httpOptions(const HubOptions &options)
{
    return {.listen = addressesFor(options),
            .passedSockets = options.passedSockets,
            .maxConnections = options.maxConnections,
            .tlsCertificate = options.tlsCert,
            .tlsKey = options.tlsKey,
            .dataDir = options.dataDir};
}

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
