#include "core/jobs/jobstate.h"

#include "core/base/names.h"

namespace core {
namespace {

using namespace Qt::StringLiterals;

constexpr std::array KindNames = std::to_array<Name<JobKind>>({
    {JobKind::Download, "download"_L1},
    {JobKind::Media, "media"_L1},
    {JobKind::Flash, "flash"_L1},
    {JobKind::Verify, "verify"_L1},
    {JobKind::Extract, "extract"_L1},
    {JobKind::Read, "read"_L1},
    {JobKind::Compare, "compare"_L1},
    {JobKind::Format, "format"_L1},
    {JobKind::Command, "command"_L1},
    {JobKind::External, "external"_L1},
});

constexpr std::array StateNames = std::to_array<Name<JobState>>({
    {JobState::Queued, "queued"_L1},
    {JobState::Running, "running"_L1},
    {JobState::Paused, "paused"_L1},
    {JobState::Succeeded, "succeeded"_L1},
    {JobState::Failed, "failed"_L1},
    {JobState::Canceled, "canceled"_L1},
});

constexpr std::array StageNames = std::to_array<Name<Stage>>({
    {Stage::None, ""_L1},
    {Stage::Resolving, "resolving"_L1},
    {Stage::Transferring, "transferring"_L1},
    {Stage::Decoding, "decoding"_L1},
    {Stage::Writing, "writing"_L1},
    {Stage::Flushing, "flushing"_L1},
    {Stage::Verifying, "verifying"_L1},
    {Stage::Hashing, "hashing"_L1},
    {Stage::Moving, "moving"_L1},
    {Stage::Extracting, "extracting"_L1},
    {Stage::AwaitingConfirmation, "awaitingConfirmation"_L1},
    {Stage::WaitingForRetry, "waitingForRetry"_L1},
    {Stage::Stale, "stale"_L1},
});

} // namespace

QLatin1StringView jobKindName(JobKind kind)
{
    return nameOf(KindNames, kind);
}

std::optional<JobKind> jobKindFromName(QStringView name)
{
    return valueOf(KindNames, name);
}

QLatin1StringView jobStateName(JobState state)
{
    return nameOf(StateNames, state);
}

std::optional<JobState> jobStateFromName(QStringView name)
{
    return valueOf(StateNames, name);
}

QLatin1StringView stageName(Stage stage)
{
    return nameOf(StageNames, stage);
}

std::optional<Stage> stageFromName(QStringView name)
{
    return valueOf(StageNames, name);
}

} // namespace core
