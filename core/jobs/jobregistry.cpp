#include "core/jobs/jobregistry.h"

#include "core/jobs/movedfile.h"

#include <algorithm>

namespace core {

using namespace Qt::StringLiterals;

namespace {

/// Room that is made around each job when there is none left.
constexpr qint64 RoomBetween = 1 << 15;

} // namespace

JobRegistry::JobRegistry(const Clock &clock, WorkerFactory makeWorker, QObject *parent)
    : QObject(parent)
    , m_clock(clock)
    , m_makeWorker(std::move(makeWorker))
    , m_alarm(this)
    , m_sampler(this)
    , m_wake(this)
{
    connect(&m_sampler, &QTimer::timeout, this, &JobRegistry::sample);
    m_alarm.setSingleShot(true);
    connect(&m_alarm, &QTimer::timeout, this, &JobRegistry::schedule);
    m_wake.setSingleShot(true);
    connect(&m_wake, &QTimer::timeout, this, &JobRegistry::schedule);
}

JobRegistry::~JobRegistry() = default;

void JobRegistry::setLimits(QueueLimits limits)
{
    m_limits = limits;
    m_wake.start();
}

void JobRegistry::setHours(QueueHours hours)
{
    m_hours = std::move(hours);
    m_wake.start();
}

JobId JobRegistry::add(JobSnapshot job)
{
    job.id = JobId{++m_lastId};
    job.position = m_lastPosition += PositionStep;
    job.createdAt = m_clock.wallTime().count();
    job.rev = 1;
    publish(JobAdded{insert(std::move(job)).snapshot()});
    return JobId{m_lastId};
}

void JobRegistry::restore(JobSnapshot job, AfterCrash rule)
{
    for (; m_jobs.contains(job.position); ++job.position) { } // of a damaged store
    m_lastId = std::max(m_lastId, job.id.value);
    m_lastPosition = std::max(m_lastPosition, job.position);
    if (isInterrupted(job, rule))
        interrupt(job, rule);
    if (endStop(job) == JobState::Canceled)
        m_interruptedCancels.append(job.id);
    insert(std::move(job));
}

Job &JobRegistry::insert(JobSnapshot job)
{
    Q_ASSERT(!m_byId.contains(job.id));
    auto owned =
        std::make_unique<Job>(std::move(job), Job::Surroundings{m_clock, m_threads, m_makeWorker});
    Job *added = owned.get();
    connect(added, &Job::changed, this,
            [this, added](const JobSnapshot &before) { onChanged(added, before); });
    m_jobs.emplace(added->snapshot().position, std::move(owned));
    m_byId.insert(added->snapshot().id, added);
    if (added->isWaiting())
        m_queued.emplace(added->snapshot().position, added);
    m_wake.start();
    return *added;
}

Result<void> JobRegistry::pause(JobId id)
{
    return require(id).and_then([](Job *job) { return job->pause(); });
}
Result<void> JobRegistry::resume(JobId id)
{
    const Job::Hours hours =
        m_hours.isOpenAt(m_clock.wallTime()) ? Job::Hours::Open : Job::Hours::Closed;
    return require(id).and_then([hours](Job *job) { return job->resume(hours); });
}
Result<void> JobRegistry::cancel(JobId id)
{
    return require(id).and_then([](Job *job) { return job->cancel(); });
}
Result<void> JobRegistry::retry(JobId id)
{
    return require(id).and_then([](Job *job) { return job->retry(); });
}

Result<void> JobRegistry::report(JobId id, JobSnapshot next)
{
    return require(id).map([&](Job *job) {
        job->become(std::move(next));
        if (job->isActive())
            m_active.insert(id, job);
        updateSampler();
    });
}

Result<void> JobRegistry::ask(JobId id, JobWish wish)
{
    return require(id).map([&](Job *job) { job->ask(std::move(wish)); });
}

Result<void> JobRegistry::move(JobId id, QueuePlace place, const IsSeen &isSeen)
{
    const auto job = require(id);
    if (!job)
        return fail(job.error());
    if (const auto can = (*job)->canMove(); !can)
        return can;
    std::vector<qint64> others;
    for (const auto &[position, queued] : m_queued)
        if (queued != *job && isSeen(queued->snapshot()))
            others.push_back(position);
    const auto own = std::ranges::lower_bound(others, (*job)->snapshot().position);
    const size_t from = size_t(own - others.begin());
    const size_t to = indexOf(place, from, others.size());
    if (to < from)
        putBefore(m_jobs.find(others[to]), **job);
    else if (to > from)
        putBefore(std::next(m_jobs.find(others[to - 1])), **job);
    return {};
}

void JobRegistry::putBefore(Jobs::iterator next, Job &job)
{
    std::optional<qint64> position = roomBefore(next);
    if (!position) {
        const Job *neighbour = next->second.get();
        makeRoomBefore(next);
        position = roomBefore(m_jobs.find(neighbour->snapshot().position));
    }
    Q_ASSERT(position);
    moveTo(job, *position);
}

/// A free position between `next` and the job before it, nullopt when they are neighbours.
std::optional<qint64> JobRegistry::roomBefore(Jobs::iterator next)
{
    if (next == m_jobs.end())
        return m_lastPosition += PositionStep;
    if (next == m_jobs.begin())
        return next->first - PositionStep;
    const qint64 before = std::prev(next)->first;
    const qint64 room = next->first - before;
    return room < 2 ? std::nullopt : std::optional(before + room / 2);
}

/// Moves `next`, and as many behind it as are crowded, further apart.
void JobRegistry::makeRoomBefore(Jobs::iterator next)
{
    const qint64 low = std::prev(next)->first;
    const auto roomy = [low](size_t count) { return low + qint64(count + 1) * RoomBetween; };
    std::vector<Job *> crowd;
    while (next != m_jobs.end() && next->first < roomy(crowd.size()))
        crowd.push_back((next++)->second.get());
    if (next == m_jobs.end())
        m_lastPosition = std::max(m_lastPosition, roomy(crowd.size()) + PositionStep);
    // Each goes up, and the last goes first, so none meets another.
    for (size_t i = crowd.size(); i > 0; --i)
        moveTo(*crowd[i - 1], roomy(i - 1));
}

void JobRegistry::moveTo(Job &job, qint64 position)
{
    const auto at = m_jobs.find(job.snapshot().position);
    m_queued.erase(at->first);
    std::unique_ptr<Job> owned = std::move(at->second);
    m_jobs.erase(at);
    m_jobs.emplace(position, std::move(owned));
    job.moveTo(position);
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
    m_active.remove(id); // numbers of an external job may be unsaid
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
    if (job->isActive())
        m_active.insert(snapshot.id, job);
    else
        m_active.remove(snapshot.id);
    // In the same turn, so that all is stored or nothing: no job names a file that is elsewhere.
    for (const JobId id : jobsWithMovedFile(before, snapshot))
        if (Job *needed = m_byId.value(id))
            needed->setDetails(afterMove(needed->snapshot().details, snapshot.details));
    publish(JobChanged{before, snapshot});
    m_wake.start();
}

void JobRegistry::sample()
{
    // Not before it was silent once, or who reports as often as we look would be seen half as often.
    m_active.removeIf([](const auto &entry) { return !entry.value()->isActive(); });
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
    updateSampler();
}

void JobRegistry::schedule()
{
    if (m_isEnding)
        return;
    endInterruptedCancels();
    keepTimes();
    const std::vector<QueueEntry> queued = queuedJobs();
    std::vector<JobKind> running;
    for (const Job *job : std::as_const(m_active))
        if (job->isOurs() && job->snapshot().state == JobState::Running)
            running.push_back(job->snapshot().kind);

    const StateOf lookup = [this](JobId id) { return stateOf(id); };
    const QList<JobId> ready = startable(dueJobs(queued), running, m_limits, lookup);
    for (const JobId id : doomed(queued, lookup))
        if (Job *job = m_byId.value(id))
            job->refuse(whyDoomed(find(job->snapshot().fedBy)));
    for (const JobId id : ready)
        if (Job *job = m_byId.value(id))
            job->start();
    setAlarm();
    updateSampler();
}

/// What they left on disk is removed, as it would have been.
void JobRegistry::endInterruptedCancels()
{
    for (const JobId id : std::exchange(m_interruptedCancels, {}))
        if (Job *job = m_byId.value(id))
            (void)job->cancel(); // refused: it ended, or was canceled again, in the meantime
}

std::vector<QueueEntry> JobRegistry::queuedJobs() const
{
    std::vector<QueueEntry> queued;
    queued.reserve(m_queued.size());
    for (const auto &[position, job] : m_queued) {
        const JobSnapshot &entry = job->snapshot();
        queued.push_back({entry.id, entry.kind, entry.prerequisites, entry.fedBy});
    }
    return queued;
}

/// Those whose time has come.
std::vector<QueueEntry> JobRegistry::dueJobs(const std::vector<QueueEntry> &queued) const
{
    std::vector<QueueEntry> due;
    due.reserve(queued.size());
    for (const QueueEntry &entry : queued)
        if (const Job *job = m_byId.value(entry.id); job && !job->isScheduled())
            due.push_back(entry);
    return due;
}

/// Those that are queued or running. By id, since who hears of a change may remove others.
QList<JobId> JobRegistry::pendingJobs() const
{
    QList<JobId> ids = m_active.keys();
    ids.reserve(ids.size() + qsizetype(m_queued.size()));
    for (const auto &[position, job] : m_queued)
        ids.append(job->snapshot().id);
    return ids;
}

void JobRegistry::keepTimes()
{
    const Milliseconds now = m_clock.wallTime();
    std::optional<Milliseconds> opensAt;
    if (!m_hours.isOpenAt(now))
        opensAt = m_hours.nextOpening(now);
    for (const JobId id : pendingJobs()) {
        Job *job = m_byId.value(id);
        if (job && job->isPastStop())
            (void)job->pause(); // cannot be refused: it is queued or running
        else if (job)
            job->keepHours(opensAt);
    }
}

/// The hours may close within a minute; a job that waits for them has its own time.
void JobRegistry::setAlarm()
{
    const Milliseconds now = m_clock.wallTime();
    std::optional<Milliseconds> next;
    if (!m_hours.isEmpty() && !m_active.isEmpty())
        next = std::chrono::floor<std::chrono::minutes>(now) + std::chrono::minutes(1);
    for (const JobId id : pendingJobs())
        if (const auto turn = nextTurn(m_byId.value(id)->snapshot(), now))
            next = std::min(next.value_or(*turn), *turn);
    m_alarm.stop();
    if (next)
        m_alarm.start(std::clamp(*next - now, Milliseconds(0), LongestAlarm));
}

void JobRegistry::updateSampler()
{
    if (m_active.isEmpty() || m_isEnding)
        return m_sampler.stop();
    const Milliseconds interval = m_viewers > 0 ? WatchedInterval : UnwatchedInterval;
    if (!m_sampler.isActive() || m_sampler.intervalAsDuration() != interval)
        m_sampler.start(interval);
}

} // namespace core
