#pragma once
#include "core/jobservice.h"
#include "server/http/message.h"

namespace server {

/// The finished file of the job that the request's path names as its first capture, or the problem that
/// says why there is none.
[[nodiscard]] Response jobFileResponse(const core::JobService &service, const Request &request);

} // namespace server
