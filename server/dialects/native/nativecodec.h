#pragma once
#include "server/feed/feedcodec.h"

#include <QJsonObject>
#include <QStringList>

namespace server {

enum class Segments { No, Yes };

/// `{code, message, retryable}`.
[[nodiscard]] QJsonObject errorObject(const core::Error &error);

/// The job object of PROTOCOL.md §1: absent means unset, no nulls, times in milliseconds since 1970,
/// sizes in bytes, ids as strings. `segments` only when asked for (job.get).
[[nodiscard]] QJsonObject jobObject(const core::JobSnapshot &job, Segments segments = Segments::No);

/// The reverse, for programs that listen. What the object does not carry (spec, prerequisites,
/// position) is left unset. Fails with `InvalidArgument` naming the member at fault.
/// An error's context is its message without the title.
[[nodiscard]] core::Result<core::JobSnapshot> jobFromObject(const QJsonObject &object);

/// RFC 7396 merge patch that makes `before`'s object `after`'s. It always carries the numbers and the
/// stage (absolute), because they may have moved on the progress lane, which is never replayed.
/// Steps and drives are in it only when one of them changed its state or error.
[[nodiscard]] QJsonObject jobPatch(const core::JobSnapshot &before, const core::JobSnapshot &after);

/// Whether a patch says nothing but what the progress lane carries: numbers, stage and rev. (How far
/// steps, drives and segments are is in no patch.)
[[nodiscard]] bool isProgressOnly(const QJsonObject &patch);

/// Applies a merge patch (RFC 7396 §2).
[[nodiscard]] QJsonObject mergePatch(QJsonObject target, const QJsonObject &patch);

/// The names of what stands in a progress row, in order.
[[nodiscard]] QStringList progressColumns();
/// One encoded row `[id,rev,done,total,bytesPerSecond,etaSeconds,stage]`, null where unknown. With
/// details an eighth member follows: `{drives?, steps?, segments?}`.
[[nodiscard]] QByteArray progressRow(const core::JobSnapshot &job, Columns columns);

} // namespace server
