#pragma once
#include "core/base/result.h"
#include "server/http/message.h"

#include <QJsonObject>

namespace server {

/// The problem document that says `error` (RFC 9457).
[[nodiscard]] Response problemOf(const core::Error &error);

/// Why a request that changes something is not taken: 401 without a principal, 415 unless its content
/// is said to be JSON, which no form of a foreign page can say (PROTOCOL.md §2).
[[nodiscard]] std::optional<Response> refuseUnlessJson(const Request &request);

/// The object in the body; an empty body is an empty object. Fails with `InvalidArgument`.
[[nodiscard]] core::Result<QJsonObject> bodyObject(const Request &request);

} // namespace server
