#pragma once
#include "server/dialects/native/jsonrpc.h"

#include <functional>

namespace server {

/// The encoded result of one call, or why there is none.
using RpcOutcome = tl::expected<QByteArray, RpcError>;
/// Called once for each call, at once or later.
using RpcAnswer = std::function<void(const RpcOutcome &)>;

/// Largest message we send (PROTOCOL.md §0.5).
inline constexpr qsizetype MaxMessageOut = qsizetype(256) << 10;

/// Runs every call of `message` in order and gives `finish` the one message that answers them when the
/// last is answered; an empty one when there is nothing to answer. An answer that would make a batch
/// larger than MaxMessageOut becomes an error in its place, and the calls behind it are not run.
void runMessage(const RpcMessage &message,
                const std::function<void(const RpcCall &, RpcAnswer)> &run,
                std::function<void(const QByteArray &)> finish);

} // namespace server
