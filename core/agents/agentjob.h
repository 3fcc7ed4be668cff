#pragma once
#include "core/agents/agentworkjson.h"
#include "core/agents/offertable.h"

namespace core {

/// What an agent says of the work it does. What it leaves out stays as it is.
struct AgentProgress {
    std::optional<qint64> done;
    std::optional<qint64> total;
    /// 0 to 1, of who does not count; the job then counts percent.
    std::optional<double> fraction;
    std::optional<Stage> stage;
    std::optional<QString> message;
    std::optional<QList<JobStep>> steps;
    friend bool operator==(const AgentProgress &, const AgentProgress &) = default;
};

/// Fails with `InvalidArgument` for what JobReport would not take either, and a fraction outside 0 to 1.
[[nodiscard]] Result<void> checkProgress(const AgentProgress &progress);

/// The next snapshot of a job that is an agent's work, of which decodeAgentWork() is not null. Pure;
/// `now` is the wall clock.
[[nodiscard]] JobSnapshot
acceptedJob(const JobSnapshot &job, const Offer &offer, const QString &owner, Milliseconds now);
/// `done` never goes back within an attempt. Speed and the time left are the caller's to set.
[[nodiscard]] JobSnapshot progressedJob(const JobSnapshot &job, const AgentProgress &progress);
/// `outputs` is the compact text of a JSON object.
[[nodiscard]] JobSnapshot
completedJob(const JobSnapshot &job, const QByteArray &outputs, Milliseconds now);
[[nodiscard]] JobSnapshot failedJob(const JobSnapshot &job, const QString &why, Milliseconds now);
/// Back to the queue, as a further attempt.
[[nodiscard]] JobSnapshot queuedAgainJob(const JobSnapshot &job, const QString &why);

} // namespace core
