#pragma once
#include "core/drives/drivetrace.h"
#include "core/jobs/jobtypes.h"

#include <QObject>

#include <memory>
#include <optional>
#include <stop_token>

namespace core {

class JobRegistry;
class JobStore;

/// Keeps with every flash whether it touched each of its drives, and how these were:
///
///   agreed to             untouched, as it was then (ImageSurvey); what unmounting wrote is added
///   touch                 on disk before the first write: a program that dies then has touched it
///   the flash lets go     touched, as the flash left it
///
/// What that is good for: openAgreed().
/// Threads: lives on the hub thread.
class FlashTraces final : public QObject
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(FlashTraces)
public:
    /// Both must outlive this.
    FlashTraces(JobRegistry &registry, JobStore &store);
    ~FlashTraces() override;

    /// Answers when it is on disk that the flash writes the drive of that id. Fails as the store does, with
    /// `NotFound` without the job, and with `InvalidState` when `stop` came first: it is not touched then.
    /// Threads: called on the drive's thread; waits for the hub thread.
    [[nodiscard]] Result<void>
    touch(JobId flash, const QString &drive, const std::stop_token &stop);
    /// How many sectors were written to the drive when the flash opened or left it. Counts only as long as it
    /// is touched or not as `trace` says.
    /// Threads: any; does not wait.
    void keep(JobId flash, const DriveTrace &trace);
    /// Takes in what workers told that have ended. For the end of the program, before the store's.
    void settleForExit();

private:
    struct Touching;

    void touchHere(JobId flash, const QString &drive, const std::shared_ptr<Touching> &touching);
    void restoreHere(JobId flash, const Touching &touching);
    [[nodiscard]] std::optional<DriveTrace> traceHere(JobId flash, const QString &drive) const;
    [[nodiscard]] Result<void> change(JobId flash, const DriveTrace &trace);
    void keepHere(JobId flash, const DriveTrace &trace);

    JobRegistry &m_registry;
    JobStore &m_store;
};

} // namespace core
