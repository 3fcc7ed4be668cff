#pragma once
#include "core/jobs/workflow.h"

namespace tests {

/// One of each a user meets, the latest first: w4 runs its second of three steps, w3 failed in its second,
/// w2 is paused, w1 succeeded.
[[nodiscard]] QList<core::Workflow> sampleWorkflows();
/// A workflow of three steps that has not begun.
[[nodiscard]] core::Workflow makeWorkflow(qint64 id);

} // namespace tests
