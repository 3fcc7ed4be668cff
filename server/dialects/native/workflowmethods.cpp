#include "server/dialects/native/workflowmethods.h"

#include "core/workflows/workflowplanjson.h"
#include "server/dialects/native/jobpage.h"
#include "server/dialects/native/workflowcodec.h"

namespace server {
namespace {

using namespace Qt::StringLiterals;
using core::ErrorCode;
using core::Principal;
using core::Scope;
using core::Workflow;
using core::Workflows;
using Answer = NativeMethods::Answer;

core::Result<core::WorkflowId> idFrom(const Params &params, QLatin1StringView member)
{
    const auto text = params.requiredText(member);
    if (!text)
        return core::fail(text.error());
    const auto id = core::WorkflowId::fromText(*text);
    if (!id)
        return core::fail(
            ErrorCode::InvalidArgument,
            u"\"%1\": \"%2\" is not the id of a workflow, such as w3"_s.arg(member, *text));
    return *id;
}

core::Result<WorkflowFilter> filterFrom(const Params &params)
{
    WorkflowFilter filter{.maxBytes = JobFilter::MaxBytes};
    const auto state = params.text("state"_L1);
    if (!state)
        return core::fail(state.error());
    filter.state = core::jobStateFromName(*state);
    if (!filter.state && !state->isEmpty())
        return core::fail(ErrorCode::InvalidArgument, u"there is no state \"%1\""_s.arg(*state));
    if (params.has("before"_L1)) {
        const auto before = idFrom(params, "before"_L1);
        if (!before)
            return core::fail(before.error());
        filter.before = *before;
    }
    constexpr qint64 Most = WorkflowFilter::MaxWorkflows;
    const auto limit = params.number("limit"_L1, Most, {1, Most});
    if (!limit)
        return core::fail(limit.error());
    filter.limit = *limit;
    return filter;
}

void add(Workflows &workflows, const Principal &who, const Params &params, const Answer &answer)
{
    auto plan = core::workflowPlanFromJson(params.all());
    if (!plan)
        return answer(core::fail(plan.error()));
    workflows.add(who, *std::move(plan), [answer](const core::Result<Workflow> &added) {
        answer(added.map(workflowResult));
    });
}

void list(Workflows &workflows, const Principal &who, const Params &params, const Answer &answer)
{
    const auto filter = filterFrom(params);
    if (!filter)
        return answer(core::fail(filter.error()));
    answer(workflows.list(who).map([&filter](const QList<Workflow> &all) {
        return '{' + workflowMembers(all, *filter) + '}';
    }));
}

void get(Workflows &workflows, const Principal &who, const Params &params, const Answer &answer)
{
    const auto id = idFrom(params, "workflow"_L1);
    answer(id.and_then([&](core::WorkflowId one) {
                 return workflows.get(who, one);
             }).map(workflowResult));
}

using Verb = core::Result<Workflow> (Workflows::*)(const Principal &, core::WorkflowId);
template<Verb verb>
void command(Workflows &workflows, const Principal &who, const Params &params, const Answer &answer)
{
    const auto id = idFrom(params, "workflow"_L1);
    answer(id.and_then([&](core::WorkflowId one) {
                 return (workflows.*verb)(who, one);
             }).map(workflowResult));
}

void retry(Workflows &workflows, const Principal &who, const Params &params, const Answer &answer)
{
    const auto id = idFrom(params, "workflow"_L1);
    if (!id)
        return answer(core::fail(id.error()));
    const auto step = params.text("step"_L1);
    if (!step)
        return answer(core::fail(step.error()));
    answer(workflows.retry(who, *id, *step).map(workflowResult));
}

void remove(Workflows &workflows, const Principal &who, const Params &params, const Answer &answer)
{
    const auto id = idFrom(params, "workflow"_L1);
    if (!id)
        return answer(core::fail(id.error()));
    workflows.remove(who, *id, [answer](const core::Result<void> &removed) {
        answer(removed.map([] { return QByteArray("{}"); }));
    });
}

} // namespace

void addWorkflowMethods(NativeMethods &methods, Workflows &workflows)
{
    using Run = void (*)(Workflows &, const Principal &, const Params &, const Answer &);
    const auto addMethod = [&](const QString &name, Scope scope, Run run) {
        methods.add(
            name, scope,
            [run, &workflows](const Principal &who, const Params &params, const Answer &answer) {
                run(workflows, who, params, answer);
            });
    };
    addMethod(u"workflow.add"_s, Scope::Add, add);
    addMethod(u"workflow.list"_s, Scope::Read, list);
    addMethod(u"workflow.get"_s, Scope::Read, get);
    addMethod(u"workflow.pause"_s, Scope::Control, command<&Workflows::pause>);
    addMethod(u"workflow.resume"_s, Scope::Control, command<&Workflows::resume>);
    addMethod(u"workflow.cancel"_s, Scope::Control, command<&Workflows::cancel>);
    addMethod(u"workflow.retry"_s, Scope::Control, retry);
    addMethod(u"workflow.remove"_s, Scope::Control, remove);
}

} // namespace server
