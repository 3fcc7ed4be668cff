#include "core/workflows/workflowplan.h"

#include "core/workflows/placeholders.h"

#include <QHash>

namespace core {

using namespace Qt::StringLiterals;

namespace {

Result<void> refuse(const WorkflowStep &step, const QString &why)
{
    return fail(errorOfStep(step, {ErrorCode::InvalidArgument, why}));
}

Result<void> checkNames(const QList<WorkflowStep> &steps, const QHash<QString, qsizetype> &index)
{
    for (qsizetype i = 0; i < steps.size(); ++i) {
        const WorkflowStep &step = steps[i];
        if (!isStepName(step.name))
            return fail(
                ErrorCode::InvalidArgument,
                u"steps[%1].name: \"%2\" is not 1 to 64 letters, digits, _ and -"_s.arg(i).arg(
                    step.name));
        if (index.value(step.name) != i)
            return refuse(step, u"name: it is used twice"_s);
        if (step.kind.isEmpty())
            return refuse(step, u"kind: it is missing"_s);
        for (const QString &need : step.needs)
            if (!index.contains(need))
                return refuse(step, u"needs: there is no step \"%1\""_s.arg(need));
    }
    return {};
}

/// Takes away, again and again, what needs nothing that is left; a circle stays.
Result<void> checkCircles(const QList<WorkflowStep> &steps, const QHash<QString, qsizetype> &index)
{
    QList<qsizetype> open(steps.size());
    QList<QList<qsizetype>> followers(steps.size());
    QList<qsizetype> ready;
    for (qsizetype i = 0; i < steps.size(); ++i) {
        open[i] = steps[i].needs.size();
        if (open[i] == 0)
            ready.append(i);
        for (const QString &need : steps[i].needs)
            followers[index.value(need)].append(i);
    }
    for (qsizetype at = 0; at < ready.size(); ++at)
        for (const qsizetype follower : std::as_const(followers[ready[at]]))
            if (--open[follower] == 0)
                ready.append(follower);
    for (qsizetype i = 0; i < steps.size(); ++i)
        if (open[i] > 0)
            return refuse(steps[i], u"needs: it waits for itself"_s);
    return {};
}

} // namespace

Error errorOfStep(const WorkflowStep &step, const Error &error)
{
    return {error.code, u"step \"%1\": %2"_s.arg(step.name, error.context)};
}

Result<void> checkPlan(const WorkflowPlan &plan)
{
    if (plan.title.size() > WorkflowPlan::LongestTitle)
        return fail(ErrorCode::InvalidArgument,
                    u"title: it is longer than %1 characters"_s.arg(WorkflowPlan::LongestTitle));
    if (plan.steps.isEmpty() || plan.steps.size() > WorkflowPlan::MostSteps)
        return fail(
            ErrorCode::InvalidArgument,
            u"steps: %1 are not 1 to %2"_s.arg(plan.steps.size()).arg(WorkflowPlan::MostSteps));
    QHash<QString, qsizetype> index;
    for (qsizetype i = 0; i < plan.steps.size(); ++i)
        if (!index.contains(plan.steps[i].name))
            index.insert(plan.steps[i].name, i);
    return checkNames(plan.steps, index).and_then([&] { return checkCircles(plan.steps, index); });
}

} // namespace core
