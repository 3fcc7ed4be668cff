#include "core/workflows/workflowplanjson.h"

#include "core/base/memberjson.h"
#include "core/workflows/placeholders.h"
#include "core/workflows/stepspecjson.h"

#include <QJsonArray>
#include <QJsonDocument>

namespace core {

using namespace Qt::StringLiterals;

namespace {

Result<QStringList> needsFrom(const QJsonObject &object)
{
    const QJsonValue value = object["needs"_L1];
    const auto wrong = [] {
        return fail(ErrorCode::InvalidArgument, u"needs: it is not a list of names of steps"_s);
    };
    if (!value.isUndefined() && !value.isNull() && !value.isArray())
        return wrong();
    QStringList needs;
    for (const QJsonValue need : value.toArray()) {
        if (!need.isString())
            return wrong();
        if (!needs.contains(need.toString()))
            needs.append(need.toString());
    }
    return needs;
}

/// What the step is; its needs those that it names.
Result<void> readStep(QJsonObject object, WorkflowStep &step)
{
    const auto kind = readText(object, "kind"_L1);
    if (!kind)
        return fail(kind.error());
    step.kind = *kind;
    const auto needs = needsFrom(object);
    if (!needs)
        return fail(needs.error());
    step.needs = *needs;
    for (const QLatin1StringView member : {"name"_L1, "kind"_L1, "needs"_L1})
        object.remove(member);
    step.spec = QJsonDocument(object).toJson(QJsonDocument::Compact);
    const auto named = placeholdersInSpec(step.spec);
    if (!named)
        return fail(named.error());
    for (const Placeholder &one : *named)
        if (!step.needs.contains(one.step))
            step.needs.append(one.step);
    return {};
}

Result<WorkflowStep> stepFrom(const QJsonValue &value, qsizetype index)
{
    if (!value.isObject())
        return fail(ErrorCode::InvalidArgument, u"steps[%1]: it is not an object"_s.arg(index));
    WorkflowStep step;
    const auto name = readText(value.toObject(), "name"_L1);
    if (!name)
        return fail(name.error().code, u"steps[%1].%2"_s.arg(index).arg(name.error().context));
    step.name = *name;
    if (const auto read = readStep(value.toObject(), step); !read)
        return fail(errorOfStep(step, read.error()));
    return step;
}

} // namespace

Result<WorkflowPlan> workflowPlanFromJson(const QJsonObject &object)
{
    const auto title = readText(object, "title"_L1);
    if (!title)
        return fail(title.error());
    const QJsonValue steps = object["steps"_L1];
    if (!steps.isArray())
        return fail(ErrorCode::InvalidArgument, u"steps: it is not a list of steps"_s);
    WorkflowPlan plan{.title = *title};
    const QJsonArray array = steps.toArray();
    for (qsizetype i = 0; i < std::min(array.size(), WorkflowPlan::MostSteps + 1); ++i) {
        auto step = stepFrom(array[i], i);
        if (!step)
            return fail(step.error());
        plan.steps.append(std::move(*step));
    }
    if (const auto checked = checkPlan(plan); !checked)
        return fail(checked.error());
    QStringList names;
    for (const WorkflowStep &step : std::as_const(plan.steps))
        names.append(step.name);
    if (plan.title.isEmpty())
        plan.title = names.join(u", "_s).left(WorkflowPlan::LongestTitle);
    return plan;
}

} // namespace core
