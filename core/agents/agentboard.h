#pragma once
#include "core/agents/agentrecord.h"
#include "core/jobs/workflow.h"

#include <QHash>
#include <QObject>
#include <QTimer>

#include <map>

namespace core {

class JobRegistry;

/// What everybody may know of the agents: who is here, what each does, and what is measured. Built-in
/// agents are measured from the registry's events; the others by what Agents tells.
///
/// A status, capability or job that changes is told at once; numbers alone every five seconds.
///
/// Threads: lives on the hub thread; no call waits.
class AgentBoard final : public QObject
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(AgentBoard)
public:
    static constexpr Milliseconds MetricsInterval = std::chrono::seconds(5);
    /// Agents that left are remembered, the last of them, for as long as the hub runs.
    static constexpr qsizetype MostOffline = 200;
    enum class End { Succeeded, Failed, Dropped };

    AgentBoard(const Clock &clock, JobRegistry &registry, QObject *parent = nullptr);
    ~AgentBoard() override;

    void arrive(const QString &name, const QString &owner, const QStringList &capabilities);
    void leave(const QString &name);
    void begin(const QString &name, JobId job);
    /// Dropped: taken back before it had ended; that is no execution.
    void end(const QString &name, End end);
    void countMessage(const QString &name);
    /// Counts the workflows of an earlier run, and then what happens to them.
    void restoreWorkflows(const QList<Workflow> &workflows);
    void countWorkflows(const WorkflowEvents &events);

    /// Built-in agents first, then by name.
    [[nodiscard]] QList<Agent> list() const;
    [[nodiscard]] std::optional<Agent> find(const QString &name) const;
    /// What the agent did, by minute, oldest first.
    [[nodiscard]] QList<AgentPoint> history(const QString &name) const;
    [[nodiscard]] CoordinatorCounts counts() const { return m_counts; }

    /// Tells of numbers that moved. Called by a timer of its own; tests call it too.
    void tellNumbers();

signals:
    void agentChanged(const core::AgentChange &change);
    void countsChanged(const core::CoordinatorCounts &counts);

private:
    struct Entry {
        Agent agent; // without metrics
        AgentRecord record;
        bool isHere = true;
        Milliseconds begunAt{0}; // monotonic, of the work it does
        quint64 leftAs = 0; // a counter
        std::optional<Agent> told;
    };
    /// Of a job that a built-in agent does.
    struct Run {
        QString agent;
        Milliseconds begunAt{0};
    };

    void onEvents(const JobEvents &events);
    void onChanged(const JobChanged &changed);
    void endRun(JobId job, End end);
    void showRuns(const QString &name);
    void record(Entry &entry, End end, Milliseconds took);
    [[nodiscard]] Agent current(const Entry &entry) const;
    void tell(const QString &name);
    void forgetOldest();
    void tellCounts();

    const Clock &m_clock;
    QHash<QString, Entry> m_entries;
    std::map<JobId, Run> m_runs; // of built-in agents
    CoordinatorCounts m_counts;
    CoordinatorCounts m_toldCounts;
    quint64 m_lastLeft = 0;
    QTimer m_timer; // until numbers that moved are told
};

} // namespace core
