#pragma once
#include "core/base/queuehours.h"
#include "core/jobs/interruptedjob.h"
#include "core/jobs/job.h"
#include "core/jobs/jobqueue.h"
#include "core/jobs/jobthreads.h"

#include <QHash>
#include <QTimer>

#include <map>

namespace core {

/// Owns every job and is the only place their events come from: the shared job model.
///
///   worker ─► ProgressCell ◄─ timer ─┐
///   worker's end ─► Job ─────────────┴─► eventsReady ─► feed, store, window
///
/// Threads: lives on the hub thread; every call is made there and none of them waits.
class JobRegistry final : public QObject
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(JobRegistry)
public:
    static constexpr Milliseconds WatchedInterval{100};
    static constexpr Milliseconds UnwatchedInterval{1000};
    /// How far apart two jobs that follow each other are put.
    static constexpr qint64 PositionStep = 1 << 20;
    /// The longest wait for a job's `startAt`, `stopAt` or the hours before the wall clock, which
    /// may jump, is asked again.
    static constexpr Milliseconds LongestAlarm{30'000};
    using IsSeen = std::function<bool(const JobSnapshot &)>;

    JobRegistry(const Clock &clock, WorkerFactory makeWorker, QObject *parent = nullptr);
    ~JobRegistry() override;

    void setLimits(QueueLimits limits);
    /// When downloads run by themselves. Outside of these hours none starts, and those that run go
    /// back to the queue; resume() lets one run nevertheless, until it ends.
    void setHours(QueueHours hours);

    /// Adds a job; id, position, rev and createdAt are set here. It may start in the next turn.
    JobId add(JobSnapshot job);
    /// Brings back a job of an earlier run as it was stored, without an event: for the start,
    /// before anyone takes a snapshot. A job that was running is queued again, as a further
    /// attempt, or fails, see AfterCrash; one that was stopping is paused, or canceled in the next
    /// turn. Its id must be unknown.
    void restore(JobSnapshot job, AfterCrash rule = AfterCrash::AsKind);
    /// Ids up to this one were given to jobs that are gone and are not given again.
    void reserveIds(JobId last) { m_lastId = std::max(m_lastId, last.value); }

    /// Each fails with `NotFound`, or `InvalidState` naming the state.
    [[nodiscard]] Result<void> pause(JobId id);
    [[nodiscard]] Result<void> resume(JobId id);
    [[nodiscard]] Result<void> cancel(JobId id);
    [[nodiscard]] Result<void> retry(JobId id);
    /// Puts a queued or paused job somewhere else among the queued jobs that `isSeen`. Jobs nobody
    /// sees keep their order; it goes no further past them than it must.
    [[nodiscard]] Result<void> move(JobId id, QueuePlace place, const IsSeen &isSeen);
    /// Changes what is asked of a job.
    [[nodiscard]] Result<void> ask(JobId id, JobWish wish);
    /// The yes came for a job in stage awaitingConfirmation: it may start, as `spec` says; see
    /// Job::release().
    [[nodiscard]] Result<void> release(JobId id, const QByteArray &spec)
    {
        return require(id).and_then([&](Job *job) { return job->release(spec); });
    }
    /// Sets which job feeds one that waits in the queue. Nothing starts before the next turn.
    [[nodiscard]] Result<void> feed(JobId id, JobId fedBy)
    {
        return require(id).map([&](Job *job) { job->feedFrom(fedBy); });
    }
    /// What the program behind an external job says: the job is `next` from here on. Its numbers are
    /// told when the registry samples, the rest at once.
    [[nodiscard]] Result<void> report(JobId id, JobSnapshot next);
    /// Fails a job that is queued, with that error; any other stays as it is.
    [[nodiscard]] Result<void> refuse(JobId id, const Error &why)
    {
        return require(id).map([&why](Job *job) { job->refuse(why); });
    }
    /// Forgets a job in a final state.
    [[nodiscard]] Result<void> remove(JobId id);

    /// All jobs in queue order (position).
    [[nodiscard]] QList<JobSnapshot> snapshots() const;
    /// Null when there is no such job. Valid until the next call that changes the registry.
    [[nodiscard]] const JobSnapshot *find(JobId id) const;
    [[nodiscard]] quint64 lastSequence() const { return m_sequence; }

    /// Someone looks: progress is sampled at WatchedInterval until as many removeViewer() calls.
    void addViewer();
    void removeViewer();

    /// Asks all workers to stop and waits at most `timeout` for them. A pause or cancel that was
    /// asked for before is carried out; jobs that are only interrupted stay Running. False when a
    /// worker still hangs. No job starts afterwards.
    [[nodiscard]] bool stopForExit(Milliseconds timeout);

signals:
    /// Everything that changed, in order. The only outgoing signal.
    void eventsReady(const core::JobEvents &events);

private:
    using Jobs = std::map<qint64, std::unique_ptr<Job>>;

    Job &insert(JobSnapshot job);
    void putBefore(Jobs::iterator next, Job &job);
    [[nodiscard]] std::optional<qint64> roomBefore(Jobs::iterator next);
    void makeRoomBefore(Jobs::iterator next);
    void moveTo(Job &job, qint64 position);
    [[nodiscard]] Result<Job *> require(JobId id) const;
    void publish(JobChange change);
    void onChanged(Job *job, const JobSnapshot &before);
    void sample();
    void schedule();
    void endInterruptedCancels();
    [[nodiscard]] std::vector<QueueEntry> queuedJobs() const;
    [[nodiscard]] std::vector<QueueEntry> dueJobs(const std::vector<QueueEntry> &queued) const;
    [[nodiscard]] QList<JobId> pendingJobs() const;
    void keepTimes();
    void setAlarm();
    void updateSampler();
    [[nodiscard]] std::optional<JobState> stateOf(JobId id) const
    {
        const JobSnapshot *job = find(id);
        return job ? std::optional(job->state) : std::nullopt;
    }

    const Clock &m_clock;
    WorkerFactory m_makeWorker;
    QueueLimits m_limits;
    QueueHours m_hours;
    JobThreads m_threads;
    QHash<JobId, Job *> m_byId;
    Jobs m_jobs; // by position
    std::map<qint64, Job *> m_queued; // by position
    QHash<JobId, Job *> m_active; // running, or stopping
    QList<JobId> m_interruptedCancels; // of the run before
    QTimer m_alarm; // until the next time that something starts or stops by
    QTimer m_sampler;
    QTimer m_wake; // runs schedule() once per event-loop turn, however many changes there were
    qint64 m_lastId = 0;
    qint64 m_lastPosition = 0;
    quint64 m_sequence = 0;
    int m_viewers = 0;
    bool m_isEnding = false;
};

} // namespace core
