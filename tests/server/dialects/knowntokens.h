#pragma once
#include "server/http/grant.h"

#include <optional>

namespace tests {

[[nodiscard]] inline core::Principal ownerOf(const QString &owner, core::Scopes scopes)
{
    return {.name = owner, .owner = owner, .scopes = scopes};
}

/// The tokens of a HubBench that are in no store: "admin", "reader", which ends, and "fenced" (owner eve).
[[nodiscard]] inline std::optional<server::Grant> grantOfKnown(const QByteArray &token)
{
    if (token == "admin")
        return server::Grant{core::Principal::localUser(), QStringLiteral("t1")};
    if (token == "reader")
        return server::Grant{ownerOf(QStringLiteral("local"), core::Scope::Read),
                             QStringLiteral("t2"), 1'790'000'100'000};
    if (token == "fenced")
        return server::Grant{ownerOf(QStringLiteral("eve"), core::DefaultScopes),
                             QStringLiteral("t3")};
    return std::nullopt;
}

} // namespace tests
