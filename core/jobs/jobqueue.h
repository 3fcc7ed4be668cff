#pragma once
#include "core/base/clock.h"
#include "core/jobs/jobtypes.h"

#include <functional>
#include <span>

namespace core {

/// How many jobs of a sort may run at once. Kinds without a number of their own are `others`.
struct QueueLimits {
    int downloads = 3;
    int flashes = 1;
    int others = 4;
    friend bool operator==(const QueueLimits &, const QueueLimits &) = default;
};

/// Where a job is to go in the queue.
struct QueuePlace {
    enum class To { Top, Up, Down, Number } to = To::Top;
    /// For Number: its place, counted from 1; beyond the end is the end.
    qint64 number = 1;
};

/// The index that `place` means for a job at `index` among `others` other jobs, 0 to `others`. Pure.
[[nodiscard]] size_t indexOf(QueuePlace place, size_t index, size_t others);

/// What the queue rules must know of a job. States are JobSnapshot's.
struct QueueEntry {
    JobId id;
    JobKind kind = JobKind::Download;
    QList<JobId> prerequisites;
    JobId fedBy;
};

/// The state of a job, nullopt when there is no such job (any more).
using StateOf = std::function<std::optional<JobState>(JobId)>;

/// Which of the queued jobs may start now, in the order given, when `running` are running already.
/// A job whose prerequisites have not all succeeded, or whose feeder has not started, waits without
/// taking a place.
/// Pure: no clock, no threads; linear in the number of queued jobs.
[[nodiscard]] QList<JobId> startable(std::span<const QueueEntry> queued,
                                     std::span<const JobKind> running,
                                     const QueueLimits &limits,
                                     const StateOf &stateOf);

/// Which of the queued jobs can never start, because what they wait for failed, was canceled or is
/// gone.
[[nodiscard]] QList<JobId> doomed(std::span<const QueueEntry> queued, const StateOf &stateOf);

/// Why such a job fails; `feeder` is the job that was to feed it, null when there is none.
[[nodiscard]] Error whyDoomed(const JobSnapshot *feeder);

/// Whether the hours in which downloads run count for a job.
[[nodiscard]] bool hasHours(const JobSnapshot &job);

/// When the job's `startAt` or `stopAt` comes, nullopt when `now` is past both.
[[nodiscard]] std::optional<Milliseconds> nextTurn(const JobSnapshot &job, Milliseconds now);

} // namespace core
