#pragma once
#include "core/store/tokens.h"
#include "server/dialects/native/params.h"

namespace server {

/// A token as `token.list` shows it, without the token itself.
[[nodiscard]] QJsonObject tokenObject(const core::TokenEntry &token);

/// What `token.add` asks for (PROTOCOL.md §0); without scopes it gets core::DefaultScopes, without an
/// owner the local one. Fails with `InvalidArgument` naming the member at fault.
[[nodiscard]] core::Result<core::NewToken> newTokenFrom(const Params &params);

} // namespace server
