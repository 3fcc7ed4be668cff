#include "server/dialects/socketio/aiwords.h"

#include "core/externalspecjson.h"
#include "server/dialects/objecttext.h"
#include "server/dialects/socketio/aimessage.h"
#include "server/dialects/socketio/aisteps.h"

#include <algorithm>
#include <array>

namespace server {
namespace {

using namespace Qt::StringLiterals;
using core::JobSnapshot;
using core::JobState;

constexpr std::array AtWork{"thinking"_L1, "plan"_L1, "working"_L1, "step_complete"_L1};

QString typeOf(JobState state, const QString &reported)
{
    if (state == JobState::Succeeded)
        return u"complete"_s;
    if (isFinal(state))
        return u"error"_s;
    return std::ranges::find(AtWork, reported) == AtWork.end() ? u"working"_s : reported;
}

QString messageOf(const JobSnapshot &job)
{
    if (job.state == JobState::Canceled)
        return u"canceled"_s;
    if (job.error && !job.error->context.isEmpty())
        return job.error->context;
    return job.details.message.isEmpty() ? job.details.title : job.details.message;
}

/// The step that goes on, else the last that is done.
qint64 stepOf(const QList<core::JobStep> &steps)
{
    for (const JobState state : {JobState::Running, JobState::Failed}) {
        const auto at = std::ranges::find(steps, state, &core::JobStep::state);
        if (at != steps.end())
            return at - steps.begin() + 1;
    }
    return stepsDone(steps);
}

std::optional<qint64> percentOf(const JobSnapshot &job)
{
    if (job.state == JobState::Succeeded)
        return 100;
    if (job.progress.total <= 0)
        return std::nullopt;
    const double share = double(job.progress.done) / double(job.progress.total);
    return std::clamp<qint64>(qint64(share * 100), 0, 100);
}

} // namespace

QByteArray AiWords::json(core::Milliseconds now) const
{
    ObjectText object;
    object.put("type", type).put("task_id", job).put("conversation_id", conversation);
    object.put("message", message);
    if (step > 0)
        object.put("step", step);
    if (totalSteps > 0)
        object.put("total_steps", totalSteps);
    if (percent)
        object.put("progress", *percent);
    return object.put("timestamp", isoTime(now)).json();
}

bool AiWords::saysTheSame(const AiWords &other) const
{
    AiWords same = other;
    same.percent = percent;
    return same == *this;
}

bool isAiWork(const JobSnapshot &job)
{
    return job.kind == core::JobKind::External
        && !core::decodeExternalSpec(job.spec).type.isEmpty();
}

std::optional<AiWords> aiWordsOf(const JobSnapshot &job)
{
    if (job.kind != core::JobKind::External)
        return std::nullopt;
    const bool isTold = job.state == JobState::Running || isFinal(job.state);
    const core::ExternalSpec spec = core::decodeExternalSpec(job.spec);
    if (!isTold || spec.type.isEmpty())
        return std::nullopt;
    AiWords words{.type = typeOf(job.state, spec.type),
                  .job = job.source.isEmpty() ? job.id.toString() : job.source,
                  .message = messageOf(job),
                  .step = stepOf(job.details.steps),
                  .totalSteps = job.details.steps.size(),
                  .percent = percentOf(job)};
    words.conversation = spec.conversation.isEmpty() ? words.job : spec.conversation;
    return words;
}

} // namespace server
