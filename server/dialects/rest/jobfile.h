#pragma once
#include "core/jobservice.h"
#include "server/http/exchange.h"

namespace server {

/// Answers with the finished file of the job that the request's path names as its first capture, or with
/// the problem that says why there is none. The file is opened elsewhere, so the answer may come later.
void answerJobFile(core::JobService &service, Exchange &exchange);

} // namespace server
