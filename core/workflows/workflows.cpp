#include "core/workflows/workflows.h"

#include "core/jobadmission.h"
#include "core/store/workflowstore.h"
#include "core/workflows/workflowstate.h"

#include <algorithm>

namespace core {

using namespace Qt::StringLiterals;

Workflows::Workflows(Surroundings surroundings, QObject *parent)
    : QObject(parent)
    , m_surroundings(surroundings)
    , m_runner(surroundings.registry, surroundings.jobs)
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
    for (auto &[id, entry] : m_entries) {
        m_runner.dropYes(entry.workflow); // the job that used it may not have been on disk
        m_runner.failDoubtful(entry.workflow);
        if (entry.workflow.wish == WorkflowWish::Pause)
            m_runner.pauseJobs(entry.workflow);
    }
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
    for (auto entry = m_entries.crbegin(); entry != m_entries.crend(); ++entry)
        if (who.canSee(entry->second.told.owner()))
            visible.append(entry->second.told);
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
        return refuseCommand(workflow, "paused");
    workflow.wish = WorkflowWish::Pause;
    m_runner.pauseJobs(workflow);
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
        return refuseCommand(workflow, "resumed");
    workflow.wish = WorkflowWish::Run;
    if (!who.has(Scope::Flash))
        m_runner.dropYes(workflow);
    m_runner.resumeJobs(workflow);
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
        return refuseCommand(workflow, "canceled");
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
    const auto wanted = m_runner.stepsToRetry(workflow, step);
    if (!wanted)
        return fail(wanted.error());
    workflow.wish = WorkflowWish::Run;
    ++workflow.attempt;
    workflow.progress = 0;
    workflow.finishedAt = 0;
    for (const qsizetype index : *wanted)
        m_runner.runAgain(workflow.steps[index]);
    settle(**entry);
    return (*entry)->told;
}

void Workflows::remove(const Principal &who, WorkflowId id, const Removed &answer)
{
    const auto entry = require(who, Scope::Control, id);
    if (!entry)
        return answer(fail(entry.error()));
    if (!isFinal((*entry)->workflow.state))
        return answer(refuseCommand((*entry)->workflow, "removed"));
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

void Workflows::distrust(const Principal &asker)
{
    constexpr Scopes Grave = Scopes(Scope::Admin) | Scope::Flash;
    for (auto &[id, entry] : m_entries) {
        Workflow &workflow = entry.workflow;
        const bool isTheirs =
            workflow.asker.name == asker.name && workflow.asker.owner == asker.owner;
        if (!isTheirs || isFinal(workflow.state) || !(workflow.asker.scopes & Grave))
            continue;
        workflow.asker.scopes &= ~Grave;
        note(id);
    }
}

/// Runs inside the registry's signal, so what changes the registry waits for the next turn.
void Workflows::onEvents(const JobEvents &events)
{
    for (const JobEvent &event : events) {
        if (const auto *added = std::get_if<JobAdded>(&event.change)) {
            adopt(added->job);
        } else if (const auto *changed = std::get_if<JobChanged>(&event.change)) {
            onChanged(*changed);
        } else if (const auto *moved = std::get_if<JobProgressed>(&event.change)) {
            if (const auto id = m_byJob.constFind(moved->job.id); id != m_byJob.constEnd())
                m_moved.insert(*id);
        } else if (const auto *removed = std::get_if<JobRemoved>(&event.change)) {
            if (const WorkflowId id = m_byJob.take(removed->id); id.value > 0)
                note(id);
        }
    }
    if (!m_moved.isEmpty() && !m_progressTimer.isActive())
        m_progressTimer.start(ProgressInterval);
}

/// An end is taken at once: the job may be removed before the next turn.
void Workflows::onChanged(const JobChanged &changed)
{
    const JobSnapshot &job = changed.job;
    const auto id = m_byJob.constFind(job.id);
    Entry *entry = id == m_byJob.constEnd() ? nullptr : find(*id);
    if (!entry)
        return;
    Workflow &workflow = entry->workflow;
    note(workflow.id);
    if (isFinal(job.state))
        m_runner.takeJobs(workflow);
    const bool isRetried = isFinal(changed.before.state) && job.state == JobState::Queued;
    if (isRetried && isFinal(workflow.state) && workflow.wish == WorkflowWish::Cancel)
        workflow.wish = WorkflowWish::Run; // what was canceled is over
    if (changed.before.state == JobState::Running && job.state == JobState::Queued)
        m_requeued.insert(job.id);
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

/// An agent's work that came back to the queue waits there as long as its workflow does.
void Workflows::settleNoted()
{
    for (const JobId job : std::exchange(m_requeued, {}))
        if (const Entry *entry = find(m_byJob.value(job));
            entry && entry->workflow.wish == WorkflowWish::Pause)
            (void)m_surroundings.registry.pause(job); // refused: it ended
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
    m_runner.takeJobs(entry.workflow);
    if (entry.workflow.wish == WorkflowWish::Cancel)
        m_runner.cancelOpen(entry.workflow, entry.beingMade);
    failBlocked(entry.workflow);
    if (entry.workflow.wish == WorkflowWish::Run)
        startReady(entry);
    m_runner.takeJobs(entry.workflow);
    failBlocked(entry.workflow);
    summarize(entry.workflow);
    publish(entry);
}

/// A step that starts may replace the list of steps (adopt(), onMade()), so each is looked up by its name.
void Workflows::startReady(Entry &entry)
{
    QStringList ready;
    for (const WorkflowStep &step : std::as_const(entry.workflow.steps)) {
        const bool isNext = step.state == JobState::Queued && step.job.value == 0
            && !entry.beingMade.contains(step.name) && isReady(entry.workflow, step);
        if (isNext)
            ready.append(step.name);
    }
    for (const QString &name : std::as_const(ready))
        start(entry, name);
}

void Workflows::start(Entry &entry, const QString &name)
{
    entry.beingMade.insert(name);
    WorkflowStep &step = entry.workflow.steps[entry.workflow.indexOf(name)];
    if (jobKindOfStep(step.kind) != JobKind::Command)
        return make(entry, step);
    step.isBegun = true;
    m_surroundings.store.put(entry.workflow);
    const auto begin = [this, id = entry.workflow.id, name](const auto &written) {
        Entry *open = find(id);
        if (!open)
            return;
        WorkflowStep &begun = open->workflow.steps[open->workflow.indexOf(name)];
        if (written && open->workflow.wish == WorkflowWish::Run)
            return make(*open, begun);
        begun.isBegun = false;
        onMade(id, name, written);
    };
    m_surroundings.store.whenCommitted(entry.workflow.id, this, begin);
}

void Workflows::make(const Entry &entry, const WorkflowStep &step)
{
    const WorkflowId id = entry.workflow.id;
    const auto made = [this, id, name = step.name](const Result<void> &result) {
        onMade(id, name, result);
    };
    const auto isStillWanted = [this, id] {
        const Entry *open = find(id);
        return open && open->workflow.wish == WorkflowWish::Run;
    };
    m_surroundings.jobs.make(entry.workflow, step, isStillWanted, made);
}

void Workflows::onMade(WorkflowId id, const QString &name, const Result<void> &result)
{
    Entry *open = find(id);
    if (!open)
        return;
    open->beingMade.remove(name);
    WorkflowStep &asked = open->workflow.steps[open->workflow.indexOf(name)];
    const bool isWanted = open->workflow.wish == WorkflowWish::Run;
    if (!result && asked.job.value == 0 && isWanted) {
        asked.state = JobState::Failed;
        asked.error = result.error();
    }
    note(id);
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
