#pragma once
#include "core/jobs/job.h"

namespace core {

/// What one thread works on for a job. Shared with that thread, which may outlive the job.
struct Job::Run {
    std::unique_ptr<JobWorker> worker;
    ProgressCell cell;
    std::stop_source stop;
    enum class Task { Work, DiscardOnly } task = Task::Work;
    std::atomic<bool> discard{false};

    /// Written by the thread before it ends, read after that.
    bool discarded = false;

    std::mutex mutex; ///< guards what follows
    Job *job = nullptr; ///< null when the job is gone
    std::optional<Result<Outcome>> ended;

    [[nodiscard]] Result<Outcome> execute();
};

} // namespace core
