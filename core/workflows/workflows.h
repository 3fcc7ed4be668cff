#pragma once
#include "core/base/clock.h"
#include "core/workflows/stepjobs.h"
#include "core/workflows/steprunner.h"
#include "core/workflows/workflowplan.h"

#include <QHash>
#include <QObject>
#include <QSet>
#include <QTimer>

#include <map>

namespace core {

class WorkflowStore;

/// Owns every workflow and is the only place their events come from. A step is one job, which is made when
/// all that the step needs has succeeded:
///
///   add ─► committed ─► added ─► jobs of the steps that need nothing
///   JobRegistry::eventsReady ─► the job's workflow is looked at once this turn ─► next jobs, changed
///   numbers alone ─► ProgressInterval ─► changed
///   restart ─► restore ─► each job is found by its WorkflowLink, so none is made twice
///
/// A step that failed stops those that need it; the others go on. Like JobService it answers `NotFound` for
/// what the principal may not see and `Forbidden` naming the scope that is missing.
///
/// Threads: lives on the hub thread; no call waits.
class Workflows final : public QObject
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(Workflows)
public:
    /// How often progress alone is told.
    static constexpr Milliseconds ProgressInterval{500};

    struct Surroundings {
        const Clock &clock;
        JobRegistry &registry;
        WorkflowStore &store;
        StepJobs &jobs;
    };
    /// Called once, on the hub thread, possibly before the call returns.
    using Added = std::function<void(const Result<Workflow> &)>;
    using Removed = std::function<void(const Result<void> &)>;

    explicit Workflows(Surroundings surroundings, QObject *parent = nullptr);
    ~Workflows() override;

    /// Brings back what was stored, after the jobs are back; without events, before anyone listens. Ids up to
    /// `last` are not given again.
    void restore(const QList<Workflow> &workflows, WorkflowId last);

    /// Scope add. `plan` passed checkPlan(); each step is checked as a job of its kind would be. Answers when
    /// the workflow is committed to disk, before anything of it starts.
    void add(const Principal &who, WorkflowPlan plan, const Added &answer);

    /// Scope read; the latest first.
    [[nodiscard]] Result<QList<Workflow>> list(const Principal &who) const;
    [[nodiscard]] Result<Workflow> get(const Principal &who, WorkflowId id) const;

    /// Scope control. The answer is the workflow after the command; jobs that run stop by and by. They fail
    /// with `InvalidState` naming the state, as the commands of jobs do. What other programs do cannot be
    /// paused and goes on.
    [[nodiscard]] Result<Workflow> pause(const Principal &who, WorkflowId id);
    [[nodiscard]] Result<Workflow> resume(const Principal &who, WorkflowId id);
    [[nodiscard]] Result<Workflow> cancel(const Principal &who, WorkflowId id);
    /// Does the steps once more that failed or were canceled, or the one of that name and what needs it.
    /// What has succeeded stays.
    [[nodiscard]] Result<Workflow>
    retry(const Principal &who, WorkflowId id, const QString &step = {});
    /// Scope control. Forgets an ended workflow and its jobs, not their files. Answers when that is on disk.
    void remove(const Principal &who, WorkflowId id, const Removed &answer);

    /// The token `asker` spoke with was revoked: what it asked for starts no command and erases no drive
    /// without a further yes from here on. Another token of that name and owner counts as the same.
    void distrust(const Principal &asker);

    /// Tells what moved. Called by a timer of its own; tests call it too.
    void tellProgress();

signals:
    /// Everything that changed, in order.
    void eventsReady(const core::WorkflowEvents &events);

private:
    struct Entry {
        Workflow workflow;
        /// As it was told last.
        Workflow told;
        /// Steps whose job is on its way.
        QSet<QString> beingMade;
    };

    [[nodiscard]] Entry *find(WorkflowId id);
    [[nodiscard]] Result<Entry *> require(const Principal &who, Scope scope, WorkflowId id);
    void onEvents(const JobEvents &events);
    void onChanged(const JobChanged &changed);
    void adopt(const JobSnapshot &job);
    void note(WorkflowId id);
    void settleNoted();
    void settle(Entry &entry);
    void startReady(Entry &entry);
    void start(Entry &entry, const QString &name);
    void make(const Entry &entry, const WorkflowStep &step);
    void onMade(WorkflowId id, const QString &name, const Result<void> &result);
    void publish(Entry &entry);
    void removeJobs(const Principal &who, WorkflowId id, const Removed &answer);
    void forget(WorkflowId id, const Removed &answer);

    Surroundings m_surroundings;
    StepRunner m_runner;
    std::map<WorkflowId, Entry> m_entries;
    QHash<JobId, WorkflowId> m_byJob;
    QSet<WorkflowId> m_noted; // to be settled in the next turn
    QSet<JobId> m_requeued; // of running jobs, since the last turn
    QSet<WorkflowId> m_moved; // to be settled when progress is told
    QTimer m_wake;
    QTimer m_progressTimer;
    qint64 m_lastId = 0;
};

} // namespace core
