#include "core/jobs/workflow.h"

#include <algorithm>

namespace core {

using namespace Qt::StringLiterals;

std::optional<WorkflowId> WorkflowId::fromText(QStringView text)
{
    bool isNumber = false;
    const WorkflowId id{text.startsWith(u'w') ? text.sliced(1).toLongLong(&isNumber) : 0};
    return isNumber && id.toString() == text ? std::optional(id) : std::nullopt;
}

std::optional<WorkflowLink> WorkflowLink::fromText(QStringView text)
{
    const qsizetype slash = text.indexOf(u'/');
    if (slash < 0)
        return std::nullopt;
    const auto id = WorkflowId::fromText(text.first(slash));
    if (!id)
        return std::nullopt;
    return WorkflowLink{*id, text.sliced(slash + 1).toString()};
}

QLatin1StringView workflowWishName(WorkflowWish wish)
{
    switch (wish) {
    case WorkflowWish::Run:
        return "run"_L1;
    case WorkflowWish::Pause:
        return "pause"_L1;
    case WorkflowWish::Cancel:
        return "cancel"_L1;
    }
    return {};
}

std::optional<WorkflowWish> workflowWishFromName(QStringView name)
{
    for (const WorkflowWish wish : {WorkflowWish::Run, WorkflowWish::Pause, WorkflowWish::Cancel})
        if (name == workflowWishName(wish))
            return wish;
    return std::nullopt;
}

qsizetype Workflow::indexOf(QStringView step) const
{
    const auto found = std::ranges::find(steps, step, &WorkflowStep::name);
    return found == steps.end() ? -1 : found - steps.begin();
}

bool movesOnlyProgress(const Workflow &before, const Workflow &after)
{
    Workflow same = after;
    same.progress = before.progress;
    same.message = before.message;
    same.rev = before.rev;
    for (qsizetype i = 0; i < std::min(same.steps.size(), before.steps.size()); ++i) {
        same.steps[i].progress = before.steps[i].progress;
        same.steps[i].bytes = before.steps[i].bytes;
        same.steps[i].message = before.steps[i].message;
    }
    return same == before;
}

} // namespace core
