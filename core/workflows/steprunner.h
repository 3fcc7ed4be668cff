#pragma once
#include "core/jobs/workflow.h"

#include <QSet>

namespace core {

class JobRegistry;
class StepJobs;

/// `InvalidState`, saying what the workflow is.
[[nodiscard]] tl::unexpected<Error> refuseCommand(const Workflow &workflow, const char *verb);

/// Does to the jobs of a workflow what was asked of the whole, and reads from them how far its steps are.
///
/// Threads: used on the hub thread.
class StepRunner
{
public:
    StepRunner(JobRegistry &registry, StepJobs &jobs)
        : m_registry(registry)
        , m_jobs(jobs)
    { }

    /// The steps are what their jobs are.
    void takeJobs(Workflow &workflow) const;
    /// Cancels what has not ended; `beingMade` names steps whose job is on its way.
    void cancelOpen(Workflow &workflow, const QSet<QString> &beingMade);
    /// What others do, and what waits for a yes, cannot be paused and goes on.
    void pauseJobs(const Workflow &workflow);
    void resumeJobs(const Workflow &workflow);
    /// After a restart: a command that may have run, and of which there is no job, is not started again.
    void failDoubtful(Workflow &workflow) const;
    /// Who agreed to erase drives is asked again by the steps that have no job.
    static void dropYes(Workflow &workflow);
    /// Its job runs once more; one that cannot is made anew.
    void runAgain(WorkflowStep &step);
    /// The steps that failed or were canceled; of those `step` and what needs it, unless it is empty. Fails
    /// with `NotFound`, and `InvalidState` when there is none.
    [[nodiscard]] Result<QList<qsizetype>> stepsToRetry(const Workflow &workflow,
                                                        const QString &step) const;

private:
    JobRegistry &m_registry;
    StepJobs &m_jobs;
};

} // namespace core
