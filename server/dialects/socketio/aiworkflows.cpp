#include "server/dialects/socketio/aiworkflows.h"

namespace server {

using namespace Qt::StringLiterals;
using core::JobState;
using core::Workflow;
using Kind = Conversations::Kind;

namespace {

AiWords words(const Workflow &workflow, const QString &type, const QString &message)
{
    const QString id = workflow.id.toString();
    return {.type = type,
            .job = id,
            .conversation = id,
            .message = message,
            .totalSteps = workflow.steps.size(),
            .percent = qint64(workflow.progress * 100)};
}

AiWords stepWords(const Workflow &workflow, qsizetype index, const QString &type)
{
    AiWords said = words(workflow, type, workflow.steps.at(index).name);
    said.step = index + 1;
    return said;
}

AiWords endWords(const Workflow &workflow)
{
    if (workflow.state == JobState::Succeeded)
        return words(workflow, u"complete"_s, workflow.title);
    const bool isCanceled = workflow.state == JobState::Canceled;
    AiWords said = words(workflow, u"error"_s, isCanceled ? u"canceled"_s : workflow.message);
    said.step = workflow.stage + 1;
    return said;
}

} // namespace

AiWords planWords(const Workflow &workflow)
{
    return words(workflow, u"plan"_s, workflow.title);
}

QList<AiWords> changeWords(const Workflow &before, const Workflow &after)
{
    QList<AiWords> said;
    if (before.attempt != after.attempt)
        said.append(planWords(after));
    const qsizetype known = std::min(before.steps.size(), after.steps.size());
    for (qsizetype i = 0; i < known; ++i)
        if (const JobState state = after.steps.at(i).state; state != before.steps.at(i).state) {
            if (state == JobState::Succeeded)
                said.append(stepWords(after, i, u"step_complete"_s));
            else if (state == JobState::Running)
                said.append(stepWords(after, i, u"working"_s));
        }
    if (isFinal(after.state) && before.state != after.state)
        said.append(endWords(after));
    return said;
}

std::optional<AiWords> numberWords(const Workflow &workflow)
{
    const bool isRunning = workflow.stage >= 0 && workflow.stage < workflow.steps.size()
        && workflow.steps.at(workflow.stage).state == JobState::Running;
    if (!isRunning || isFinal(workflow.state))
        return std::nullopt;
    return stepWords(workflow, workflow.stage, u"working"_s);
}

AiWorkflows::AiWorkflows(const core::Workflows &workflows, AiFeed &feed, const core::Clock &clock)
    : m_feed(feed)
    , m_clock(clock)
{
    connect(&workflows, &core::Workflows::eventsReady, this, &AiWorkflows::onEvents);
}

void AiWorkflows::onEvents(const core::WorkflowEvents &events)
{
    for (const core::WorkflowEvent &event : events) {
        if (const auto *added = std::get_if<core::WorkflowAdded>(&event))
            tell(added->workflow, planWords(added->workflow), Kind::Words);
        const auto *changed = std::get_if<core::WorkflowChanged>(&event);
        if (!changed)
            continue;
        const auto said = changeWords(changed->before, changed->workflow);
        for (const AiWords &one : said)
            tell(changed->workflow, one, Kind::Words);
        if (!said.isEmpty() || !movesOnlyProgress(changed->before, changed->workflow))
            continue;
        if (const auto numbers = numberWords(changed->workflow))
            tell(changed->workflow, *numbers, Kind::Numbers);
    }
}

void AiWorkflows::tell(const Workflow &workflow, const AiWords &words, Kind kind)
{
    const AiFeed::Update update{workflow.owner(), words.conversation, words.job,
                                words.json(m_clock.wallTime())};
    if (kind == Kind::Numbers)
        m_feed.tellNumbers(update);
    else
        m_feed.tell(update);
}

} // namespace server
