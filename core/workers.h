#pragma once
#include "core/jobs/jobworker.h"

namespace core {

class Settings;

/// Makes the worker for every kind of job from its stored spec. `settings` must outlive the factory.
/// Fails with `Unsupported` for kinds that have no worker.
[[nodiscard]] WorkerFactory workerFactory(const Settings &settings);

} // namespace core
