#pragma once
#include "core/base/clock.h"
#include "core/jobs/jobtypes.h"

namespace server {

/// What is told of some work in the words of `ai_progress`, whoever does it.
struct AiWords {
    QString type;
    QString job;
    QString conversation;
    QString message;
    qint64 step = 0; // counts from 1; 0: none
    qint64 totalSteps = 0;
    std::optional<qint64> percent;

    [[nodiscard]] QByteArray json(core::Milliseconds now) const;
    /// Whether the other says the same but for the numbers.
    [[nodiscard]] bool saysTheSame(const AiWords &other) const;
    friend bool operator==(const AiWords &, const AiWords &) = default;
};

/// Whether a program reports it with a type.
[[nodiscard]] bool isAiWork(const core::JobSnapshot &job);

/// A job that a program reports with a type; nullopt for any other, and while nothing of it runs.
[[nodiscard]] std::optional<AiWords> aiWordsOf(const core::JobSnapshot &job);

} // namespace server
