#pragma once
#include "core/base/clock.h"
#include "core/base/principal.h"
#include "core/download/mediaspec.h"
#include "core/downloadintake.h"
#include "core/externaljobs.h"
#include "core/fileopener.h"
#include "core/jobadmission.h"
#include "core/jobfiles.h"
#include "core/jobs/jobqueue.h"
#include "core/jobs/jobtypes.h"

#include <QObject>
#include <QSet>

#include <functional>

namespace core {

class JobRegistry;
class JobStore;
class Settings;

enum class RemoveFiles { No, Yes };

/// The one command door: window, every dialect and drayctl come through here. It checks who asks
/// (scope and owner) and what is asked (the spec), makes the job and hands it to the registry.
///
/// A job that the principal may not see answers `NotFound`, as if it were not there; a scope that
/// is missing answers `Forbidden` naming the scope.
///
/// Threads: lives on the hub thread; every call is made there and none of them waits.
class JobService final : public QObject
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(JobService)
public:
    struct Surroundings {
        const Clock &clock;
        JobRegistry &registry;
        JobStore &store;
        const Settings &settings;
        /// Makes workers to remove what jobs left on disk; the registry's.
        WorkerFactory makeWorker;
        /// Absolute folder of --download-dir; empty: the setting download.folder holds.
        QString downloadFolder;
        /// Ports of our own listeners, refused as a download target.
        std::function<QList<quint16>()> ownPorts;
        /// FlashDownloads::feedAgain(). Empty: a flash from a URL is not retried.
        std::function<Result<void>(JobId flash)> feedAgain = {};
        std::function<decltype(openInside)> openFile = openInside; // called on any thread
    };
    struct AddDownload {
        DownloadSpec spec;
        /// Repeating a request with the same key of the same owner within a day answers the
        /// first job again; with another spec it fails with `IdemReused`. Empty: no key.
        QString idem;
        bool startPaused = false;
        /// Wall-clock milliseconds since 1970; the job waits in the queue until then. 0: no wait.
        qint64 startAt = 0;
        /// The same clock; the job is paused then if it has not ended. 0: never.
        qint64 stopAt = 0;
        /// Makes it a media job: what is behind the page at the spec's URL, through yt-dlp.
        std::optional<MediaChoice> media;
    };
    using Added = JobAdmission::Answer;
    /// Called once, on the hub thread, possibly before findTwin() returns; nullopt: there is none.
    using Found = std::function<void(std::optional<JobId>)>;
    using Removed = std::function<void(const Result<void> &)>;

    explicit JobService(Surroundings surroundings, QObject *parent = nullptr);
    ~JobService() override;

    /// Scope add. Answers when the job is committed to disk, or why it is not and will not be. With
    /// `ifExists` ask (unset: as download.ifExists is set) it fails with `FileExists` when the link has
    /// a job (see findTwin) or the file is there; with skip that second job has succeeded at once.
    void addDownload(const Principal &who, AddDownload request, Added answer);

    /// The job of such a download, not added, for who checks scopes himself.
    [[nodiscard]] Result<JobSnapshot> downloadFor(const Principal &who, DownloadSpec spec);
    /// Of a spec that downloadFor() checked before.
    [[nodiscard]] Result<JobSnapshot> downloadAgain(const QString &owner, const DownloadSpec &spec);
    /// Scope read. The job that fetches `url`, or has fetched it and its file is still there.
    void findTwin(const Principal &who, const QUrl &url, Found answer);

    /// Scope control. Answers the job as it then is; a running one shows `stopRequested` until it stopped.
    [[nodiscard]] Result<JobSnapshot> pause(const Principal &who, JobId id);
    [[nodiscard]] Result<JobSnapshot> resume(const Principal &who, JobId id);
    [[nodiscard]] Result<JobSnapshot> cancel(const Principal &who, JobId id);
    [[nodiscard]] Result<JobSnapshot> retry(const Principal &who, JobId id);
    /// Scope control. Moves a job among the queued jobs `who` may see.
    [[nodiscard]] Result<JobSnapshot> move(const Principal &who, JobId id, QueuePlace place);
    /// Scope control. How fast a download, or a flash to each drive, may be; 0: no limit. See limitWish().
    [[nodiscard]] Result<JobSnapshot>
    setLimit(const Principal &who, JobId id, qint64 bytesPerSecond);
    /// Scope control. Goes on with another link to the same file: a failed job is queued again,
    /// with its bytes; a queued or paused one takes the link when it runs. What makes a target
    /// forbidden for a new job does so here. Fails with `InvalidState` when it runs, succeeded or
    /// was canceled, or makes the image of a flash.
    [[nodiscard]] Result<JobSnapshot> refreshUrl(const Principal &who, JobId id, const QUrl &url);
    /// Scope control. Forgets an ended job and what a failed one left on disk, with `Yes` the file
    /// of a succeeded one too, unless a later job replaced it or may. Answers when that is on disk.
    void remove(const Principal &who, JobId id, RemoveFiles files, Removed answer);

    /// The work of other programs, which they report.
    [[nodiscard]] ExternalJobs &externalJobs() { return m_externalJobs; }

    /// Scope read.
    [[nodiscard]] Result<JobSnapshot> get(const Principal &who, JobId id) const;
    /// Scope read. All jobs the principal may see, in queue order.
    [[nodiscard]] Result<QList<JobSnapshot>> list(const Principal &who) const;
    /// What the setting download.categories says.
    [[nodiscard]] CategoryRules categories() const { return m_intake.folders().rules; }
    /// Where downloads without a `to` and a category go: --download-dir, else the setting, else the
    /// desktop's folder.
    [[nodiscard]] QString downloadFolder() const { return m_intake.folders().downloadFolder; }
    /// Where others than the admin may put and take files.
    [[nodiscard]] TargetRules targetRules() const { return m_intake.targetRules(); }
    /// Scope read. Opens the file inside the download folders that a succeeded job made. Answers what needs
    /// no look at the disk at once, else as FileOpener says.
    void openFileOf(const Principal &who, JobId id, QObject &asker, FileOpener::Answer answer);

    /// Waits at most `timeout` for files that are being deleted. False when one still is.
    [[nodiscard]] bool stopForExit(Milliseconds timeout);

private:
    void addComplete(const Principal &who,
                     const AddDownload &request,
                     const JobAdmission::Request &asked,
                     const QSet<QString> &there,
                     const Added &answer);
    void onEvents(const JobEvents &events);
    void onChanged(const JobSnapshot &job);
    [[nodiscard]] Result<const JobSnapshot *>
    require(const Principal &who, Scope scope, JobId id) const;
    using Verb = Result<void> (JobRegistry::*)(JobId);
    [[nodiscard]] Result<JobSnapshot> command(const Principal &who, JobId id, Verb verb);
    [[nodiscard]] Result<JobSnapshot> commandAgain(const Principal &who, JobId id, Verb verb);
    [[nodiscard]] Result<DownloadSpec> specOf(const Principal &who, JobId id) const;
    void forget(JobId id, Removed answer);

    Surroundings m_surroundings;
    DownloadIntake m_intake;
    JobAdmission m_admission;
    ExternalJobs m_externalJobs;
    JobFiles m_files;
    FileOpener m_opener;
};

} // namespace core
