#pragma once
#include "core/base/result.h"

namespace server {

/// Short plain-English title of `code`, for programs' logs and problem documents; the same for every
/// occurrence (RFC 9457 §3.1.3).
[[nodiscard]] QString errorTitle(core::ErrorCode code);

/// The title with what this occurrence is about: "No space left: /data/a.iso: No space left on device".
[[nodiscard]] QString errorMessage(const core::Error &error);

/// The HTTP status that says `code` (PROTOCOL.md §2).
[[nodiscard]] int errorStatus(core::ErrorCode code);

/// The JSON-RPC error number of `code` (PROTOCOL.md §1).
[[nodiscard]] int errorNumber(core::ErrorCode code);

} // namespace server
