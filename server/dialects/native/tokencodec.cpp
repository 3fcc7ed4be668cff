#include "server/dialects/native/tokencodec.h"

#include <QJsonArray>

namespace server {

using namespace Qt::StringLiterals;
using core::ErrorCode;

QJsonObject tokenObject(const core::TokenEntry &token)
{
    QJsonObject object{{u"id"_s, token.id},
                       {u"name"_s, token.name},
                       {u"scopes"_s, QJsonArray::fromStringList(scopeNames(token.scopes))},
                       {u"owner"_s, token.owner},
                       {u"createdAt"_s, token.createdAt}};
    if (token.expiresAt != 0)
        object.insert("expiresAt"_L1, token.expiresAt);
    if (token.lastUsedAt != 0)
        object.insert("lastUsedAt"_L1, token.lastUsedAt);
    if (!token.origin.isEmpty())
        object.insert("origin"_L1, QString::fromLatin1(token.origin));
    return object;
}

core::Result<core::NewToken> newTokenFrom(const Params &params)
{
    const auto name = params.requiredText("name"_L1);
    if (!name)
        return core::fail(name.error());
    const auto owner = params.text("owner"_L1);
    if (!owner)
        return core::fail(owner.error());
    const auto expiresAt = params.number("expiresAt"_L1, 0, {0, Params::MaxNumber});
    if (!expiresAt)
        return core::fail(expiresAt.error());
    const auto names = params.texts("scopes"_L1);
    if (!names)
        return core::fail(names.error());
    const auto scopes =
        params.has("scopes"_L1) ? core::scopesFromNames(*names) : core::DefaultScopes;
    if (!scopes)
        return core::fail(
            ErrorCode::InvalidArgument,
            u"scopes: \"%1\" has one that does not exist; there are read, control, add, "
            "report, settings, flash and admin"_s.arg(names->join(u' ')));
    return core::NewToken{.name = *name,
                          .scopes = *scopes,
                          .owner = owner->isEmpty() ? QString(core::LocalOwner) : *owner,
                          .expiresAt = *expiresAt};
}

} // namespace server
