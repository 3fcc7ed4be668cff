#pragma once
#include "core/jobs/jobtypes.h"

#include <QString>

namespace ui {

/// What a job is called: its title, else its file's name, else the last part of its source.
[[nodiscard]] QString jobName(const core::JobSnapshot &job);

/// "Download", "USB drive image", …
[[nodiscard]] QString kindText(core::JobKind kind);
/// One or two words: "Waiting", "Running", …
[[nodiscard]] QString stateText(core::JobState state);
/// "Pack: Done · Send: Running"; "" for a job without steps.
[[nodiscard]] QString stepsText(const core::JobSnapshot &job);
/// One or two words: "Downloading", "Checking", …; "" for Stage::None.
[[nodiscard]] QString stageText(core::Stage stage);

/// What a list shows as the job's state: the stage while it runs, "Stopping" when it was told to.
[[nodiscard]] QString activityText(const core::JobSnapshot &job);
/// What one drive of a job is shown as.
[[nodiscard]] QString driveStateText(const core::JobSnapshot &job, const core::JobDrive &drive);
/// A sentence with numbers: "Downloading 45 % of 1.5 GiB at 12.3 MiB/s, 2 min 5 s left."
[[nodiscard]] QString progressSentence(const core::JobSnapshot &job);

/// What happened, the value at fault, and what to do about it.
[[nodiscard]] QString errorText(const core::Error &error);

} // namespace ui
