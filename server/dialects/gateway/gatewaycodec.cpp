#include "server/dialects/gateway/gatewaycodec.h"

#include "server/dialects/errortext.h"
#include "server/dialects/json.h"
#include "server/dialects/native/params.h"
#include "server/dialects/objecttext.h"
#include "server/dialects/sharedone.h"

#include <QHash>

namespace server {
namespace {

using namespace Qt::StringLiterals;
using core::ErrorCode;
using core::JobSnapshot;
using core::JobState;

constexpr int ProgressSteps = 10'000;

ObjectText message(const QString &type, core::JobId id)
{
    return ObjectText().put("type", type).put("download_id", id.toString());
}

QByteArray progressText(const JobSnapshot &job)
{
    const bool runs = job.state == JobState::Running;
    return message(u"download_progress"_s, job.id)
        .putReal("progress", shareDone(job, ProgressSteps))
        .put("speed", runs ? job.progress.bytesPerSecond : 0)
        .json();
}

QByteArray failureText(core::JobId id, const QString &why)
{
    return message(u"download_error"_s, id).put("error_message", why).json();
}

std::optional<GatewayCommand::Action> actionOf(const QString &name)
{
    using Action = GatewayCommand::Action;
    static const QHash<QString, Action> actions{{u"pause_download"_s, Action::Pause},
                                                {u"resume_download"_s, Action::Resume},
                                                {u"cancel_download"_s, Action::Cancel},
                                                {u"retry_download"_s, Action::Retry},
                                                {u"add_download"_s, Action::Add}};
    const auto found = actions.constFind(name);
    return found == actions.constEnd() ? std::nullopt : std::optional(*found);
}

} // namespace

bool GatewayCodec::covers(const JobSnapshot &job) const
{
    return job.kind == core::JobKind::Download || job.kind == core::JobKind::Media;
}

bool GatewayCodec::greetsWith(const JobSnapshot &job, core::Milliseconds wallTime) const
{
    return !isFinal(job.state) || wallTime.count() - job.finishedAt <= EndsAreTold.count();
}

QByteArrayList GatewayCodec::introduce(const JobSnapshot &job) const
{
    switch (job.state) {
    case JobState::Queued:
    case JobState::Running:
    case JobState::Paused:
        return {progressText(job)};
    case JobState::Succeeded:
        return {
            message(u"download_complete"_s, job.id).put("file_path", job.details.target).json()};
    case JobState::Failed:
        return {failureText(job.id, errorMessage(job.error.value_or(core::Error())))};
    case JobState::Canceled:
        return removed(job.id);
    }
    return {};
}

QByteArrayList GatewayCodec::step(const JobSnapshot &before, const JobSnapshot &after) const
{
    return before.state == after.state ? QByteArrayList() : introduce(after);
}

QByteArrayList GatewayCodec::numbers(const JobSnapshot &job) const
{
    return introduce(job);
}

QByteArrayList GatewayCodec::removed(core::JobId id) const
{
    return {failureText(id, u"canceled"_s)};
}

QByteArray GatewayCodec::errorText(const core::Error &error)
{
    return ObjectText().put("type", u"error"_s).put("message", errorMessage(error)).json();
}

core::Result<GatewayCommand> gatewayCommandFrom(const QByteArray &utf8)
{
    const auto value = parseJson(utf8);
    if (!value)
        return core::fail(value.error());
    if (!value->isObject())
        return core::fail(ErrorCode::InvalidArgument, u"the message is not a JSON object"_s);
    const Params members(value->toObject());
    const auto name = members.requiredText("action"_L1);
    if (!name)
        return core::fail(name.error());
    const auto action = actionOf(*name);
    if (!action)
        return core::fail(ErrorCode::InvalidArgument, u"there is no action \"%1\""_s.arg(*name));
    if (*action == GatewayCommand::Action::Add)
        return members.requiredText("url"_L1).map([&](const QString &url) {
            return GatewayCommand{*action, {}, url};
        });
    const auto id = members.id("download_id"_L1);
    if (!id)
        return core::fail(id.error());
    return GatewayCommand{*action, *id, {}};
}

} // namespace server
