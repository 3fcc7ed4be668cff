#pragma once
#include "core/workflows/workflows.h"
#include "server/dialects/native/nativemethods.h"

namespace server {

/// Adds what programs can ask about workflows (PROTOCOL.md §1):
///
///   workflow.add {title?, steps[]}                   → {workflow}, when it is on disk
///   workflow.list {state?, before?, limit?}          → {workflows[], next?}
///   workflow.get|pause|resume|cancel {workflow}      → {workflow}
///   workflow.retry {workflow, step?}                 → {workflow}
///   workflow.remove {workflow}                       → {}
///
/// `workflows` outlives `methods`.
void addWorkflowMethods(NativeMethods &methods, core::Workflows &workflows);

} // namespace server
