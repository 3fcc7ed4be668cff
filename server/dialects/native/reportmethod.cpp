#include "server/dialects/native/reportmethod.h"

#include <QJsonArray>

#include <algorithm>

namespace server {
namespace {

using namespace Qt::StringLiterals;
using core::ErrorCode;

tl::unexpected<core::Error> wrong(const QString &why)
{
    return core::fail(ErrorCode::InvalidArgument, why);
}

/// Sets `into` when the member is there.
template<typename T>
core::Result<void> take(const Params &params,
                        QLatin1StringView name,
                        const core::Result<T> &value,
                        std::optional<T> &into)
{
    if (!value)
        return core::fail(value.error());
    if (params.has(name))
        into = *value;
    return {};
}

template<typename Enum>
core::Result<void> takeName(const Params &params,
                            QLatin1StringView name,
                            std::optional<Enum> (*fromName)(QStringView),
                            std::optional<Enum> &into)
{
    const auto text = params.text(name);
    if (!text)
        return core::fail(text.error());
    into = params.has(name) ? fromName(*text) : std::nullopt;
    if (params.has(name) && !into)
        return wrong(u"there is no %1 \"%2\""_s.arg(name, *text));
    return {};
}

core::Result<core::JobStep> stepFrom(const QJsonValue &value)
{
    const Params params(value.toObject());
    const auto title = params.requiredText("title"_L1);
    if (!title)
        return core::fail(title.error());
    std::optional<core::JobState> state;
    if (const auto taken = takeName(params, "state"_L1, core::jobStateFromName, state); !taken)
        return core::fail(taken.error());
    const auto progress = params.real("progress"_L1, state == core::JobState::Succeeded ? 1 : 0);
    if (!progress)
        return core::fail(progress.error());
    return core::JobStep{*title, state.value_or(core::JobState::Queued), *progress};
}

core::Result<QList<core::JobStep>> stepsFrom(const Params &params)
{
    const QJsonValue member = params.raw("steps"_L1);
    if (!member.isArray() && !member.isUndefined())
        return wrong(u"\"steps\" is not a list"_s);
    QList<core::JobStep> steps;
    for (const QJsonValue &item : member.toArray()) {
        const auto step = stepFrom(item);
        if (!step)
            return core::fail(step.error());
        steps.append(*step);
    }
    return steps;
}

/// An id of ours may be written as a number.
core::Result<QString> jobFrom(const Params &params)
{
    if (!params.raw("job"_L1).isDouble())
        return params.text("job"_L1);
    return params.job().map([](core::JobId id) { return id.toString(); });
}

core::Result<void> takeNumbers(const Params &params, core::JobReport &report)
{
    const Params::Range bytes{0, Params::MaxNumber};
    const auto done = take(params, "done"_L1, params.number("done"_L1, 0, bytes), report.done);
    if (!done)
        return done;
    return take(params, "total"_L1, params.number("total"_L1, 0, bytes), report.total);
}

core::Result<void> takeWords(const Params &params, core::JobReport &report)
{
    for (const auto &[name, into] : {std::pair{"title"_L1, &report.title},
                                     {"message"_L1, &report.message},
                                     {"type"_L1, &report.type}})
        if (const auto taken = take(params, name, params.text(name), *into); !taken)
            return taken;
    if (const auto taken = takeName(params, "state"_L1, core::jobStateFromName, report.state);
        !taken)
        return taken;
    return takeName(params, "stage"_L1, core::stageFromName, report.stage);
}

} // namespace

core::Result<core::JobReport> jobReportFrom(const Params &params)
{
    core::JobReport report;
    const auto job = jobFrom(params);
    if (!job)
        return core::fail(job.error());
    report.job = *job;
    if (const auto taken = takeWords(params, report); !taken)
        return core::fail(taken.error());
    if (const auto taken = takeNumbers(params, report); !taken)
        return core::fail(taken.error());
    if (const auto taken = take(params, "steps"_L1, stepsFrom(params), report.steps); !taken)
        return core::fail(taken.error());
    return report;
}

bool isReport(const RpcMessage &message, AgentLine &agent)
{
    return std::ranges::all_of(message.items, [&agent](const RpcItem &item) {
        const auto *call = std::get_if<RpcCall>(&item);
        return call && (call->method == "job.report"_L1 || agent.isReport(call->method));
    });
}

} // namespace server
