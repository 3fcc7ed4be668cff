#pragma once
#include "core/jobs/progresscell.h"

#include <functional>
#include <memory>
#include <stop_token>

namespace core {

enum class Outcome { Completed, Stopped };

/// The work of one job, written as one blocking function.
/// Threads: made on the hub thread; run() and discard() are called on the job's thread.
class JobWorker
{
public:
    virtual ~JobWorker() = default;
    /// Called at most once. Returns `Stopped` soon after `stop` is requested, leaving what is needed
    /// to continue on disk. May run a local QEventLoop for network I/O.
    [[nodiscard]] virtual Result<Outcome> run(std::stop_token stop, ProgressCell &progress) = 0;
    /// Removes what run(), of this worker or of an earlier one for the same job, left on disk.
    /// Called when the job is canceled, after run() if that was called.
    virtual void discard() { }
    /// Removes what run() kept until its success was on disk. Called on some thread after that; not
    /// when the program dies in between, so run() must do with what it then finds.
    virtual void conclude() { }
};

/// Makes the worker of a job from its snapshot (spec, details found earlier, owner). Called on the
/// hub thread; an error ends the job as failed.
using WorkerFactory = std::function<Result<std::unique_ptr<JobWorker>>(const JobSnapshot &)>;

} // namespace core
