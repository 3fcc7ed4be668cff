#pragma once
#include "core/download/mediaspec.h"
#include "core/jobs/jobworker.h"

#include <memory>

namespace core {

class Settings;
class SpeedLimits;

using AddItemsFor = std::function<Result<int>(
    JobId list, const QList<MediaItem> &items, const std::stop_token &stop)>;
/// Null when there is no such job.
using FindJob = std::function<const JobSnapshot *(JobId)>;

/// Ports of our own listeners on this machine.
using OwnPorts = std::function<QList<quint16>()>;

/// Makes the worker for every kind of job from its stored spec. `settings` must outlive the factory.
/// What follows a download works on the file of its first prerequisite, asked for by `findJob`.
/// Downloads take part in `speed`, under the limit of their spec.
/// Fails with `Unsupported` for kinds that have no worker.
/// No redirect of a download may lead to `ownPorts`.
/// `addItems` adds the items of a list for the job that found it, as MediaPlace says.
[[nodiscard]] WorkerFactory workerFactory(const Settings &settings,
                                          std::shared_ptr<SpeedLimits> speed,
                                          FindJob findJob,
                                          AddItemsFor addItems,
                                          OwnPorts ownPorts);

} // namespace core
