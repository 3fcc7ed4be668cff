#include "server/dialects/native/agentcodec.h"

namespace server {

using namespace Qt::StringLiterals;

namespace {

QJsonObject metricsObject(const core::AgentMetrics &metrics)
{
    return {{u"messageCount"_s, metrics.messageCount},
            {u"errorCount"_s, metrics.errorCount},
            {u"errorRate"_s, metrics.errorRate},
            {u"averageExecutionSeconds"_s, metrics.averageExecutionSeconds},
            {u"healthy"_s, metrics.isHealthy}};
}

} // namespace

QJsonObject agentObject(const core::Agent &agent)
{
    QJsonObject object{{u"name"_s, agent.name},
                       {u"status"_s, agentStatusName(agent.status)},
                       {u"capabilities"_s, QJsonArray::fromStringList(agent.capabilities)},
                       {u"metrics"_s, metricsObject(agent.metrics)}};
    if (agent.current != core::JobId())
        object.insert("current"_L1, agent.current.toString());
    return object;
}

QJsonArray agentsArray(const QList<core::Agent> &agents)
{
    QJsonArray array;
    for (const core::Agent &agent : agents)
        array.append(agentObject(agent));
    return array;
}

QJsonObject agentPatch(const core::AgentChange &change)
{
    QJsonObject patch = agentObject(change.agent);
    if (!change.before)
        return patch;
    const QJsonObject before = agentObject(*change.before);
    for (auto member = before.begin(); member != before.end(); ++member) {
        if (!patch.contains(member.key()))
            patch.insert(member.key(), QJsonValue::Null);
        else if (patch.value(member.key()) == member.value())
            patch.remove(member.key());
    }
    return patch;
}

QJsonArray agentHistory(const QList<core::AgentPoint> &points)
{
    QJsonArray array;
    for (const core::AgentPoint &point : points)
        array.append(QJsonObject{{u"time"_s, qint64(point.time.count())},
                                 {u"messages"_s, point.messages},
                                 {u"succeeded"_s, point.succeeded},
                                 {u"failed"_s, point.failed}});
    return array;
}

QJsonObject coordinatorObject(const core::CoordinatorCounts &counts)
{
    return {{u"totalMessages"_s, counts.totalMessages},
            {u"totalWorkflows"_s, counts.totalWorkflows},
            {u"registeredAgents"_s, counts.registeredAgents},
            {u"healthyAgents"_s, counts.healthyAgents},
            {u"activeWorkflows"_s, counts.activeWorkflows}};
}

} // namespace server
