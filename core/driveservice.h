#pragma once
#include "core/base/clock.h"
#include "core/driveintake.h"
#include "core/drives/driverelease.h"
#include "core/jobadmission.h"
#include "core/jobs/jobthreads.h"

#include <QObject>

#include <variant>

namespace core {

/// The command door to what is done with drives besides flashing: reading one into an image, comparing it
/// with one, giving it back empty, and letting go of it. Like JobService it checks who asks and what is
/// asked; a scope that is missing answers `Forbidden` naming the scope.
///
/// Threads: lives on the hub thread; every call is made there and none of them waits.
class DriveService final : public QObject
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(DriveService)
public:
    /// Makes a drive safe to pull out, as DriveRelease::eject(). Called on a thread of its own.
    using Eject = std::function<Result<DriveRelease::Ending>(const DriveIdentity &)>;

    struct Surroundings {
        JobRegistry &registry;
        JobStore &store;
        const DriveList &drives;
        /// Where files may lie that others than the admin name; asked at every command.
        std::function<TargetRules()> targetRules;
        Eject eject;
    };
    using Spec = std::variant<ReadSpec, CompareSpec, FormatSpec>;
    struct Request {
        Spec spec;
        /// As JobService::AddDownload::idem.
        QString idem;
    };
    using Added = JobAdmission::Answer;
    /// Called once, on the hub thread, unless the service ends before.
    using Ejected = std::function<void(const Result<DriveRelease::Ending> &)>;

    explicit DriveService(Surroundings surroundings, QObject *parent = nullptr);

    /// Scope flash; fails as DriveIntake::jobFor(). Answers when the job is committed to disk, or why it
    /// is not and will not be.
    void add(const Principal &who, Request request, Added answer);
    /// Scope flash. Unmounts the drive, by id or path, and ejects it or powers it off. Fails with
    /// `DeviceBusy` while a job works on it, else as DriveRelease::eject().
    void eject(const Principal &who, const QString &drive, Ejected answer);

    /// Waits at most `timeout` for drives that are being ejected. False when one still is.
    [[nodiscard]] bool stopForExit(Milliseconds timeout) { return m_threads.waitForIdle(timeout); }

private:
    [[nodiscard]] Result<void> checkUnused(const QString &driveId) const;

    Surroundings m_surroundings;
    DriveIntake m_intake;
    JobAdmission m_admission;
    JobThreads m_threads;
};

} // namespace core
