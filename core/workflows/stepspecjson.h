#pragma once
#include "core/jobs/workflow.h"
#include "core/workflows/placeholders.h"

namespace core {

/// What the strings of a spec name, at any depth. `spec` is the text of a JSON object.
[[nodiscard]] Result<QList<Placeholder>> placeholdersInSpec(const QByteArray &spec);

/// The spec of a step with the outputs of others put in. The command of a command step becomes `arguments`
/// first, so that no value is ever split, nor taken for an option where none was written.
[[nodiscard]] Result<QByteArray> filledSpec(const WorkflowStep &step, const OutputOf &valueOf);

/// What later steps may name of a job that has succeeded: `file`, `sha256`, and for the work of an agent
/// whatever it completed with. The text of a JSON object.
[[nodiscard]] QByteArray outputsOf(const JobSnapshot &job);
/// One of them as a string, whatever it is. Fails with `NotFound` when there is none of that name.
[[nodiscard]] Result<QString> outputValue(const QByteArray &outputs, const Placeholder &named);

/// What a step of kind report, or for an agent, says of its job.
struct ReportStep {
    QString title;
    /// The name under which its program reports it; empty: the job's id.
    QString job{};
};
/// Without a title it is the step's name.
[[nodiscard]] Result<ReportStep> reportStepFrom(const WorkflowStep &step, const QByteArray &spec);

/// When a download starts and stops, as JobSnapshot has it.
struct StepTimes {
    qint64 startAt = 0;
    qint64 stopAt = 0;
};
[[nodiscard]] Result<StepTimes> stepTimesFrom(const QByteArray &spec);

} // namespace core
