#pragma once
#include "server/dialects/native/jsonrpc.h"

namespace server {

/// Of who has no token yet.
inline constexpr QLatin1StringView PairRequest("pair.request");

/// A notification without answer that is not counted: the sign of life.
[[nodiscard]] bool isPong(const RpcMessage &message);
[[nodiscard]] bool needsNoToken(const QString &method);
/// What must be alone in its message, because what follows its answer must not come before it.
[[nodiscard]] bool mustBeAlone(const QString &method);

} // namespace server
