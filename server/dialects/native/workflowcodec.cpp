#include "server/dialects/native/workflowcodec.h"

#include "server/dialects/json.h"
#include "server/dialects/native/nativecodec.h"

namespace server {

using namespace Qt::StringLiterals;

namespace {

QJsonObject stepObject(const core::WorkflowStep &step)
{
    QJsonObject object{{u"name"_s, step.name},
                       {u"kind"_s, step.kind},
                       {u"state"_s, jobStateName(step.state)},
                       {u"progress"_s, step.progress},
                       {u"needs"_s, QJsonArray::fromStringList(step.needs)}};
    if (step.job.value > 0)
        object.insert("job"_L1, step.job.toString());
    if (step.error)
        object.insert("error"_L1, errorObject(*step.error));
    return object;
}

} // namespace

QJsonObject workflowObject(const core::Workflow &workflow)
{
    QJsonArray steps;
    for (const core::WorkflowStep &step : workflow.steps)
        steps.append(stepObject(step));
    QJsonObject object{{u"id"_s, workflow.id.toString()},
                       {u"title"_s, workflow.title},
                       {u"owner"_s, workflow.owner()},
                       {u"state"_s, jobStateName(workflow.state)},
                       {u"progress"_s, workflow.progress},
                       {u"stage"_s, workflow.steps[workflow.stage].name},
                       {u"stageIndex"_s, workflow.stage + 1},
                       {u"stageCount"_s, workflow.steps.size()},
                       {u"message"_s, workflow.message},
                       {u"steps"_s, steps},
                       {u"attempt"_s, workflow.attempt},
                       {u"createdAt"_s, workflow.createdAt},
                       {u"rev"_s, workflow.rev}};
    if (workflow.finishedAt > 0)
        object.insert("finishedAt"_L1, workflow.finishedAt);
    return object;
}

QByteArray workflowResult(const core::Workflow &workflow)
{
    return R"({"workflow":)" + encode(workflowObject(workflow)) + '}';
}

QJsonObject workflowPatch(const core::Workflow &before, const core::Workflow &after)
{
    const QJsonObject old = workflowObject(before);
    const QJsonObject now = workflowObject(after);
    QJsonObject patch;
    for (auto member = now.begin(); member != now.end(); ++member)
        if (old.value(member.key()) != member.value())
            patch.insert(member.key(), member.value());
    for (auto member = old.begin(); member != old.end(); ++member)
        if (!now.contains(member.key()))
            patch.insert(member.key(), QJsonValue::Null);
    return patch;
}

QByteArray workflowMembers(const QList<core::Workflow> &workflows, const WorkflowFilter &filter)
{
    QByteArray array;
    qsizetype count = 0;
    core::WorkflowId last;
    for (const core::Workflow &workflow : workflows) {
        const bool isWanted = (!filter.state || workflow.state == *filter.state)
            && (!filter.before || workflow.id < *filter.before);
        if (!isWanted)
            continue;
        const QByteArray object = encode(workflowObject(workflow));
        const bool isFull = count >= filter.limit || array.size() + object.size() > filter.maxBytes;
        if (isFull && count > 0)
            return R"("workflows":[)" + array + R"(],"next":")" + last.toString().toLatin1() + '"';
        array.append(count++ > 0 ? "," : "").append(object);
        last = workflow.id;
    }
    return R"("workflows":[)" + array + ']';
}

} // namespace server
