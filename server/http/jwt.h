#pragma once
#include "core/base/clock.h"
#include "core/base/result.h"
#include "server/http/grant.h"
#include "server/http/jwtkey.h"

#include <span>

namespace server {

/// Every JWT's Grant has this token id: who gives up a key ends all of them.
inline constexpr QLatin1StringView JwtTokenId("jwt");
/// What `aud` must name.
inline constexpr QLatin1StringView JwtAudience("dray");
/// `exp` is at most this far away.
inline constexpr core::Milliseconds LongestJwtLife = std::chrono::hours(24);

/// What a JWT (RFC 7519) in compact form grants at `wallTime`: `sub` is principal and owner, `scope`
/// its scopes with spaces between (RFC 8693 §4.2), `exp` its end. Fails with `Unauthorized` and what is
/// wrong with it, never with a part of the token.
[[nodiscard]] core::Result<Grant>
grantOfJwt(const QByteArray &token, std::span<const JwtKey> keys, core::Milliseconds wallTime);

/// Whether it has the three parts of one; opaque tokens have no dots.
[[nodiscard]] bool looksLikeJwt(const QByteArray &token);

} // namespace server
