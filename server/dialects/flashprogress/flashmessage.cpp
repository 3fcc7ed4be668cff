#include "server/dialects/flashprogress/flashmessage.h"

#include "server/dialects/json.h"
#include "server/dialects/native/params.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace server {
namespace {

using namespace Qt::StringLiterals;
using core::ErrorCode;
using core::JobReport;
using core::JobState;

constexpr std::array Types = std::to_array<std::pair<QLatin1StringView, JobState>>({
    {"flash_started"_L1, JobState::Running},
    {"flash_progress"_L1, JobState::Running},
    {"flash_completed"_L1, JobState::Succeeded},
    {"flash_failed"_L1, JobState::Failed},
    {"flash_paused"_L1, JobState::Paused},
    {"flash_resumed"_L1, JobState::Running},
});

std::optional<JobState> stateOf(const QString &type)
{
    for (const auto &[name, state] : Types)
        if (type == name)
            return state;
    return std::nullopt;
}

/// A number that is no integer is rounded down.
core::Result<std::optional<qint64>> countFrom(const Params &params, QLatin1StringView name)
{
    const auto number = params.real(name, 0);
    if (!number)
        return core::fail(number.error());
    if (!params.has(name))
        return std::nullopt;
    if (!(*number >= 0 && *number <= double(Params::MaxNumber)))
        return core::fail(ErrorCode::InvalidArgument, u"\"%1\" is out of range"_s.arg(name));
    return qint64(std::floor(*number));
}

/// Sets what the message says of bytes.
core::Result<void> takeNumbers(const Params &params, JobReport &report)
{
    for (const auto &[name, into] : {std::pair{"bytesTransferred"_L1, &report.done},
                                     {"totalBytes"_L1, &report.total},
                                     {"transferSpeed"_L1, &report.bytesPerSecond},
                                     {"estimatedTimeRemaining"_L1, &report.etaSeconds}}) {
        const auto count = countFrom(params, name);
        if (!count)
            return core::fail(count.error());
        *into = *count;
    }
    if (const auto percent = countFrom(params, "progress"_L1); !percent)
        return core::fail(percent.error());
    if (params.has("progress"_L1))
        report.percent = params.real("progress"_L1, 0).value();
    return {};
}

/// A stage that we have no name for is told as message.
void setStage(JobReport &report, const QString &word)
{
    using core::Stage;
    const auto stage = core::stageFromName(word);
    const bool isOurs = stage && *stage != Stage::Stale && *stage != Stage::AwaitingConfirmation;
    report.stage = isOurs ? *stage : Stage::None;
    report.message = isOurs ? QString() : word;
}

core::Result<QString> nameFrom(const Params &params, QLatin1StringView name)
{
    if (!params.raw(name).isDouble())
        return params.text(name);
    return params.number(name, 0, {0, Params::MaxNumber}).map([](qint64 number) {
        return QString::number(number);
    });
}

core::Result<void> takeNames(const Params &params, JobReport &report)
{
    const auto job = nameFrom(params, "jobId"_L1);
    if (!job)
        return core::fail(job.error());
    if (job->isEmpty())
        return core::fail(ErrorCode::InvalidArgument, u"\"jobId\" is missing"_s);
    const auto device = nameFrom(params, "deviceId"_L1);
    if (!device)
        return core::fail(device.error());
    if (device->size() > JobReport::LongestTitle)
        return core::fail(ErrorCode::InvalidArgument, u"\"deviceId\" is too long"_s);
    report.job = *job;
    report.title = u"Flash "_s + *job;
    if (!device->isEmpty())
        report.drives = QList<core::JobDrive>{
            {.id = *device, .state = *report.state, .done = report.done.value_or(0)}};
    return {};
}

core::Result<void> takeWords(const Params &params, JobReport &report)
{
    const auto stage = params.text("stage"_L1);
    if (!stage)
        return core::fail(stage.error());
    const auto error = params.text("error"_L1);
    if (!error)
        return core::fail(error.error());
    if (report.state == JobState::Failed && *error == "canceled"_L1)
        report.state = JobState::Canceled;
    else if (report.state == JobState::Failed)
        report.error = error->isEmpty() ? u"failed"_s : *error;
    else if (report.state == JobState::Running && !stage->isEmpty())
        setStage(report, *stage);
    return {};
}

core::Result<FlashMessage> reportFrom(JobState state, const Params &params)
{
    JobReport report{.state = state};
    if (const auto taken = takeNumbers(params, report); !taken)
        return core::fail(taken.error());
    if (const auto taken = takeWords(params, report); !taken)
        return core::fail(taken.error());
    if (const auto taken = takeNames(params, report); !taken)
        return core::fail(taken.error());
    return report;
}

} // namespace

core::Result<FlashMessage> flashMessageFrom(const QByteArray &utf8)
{
    const auto value = parseJson(utf8);
    if (!value)
        return core::fail(value.error());
    if (!value->isObject())
        return core::fail(ErrorCode::InvalidArgument, u"a message is a JSON object"_s);
    const Params params(value->toObject());
    const auto type = params.requiredText("type"_L1);
    if (!type)
        return core::fail(type.error());
    if (*type == "ping"_L1)
        return countFrom(params, "timestamp"_L1).map([](std::optional<qint64> timestamp) {
            return FlashMessage(FlashPing{timestamp});
        });
    const auto state = stateOf(*type);
    if (!state)
        return core::fail(ErrorCode::InvalidArgument, u"there is no message \"%1\""_s.arg(*type));
    return reportFrom(*state, params);
}

} // namespace server
