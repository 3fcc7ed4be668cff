#pragma once
#include "core/jobs/workflow.h"

namespace ui {

/// "45 %" of 0.456; 100 % is shown for 1 only.
[[nodiscard]] QString formatShare(double share);

/// One or two words, as a list shows the state: "Running", "Stopping", …
[[nodiscard]] QString workflowStateText(const core::Workflow &workflow);
/// "2 of 3: check"
[[nodiscard]] QString stageOfText(const core::Workflow &workflow);
/// A sentence: where it is, or how it ended.
[[nodiscard]] QString workflowSentence(const core::Workflow &workflow);

/// What a step of that kind does: "Download", "Work for agents: translate".
[[nodiscard]] QString stepKindText(const QString &kind);
[[nodiscard]] QString stepStateText(const core::WorkflowStep &step);
/// Its error in words, else its message.
[[nodiscard]] QString stepSaysText(const core::WorkflowStep &step);

/// A command was refused.
[[nodiscard]] QString workflowFailedText(const QString &title, const core::Error &error);
[[nodiscard]] QString workflowNotAddedText(const core::Error &error);
[[nodiscard]] QString workflowFileText(const QString &path, const core::Error &error);

/// Questions before something is lost, or begun.
[[nodiscard]] QString cancelWorkflowQuestion(const core::Workflow &workflow);
[[nodiscard]] QString removeWorkflowsQuestion(const QList<core::Workflow> &workflows);
/// `subjects`: for each step, what it works on.
[[nodiscard]] QString startWorkflowQuestion(const QString &title,
                                            const QList<core::WorkflowStep> &steps,
                                            const QStringList &subjects);

} // namespace ui
