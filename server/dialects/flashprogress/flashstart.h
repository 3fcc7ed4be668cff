#pragma once
#include "core/flashservice.h"
#include "server/http/exchange.h"

namespace server {

/// The flash that `POST /api/flash/start` asks for, by JSON body or query (PROTOCOL.md §3.3). Fails as
/// flashSpecFromJson() does.
[[nodiscard]] core::Result<core::FlashSpec> flashStartFrom(const Request &request);

/// Starts it when the principal has scope flash; else the local user is asked. Answers
/// `{"jobId":…,"status":"started"|"awaiting_confirmation"}`.
void startFlash(core::FlashService &flashes, Exchange &exchange);

} // namespace server
