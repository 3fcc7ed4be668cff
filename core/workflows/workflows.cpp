#include "core/workflows/workflows.h"

#include "core/jobadmission.h"
#include "core/store/workflowstore.h"
#include "core/workflows/stepspecjson.h"
#include "core/workflows/workflowstate.h"

#include <algorithm>
#include <ranges>

namespace core {

using namespace Qt::StringLiterals;

namespace {

bool isOver(JobState state)
{
    return state == JobState::Failed || state == JobState::Canceled;
}

/// Never made, since what it needs did not succeed.
bool isBlocked(const WorkflowStep &step)
{
    return step.job.value == 0 && step.error && step.error->code == ErrorCode::Prerequisite;
}

tl::unexpected<Error> refuse(const Workflow &workflow, const char *verb)
{
    const bool isStopping = !isFinal(workflow.state) && workflow.wish == WorkflowWish::Cancel;
    return fail(ErrorCode::InvalidState,
                u"workflow %1 is %2 and cannot be %3"_s.arg(
                    workflow.id.toString(),
                    isStopping ? u"stopping"_s : QString(jobStateName(workflow.state)),
                    QLatin1StringView(verb)));
}

QString messageOf(const JobSnapshot &job)
{
    return job.progress.stage == Stage::AwaitingConfirmation
        ? u"waits for the yes of the local user"_s
        : job.details.message;
}

void take(WorkflowStep &step, const JobSnapshot &job)
{
    const Progress &progress = job.progress;
    step.state = job.state;
    step.error = job.error;
    step.message = messageOf(job);
    if (progress.total > 0) {
        if (job.kind != JobKind::External) // what programs count may be anything
            step.bytes = progress.total;
        step.progress = std::clamp(double(progress.done) / double(progress.total), 0.0, 1.0);
    } else if (!isFinal(job.state)) {
        step.progress = 0;
    }
    if (job.state != JobState::Succeeded)
        return;
    step.progress = 1;
    if (step.outputs.isEmpty())
        step.outputs = outputsOf(job);
}

void beginAgain(WorkflowStep &step)
{
    step.state = JobState::Queued;
    step.progress = 0;
    step.error.reset();
    step.message.clear();
    step.outputs.clear();
}

} // namespace

Workflows::Workflows(Surroundings surroundings, QObject *parent)
    : QObject(parent)
    , m_surroundings(surroundings)
    , m_wake(this)
    , m_progressTimer(this)
{
    connect(&m_surroundings.registry, &JobRegistry::eventsReady, this, &Workflows::onEvents);
    m_wake.setSingleShot(true);
    connect(&m_wake, &QTimer::timeout, this, &Workflows::settleNoted);
    m_progressTimer.setSingleShot(true);
    connect(&m_progressTimer, &QTimer::timeout, this, &Workflows::tellProgress);
}

Workflows::~Workflows() = default;

void Workflows::restore(const QList<Workflow> &workflows, WorkflowId last)
{
    m_lastId = std::max(m_lastId, last.value);
    for (const Workflow &workflow : workflows) {
        m_entries.emplace(workflow.id, Entry{workflow, workflow, {}});
        for (const WorkflowStep &step : workflow.steps)
            if (step.job.value > 0)
                m_byJob.insert(step.job, workflow.id);
        note(workflow.id);
    }
    for (const JobSnapshot &job : m_surroundings.registry.snapshots())
        adopt(job);
    for (const auto &[id, entry] : m_entries)
        if (entry.workflow.wish == WorkflowWish::Pause)
            pauseJobs(entry.workflow);
}

void Workflows::add(const Principal &who, WorkflowPlan plan, const Added &answer)
{
    if (const auto allowed = requireScope(who, Scope::Add); !allowed)
        return answer(fail(allowed.error()));
    for (WorkflowStep &step : plan.steps)
        if (const auto checked = m_surroundings.jobs.check(who, step); !checked)
            return answer(fail(errorOfStep(step, checked.error())));
    Workflow workflow{.id = WorkflowId{++m_lastId},
                      .title = std::move(plan.title),
                      .asker = who,
                      .steps = std::move(plan.steps)};
    workflow.createdAt = m_surroundings.clock.wallTime().count();
    workflow.rev = 1;
    summarize(workflow);
    m_surroundings.store.put(workflow);
    const auto begin = [this, workflow, answer](const Result<void> &written) {
        if (!written) {
            m_surroundings.store.remove(workflow.id);
            return answer(fail(written.error()));
        }
        m_entries.emplace(workflow.id, Entry{workflow, workflow, {}});
        note(workflow.id);
        emit eventsReady({WorkflowAdded{workflow}});
        answer(workflow);
    };
    m_surroundings.store.whenCommitted(workflow.id, this, begin);
}

Result<QList<Workflow>> Workflows::list(const Principal &who) const
{
    if (const auto allowed = requireScope(who, Scope::Read); !allowed)
        return fail(allowed.error());
    QList<Workflow> visible;
    for (const auto &[id, entry] : m_entries | std::views::reverse)
        if (who.canSee(entry.told.owner()))
            visible.append(entry.told);
    return visible;
}

Result<Workflow> Workflows::get(const Principal &who, WorkflowId id) const
{
    if (const auto allowed = requireScope(who, Scope::Read); !allowed)
        return fail(allowed.error());
    const auto found = m_entries.find(id);
    if (found == m_entries.end() || !who.canSee(found->second.told.owner()))
        return fail(ErrorCode::NotFound, u"there is no workflow %1"_s.arg(id.toString()));
    return found->second.told;
}

Result<Workflow> Workflows::pause(const Principal &who, WorkflowId id)
{
    const auto entry = require(who, Scope::Control, id);
    if (!entry)
        return fail(entry.error());
    Workflow &workflow = (*entry)->workflow;
    const bool canPause = workflow.state == JobState::Queued || workflow.state == JobState::Running;
    if (!canPause || workflow.wish == WorkflowWish::Cancel)
        return refuse(workflow, "paused");
    workflow.wish = WorkflowWish::Pause;
    pauseJobs(workflow);
    settle(**entry);
    return (*entry)->told;
}

Result<Workflow> Workflows::resume(const Principal &who, WorkflowId id)
{
    const auto entry = require(who, Scope::Control, id);
    if (!entry)
        return fail(entry.error());
    Workflow &workflow = (*entry)->workflow;
    if (workflow.state != JobState::Paused)
        return refuse(workflow, "resumed");
    workflow.wish = WorkflowWish::Run;
    for (const WorkflowStep &step : std::as_const(workflow.steps))
        if (step.state == JobState::Paused)
            (void)m_surroundings.jobs.resume(step.job); // the job says why not, if it is not queued
    settle(**entry);
    return (*entry)->told;
}

Result<Workflow> Workflows::cancel(const Principal &who, WorkflowId id)
{
    const auto entry = require(who, Scope::Control, id);
    if (!entry)
        return fail(entry.error());
    Workflow &workflow = (*entry)->workflow;
    if (isFinal(workflow.state) || workflow.wish == WorkflowWish::Cancel)
        return refuse(workflow, "canceled");
    workflow.wish = WorkflowWish::Cancel;
    settle(**entry);
    return (*entry)->told;
}

Result<Workflow> Workflows::retry(const Principal &who, WorkflowId id, const QString &step)
{
    const auto entry = require(who, Scope::Control, id);
    if (!entry)
        return fail(entry.error());
    Workflow &workflow = (*entry)->workflow;
    const auto wanted = stepsToRetry(workflow, step);
    if (!wanted)
        return fail(wanted.error());
    workflow.wish = WorkflowWish::Run;
    ++workflow.attempt;
    workflow.progress = 0;
    workflow.finishedAt = 0;
    for (const qsizetype index : *wanted)
        again(workflow.steps[index]);
    settle(**entry);
    return (*entry)->told;
}

Result<QList<qsizetype>> Workflows::stepsToRetry(const Workflow &workflow,
                                                 const QString &step) const
{
    const bool isStopping = workflow.wish == WorkflowWish::Cancel && !isFinal(workflow.state);
    if (isStopping || workflow.wish == WorkflowWish::Pause)
        return refuse(workflow, "retried");
    QList<qsizetype> wanted;
    if (step.isEmpty()) {
        for (qsizetype i = 0; i < workflow.steps.size(); ++i)
            wanted.append(i);
    } else if (const qsizetype index = workflow.indexOf(step); index < 0) {
        return fail(ErrorCode::NotFound,
                    u"workflow %1 has no step \"%2\""_s.arg(workflow.id.toString(), step));
    } else if (const WorkflowStep &one = workflow.steps[index];
               !isOver(one.state) || (isBlocked(one) && !isReady(workflow, one))) {
        return fail(ErrorCode::InvalidState,
                    u"step \"%1\" is %2 and cannot be retried: %3"_s.arg(
                        step, jobStateName(one.state),
                        one.error ? one.error->context : u"it did not fail"_s));
    } else {
        wanted = withFollowers(workflow, index);
    }
    wanted.removeIf([&](qsizetype i) { return !isOver(workflow.steps[i].state); });
    if (wanted.isEmpty())
        return refuse(workflow, "retried");
    return wanted;
}

/// Its job runs once more; one that cannot is made anew.
void Workflows::again(WorkflowStep &step)
{
    const JobSnapshot *job = m_surroundings.registry.find(step.job);
    const bool isQueued =
        job && isOver(job->state) && m_surroundings.jobs.retry(step.job).has_value();
    if (!isQueued) {
        step.earlier = std::max(step.earlier, step.job);
        m_byJob.remove(step.job);
        step.job = {};
    }
    beginAgain(step);
}

void Workflows::remove(const Principal &who, WorkflowId id, const Removed &answer)
{
    const auto entry = require(who, Scope::Control, id);
    if (!entry)
        return answer(fail(entry.error()));
    if (!isFinal((*entry)->workflow.state))
        return answer(refuse((*entry)->workflow, "removed"));
    removeJobs(who, id, answer);
}

/// One after the other; when there is none left, the workflow itself.
void Workflows::removeJobs(const Principal &who, WorkflowId id, const Removed &answer)
{
    const Entry *entry = find(id);
    if (!entry)
        return answer(fail(ErrorCode::NotFound, u"there is no workflow %1"_s.arg(id.toString())));
    for (const WorkflowStep &step : entry->workflow.steps)
        if (m_surroundings.registry.find(step.job))
            return m_surroundings.jobs.remove(
                who, step.job, [this, who, id, answer](const Result<void> &removed) {
                    removed ? removeJobs(who, id, answer) : answer(removed);
                });
    forget(id, answer);
}

void Workflows::forget(WorkflowId id, const Removed &answer)
{
    const QString owner = find(id)->workflow.owner();
    m_entries.erase(id);
    m_surroundings.store.remove(id);
    emit eventsReady({WorkflowRemoved{id, owner}});
    m_surroundings.store.whenCommitted(id, this, answer);
}

Workflows::Entry *Workflows::find(WorkflowId id)
{
    const auto found = m_entries.find(id);
    return found == m_entries.end() ? nullptr : &found->second;
}

Result<Workflows::Entry *> Workflows::require(const Principal &who, Scope scope, WorkflowId id)
{
    if (const auto allowed = requireScope(who, scope); !allowed)
        return fail(allowed.error());
    Entry *entry = find(id);
    if (entry && who.canSee(entry->workflow.owner()))
        return entry;
    return fail(ErrorCode::NotFound, u"there is no workflow %1"_s.arg(id.toString()));
}

/// Runs inside the registry's signal, so what changes the registry waits for the next turn.
void Workflows::onEvents(const JobEvents &events)
{
    for (const JobEvent &event : events) {
        if (const auto *added = std::get_if<JobAdded>(&event.change)) {
            adopt(added->job);
        } else if (const auto *changed = std::get_if<JobChanged>(&event.change)) {
            if (const auto id = m_byJob.constFind(changed->job.id); id != m_byJob.constEnd())
                note(*id);
        } else if (const auto *moved = std::get_if<JobProgressed>(&event.change)) {
            if (const auto id = m_byJob.constFind(moved->job.id); id != m_byJob.constEnd())
                m_moved.insert(*id);
        } else if (const auto *removed = std::get_if<JobRemoved>(&event.change)) {
            if (const auto id = m_byJob.constFind(removed->id); id != m_byJob.constEnd())
                note(*id);
        }
    }
    if (!m_moved.isEmpty() && !m_progressTimer.isActive())
        m_progressTimer.start(ProgressInterval);
}

/// The newest job of a step is its job, as long as nobody began anew without it.
void Workflows::adopt(const JobSnapshot &job)
{
    const auto link = job.workflow.isEmpty() ? std::nullopt : WorkflowLink::fromText(job.workflow);
    Entry *entry = link ? find(link->workflow) : nullptr;
    const qsizetype index = entry ? entry->workflow.indexOf(link->step) : -1;
    if (index < 0)
        return;
    WorkflowStep &step = entry->workflow.steps[index];
    if (job.id <= step.earlier || job.id < step.job)
        return;
    step.job = job.id;
    m_byJob.insert(job.id, link->workflow);
    note(link->workflow);
}

void Workflows::note(WorkflowId id)
{
    m_noted.insert(id);
    if (!m_wake.isActive())
        m_wake.start();
}

void Workflows::settleNoted()
{
    for (const WorkflowId id : std::exchange(m_noted, {}))
        if (Entry *entry = find(id))
            settle(*entry);
}

void Workflows::tellProgress()
{
    m_progressTimer.stop();
    for (const WorkflowId id : std::exchange(m_moved, {}))
        if (Entry *entry = find(id))
            settle(*entry);
}

void Workflows::settle(Entry &entry)
{
    takeJobs(entry);
    if (entry.workflow.wish == WorkflowWish::Cancel)
        cancelOpen(entry);
    failBlocked(entry.workflow);
    if (entry.workflow.wish == WorkflowWish::Run)
        startReady(entry);
    takeJobs(entry);
    failBlocked(entry.workflow);
    summarize(entry.workflow);
    publish(entry);
}

/// The steps are what their jobs are. A job that was removed had ended; its step stays as it was.
void Workflows::takeJobs(Entry &entry)
{
    for (WorkflowStep &step : entry.workflow.steps) {
        const QString link = WorkflowLink{entry.workflow.id, step.name}.toString();
        const JobSnapshot *job = m_surroundings.registry.find(step.job);
        if (job && job->workflow == link) {
            take(step, *job);
            continue;
        }
        if (step.job.value > 0 && !isFinal(step.state))
            step.state = JobState::Queued; // was not on disk when the program ended
        if (step.job.value > 0)
            m_byJob.remove(step.job);
        step.job = {};
        const bool isFreed =
            isBlocked(step) && std::ranges::none_of(step.needs, [&](const auto &need) {
                return isOver(entry.workflow.steps[entry.workflow.indexOf(need)].state);
            });
        if (isFreed)
            beginAgain(step);
    }
}

void Workflows::cancelOpen(Entry &entry)
{
    for (WorkflowStep &step : entry.workflow.steps) {
        if (isFinal(step.state) || entry.beingMade.contains(step.name))
            continue;
        const JobSnapshot *job = m_surroundings.registry.find(step.job);
        if (!job)
            step.state = JobState::Canceled;
        else if (!job->stopRequested || job->stopsAs != JobState::Canceled)
            (void)m_surroundings.registry.cancel(step.job); // refused: it ends already
    }
    takeJobs(entry);
}

void Workflows::startReady(Entry &entry)
{
    for (WorkflowStep &step : entry.workflow.steps) {
        const bool isNext = step.state == JobState::Queued && step.job.value == 0
            && !entry.beingMade.contains(step.name) && isReady(entry.workflow, step);
        if (isNext)
            start(entry, step);
    }
}

void Workflows::start(Entry &entry, WorkflowStep &step)
{
    entry.beingMade.insert(step.name);
    const auto made = [this, id = entry.workflow.id, name = step.name](const Result<void> &result) {
        Entry *open = find(id);
        if (!open)
            return;
        open->beingMade.remove(name);
        WorkflowStep &asked = open->workflow.steps[open->workflow.indexOf(name)];
        if (!result && asked.job.value == 0) {
            asked.state = JobState::Failed;
            asked.error = result.error();
        }
        note(id);
    };
    m_surroundings.jobs.make(entry.workflow, step, made);
}

/// What others do, and what waits for a yes, cannot be paused and refuses.
void Workflows::pauseJobs(const Workflow &workflow)
{
    for (const WorkflowStep &step : workflow.steps) {
        const JobSnapshot *job = m_surroundings.registry.find(step.job);
        const bool isTheirs =
            job && job->kind == JobKind::External && job->state == JobState::Running;
        if (job && !isFinal(job->state) && job->state != JobState::Paused && !isTheirs)
            (void)m_surroundings.registry.pause(step.job);
    }
}

void Workflows::publish(Entry &entry)
{
    Workflow &workflow = entry.workflow;
    if (!isFinal(workflow.state))
        workflow.finishedAt = 0;
    else if (workflow.finishedAt == 0)
        workflow.finishedAt = m_surroundings.clock.wallTime().count();
    if (workflow == entry.told)
        return;
    ++workflow.rev;
    if (!movesOnlyProgress(entry.told, workflow))
        m_surroundings.store.put(workflow);
    const Workflow before = std::exchange(entry.told, workflow);
    emit eventsReady({WorkflowChanged{before, workflow}});
}

} // namespace core
