#pragma once
#include "core/base/growingfile.h"
#include "core/base/principal.h"
#include "core/flash/flashspec.h"
#include "core/jobs/jobthreads.h"
#include "core/jobs/jobtypes.h"

#include <QObject>
#include <QSet>

#include <stop_token>

namespace core {

class JobRegistry;
class JobService;

/// The downloads that feed flashes from a URL, from their making to their end:
///
///   begin()              adds the download; its worker and the flash's share fileOf()
///   the download ends    whoever reads its file is told: it succeeded, or why not
///   the flash ends       a download that is not to be kept is canceled, and removed with its file
///   the flash runs again feedAgain(): its download goes on, or its file is read when that is finished
///                        and still what was downloaded, or the link that was agreed to is fetched anew
///
/// Threads: lives on the hub thread; every call is made there and none of them waits, but endEarlier().
/// Finished files are read on threads of their own.
class FlashDownloads final : public QObject
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(FlashDownloads)
public:
    /// Both must outlive this. `hiddenFolder`: absolute; where the files are that are not kept, and nothing
    /// else is.
    FlashDownloads(JobRegistry &registry, JobService &service, QString hiddenFolder);
    ~FlashDownloads() override;

    /// The download of the spec's URL, not added yet. What `who` may fetch is checked as for every
    /// download; scopes are the caller's to check.
    [[nodiscard]] Result<JobSnapshot> downloadFor(const Principal &who,
                                                  const FlashSpec &spec) const;
    /// Adds what downloadFor() made, which `flash` is fed by from then on.
    void begin(const JobSnapshot &download, JobSnapshot &flash);
    /// For a flash that waits in the queue once more: what feeds it is there or comes. That is always the
    /// link that was agreed to, fetched as who asked for it might; when a drive holds it already it must
    /// be the same file. Fails as downloads do that are retried, and with `ConfirmationRequired`.
    [[nodiscard]] Result<void> feedAgain(JobId flash);
    /// The file that this download makes; null when nobody reads it.
    [[nodiscard]] std::shared_ptr<GrowingFile> fileOf(JobId download) const;
    /// Ends what flashes of an earlier run of the program left. Called once, when its jobs are back;
    /// deletes files.
    void endEarlier();

private:
    void onEvents(const JobEvents &events);
    void onChanged(const JobSnapshot &before, const JobSnapshot &job);
    void onEnded(const JobSnapshot &job);
    void onRemoved(JobId id);
    void tellReader(const JobSnapshot &download);
    void readFinishedFile(const JobSnapshot &download);
    void onFlashEnded(const JobSnapshot &flash);
    [[nodiscard]] bool isRead(JobId download) const;
    void forgetFile(JobId download);
    void dispose(JobId download);
    void remove(const JobSnapshot &download);
    void removeWrongFiles(const QString &of);
    [[nodiscard]] Result<void> beginAgain(const JobSnapshot &flash);
    void noteDownloaded(const JobSnapshot &download);

    JobRegistry &m_registry;
    JobService &m_service;
    const QString m_hiddenFolder;
    QHash<JobId, std::shared_ptr<GrowingFile>> m_files; // by download
    QSet<JobId> m_unwanted; // downloads that are removed, when they have ended
    QSet<JobId> m_spoiled; // downloads whose finished file is not what it was
    std::stop_source m_stop; // ends the reading of finished files
    JobThreads m_threads;
};

} // namespace core
