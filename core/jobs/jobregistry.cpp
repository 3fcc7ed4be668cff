#include "core/jobs/jobregistry.h"

namespace core {

using namespace Qt::StringLiterals;

JobRegistry::JobRegistry(const Clock &clock, WorkerFactory makeWorker, QObject *parent)
    : QObject(parent)
    , m_clock(clock)
    , m_makeWorker(std::move(makeWorker))
    , m_sampler(this)
    , m_wake(this)
{
    connect(&m_sampler, &QTimer::timeout, this, &JobRegistry::sample);
    m_wake.setSingleShot(true);
    connect(&m_wake, &QTimer::timeout, this, &JobRegistry::schedule);
}

JobRegistry::~JobRegistry() = default;

void JobRegistry::setLimits(QueueLimits limits)
{
    m_limits = limits;
    m_wake.start();
}

JobId JobRegistry::add(JobSnapshot job)
{
    job.id = JobId{++m_lastId};
    job.position = ++m_lastPosition;
    job.createdAt = m_clock.wallTime().count();
    job.rev = 1;
    publish(JobAdded{insert(std::move(job)).snapshot()});
    return JobId{m_lastId};
}

void JobRegistry::restore(JobSnapshot job)
{
    m_lastId = std::max(m_lastId, job.id.value);
    m_lastPosition = std::max(m_lastPosition, job.position);
    if (job.state == JobState::Running) {
        job.state = JobState::Queued;
        job.progress.stage = Stage::None;
        job.progress.bytesPerSecond = 0;
        job.progress.etaSeconds = -1;
        ++job.attempt;
        ++job.rev;
    }
    job.stopRequested = false;
    insert(std::move(job));
}

Job &JobRegistry::insert(JobSnapshot job)
{
    Q_ASSERT(!m_byId.contains(job.id));
    const qint64 position = job.position;
    auto owned =
        std::make_unique<Job>(std::move(job), Job::Surroundings{m_clock, m_threads, m_makeWorker});
    Job *added = owned.get();
    connect(added, &Job::changed, this,
            [this, added](const JobSnapshot &before) { onChanged(added, before); });
    m_jobs.emplace(position, std::move(owned));
    m_byId.insert(added->snapshot().id, added);
    if (added->isWaiting())
        m_queued.emplace(position, added);
    m_wake.start();
    return *added;
}

Result<void> JobRegistry::pause(JobId id)
{
    return require(id).and_then([](Job *job) { return job->pause(); });
}
Result<void> JobRegistry::resume(JobId id)
{
    return require(id).and_then([](Job *job) { return job->resume(); });
}
Result<void> JobRegistry::cancel(JobId id)
{
    return require(id).and_then([](Job *job) { return job->cancel(); });
}
Result<void> JobRegistry::retry(JobId id)
{
    return require(id).and_then([](Job *job) { return job->retry(); });
}

Result<void> JobRegistry::remove(JobId id)
{
    const auto job = require(id);
    if (!job)
        return fail(job.error());
    const JobSnapshot gone = (*job)->snapshot();
    if (!isFinal(gone.state))
        return fail(ErrorCode::InvalidState,
                    u"job %1 is %2; cancel it before removing it"_s.arg(id.toString(),
                                                                        jobStateName(gone.state)));
    m_byId.remove(id);
    m_jobs.erase(gone.position);
    publish(JobRemoved{id, gone.owner});
    m_wake.start();
    return {};
}

QList<JobSnapshot> JobRegistry::snapshots() const
{
    QList<JobSnapshot> all;
    all.reserve(qsizetype(m_jobs.size()));
    for (const auto &[position, job] : m_jobs)
        all.append(job->snapshot());
    return all;
}

const JobSnapshot *JobRegistry::find(JobId id) const
{
    const Job *job = m_byId.value(id);
    return job ? &job->snapshot() : nullptr;
}

void JobRegistry::addViewer()
{
    ++m_viewers;
    updateSampler();
}

void JobRegistry::removeViewer()
{
    Q_ASSERT(m_viewers > 0);
    --m_viewers;
    updateSampler();
}

bool JobRegistry::stopForExit(Milliseconds timeout)
{
    m_isEnding = true;
    m_sampler.stop();
    const auto active = m_active.values(); // settling changes the set
    for (Job *job : active)
        job->requestStopForExit();
    const bool haveAllEnded = m_threads.waitForIdle(timeout);
    for (Job *job : active)
        job->settleForExit();
    return haveAllEnded;
}

Result<Job *> JobRegistry::require(JobId id) const
{
    if (Job *job = m_byId.value(id))
        return job;
    return fail(ErrorCode::NotFound, u"there is no job %1"_s.arg(id.toString()));
}

void JobRegistry::publish(JobChange change)
{
    emit eventsReady({JobEvent{++m_sequence, std::move(change)}});
}

void JobRegistry::onChanged(Job *job, const JobSnapshot &before)
{
    const JobSnapshot &snapshot = job->snapshot();
    if (job->isWaiting())
        m_queued.emplace(snapshot.position, job);
    else
        m_queued.erase(snapshot.position);
    if (snapshot.state == JobState::Running || snapshot.stopRequested)
        m_active.insert(snapshot.id, job);
    else
        m_active.remove(snapshot.id);
    publish(JobChanged{before, snapshot});
    m_wake.start();
}

void JobRegistry::sample()
{
    QList<Job *> moved;
    const auto active = m_active.values(); // a sample may change the set
    for (Job *job : active)
        if (job->sample() == Job::Sampled::Progress)
            moved.append(job);
    // Numbered last: what sampling itself announced has gone out by now.
    JobEvents events;
    for (const Job *job : std::as_const(moved))
        events.append(JobEvent{++m_sequence, JobProgressed{job->snapshot()}});
    if (!events.isEmpty())
        emit eventsReady(events);
}

void JobRegistry::schedule()
{
    if (m_isEnding)
        return;
    std::vector<QueueEntry> queued;
    queued.reserve(m_queued.size());
    for (const auto &[position, job] : m_queued)
        queued.push_back({job->snapshot().id, job->snapshot().kind, job->snapshot().prerequisites});
    std::vector<JobKind> running;
    for (const Job *job : std::as_const(m_active))
        if (job->snapshot().state == JobState::Running)
            running.push_back(job->snapshot().kind);

    const StateOf lookup = [this](JobId id) { return stateOf(id); };
    const QList<JobId> hopeless = doomed(queued, lookup);
    const QList<JobId> ready = startable(queued, running, m_limits, lookup);
    for (const JobId id : hopeless)
        if (Job *job = m_byId.value(id))
            job->refuse({ErrorCode::Prerequisite, u"a job this one needs did not succeed"_s});
    for (const JobId id : ready)
        if (Job *job = m_byId.value(id))
            job->start();
    updateSampler();
}

void JobRegistry::updateSampler()
{
    if (m_active.isEmpty() || m_isEnding) {
        m_sampler.stop();
        return;
    }
    const Milliseconds interval = m_viewers > 0 ? WatchedInterval : UnwatchedInterval;
    if (!m_sampler.isActive() || m_sampler.intervalAsDuration() != interval)
        m_sampler.start(interval);
}

std::optional<JobState> JobRegistry::stateOf(JobId id) const
{
    const JobSnapshot *job = find(id);
    return job ? std::optional(job->state) : std::nullopt;
}

} // namespace core
