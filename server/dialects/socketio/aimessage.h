#pragma once
#include "core/base/clock.h"
#include "core/base/result.h"

#include <QJsonObject>

namespace server {

/// One `ai_progress` message as its program sent it (PROTOCOL.md §3.5).
struct AiMessage {
    QString type;
    /// `task_id`: what the program calls the work.
    QString job;
    /// `conversation_id`; the work is a conversation of its own when there is none.
    QString conversation;
    QJsonObject members;
    /// What is relayed: as it was sent, with a timestamp.
    QByteArray json;
    /// All but the numbers, which alone may be conflated. Equal for messages that differ in nothing else.
    QJsonObject words;

    /// A text member; empty when it is none.
    [[nodiscard]] QString text(const QString &name) const { return members.value(name).toString(); }
    /// Percent from `progress`, which is one, or a share between 0 and 1; nullopt when it says nothing.
    [[nodiscard]] std::optional<qint64> percent() const;
    /// `step` or `total_steps`; nullopt when it is no whole number that counts.
    [[nodiscard]] std::optional<qint64> count(const QString &name) const;
};

/// `json` is the message as written; `now` of the wall clock. Fails with `InvalidArgument` when it is no
/// object, or does not say type and task_id; other members of another type than ours are only relayed.
[[nodiscard]] core::Result<AiMessage> aiMessageFrom(const QByteArray &json, core::Milliseconds now);

/// ISO 8601, UTC, with milliseconds.
[[nodiscard]] QString isoTime(core::Milliseconds now);

} // namespace server
