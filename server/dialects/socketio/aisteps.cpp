#include "server/dialects/socketio/aisteps.h"

#include "core/jobreport.h"

#include <QJsonArray>

#include <algorithm>

namespace server {
namespace {

using namespace Qt::StringLiterals;
using core::JobReport;
using core::JobState;
using core::JobStep;

QString unnamed(qsizetype index)
{
    return u"Step %1"_s.arg(index + 1);
}

/// A step in a plan is a text, or an object with a title.
QString titleIn(const QJsonValue &step)
{
    const QString title = step.isObject() ? step["title"_L1].toString() : step.toString();
    return title.left(JobReport::LongestTitle);
}

void takeTitles(QList<JobStep> &steps, const QJsonArray &plan)
{
    const qsizetype named = std::min(plan.size(), JobReport::MostSteps);
    while (steps.size() < named)
        steps.append({.title = unnamed(steps.size())});
    for (qsizetype i = 0; i < named; ++i)
        if (const QString title = titleIn(plan.at(i)); !title.isEmpty())
            steps[i].title = title;
}

void resize(QList<JobStep> &steps, qint64 count)
{
    if (count > JobReport::MostSteps)
        return;
    steps.resize(qsizetype(count));
    for (qsizetype i = 0; i < steps.size(); ++i)
        if (steps.at(i).title.isEmpty())
            steps[i].title = unnamed(i);
}

/// Of the step that the message counts as `current`.
JobState stateOfCurrent(const QString &type)
{
    if (type == "step_complete"_L1)
        return JobState::Succeeded;
    if (type == "error"_L1)
        return JobState::Failed;
    return type == "working"_L1 ? JobState::Running : JobState::Queued;
}

void begin(QList<JobStep> &steps, qint64 current, const AiMessage &message)
{
    for (qsizetype i = 0; i < steps.size(); ++i) {
        const JobState ofOthers = i + 1 < current ? JobState::Succeeded : JobState::Queued;
        steps[i].state = i + 1 == current ? stateOfCurrent(message.type) : ofOthers;
    }
    const qsizetype index = qsizetype(current) - 1;
    const QString words = message.text(u"message"_s).left(JobReport::LongestTitle);
    if (message.type == "working"_L1 && !words.isEmpty() && steps.at(index).title == unnamed(index))
        steps[index].title = words;
}

/// The work has ended: what goes on in it has, too.
void end(QList<JobStep> &steps, const QString &type)
{
    for (JobStep &step : steps)
        if (type == "complete"_L1)
            step.state = JobState::Succeeded;
        else if (step.state == JobState::Running)
            step.state = JobState::Failed;
}

} // namespace

QList<JobStep> stepsAfter(QList<JobStep> steps, const AiMessage &message)
{
    if (const QJsonValue plan = message.members.value("steps"_L1); plan.isArray())
        takeTitles(steps, plan.toArray());
    if (const auto total = message.count(u"total_steps"_s); total && *total > 0)
        resize(steps, *total);
    const bool isOver = message.type == "complete"_L1 || message.type == "error"_L1;
    const qint64 current = message.count(u"step"_s).value_or(0);
    if (current > 0 && current <= steps.size())
        begin(steps, current, message);
    if (isOver)
        end(steps, message.type);
    for (JobStep &step : steps)
        step.progress = step.state == JobState::Succeeded ? 1 : 0;
    return steps;
}

qint64 stepsDone(const QList<JobStep> &steps)
{
    return std::ranges::count(steps, JobState::Succeeded, &JobStep::state);
}

} // namespace server
