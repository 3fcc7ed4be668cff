#include "server/dialects/workflow/roomcodec.h"

#include "server/dialects/errortext.h"
#include "server/dialects/json.h"
#include "server/dialects/objecttext.h"

#include <QDateTime>

namespace server {

using namespace Qt::StringLiterals;
using core::JobState;
using core::Milliseconds;

namespace {

QString isoTime(Milliseconds time)
{
    return QDateTime::fromMSecsSinceEpoch(time.count(), Qt::UTC).toString(Qt::ISODateWithMs);
}

QByteArray truth(bool value)
{
    return value ? "true" : "false";
}

/// The code's name as such systems write them: "NotFound".
QString errorType(core::ErrorCode code)
{
    if (code == core::ErrorCode::Forbidden)
        return u"PermissionDenied"_s;
    QString name = errorCodeName(code);
    name[0] = name[0].toUpper();
    return name;
}

QByteArray metricsText(const core::AgentMetrics &metrics)
{
    return ObjectText()
        .put("message_count", metrics.messageCount)
        .put("error_count", metrics.errorCount)
        .putReal("error_rate", metrics.errorRate)
        .putReal("avg_execution_time", metrics.averageExecutionSeconds)
        .putRaw("is_healthy", truth(metrics.isHealthy))
        .json();
}

} // namespace

QByteArray RoomCodec::progress(const core::Workflow &workflow, qint64 etaSeconds, Milliseconds now)
{
    const bool hasStage = workflow.stage >= 0 && workflow.stage < workflow.steps.size();
    return ObjectText()
        .put("type", u"progress"_s)
        .put("workflow_id", workflow.id.toString())
        .put("state", QString(stateName(workflow.state)))
        .putReal("progress", workflow.progress)
        .put("stage", hasStage ? workflow.steps[workflow.stage].name : QString())
        .put("message", workflow.message)
        .putRaw("eta", etaSeconds < 0 ? "null" : QByteArray::number(etaSeconds))
        .put("timestamp", isoTime(now))
        .json();
}

QByteArray RoomCodec::agentStatus(const core::Agent &agent, Milliseconds now)
{
    return ObjectText()
        .put("type", u"agent_status"_s)
        .put("agent_name", agent.name)
        .put("status", QString(agentStatusName(agent.status)))
        .putRaw("capabilities", encode(QJsonArray::fromStringList(agent.capabilities)))
        .putRaw("metrics", metricsText(agent.metrics))
        .put("timestamp", isoTime(now))
        .json();
}

QByteArray RoomCodec::coordinatorMetrics(const core::CoordinatorCounts &counts, Milliseconds now)
{
    return ObjectText()
        .put("type", u"coordinator_metrics"_s)
        .put("total_messages", counts.totalMessages)
        .put("total_workflows", counts.totalWorkflows)
        .put("registered_agents", counts.registeredAgents)
        .put("healthy_agents", counts.healthyAgents)
        .put("active_workflows", counts.activeWorkflows)
        .put("timestamp", isoTime(now))
        .json();
}

QByteArray RoomCodec::error(const core::Error &error, Milliseconds now)
{
    return ObjectText()
        .put("type", u"error"_s)
        .put("message", errorMessage(error))
        .put("error_type", errorType(error.code))
        .putRaw("retryable", truth(isRetryable(error.code)))
        .put("timestamp", isoTime(now))
        .json();
}

QByteArray RoomCodec::ack(const QString &type, const Room &room)
{
    const QString target = targetName(room.target);
    return ObjectText()
        .put("type", type)
        .put("target", target)
        .put("id", room.id.isEmpty() ? target : room.id)
        .json();
}

QByteArray RoomCodec::pong()
{
    return ObjectText().put("type", u"pong"_s).json();
}

QByteArray RoomCodec::registered(const QString &agent, Milliseconds lease)
{
    return ObjectText()
        .put("type", u"registered"_s)
        .put("agent_name", agent)
        .putReal("lease_seconds", std::chrono::duration<double>(lease).count())
        .json();
}

QByteArray RoomCodec::taskOffer(const core::WorkOffer &offer)
{
    return ObjectText()
        .put("type", u"task_offer"_s)
        .put("task_id", offer.id)
        .put("kind", offer.kind)
        .putRaw("spec", offer.spec.isEmpty() ? "{}" : offer.spec)
        .putReal("lease_seconds", std::chrono::duration<double>(offer.lease).count())
        .json();
}

QByteArray RoomCodec::taskCanceled(const QString &task)
{
    return ObjectText().put("type", u"task_canceled"_s).put("task_id", task).json();
}

QLatin1StringView RoomCodec::stateName(JobState state)
{
    switch (state) {
    case JobState::Queued:
        return "pending"_L1;
    case JobState::Succeeded:
        return "completed"_L1;
    case JobState::Running:
    case JobState::Paused:
    case JobState::Failed:
    case JobState::Canceled:
        break;
    }
    return jobStateName(state);
}

QLatin1StringView RoomCodec::targetName(Room::Target target)
{
    switch (target) {
    case Room::Target::Workflow:
        return "workflow"_L1;
    case Room::Target::Agent:
        return "agent"_L1;
    case Room::Target::Coordinator:
        return "coordinator"_L1;
    }
    return {};
}

} // namespace server
