#include "core/jobs/job.h"

#include "core/base/logging.h"
#include "core/jobs/jobchange.h"
#include "core/jobs/jobqueue.h"
#include "core/jobs/jobrun.h"
#include "core/jobs/jobthreads.h"
#include "core/jobs/settledrives.h"

namespace core {

using namespace Qt::StringLiterals;

constexpr qsizetype LongestContext = 2000; // it goes to every listener

Job::Job(JobSnapshot initial, Surroundings surroundings, QObject *parent)
    : QObject(parent)
    , m_surroundings(surroundings)
    , m_snapshot(std::move(initial))
{ }

Job::~Job()
{
    letGo();
}

bool Job::isWaiting() const
{
    return isOurs() && m_snapshot.state == JobState::Queued && !m_run && !isHeld();
}

bool Job::isScheduled() const
{
    return isWaiting() && m_snapshot.startAt > m_surroundings.clock.wallTime().count();
}

bool Job::isPastStop() const
{
    const bool isUnderWay = isWaiting() || m_snapshot.state == JobState::Running;
    return isUnderWay && !m_snapshot.stopRequested && m_snapshot.stopAt > 0
        && m_snapshot.stopAt <= m_surroundings.clock.wallTime().count();
}

void Job::start()
{
    if (!isWaiting())
        return;
    auto worker = m_surroundings.makeWorker(m_snapshot);
    if (!worker) {
        refuse(worker.error());
        return;
    }
    auto run = std::make_shared<Run>();
    run->worker = std::move(*worker);
    run->cell.setTotal(m_snapshot.progress.total);
    run->cell.setDone(m_snapshot.progress.done);
    run->cell.edit([this](JobDetails &details) { details = m_snapshot.details; });
    m_rate.reset();
    m_restartsSeen = 0;
    launch(std::move(run));
    setState(JobState::Running);
}

Result<void> Job::resume(Hours hours)
{
    const bool isEarly = isScheduled();
    const bool isPausing = m_snapshot.state == JobState::Running && m_snapshot.stopRequested
        && m_snapshot.stopsAs == JobState::Paused;
    if (!isEarly && !isPausing && (m_snapshot.state != JobState::Paused || m_run))
        return refuseCommand("resumed");
    const JobSnapshot before = m_snapshot;
    m_snapshot.ignoresHours = hours == Hours::Closed;
    forgetPastStop();
    if (isPausing) { // it goes on once it has stopped
        m_snapshot.stopsAs = JobState::Queued;
        announce(before);
        return {};
    }
    if (!isEarly) {
        setState(JobState::Queued, before);
        return {};
    }
    m_snapshot.startAt = 0;
    m_snapshot.waitsForHours = false;
    announce(before);
    return {};
}

void Job::forgetPastStop()
{
    if (m_snapshot.stopAt <= m_surroundings.clock.wallTime().count())
        m_snapshot.stopAt = 0;
}

void Job::keepHours(std::optional<Milliseconds> opensAt)
{
    const bool isSet = opensAt ? m_snapshot.waitsForHours && m_snapshot.startAt == opensAt->count()
                               : !m_snapshot.waitsForHours;
    if (isSet || !hasHours(m_snapshot))
        return;
    if (m_snapshot.state == JobState::Running && !m_snapshot.stopRequested)
        (void)stopAs(JobState::Queued); // cannot be refused: it runs and is not being canceled
    if (!isWaiting() || (isScheduled() && !m_snapshot.waitsForHours))
        return;
    const JobSnapshot before = m_snapshot;
    m_snapshot.startAt = opensAt.value_or(Milliseconds(0)).count();
    m_snapshot.waitsForHours = opensAt.has_value();
    announce(before);
}

Result<void> Job::cancel()
{
    return stopAs(JobState::Canceled);
}

Result<void> Job::retry()
{
    if (m_snapshot.state != JobState::Failed && m_snapshot.state != JobState::Canceled)
        return refuseCommand("retried");
    const JobSnapshot before = m_snapshot;
    ++m_snapshot.attempt;
    forgetPastStop();
    m_snapshot.progress.done = 0;
    m_snapshot.details.message.clear();
    m_snapshot.details.sha256.clear();
    setState(JobState::Queued, before);
    return {};
}

Result<void> Job::canMove() const
{
    const bool isInQueue =
        m_snapshot.state == JobState::Queued || m_snapshot.state == JobState::Paused;
    return isInQueue && !m_snapshot.stopRequested ? Result<void>() : refuseCommand("moved");
}

void Job::moveTo(qint64 position)
{
    const JobSnapshot before = m_snapshot;
    m_snapshot.position = position;
    announce(before);
}

void Job::ask(JobWish wish)
{
    const JobSnapshot before = m_snapshot;
    m_snapshot.spec = std::move(wish.spec);
    m_snapshot.source = std::move(wish.source);
    m_snapshot.speedLimit = wish.speedLimit;
    if (m_snapshot != before)
        announce(before);
}

void Job::refuse(Error why)
{
    if (m_snapshot.state == JobState::Queued)
        apply(fail(std::move(why)));
}

void Job::requestStopForExit()
{
    if (m_run)
        m_run->stop.request_stop();
}

void Job::settleForExit()
{
    const std::shared_ptr<Run> run = m_run;
    letGo();
    if (!run)
        return;
    const std::lock_guard lock(run->mutex);
    if (!run->ended || leavesRemains(*run, *run->ended))
        return;
    const bool isStopped = run->ended->has_value() && **run->ended == Outcome::Stopped;
    if (isStopped && !m_snapshot.stopRequested)
        return;
    sample();
    m_run.reset();
    apply(*run->ended);
}

void Job::become(JobSnapshot next)
{
    next.rev = m_snapshot.rev;
    const JobSnapshot before = std::exchange(m_snapshot, std::move(next));
    if (!movesOnlyNumbers(before, m_snapshot))
        return announce(before);
    if (m_snapshot == before)
        return;
    ++m_snapshot.rev;
    m_hasNumbers = true;
}

Job::Sampled Job::sample()
{
    if (std::exchange(m_hasNumbers, false))
        return Sampled::Progress;
    if (!m_run || m_run->task != Run::Task::Work)
        return Sampled::Nothing;
    const JobSnapshot before = m_snapshot;
    const bool isAnew = m_run->cell.restarts() != m_restartsSeen;
    if (isAnew) {
        m_restartsSeen = m_run->cell.restarts();
        ++m_snapshot.attempt;
        m_rate.reset();
    }
    Progress progress = m_run->cell.read();
    m_rate.add(m_surroundings.clock.monotonicTime(), progress.done);
    progress.bytesPerSecond = m_rate.bytesPerSecond();
    progress.etaSeconds = m_rate.etaSeconds(
        progress.total < 0 ? -1 : std::max<qint64>(0, progress.total - progress.done));
    m_snapshot.progress = progress;
    const bool hasDetails = takeDetails();
    if (m_snapshot == before)
        return Sampled::Nothing;
    if (!hasDetails && !isAnew) {
        ++m_snapshot.rev;
        return Sampled::Progress;
    }
    announce(before);
    return Sampled::Details;
}

/// Whether details changed that must not be lost.
bool Job::takeDetails()
{
    auto details = m_run->cell.takeDetails();
    if (!details)
        return false;
    const bool isChange = withoutProgress(*details) != withoutProgress(m_snapshot.details);
    m_snapshot.details = std::move(*details);
    m_snapshot.kind = m_snapshot.details.becomes.value_or(m_snapshot.kind);
    return isChange;
}

Result<void> Job::stopAs(JobState whenStopped)
{
    const bool isCancel = whenStopped == JobState::Canceled;
    const bool isDiscarding = m_run && m_run->discard.load();
    if (!canTransition(m_snapshot.state, whenStopped) || isDiscarding || (isHeld() && !isCancel))
        return refuseCommand(isCancel ? "canceled" : "paused");
    if (!m_run && (!isCancel || !isOurs())) {
        setState(whenStopped);
        return {};
    }
    const JobSnapshot before = m_snapshot;
    m_snapshot.stopsAs = whenStopped;
    m_snapshot.stopRequested = true;
    if (m_run) {
        m_run->discard.store(isCancel);
        m_run->stop.request_stop();
    } else {
        auto worker = m_surroundings.makeWorker(m_snapshot);
        if (!worker) { // nothing can have been written by a job that cannot be made
            setState(JobState::Canceled);
            return {};
        }
        discardWith(std::move(*worker));
    }
    if (m_snapshot != before)
        announce(before);
    return {};
}

void Job::launch(std::shared_ptr<Run> run)
{
    run->job = this;
    m_run = run;
    m_surroundings.threads.start([run] {
        const Result<Outcome> result = run->execute();
        const std::lock_guard lock(run->mutex);
        run->ended = result;
        if (run->job)
            QMetaObject::invokeMethod(
                run->job, [run] { deliverEnd(run); }, Qt::QueuedConnection);
    });
}

/// On the hub thread; the job may have let go of the run since this was posted.
void Job::deliverEnd(const std::shared_ptr<Run> &run)
{
    if (run->job)
        run->job->onRunEnded(run, *run->ended);
}

/// A cancel came after the worker had stopped for another reason: what it left is still there.
bool Job::leavesRemains(const Run &run, const Result<Outcome> &result)
{
    const bool isDone = result && *result == Outcome::Completed;
    return run.discard.load() && !run.discarded && !isDone;
}

void Job::onRunEnded(const std::shared_ptr<Run> &run, const Result<Outcome> &result)
{
    if (run != m_run)
        return;
    sample(); // the last numbers and details belong to this state
    if (leavesRemains(*run, result))
        return discardWith(std::move(run->worker));
    m_run.reset();
    apply(result);
}

void Job::discardWith(std::unique_ptr<JobWorker> worker)
{
    auto run = std::make_shared<Run>();
    run->worker = std::move(worker);
    run->task = Run::Task::DiscardOnly;
    run->discard.store(true);
    launch(std::move(run));
}

void Job::apply(const Result<Outcome> &result)
{
    const JobSnapshot before = m_snapshot;
    m_snapshot.error.reset();
    if (!result && m_snapshot.stopsAs == JobState::Canceled && m_snapshot.stopRequested) {
        setState(JobState::Canceled, before);
    } else if (!result) {
        qCWarning(lcJobs) << "job" << m_snapshot.id.value
                          << "failed:" << errorCodeName(result.error().code)
                          << result.error().context;
        m_snapshot.error = Error{result.error().code, result.error().context.left(LongestContext)};
        setState(JobState::Failed, before);
    } else {
        setState(*result == Outcome::Completed ? JobState::Succeeded : m_snapshot.stopsAs, before);
    }
}

void Job::setState(JobState state)
{
    setState(state, JobSnapshot(m_snapshot));
}

/// `before` is the snapshot that was announced last, when other members changed already.
void Job::setState(JobState state, const JobSnapshot &before)
{
    Q_ASSERT(canTransition(m_snapshot.state, state));
    const qint64 now = m_surroundings.clock.wallTime().count();
    m_snapshot.state = state;
    m_snapshot.stopRequested = false;
    m_snapshot.stopsAs = JobState::Canceled;
    m_snapshot.progress.bytesPerSecond = 0;
    m_snapshot.progress.etaSeconds = -1;
    if (state != JobState::Running)
        m_snapshot.progress.stage = Stage::None;
    if (state == JobState::Paused)
        m_snapshot.details.message.clear();
    if (state == JobState::Running)
        m_snapshot.startedAt = now;
    if (state == JobState::Queued)
        m_snapshot.error.reset();
    m_snapshot.finishedAt = isFinal(state) ? now : 0;
    settleDrives(m_snapshot.details.drives, state);
    if (std::exchange(m_snapshot.waitsForHours, false))
        m_snapshot.startAt = 0;
    if (isFinal(state))
        m_snapshot.ignoresHours = false;
    announce(before);
}

void Job::announce(const JobSnapshot &before)
{
    ++m_snapshot.rev;
    m_hasNumbers = false;
    emit changed(before);
}

void Job::letGo()
{
    if (!m_run)
        return;
    m_run->stop.request_stop();
    const std::lock_guard lock(m_run->mutex);
    m_run->job = nullptr;
}

Result<void> Job::refuseCommand(const char *verb) const
{
    return fail(
        ErrorCode::InvalidState,
        u"job %1 is %2 and cannot be %3"_s.arg(
            m_snapshot.id.toString(),
            m_snapshot.stopRequested ? u"stopping"_s : QString(jobStateName(m_snapshot.state)),
            QLatin1StringView(verb)));
}

} // namespace core
