#pragma once
#include "core/base/growingfile.h"
#include "core/drives/drivepolicy.h"
#include "core/drives/drivetrace.h"
#include "core/jobs/jobworker.h"
#include "core/listitems.h"
#include "core/store/historyentry.h"

#include <QString>

#include <memory>

namespace core {

class Settings;
class SpeedLimits;
class WriteLimits;

/// As ListItems::add.
using AddItemsFor = std::function<Result<int>(
    JobId list, const QList<ListItem> &items, const std::stop_token &stop)>;
/// Null when there is no such job.
using FindJob = std::function<const JobSnapshot *(JobId)>;

/// Ports of our own listeners on this machine.
using OwnPorts = std::function<QList<quint16>()>;

/// What workers need of the program around them. What is asked for is asked for when a worker is made
/// or runs.
struct WorkerSurroundings {
    /// Must outlive the factory.
    const Settings &settings;
    /// Downloads take part in it, under the limit of their spec.
    std::shared_ptr<SpeedLimits> speed;
    /// Flashes take part in it, under the limit of their spec.
    std::shared_ptr<WriteLimits> writing;
    /// What follows a download works on the file of its first prerequisite.
    FindJob findJob;
    AddItemsFor addItems;
    /// The file of a download while another job reads it, null when none does. May be empty.
    std::function<std::shared_ptr<GrowingFile>(JobId download)> growingFile = {};
    /// No redirect of a download may lead there.
    OwnPorts ownPorts;
    /// As folderChoice() takes it.
    QString fixedFolder;
    /// MediaPlace's.
    QString privateFolder = {};
    /// Which drives may be written.
    DrivePolicy drivePolicy = DrivePolicy();
    /// FlashTraces::touch() and keep(). Empty: nobody does, and what else is known of a drive is not used.
    std::function<Result<void>(JobId flash, const QString &drive, const std::stop_token &stop)>
        touchDrive = nullptr;
    std::function<void(JobId flash, const DriveTrace &trace)> keepTrace = nullptr;
    /// Called when a drive of a flash has ended, on that drive's thread. Empty: nobody keeps it.
    std::function<void(const HistoryEntry &)> recordDrive = nullptr;
};

/// Makes the worker for every kind of job from its stored spec. Fails with `Unsupported` for kinds that
/// have no worker. Threads: the factory is called on the hub thread.
[[nodiscard]] WorkerFactory workerFactory(WorkerSurroundings surroundings);

} // namespace core
