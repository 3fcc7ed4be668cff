#pragma once
#include <QLatin1StringView>
#include <QStringView>

#include <optional>

namespace core {

enum class JobKind {
    Download,
    Media,
    Flash,
    Verify,
    Extract,
    Read,
    Compare,
    Format,
    Command,
    External,
};

enum class JobState { Queued, Running, Paused, Succeeded, Failed, Canceled };

enum class Stage {
    None,
    Resolving,
    Transferring,
    Decoding,
    Writing,
    Flushing,
    Verifying,
    Hashing,
    Moving,
    Extracting,
    AwaitingConfirmation,
    WaitingForRetry,
    Stale,
};

/// Names on the wire and in the store (PROTOCOL.md §1); an unknown name gives nullopt.
[[nodiscard]] QLatin1StringView jobKindName(JobKind kind);
[[nodiscard]] std::optional<JobKind> jobKindFromName(QStringView name);
[[nodiscard]] QLatin1StringView jobStateName(JobState state);
[[nodiscard]] std::optional<JobState> jobStateFromName(QStringView name);
[[nodiscard]] QLatin1StringView stageName(Stage stage);
[[nodiscard]] std::optional<Stage> stageFromName(QStringView name);

constexpr bool isFinal(JobState s)
{
    return s == JobState::Succeeded || s == JobState::Failed || s == JobState::Canceled;
}

/// The whole job state machine.
constexpr bool canTransition(JobState from, JobState to)
{
    switch (from) {
    case JobState::Queued:
        return to == JobState::Running || to == JobState::Paused || to == JobState::Failed
            || to == JobState::Canceled;
    case JobState::Running:
        return to == JobState::Queued // its hours are over
            || to == JobState::Paused || isFinal(to);
    case JobState::Paused:
        return to == JobState::Queued || to == JobState::Canceled;
    case JobState::Succeeded:
    case JobState::Failed:
    case JobState::Canceled:
        return to == JobState::Queued; // retry
    }
    return false;
}

} // namespace core
