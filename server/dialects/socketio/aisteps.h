#pragma once
#include "core/jobs/jobdetails.h"
#include "server/dialects/socketio/aimessage.h"

namespace server {

/// The steps of a job after `message`, given those before: as many as `total_steps` says, with `step`, which
/// counts from 1, begun or complete. A plan may name them in `steps`. Empty: it has none.
[[nodiscard]] QList<core::JobStep> stepsAfter(QList<core::JobStep> steps, const AiMessage &message);

/// How many have succeeded.
[[nodiscard]] qint64 stepsDone(const QList<core::JobStep> &steps);

} // namespace server
