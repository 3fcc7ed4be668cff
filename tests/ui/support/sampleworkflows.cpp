#include "tests/ui/support/sampleworkflows.h"

namespace tests {

using namespace core;
using namespace Qt::StringLiterals;

namespace {

void finish(WorkflowStep &step, qint64 job)
{
    step.job = {job};
    step.state = JobState::Succeeded;
    step.progress = 1;
}

} // namespace

Workflow makeWorkflow(qint64 id)
{
    Workflow workflow{.id = {id}, .title = u"debian-12.iso"_s, .asker = Principal::localUser()};
    workflow.steps = {
        {.name = u"fetch"_s,
         .kind = u"download"_s,
         .needs = {},
         .spec = "{\"url\":\"https://example.org/debian-12.iso\"}"},
        {.name = u"check"_s, .kind = u"verify"_s, .needs = {u"fetch"_s}, .spec = "{}"},
        {.name = u"write"_s, .kind = u"flash"_s, .needs = {u"check"_s}, .spec = "{}"},
    };
    workflow.createdAt = 1'789'000'000'000 + id * 60'000;
    workflow.rev = 1;
    return workflow;
}

QList<Workflow> sampleWorkflows()
{
    Workflow running = makeWorkflow(4);
    finish(running.steps[0], 20);
    running.steps[1].job = {21};
    running.steps[1].state = JobState::Running;
    running.steps[1].progress = 0.45;
    running.steps[1].message = u"debian-12.iso"_s;
    running.state = JobState::Running;
    running.progress = 0.48;
    running.stage = 1;
    running.message = u"debian-12.iso"_s;
    Workflow failed = makeWorkflow(3);
    failed.title = u"kiosk.img"_s;
    finish(failed.steps[0], 17);
    failed.steps[1].job = {18};
    failed.steps[1].state = JobState::Failed;
    failed.steps[1].error =
        Error{ErrorCode::ChecksumMismatch, u"/home/ann/Downloads/kiosk.img has another SHA-256"_s};
    failed.steps[2].state = JobState::Failed;
    failed.steps[2].error = Error{ErrorCode::Prerequisite, u"step \"check\" did not succeed"_s};
    failed.state = JobState::Failed;
    failed.progress = 0.33;
    failed.stage = 1;
    failed.message = failed.steps[1].error->context;
    Workflow paused = makeWorkflow(2);
    paused.title = u"Translate the manual"_s;
    paused.steps[0].job = {15};
    paused.steps[0].state = JobState::Paused;
    paused.steps[0].progress = 0.7;
    paused.steps[1].name = u"translate"_s;
    paused.steps[1].kind = u"translate"_s;
    paused.steps[2].name = u"mail"_s;
    paused.steps[2].kind = u"report"_s;
    paused.steps[2].needs = {u"translate"_s};
    paused.wish = WorkflowWish::Pause;
    paused.state = JobState::Paused;
    paused.progress = 0.23;
    Workflow done = makeWorkflow(1);
    done.title = u"raspios.img.xz"_s;
    for (qsizetype i = 0; i < done.steps.size(); ++i)
        finish(done.steps[i], 11 + i);
    done.state = JobState::Succeeded;
    done.progress = 1;
    done.stage = 2;
    return {running, failed, paused, done};
}

} // namespace tests
