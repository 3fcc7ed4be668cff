#pragma once
#include "core/base/clock.h"
#include "core/jobs/jobtypes.h"

namespace core {

/// What a program says of work of its own, which is a job of kind external. What it leaves out stays
/// as it is.
struct JobReport {
    static constexpr qsizetype LongestId = 128;
    static constexpr qsizetype LongestTitle = 500;
    static constexpr qsizetype LongestMessage = 2000;
    static constexpr qsizetype MostSteps = 200;

    /// The id of a job, or the program's own name for it. Empty: a job that there is not yet.
    QString job;
    std::optional<QString> title;
    /// Without it a `type` implies one.
    std::optional<JobState> state;
    std::optional<Stage> stage;
    std::optional<QString> message;
    std::optional<qint64> done;
    std::optional<qint64> total; ///< 100: percent, not bytes
    /// How much of the work is done, 0 to 100, where `done` is not said; of a work of 100 when nobody
    /// has said how large it is. Also of its drives.
    std::optional<double> percent;
    /// Measured from `done` when the program does not say them.
    std::optional<qint64> bytesPerSecond;
    std::optional<qint64> etaSeconds;
    std::optional<QList<JobStep>> steps;
    std::optional<QList<JobDrive>> drives;
    /// One of PROTOCOL.md §3.5.
    std::optional<QString> type;
    /// The conversation that the work belongs to.
    std::optional<QString> conversation;
    /// Why it failed; without it the message says so.
    std::optional<QString> error;
    friend bool operator==(const JobReport &, const JobReport &) = default;
};

/// Fails with `InvalidArgument` for what is too long, unknown, or not a program's to say.
[[nodiscard]] Result<void> checkReport(const JobReport &report);

/// Whether the report is about another attempt at a job that had ended. To say again how it ended is none.
[[nodiscard]] bool beginsAnew(const JobSnapshot &job, const JobReport &report);

/// `job` after the report, at `now` of the wall clock. `done` never goes back within an attempt; a speed
/// that is not said stays as it is.
[[nodiscard]] JobSnapshot
reported(const JobSnapshot &job, const JobReport &report, Milliseconds now);

/// The states on the way that the state machine has from one to the other, `to` as the last.
[[nodiscard]] QList<JobState> statesBetween(JobState from, JobState to);

} // namespace core
