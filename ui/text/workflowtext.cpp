#include "ui/text/workflowtext.h"

#include "ui/text/jobtext.h"

#include <QCoreApplication>
#include <QLocale>

#include <algorithm>
#include <cmath>

namespace ui {
namespace {

using namespace Qt::StringLiterals;
using core::JobState;

struct Text {
    Q_DECLARE_TR_FUNCTIONS(WorkflowText)
};

bool isStopping(const core::Workflow &workflow)
{
    return workflow.wish != core::WorkflowWish::Run && workflow.state == JobState::Running;
}

qsizetype countOf(const core::Workflow &workflow, JobState state)
{
    return std::ranges::count(workflow.steps, state, &core::WorkflowStep::state);
}

QString endSentence(const core::Workflow &workflow)
{
    const auto count = workflow.steps.size();
    if (workflow.state == JobState::Succeeded)
        return count == 1 ? Text::tr("Done: its only step succeeded.")
                          : Text::tr("Done: all %L1 steps succeeded.").arg(count);
    if (workflow.state == JobState::Canceled)
        return Text::tr("Canceled; %L1 of %L2 steps had succeeded.")
            .arg(countOf(workflow, JobState::Succeeded))
            .arg(count);
    const core::WorkflowStep &stage = workflow.steps[workflow.stage];
    return Text::tr("Failed in step “%1”; %L2 of %L3 steps succeeded. Retry goes on from there.")
        .arg(stage.name)
        .arg(countOf(workflow, JobState::Succeeded))
        .arg(count);
}

QString numbered(const core::WorkflowStep &step, const QString &subject, qsizetype number)
{
    const QString what = u"%1. %2: %3"_s.arg(number).arg(step.name, stepKindText(step.kind));
    return subject.isEmpty() ? what : what + u"\n     "_s + subject.left(200);
}

QString joined(const QString &sentence, const core::Error &error)
{
    return u"%1 %2"_s.arg(sentence, errorText(error));
}

} // namespace

QString formatShare(double share)
{
    const double percent = share >= 1 ? 100 : std::min(99.0, std::floor(share * 100));
    return Text::tr("%1 %").arg(int(percent));
}

QString workflowStateText(const core::Workflow &workflow)
{
    return isStopping(workflow) ? Text::tr("Stopping") : stateText(workflow.state);
}

QString stageOfText(const core::Workflow &workflow)
{
    if (workflow.steps.isEmpty())
        return {};
    return Text::tr("%L1 of %L2: %3")
        .arg(workflow.stage + 1)
        .arg(workflow.steps.size())
        .arg(workflow.steps[workflow.stage].name);
}

QString workflowSentence(const core::Workflow &workflow)
{
    if (core::isFinal(workflow.state))
        return endSentence(workflow);
    if (isStopping(workflow))
        return Text::tr("Stopping the steps that run.");
    if (workflow.state == JobState::Queued)
        return Text::tr("Waiting for its turn.");
    if (workflow.state == JobState::Paused)
        return Text::tr("Paused at step %1.").arg(stageOfText(workflow));
    const QString where = Text::tr("Step %1, %2 of the whole")
                              .arg(stageOfText(workflow), formatShare(workflow.progress));
    return workflow.message.isEmpty() ? where + u'.' : u"%1: %2"_s.arg(where, workflow.message);
}

QString stepKindText(const QString &kind)
{
    for (const auto known : {core::JobKind::Download, core::JobKind::Media, core::JobKind::Verify,
                             core::JobKind::Extract, core::JobKind::Flash, core::JobKind::Command})
        if (kind == core::jobKindName(known))
            return kindText(known);
    if (kind == "report"_L1)
        return Text::tr("Reported by a program");
    return Text::tr("For agents: %1").arg(kind);
}

QString stepStateText(const core::WorkflowStep &step)
{
    if (step.state == JobState::Queued && step.job.value == 0)
        return Text::tr("Not yet begun");
    const bool isBlocked =
        step.job.value == 0 && step.error && step.error->code == core::ErrorCode::Prerequisite;
    return isBlocked ? Text::tr("Left out") : stateText(step.state);
}

QString stepSaysText(const core::WorkflowStep &step)
{
    if (!step.error)
        return step.message;
    if (step.error->code == core::ErrorCode::Prerequisite)
        return Text::tr("It was not begun: a step that it needs did not succeed.");
    return errorText(*step.error);
}

QString workflowFailedText(const QString &title, const core::Error &error)
{
    return joined(Text::tr("“%1” stays as it is.").arg(title), error);
}

QString workflowNotAddedText(const core::Error &error)
{
    return joined(Text::tr("The workflow was not added."), error);
}

QString workflowFileText(const QString &path, const core::Error &error)
{
    return joined(Text::tr("%1 is no workflow that can be started.").arg(path), error);
}

QString cancelWorkflowQuestion(const core::Workflow &workflow)
{
    return Text::tr(
               "Cancel “%1”? The steps that run stop and what they have made so far is deleted; "
               "what earlier steps made stays.")
        .arg(workflow.title);
}

QString removeWorkflowsQuestion(const QList<core::Workflow> &workflows)
{
    const QString what = workflows.size() == 1
        ? Text::tr("Remove “%1” and its jobs from the lists?").arg(workflows.first().title)
        : Text::tr("Remove %L1 workflows that have ended, and their jobs, from the lists?")
              .arg(workflows.size());
    return what + u' ' + Text::tr("Files stay on the disk.");
}

QString startWorkflowQuestion(const QString &title,
                              const QList<core::WorkflowStep> &steps,
                              const QStringList &subjects)
{
    constexpr qsizetype MostLines = 12;
    QStringList lines;
    for (qsizetype i = 0; i < std::min(steps.size(), MostLines); ++i)
        lines.append(numbered(steps[i], subjects.value(i), i + 1));
    if (steps.size() > MostLines)
        lines.append(Text::tr("… and %L1 more").arg(steps.size() - MostLines));
    QString text =
        Text::tr("Start the workflow “%1”? It does:").arg(title) + u"\n\n"_s + lines.join(u'\n');
    const bool writes = std::ranges::any_of(steps, [](const core::WorkflowStep &step) {
        return step.kind == core::jobKindName(core::JobKind::Flash);
    });
    if (writes)
        text += u"\n\n"_s + Text::tr("Before a drive is erased you are asked for each one.");
    return text;
}

} // namespace ui
