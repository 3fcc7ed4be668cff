#pragma once
#include "core/base/clock.h"
#include "core/jobs/jobtypes.h"

#include <QStringList>

namespace core {

enum class AgentStatus {
    Idle, ///< waits for work
    Busy, ///< works
    Error, ///< waits for work; what it did last failed
    Offline, ///< is not connected; it may hold work until the lease runs out
};

/// Measured since the hub started.
struct AgentMetrics {
    /// Messages about its work that the agent sent; of a built-in agent, the events of its jobs.
    qint64 messageCount = 0;
    /// Executions that failed, or whose agent was lost. One that was canceled or paused is none.
    qint64 errorCount = 0;
    /// errorCount of all executions that ended, 0 to 1; 0 when there was none.
    double errorRate = 0;
    /// From acceptance (of a built-in agent, from the start) to the end; 0 when there was none.
    double averageExecutionSeconds = 0;
    /// It is connected and did not fail three times in a row.
    bool isHealthy = false;
    friend bool operator==(const AgentMetrics &, const AgentMetrics &) = default;
};

/// What an agent did within one minute.
struct AgentPoint {
    Milliseconds time{0}; ///< wall clock, when the minute began
    qint64 messages = 0;
    qint64 succeeded = 0;
    qint64 failed = 0;
    friend bool operator==(const AgentPoint &, const AgentPoint &) = default;
};

/// A named executor: built-in, or a program that registered.
struct Agent {
    QString name;
    /// Whose jobs it is given, besides what an admin may see.
    QString owner;
    AgentStatus status = AgentStatus::Idle;
    /// The kinds of work it does.
    QStringList capabilities;
    AgentMetrics metrics;
    /// The job it does, of a built-in agent the one with the lowest id; 0: none.
    JobId current;
    friend bool operator==(const Agent &, const Agent &) = default;
};

/// `before` is nullopt for an agent nobody was told of.
struct AgentChange {
    std::optional<Agent> before;
    Agent agent;
};

/// What there is to coordinate. Built-in agents count as registered.
struct CoordinatorCounts {
    qint64 totalMessages = 0;
    qint64 totalWorkflows = 0;
    qint64 registeredAgents = 0;
    qint64 healthyAgents = 0;
    qint64 activeWorkflows = 0;
    friend bool operator==(const CoordinatorCounts &, const CoordinatorCounts &) = default;
};

/// idle, busy, error, offline.
[[nodiscard]] QLatin1StringView agentStatusName(AgentStatus status);

/// Fails with `InvalidArgument` unless it is 1 to 64 of A–Z, a–z, 0–9, "_", "." and "-", and not the
/// name of a built-in agent.
[[nodiscard]] Result<void> checkAgentName(const QString &name);
/// Fails with `InvalidArgument` for more than 32, or for one that is not such a word.
[[nodiscard]] Result<void> checkCapabilities(const QStringList &capabilities);

/// The built-in agent that does jobs of `kind`; empty when none does.
[[nodiscard]] QLatin1StringView builtInAgentFor(JobKind kind);

} // namespace core
Q_DECLARE_METATYPE(core::AgentChange)
Q_DECLARE_METATYPE(core::CoordinatorCounts)
