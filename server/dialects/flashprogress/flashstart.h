#pragma once
#include "core/flashservice.h"
#include "server/http/exchange.h"

namespace core {
class Settings;
}

namespace server {

/// The flash that `POST /api/flash/start` asks for, by JSON body or query (PROTOCOL.md §3.3). A partition
/// alone means the image of its name in the setting flash.imagesFolder. Fails with `InvalidArgument`.
[[nodiscard]] core::Result<core::FlashSpec> flashStartFrom(const Request &request,
                                                           const core::Settings &settings);

/// Starts it when the principal has scope flash; else the local user is asked. Answers
/// `{"jobId":…,"status":"started"|"awaiting_confirmation"}`.
void startFlash(core::FlashService &flashes, const core::Settings &settings, Exchange &exchange);

} // namespace server
