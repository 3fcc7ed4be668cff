#pragma once
#include "core/externaljobs.h"
#include "server/dialects/native/agentline.h"
#include "server/dialects/native/jsonrpc.h"
#include "server/dialects/native/params.h"

namespace server {

/// The params of job.report (PROTOCOL.md §1). Fails with `InvalidArgument` naming the member.
[[nodiscard]] core::Result<core::JobReport> jobReportFrom(const Params &params);

/// Whether a message is nothing but reports, which ExternalJobs counts by what they change, and what `agent`
/// says of its work.
[[nodiscard]] bool isReport(const RpcMessage &message, AgentLine &agent);

} // namespace server
