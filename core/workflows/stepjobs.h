#pragma once
#include "core/base/principal.h"
#include "core/flashagain.h"
#include "core/jobs/workflow.h"

#include <functional>

namespace core {

class FlashService;
class JobService;
struct DownloadSpec;
struct TargetRules;

/// Makes the jobs of steps, by the same rules as those that are added one by one, for who added the workflow.
///
/// Threads: used on the hub thread; no call waits.
class StepJobs
{
public:
    struct Surroundings {
        JobRegistry &registry;
        JobService &service;
        FlashService &flashes;
        /// FlashDownloads::feedAgain(). Empty: a flash from a URL is not retried.
        FeedAgain feedAgain = {};
    };
    /// Called once, on the hub thread, possibly before the call returns.
    using Made = std::function<void(const Result<void> &)>;

    explicit StepJobs(Surroundings surroundings);

    /// Whether a job can be made of the step, as far as that is known before it is its turn: what outputs of
    /// programs will be is not. Names the drives of a flash as they are at this moment. Fails as job.add.
    [[nodiscard]] Result<void> check(const Principal &asker, WorkflowStep &step) const;
    /// Adds the job of a step that is ready, with a WorkflowLink to it; `made` says why there is none.
    void make(const Workflow &workflow, const WorkflowStep &step, const Made &made);
    /// Queues a job that is paused, or that failed or was canceled, once more.
    [[nodiscard]] Result<void> resume(JobId id);
    [[nodiscard]] Result<void> retry(JobId id);
    /// JobService::remove(), without the files.
    void remove(const Principal &who, JobId id, const Made &removed);

private:
    [[nodiscard]] Result<JobSnapshot>
    jobFor(const Principal &asker, const WorkflowStep &step, const QByteArray &spec) const;
    [[nodiscard]] Result<JobSnapshot>
    fetchFor(const Principal &asker, DownloadSpec download, const QByteArray &spec) const;
    [[nodiscard]] Result<JobSnapshot> mediaFor(const Principal &asker,
                                               const QByteArray &spec) const;
    [[nodiscard]] Result<JobSnapshot>
    fileWorkFor(const Principal &asker, JobKind kind, const QByteArray &spec) const;
    [[nodiscard]] Result<JobSnapshot>
    reportedFor(const Principal &asker, const WorkflowStep &step, const QByteArray &spec) const;

    Surroundings m_surroundings;
};

} // namespace core
