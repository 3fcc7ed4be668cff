#pragma once
#include "core/jobservice.h"
#include "server/dialects/native/params.h"

namespace server {

/// What `job.add` asks for (PROTOCOL.md §1, specs), read strictly: a member of the wrong type fails
/// with `InvalidArgument` naming it; a kind or member that this hub does not serve fails with
/// `Unsupported` naming it. Whether URL, folder and numbers are right is for JobService to say.
[[nodiscard]] core::Result<core::JobService::AddDownload> addRequestFrom(const Params &params);

} // namespace server
