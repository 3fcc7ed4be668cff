#pragma once
#include "core/flash/flashspec.h"
#include "core/workflows/workflowplan.h"

namespace core {

/// The largest workflow file that is read.
inline constexpr qint64 LargestWorkflowFileBytes = 1024 * 1024;

/// What the text of a workflow file asks for. Fails with `InvalidArgument` for what is no JSON object, and
/// as workflowPlanFromJson().
[[nodiscard]] Result<WorkflowPlan> workflowPlanFromFile(const QByteArray &text);

/// The same without anybody's yes to erase drives, which a file cannot give.
[[nodiscard]] WorkflowPlan withoutConsent(WorkflowPlan plan);

/// What a step works on, to be read by people: its link, image, file, or the command it starts. "": none.
[[nodiscard]] QString subjectOf(const WorkflowStep &step);
/// The ids of the drives a step writes to.
[[nodiscard]] QStringList drivesOf(const WorkflowStep &step);

/// The plan of fetchCheckWriteFile(). Fails as checkSpec().
[[nodiscard]] Result<WorkflowPlan> fetchCheckWrite(const FlashSpec &flash);

} // namespace core
