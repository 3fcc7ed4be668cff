#pragma once
#include "core/base/clock.h"
#include "core/jobs/jobworker.h"
#include "core/jobs/ratemeter.h"

#include <QObject>

namespace core {

class JobThreads;

/// One job: its state machine and, while Running, its thread. Lives on the hub thread.
///
/// Commands never wait. A running job that is told to pause or cancel shows `stopRequested` at once
/// and changes its state when its worker has stopped. Canceled is reached only after the worker's
/// discard() has removed what the job left on disk.
class Job final : public QObject
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(Job)
public:
    struct Surroundings {
        const Clock &clock;
        JobThreads &threads;
        const WorkerFactory &makeWorker;
    };
    /// Whether downloads run by themselves at this time of day.
    enum class Hours { Open, Closed };
    enum class Sampled { Nothing, Progress, Details };

    Job(JobSnapshot initial, Surroundings surroundings, QObject *parent = nullptr);
    /// Asks a running worker to stop and lets go of it; it ends on its own.
    ~Job() override;

    [[nodiscard]] const JobSnapshot &snapshot() const { return m_snapshot; }
    /// Whether Dray does the work; an external job lives by what another program reports.
    [[nodiscard]] bool isOurs() const { return m_snapshot.kind != JobKind::External; }
    /// Whether sample() may find something.
    [[nodiscard]] bool isActive() const
    {
        const bool works = m_snapshot.state == JobState::Running || m_snapshot.stopRequested;
        return isOurs() ? works : m_hasNumbers;
    }
    /// Whether the queue may start it: ours, queued, not held, and no cancel under way.
    [[nodiscard]] bool isWaiting() const;
    /// Whether it waits in the queue for somebody's yes.
    [[nodiscard]] bool isHeld() const
    {
        return m_snapshot.state == JobState::Queued
            && m_snapshot.progress.stage == Stage::AwaitingConfirmation;
    }
    /// Whether it is to be paused, since its `stopAt` has come.
    [[nodiscard]] bool isPastStop() const;
    /// Whether it waits for its `startAt` alone.
    [[nodiscard]] bool isScheduled() const;

    void start();
    /// Fail with `InvalidState` naming the state when the state machine has no such step.
    [[nodiscard]] Result<void> pause() { return stopAs(JobState::Paused); }
    /// A job that waits for its `startAt` stops waiting for it; a `stopAt` that has passed is forgotten.
    [[nodiscard]] Result<void> resume(Hours hours);
    [[nodiscard]] Result<void> cancel();
    [[nodiscard]] Result<void> retry();
    /// Fail with `InvalidState` naming the state unless it is queued or paused.
    [[nodiscard]] Result<void> canMove() const;
    void moveTo(qint64 position);
    /// What is asked for is something else from the next start on; a limit counts at once.
    void ask(JobWish wish);
    /// The yes came: the queue may start it, as `spec` says. Fails with `InvalidState` unless held.
    [[nodiscard]] Result<void> release(const QByteArray &spec)
    {
        if (!isHeld())
            return refuseCommand("confirmed");
        const JobSnapshot before = m_snapshot;
        m_snapshot.spec = spec;
        m_snapshot.progress.stage = Stage::None;
        announce(before);
        return {};
    }
    /// It is `fedBy` that makes the file it reads.
    void feedFrom(JobId fedBy)
    {
        const JobSnapshot before = m_snapshot;
        m_snapshot.fedBy = fedBy;
        if (m_snapshot != before)
            announce(before);
    }
    /// For what others find out about a job that is not running.
    void setDetails(JobDetails details)
    {
        const JobSnapshot before = m_snapshot;
        m_snapshot.details = std::move(details);
        if (m_snapshot != before)
            announce(before);
    }
    /// An external job is `next` from here on. Numbers alone wait for the next sample().
    void become(JobSnapshot next);
    /// Outside of the hours, which open at `opensAt`, a download goes back to the queue and waits
    /// there; nullopt: they are open.
    void keepHours(std::optional<Milliseconds> opensAt);
    /// Ends a job that never ran, e.g. because its prerequisite failed.
    void refuse(Error why);
    /// The program ends: asks a running worker to stop.
    void requestStopForExit();
    /// Takes in how the worker ended, if it has. A job that was only interrupted by the exit stays
    /// Running, here and in the store, and so goes on at the next start.
    void settleForExit();
    /// Copies what the worker wrote into the snapshot and says what moved.
    Sampled sample();

signals:
    /// The job took a step that must not be lost. `before` is the snapshot before it.
    void changed(const core::JobSnapshot &before);

private:
    struct Run;

    void forgetPastStop();
    Result<void> stopAs(JobState whenStopped);
    void launch(std::shared_ptr<Run> run);
    void discardWith(std::unique_ptr<JobWorker> worker);
    static void deliverEnd(const std::shared_ptr<Run> &run);
    [[nodiscard]] static bool leavesRemains(const Run &run, const Result<Outcome> &result);
    void onRunEnded(const std::shared_ptr<Run> &run, const Result<Outcome> &result);
    void apply(const Result<Outcome> &result);
    bool takeDetails();
    void setState(JobState state);
    void setState(JobState state, const JobSnapshot &before);
    void announce(const JobSnapshot &before);
    void letGo();
    [[nodiscard]] Result<void> refuseCommand(const char *verb) const;

    Surroundings m_surroundings;
    JobSnapshot m_snapshot;
    RateMeter m_rate;
    std::shared_ptr<Run> m_run;
    int m_restartsSeen = 0;
    bool m_hasNumbers = false; // of an external job, not said yet
};

} // namespace core
