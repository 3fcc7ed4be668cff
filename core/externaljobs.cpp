#include "core/externaljobs.h"

#include "core/agents/agentworkjson.h"
#include "core/externalspecjson.h"
#include "core/jobs/jobchange.h"
#include "core/jobs/jobregistry.h"
#include "core/jobs/percentage.h"

namespace core {

using namespace Qt::StringLiterals;

namespace {

/// So many budgets are kept before those that nobody uses are looked for.
constexpr size_t ManyBudgets = 64;
/// Whoever reports more often is measured no better.
constexpr Milliseconds MeasureInterval{50};

/// Not the work of agents: their leases tell whether it goes on.
bool isReported(const JobSnapshot &job)
{
    return job.kind == JobKind::External && !isAgentWork(job);
}

bool isAtWork(const JobSnapshot &job)
{
    return isReported(job) && !isFinal(job.state);
}

} // namespace

ExternalJobs::ExternalJobs(const Clock &clock, JobRegistry &registry, JobAdmission &admission)
    : m_clock(clock)
    , m_registry(registry)
    , m_admission(admission)
    , m_timer(this)
{
    connect(&registry, &JobRegistry::eventsReady, this, &ExternalJobs::onEvents);
    m_timer.setSingleShot(true);
    connect(&m_timer, &QTimer::timeout, this, &ExternalJobs::markStale);
}

ExternalJobs::~ExternalJobs() = default;

Error ExternalJobs::whyOnlyCanceled(JobId id)
{
    return {ErrorCode::InvalidState,
            u"job %1 is the work of another program and can only be canceled"_s.arg(id.toString())};
}

Result<void> ExternalJobs::checkReporter(const Principal &who, const JobReport &report)
{
    return requireScope(who, Scope::Report).and_then([&report] { return checkReport(report); });
}

void ExternalJobs::add(const Principal &who, const JobReport &report, const Answer &answer)
{
    index();
    if (const auto checked = checkReporter(who, report); !checked)
        return answer(fail(checked.error()));
    create(who, report, answer);
}

void ExternalJobs::report(const Principal &who, const JobReport &report, const Answer &answer)
{
    if (const auto checked = checkReporter(who, report); !checked)
        return answer(fail(checked.error()));
    const JobSnapshot *job = find(who, report.job);
    if (!job)
        return create(who, report, answer);
    const JobSnapshot known = *job;
    if (const auto updated = update(who, report, known); !updated)
        return answer(fail(updated.error()));
    answer(*m_registry.find(known.id));
}

void ExternalJobs::markStale()
{
    const Milliseconds now = m_clock.monotonicTime();
    const QList<JobId> heard = m_pulses.keys();
    for (const JobId id : heard) {
        const JobSnapshot *job = m_registry.find(id);
        Pulse &pulse = m_pulses[id];
        if (!job || job->progress.stage == Stage::Stale || now - pulse.heardAt < StaleAfter)
            continue;
        pulse.stage = job->progress.stage;
        pulse.rate.reset();
        JobSnapshot next = *job;
        next.progress = {
            .stage = Stage::Stale, .done = job->progress.done, .total = job->progress.total};
        (void)m_registry.report(id, next); // it is there
    }
    setTimer();
}

const JobSnapshot *ExternalJobs::find(const Principal &who, const QString &id)
{
    if (id.isEmpty())
        return nullptr;
    index();
    if (const auto own = m_byOwnId.constFind({who.owner, id}); own != m_byOwnId.constEnd())
        return m_registry.find(*own);
    bool isNumber = false;
    const JobId ours{id.toLongLong(&isNumber)};
    const JobSnapshot *job = isNumber ? m_registry.find(ours) : nullptr;
    return job && who.canSee(job->owner) ? job : nullptr;
}

/// Jobs of an earlier run came back without an event.
void ExternalJobs::index()
{
    if (std::exchange(m_isIndexed, true))
        return;
    for (const JobSnapshot &job : m_registry.snapshots()) {
        if (!isReported(job) || job.source.isEmpty())
            continue;
        m_byOwnId.insert({job.owner, job.source}, job.id);
        m_ownIds.insert(job.id, {job.owner, job.source});
    }
}

/// Counts one change.
Result<void> ExternalJobs::spend(const Principal &who)
{
    const Milliseconds now = m_clock.monotonicTime();
    if (m_budgets.size() >= ManyBudgets)
        std::erase_if(m_budgets, [now](const auto &entry) { return entry.second.isUnused(now); });
    if (m_budgets[{who.owner, who.name}].take(now))
        return {};
    return fail(
        ErrorCode::RateLimited,
        u"%1 changes a second; numbers are not counted"_s.arg(ReportBudget::ChangesPerSecond));
}

void ExternalJobs::create(const Principal &who, const JobReport &report, const Answer &answer)
{
    if (!report.title)
        return answer(fail(ErrorCode::InvalidArgument, u"\"title\" is missing: the job is new"_s));
    if (const auto allowed = spend(who); !allowed)
        return answer(fail(allowed.error()));
    const JobSnapshot blank{.kind = JobKind::External,
                            .owner = who.owner,
                            .state = JobState::Running,
                            .source = report.job};
    const JobSnapshot job = reported(blank, report, m_clock.wallTime());
    m_admission.answerWhenCommitted(m_admission.add({.owner = who.owner}, job), answer);
}

Result<void>
ExternalJobs::update(const Principal &who, const JobReport &report, const JobSnapshot &job)
{
    const QString id = job.id.toString();
    if (!isReported(job))
        return fail(ErrorCode::InvalidState,
                    u"job %1 is not the work of another program"_s.arg(id));
    const bool wasStopped =
        job.state == JobState::Canceled && !decodeExternalSpec(job.spec).isCanceledByProgram;
    if (wasStopped)
        return fail(ErrorCode::InvalidState, u"job %1 was canceled"_s.arg(id));
    JobSnapshot before = job;
    if (job.progress.stage == Stage::Stale)
        before.progress.stage = m_pulses.value(job.id).stage;
    JobSnapshot next = reported(before, report, m_clock.wallTime());
    if (!movesOnlyNumbers(before, next))
        if (const auto allowed = spend(who); !allowed)
            return allowed;
    if (isAtWork(next))
        measure(next, report);
    become(job, next);
    if (!m_timer.isActive())
        setTimer();
    return {};
}

/// Takes every step that the state machine has on the way.
void ExternalJobs::become(const JobSnapshot &job, const JobSnapshot &next)
{
    for (const JobState state : statesBetween(job.state, next.state)) {
        JobSnapshot step = next;
        step.state = state;
        if (state != next.state) {
            step.finishedAt = 0;
            step.error.reset();
        }
        (void)m_registry.report(job.id, step); // it is there
    }
}

/// It was heard; its speed is what the program says, or else measured.
void ExternalJobs::measure(JobSnapshot &job, const JobReport &report)
{
    Pulse &pulse = m_pulses[job.id];
    pulse.heardAt = m_clock.monotonicTime();
    if (job.state != JobState::Running)
        return pulse.rate.reset();
    if (job.progress.done == 0) // begun anew
        pulse.rate.reset();
    if (pulse.heardAt - pulse.measuredAt >= MeasureInterval) {
        pulse.rate.add(pulse.heardAt, job.progress.done);
        pulse.measuredAt = pulse.heardAt;
    }
    const qint64 left = job.progress.total - job.progress.done;
    if (!report.bytesPerSecond && !isPercentage(job))
        job.progress.bytesPerSecond = pulse.rate.bytesPerSecond();
    if (!report.etaSeconds)
        job.progress.etaSeconds =
            pulse.rate.etaSeconds(job.progress.total < 0 ? -1 : std::max<qint64>(0, left));
}

void ExternalJobs::onEvents(const JobEvents &events)
{
    for (const JobEvent &event : events) {
        if (const auto *added = std::get_if<JobAdded>(&event.change)) {
            const JobSnapshot &job = added->job;
            if (isReported(job) && !job.source.isEmpty()) {
                m_byOwnId.insert({job.owner, job.source}, job.id);
                m_ownIds.insert(job.id, {job.owner, job.source});
            }
            if (JobSnapshot begun = job; isAtWork(begun)) {
                measure(begun, {});
                setTimer();
            }
        } else if (const auto *changed = std::get_if<JobChanged>(&event.change)) {
            if (changed->job.kind == JobKind::External && isFinal(changed->job.state))
                m_pulses.remove(changed->job.id);
        } else if (const auto *removed = std::get_if<JobRemoved>(&event.change)) {
            forget(removed->id);
        }
    }
}

void ExternalJobs::forget(JobId id)
{
    m_pulses.remove(id);
    if (const auto own = m_ownIds.constFind(id); own != m_ownIds.constEnd()) {
        if (m_byOwnId.value(*own) == id) // not that of a later job of that name
            m_byOwnId.remove(*own);
        m_ownIds.erase(own);
    }
}

void ExternalJobs::setTimer()
{
    std::optional<Milliseconds> next;
    for (auto pulse = m_pulses.constBegin(); pulse != m_pulses.constEnd(); ++pulse) {
        const JobSnapshot *job = m_registry.find(pulse.key());
        if (job && job->progress.stage != Stage::Stale)
            next = std::min(next.value_or(pulse->heardAt), pulse->heardAt);
    }
    if (!next)
        return m_timer.stop();
    const Milliseconds wait = *next + StaleAfter - m_clock.monotonicTime();
    m_timer.start(std::max(wait, Milliseconds(1)));
}

} // namespace core
