#include "core/agents/agentboard.h"

#include "core/base/principal.h"
#include "core/jobs/jobregistry.h"

#include <algorithm>

namespace core {

using namespace Qt::StringLiterals;

namespace {

constexpr std::array BuiltIn{JobKind::Download, JobKind::Media, JobKind::Flash, JobKind::Verify};

QStringList kindsOf(QLatin1StringView builtIn)
{
    QStringList kinds;
    for (int kind = 0; kind <= int(JobKind::External); ++kind)
        if (builtInAgentFor(JobKind(kind)) == builtIn)
            kinds.append(jobKindName(JobKind(kind)));
    return kinds;
}

Agent withoutNumbers(Agent agent)
{
    agent.metrics = {.isHealthy = agent.metrics.isHealthy};
    return agent;
}

CoordinatorCounts withoutMessages(CoordinatorCounts counts)
{
    counts.totalMessages = 0;
    return counts;
}

} // namespace

AgentBoard::AgentBoard(const Clock &clock, JobRegistry &registry, QObject *parent)
    : QObject(parent)
    , m_clock(clock)
    , m_timer(this)
{
    for (const JobKind kind : BuiltIn) {
        const QLatin1StringView name = builtInAgentFor(kind);
        m_entries.insert(
            name,
            Entry{.agent = {.name = name, .owner = LocalOwner, .capabilities = kindsOf(name)}});
        m_entries[name].told = current(m_entries[name]); // they were always there
    }
    m_counts.registeredAgents = m_counts.healthyAgents = m_entries.size();
    m_toldCounts = m_counts;
    connect(&registry, &JobRegistry::eventsReady, this, &AgentBoard::onEvents);
    m_timer.setSingleShot(true);
    connect(&m_timer, &QTimer::timeout, this, &AgentBoard::tellNumbers);
}

AgentBoard::~AgentBoard() = default;

void AgentBoard::arrive(const QString &name, const QString &owner, const QStringList &capabilities)
{
    if (const auto known = m_entries.constFind(name);
        known != m_entries.constEnd() && known->agent.owner != owner)
        m_entries.remove(name); // what another one did is not its
    Entry &entry = m_entries[name];
    entry.agent.name = name;
    entry.agent.owner = owner;
    entry.agent.capabilities = capabilities;
    entry.isHere = true;
    tell(name);
}

void AgentBoard::leave(const QString &name)
{
    const auto entry = m_entries.find(name);
    if (entry == m_entries.end())
        return;
    entry->isHere = false;
    entry->leftAs = ++m_lastLeft;
    tell(name);
    forgetOldest();
}

void AgentBoard::begin(const QString &name, JobId job)
{
    const auto entry = m_entries.find(name);
    if (entry == m_entries.end())
        return;
    entry->agent.current = job;
    entry->begunAt = m_clock.monotonicTime();
    tell(name);
}

void AgentBoard::end(const QString &name, End end)
{
    const auto entry = m_entries.find(name);
    if (entry == m_entries.end() || entry->agent.current == JobId())
        return;
    entry->agent.current = {};
    record(*entry, end, m_clock.monotonicTime() - entry->begunAt);
    tell(name);
}

void AgentBoard::record(Entry &entry, End end, Milliseconds took)
{
    if (end == End::Succeeded)
        entry.record.countSuccess(m_clock.wallTime(), took);
    else if (end == End::Failed)
        entry.record.countFailure(m_clock.wallTime(), took);
}

void AgentBoard::countMessage(const QString &name)
{
    const auto entry = m_entries.find(name);
    if (entry == m_entries.end())
        return;
    entry->record.countMessage(m_clock.wallTime());
    ++m_counts.totalMessages;
    if (!m_timer.isActive())
        m_timer.start(MetricsInterval);
}

void AgentBoard::restoreWorkflows(const QList<Workflow> &workflows)
{
    m_counts.totalWorkflows = workflows.size();
    m_counts.activeWorkflows = std::ranges::count_if(
        workflows, [](const Workflow &workflow) { return !isFinal(workflow.state); });
    tellCounts();
}

void AgentBoard::countWorkflows(const WorkflowEvents &events)
{
    const auto active = [](const Workflow &workflow) { return isFinal(workflow.state) ? 0 : 1; };
    for (const WorkflowEvent &event : events) {
        if (const auto *added = std::get_if<WorkflowAdded>(&event)) {
            ++m_counts.totalWorkflows;
            m_counts.activeWorkflows += active(added->workflow);
        } else if (const auto *changed = std::get_if<WorkflowChanged>(&event)) {
            m_counts.activeWorkflows += active(changed->workflow) - active(changed->before);
        } else {
            --m_counts.totalWorkflows; // it had ended
        }
    }
    tellCounts();
}

QList<Agent> AgentBoard::list() const
{
    QList<Agent> agents;
    for (const Entry &entry : m_entries)
        agents.append(current(entry));
    const auto key = [](const Agent &agent) {
        return std::pair(checkAgentName(agent.name).has_value(), agent.name);
    };
    std::ranges::sort(agents, {}, key);
    return agents;
}

std::optional<Agent> AgentBoard::find(const QString &name) const
{
    const auto entry = m_entries.constFind(name);
    return entry == m_entries.constEnd() ? std::nullopt : std::optional(current(*entry));
}

QList<AgentPoint> AgentBoard::history(const QString &name) const
{
    const auto entry = m_entries.constFind(name);
    if (entry == m_entries.constEnd())
        return {};
    return QList<AgentPoint>(entry->record.points().begin(), entry->record.points().end());
}

void AgentBoard::tellNumbers()
{
    m_timer.stop();
    const QStringList names = m_entries.keys(); // who hears of it may change them
    for (const QString &name : names) {
        const auto entry = m_entries.find(name);
        if (entry == m_entries.end() || entry->told == current(*entry))
            continue;
        const AgentChange change{std::exchange(entry->told, current(*entry)), current(*entry)};
        emit agentChanged(change);
    }
    if (std::exchange(m_toldCounts, m_counts) != m_counts)
        emit countsChanged(m_counts);
}

void AgentBoard::onEvents(const JobEvents &events)
{
    for (const JobEvent &event : events) {
        if (const auto *changed = std::get_if<JobChanged>(&event.change)) {
            countMessage(builtInAgentFor(changed->job.kind));
            onChanged(*changed);
        } else if (const auto *progressed = std::get_if<JobProgressed>(&event.change)) {
            countMessage(builtInAgentFor(progressed->job.kind));
        }
    }
}

void AgentBoard::onChanged(const JobChanged &changed)
{
    const JobSnapshot &job = changed.job;
    const QString name = builtInAgentFor(job.kind);
    const bool isRunning = job.state == JobState::Running && !name.isEmpty();
    const auto run = m_runs.find(job.id);
    if (isRunning && run == m_runs.end())
        m_runs.insert({job.id, {name, m_clock.monotonicTime()}});
    else if (isRunning && run->second.agent != name) // it turned out to be another kind
        run->second.agent = name;
    else if (!isRunning && run != m_runs.end())
        return endRun(job.id,
                      job.state == JobState::Succeeded    ? End::Succeeded
                          : job.state == JobState::Failed ? End::Failed
                                                          : End::Dropped);
    showRuns(name);
    showRuns(builtInAgentFor(changed.before.kind));
}

void AgentBoard::endRun(JobId job, End end)
{
    const auto found = m_runs.find(job);
    if (found == m_runs.end())
        return;
    const Run run = found->second;
    m_runs.erase(found);
    record(m_entries[run.agent], end, m_clock.monotonicTime() - run.begunAt);
    showRuns(run.agent);
}

/// `current` of a built-in agent is the job with the lowest id, which began first as a rule.
void AgentBoard::showRuns(const QString &name)
{
    const auto entry = m_entries.find(name);
    if (entry == m_entries.end())
        return;
    const auto first =
        std::ranges::find_if(m_runs, [&name](const auto &run) { return run.second.agent == name; });
    entry->agent.current = first == m_runs.end() ? JobId() : first->first;
    tell(name);
}

Agent AgentBoard::current(const Entry &entry) const
{
    using Presence = AgentRecord::Presence;
    Agent agent = entry.agent;
    agent.metrics = entry.record.metrics(entry.isHere ? Presence::Here : Presence::Away);
    if (!entry.isHere)
        agent.status = AgentStatus::Offline;
    else if (agent.current != JobId())
        agent.status = AgentStatus::Busy;
    else
        agent.status = entry.record.hasFailedLast() ? AgentStatus::Error : AgentStatus::Idle;
    return agent;
}

/// At once unless only numbers moved.
void AgentBoard::tell(const QString &name)
{
    Entry &entry = m_entries[name];
    const Agent agent = current(entry);
    if (entry.told && withoutNumbers(*entry.told) == withoutNumbers(agent)) {
        if (entry.told != agent && !m_timer.isActive())
            m_timer.start(MetricsInterval);
        return;
    }
    const AgentChange change{std::exchange(entry.told, agent), agent};
    emit agentChanged(change);
    tellCounts();
}

void AgentBoard::forgetOldest()
{
    QList<const Entry *> offline;
    for (const Entry &entry : std::as_const(m_entries))
        if (!entry.isHere && entry.agent.current == JobId())
            offline.append(&entry);
    if (offline.size() <= MostOffline)
        return;
    const Entry *oldest = *std::ranges::min_element(offline, {}, &Entry::leftAs);
    m_entries.remove(QString(oldest->agent.name));
}

void AgentBoard::tellCounts()
{
    m_counts.registeredAgents = 0;
    m_counts.healthyAgents = 0;
    for (const Entry &entry : std::as_const(m_entries)) {
        m_counts.registeredAgents += entry.isHere ? 1 : 0;
        m_counts.healthyAgents += current(entry).metrics.isHealthy ? 1 : 0;
    }
    if (withoutMessages(m_counts) == withoutMessages(m_toldCounts))
        return;
    m_toldCounts = m_counts;
    emit countsChanged(m_counts);
}

} // namespace core
