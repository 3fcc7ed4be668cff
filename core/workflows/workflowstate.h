#pragma once
#include "core/jobs/workflow.h"

namespace core {

/// The kind of the job that does a step of that kind; External for agents and for what programs report.
[[nodiscard]] JobKind jobKindOfStep(QStringView kind);

/// Whether all that a step needs has succeeded.
[[nodiscard]] bool isReady(const Workflow &workflow, const WorkflowStep &step);

/// Fails the steps that were never made and need one that failed, was canceled or is itself failed so.
void failBlocked(Workflow &workflow);
/// The steps that need `step`, directly or through others, and itself. By index.
[[nodiscard]] QList<qsizetype> withFollowers(const Workflow &workflow, qsizetype step);

/// Derives state, progress, stage and message of the whole from its steps and what was asked of it.
///
///   a step runs                                            running
///   else one can go on: nothing has begun / something has  queued / running
///   else one is paused                                     paused
///   else                                                   failed, canceled or succeeded
///   paused as a whole: what others do may still run        paused
void summarize(Workflow &workflow);

} // namespace core
