#pragma once
#include "core/jobs/jobworker.h"

#include <memory>

namespace core {

class Settings;
class SpeedLimits;

/// Makes the worker for every kind of job from its stored spec. `settings` must outlive the factory.
/// Downloads take part in `speed`, under the limit of their spec.
/// Fails with `Unsupported` for kinds that have no worker.
[[nodiscard]] WorkerFactory workerFactory(const Settings &settings,
                                          std::shared_ptr<SpeedLimits> speed);

} // namespace core
