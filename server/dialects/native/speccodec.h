#pragma once
#include "core/driveservice.h"
#include "core/flashservice.h"
#include "core/jobservice.h"
#include "server/dialects/native/params.h"

#include <variant>

namespace server {

using AddRequest = std::variant<core::JobService::AddDownload,
                                core::FlashService::Request,
                                core::DriveService::Request>;

/// What `job.add` asks for (PROTOCOL.md §1, specs), read strictly: a member of the wrong type fails
/// with `InvalidArgument` naming it; a kind or member that this hub does not serve fails with
/// `Unsupported` naming it. Whether URL, folder and numbers are right is for the services to say.
[[nodiscard]] core::Result<AddRequest> addRequestFrom(const Params &params);

} // namespace server
