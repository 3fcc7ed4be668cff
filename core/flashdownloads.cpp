#include "core/flashdownloads.h"

#include "core/base/logging.h"
#include "core/finishedfile.h"
#include "core/flashagain.h"
#include "core/jobs/jobregistry.h"
#include "core/jobservice.h"
#include "core/storedspecjson.h"

#include <QDir>
#include <QPointer>

namespace core {

using namespace Qt::StringLiterals;

namespace {

constexpr Milliseconds FilesEnd{5000};

DownloadSpec downloadOf(const FlashSpec &flash)
{
    DownloadSpec spec;
    spec.url = flash.url;
    spec.ifExists = IfExists::Rename;
    spec.isMetalink = false;
    if (flash.sha256.isEmpty())
        spec.checksumFrom = u"auto"_s;
    return spec;
}

/// What a flash fails with when its download has.
Error reasonOf(const JobSnapshot &download)
{
    if (download.error)
        return {download.error->code, u"the download failed: %1"_s.arg(download.error->context)};
    return {ErrorCode::Prerequisite, u"the download was canceled"_s};
}

/// Cleans up after a flash, whoever ended it.
Principal itselfFor(const JobSnapshot &job)
{
    return {u"flash"_s, job.owner, Scope::Admin};
}

bool hasCompleteDrive(const JobSnapshot &flash)
{
    return std::ranges::any_of(flash.details.drives, [](const JobDrive &drive) {
        return drive.state == JobState::Succeeded;
    });
}

} // namespace

FlashDownloads::FlashDownloads(JobRegistry &registry, JobService &service, QString hiddenFolder)
    : m_registry(registry)
    , m_service(service)
    , m_hiddenFolder(std::move(hiddenFolder))
{
    connect(&registry, &JobRegistry::eventsReady, this, &FlashDownloads::onEvents);
}

FlashDownloads::~FlashDownloads()
{
    // What reads a file answers to this object; the hub leaves without destructors when one hangs.
    m_stop.request_stop();
    (void)m_threads.waitForIdle(FilesEnd);
}

Result<JobSnapshot> FlashDownloads::downloadFor(const Principal &who, const FlashSpec &spec) const
{
    auto download = m_service.downloadFor(who, downloadOf(spec));
    if (!download || spec.keep == FlashSpec::Keep::Yes)
        return download;
    auto hidden = decodeDownloadSpec(download->spec);
    if (!hidden)
        return fail(hidden.error());
    hidden->to = m_hiddenFolder;
    download->spec = encodeSpec(*hidden);
    return download;
}

void FlashDownloads::begin(const JobSnapshot &download, JobSnapshot &flash)
{
    flash.fedBy = m_registry.add(download);
    flash.source = download.source;
    flash.details.title = download.details.title;
    m_files.insert(flash.fedBy, std::make_shared<GrowingFile>());
}

Result<void> FlashDownloads::feedAgain(JobId flash)
{
    const JobSnapshot *job = m_registry.find(flash);
    if (!job)
        return fail(ErrorCode::NotFound, u"there is no job %1"_s.arg(flash.toString()));
    const JobId id = job->fedBy;
    const JobSnapshot *download = m_registry.find(id);
    if (!download || m_unwanted.contains(id) || m_spoiled.contains(id))
        return beginAgain(*job);
    if (!m_files.contains(id))
        m_files.insert(id, std::make_shared<GrowingFile>());
    if (download->state == JobState::Failed || download->state == JobState::Canceled)
        return m_registry.retry(id);
    if (download->state == JobState::Succeeded && !fileOf(id)->hasSucceeded())
        readFinishedFile(*download);
    return {};
}

/// Nobody is asked who lets it run again: it is what was checked when it was agreed to.
Result<void> FlashDownloads::beginAgain(const JobSnapshot &flash)
{
    const auto agreed = decodeAgreedFlash(flash.spec);
    if (!agreed)
        return fail(agreed.error());
    if (agreed->download.isEmpty())
        return mustBeAgreedAnew(flash);
    auto spec = decodeDownloadSpec(agreed->download);
    if (!spec)
        return fail(spec.error());
    if (hasCompleteDrive(flash)) {
        spec->sha256 = agreed->downloaded;
        spec->checksumFrom.clear();
    }
    const auto download = m_service.downloadAgain(flash.owner, *spec);
    if (!download)
        return fail(download.error());
    JobSnapshot fed = flash;
    begin(*download, fed);
    return m_registry.feed(fed.id, fed.fedBy);
}

std::shared_ptr<GrowingFile> FlashDownloads::fileOf(JobId download) const
{
    return m_files.value(download);
}

void FlashDownloads::endEarlier()
{
    const QList<JobSnapshot> jobs = m_registry.snapshots();
    const auto isEnded = [](const JobSnapshot &job) {
        return job.fedBy == JobId() || isFinal(job.state);
    };
    if (std::ranges::all_of(jobs, isEnded) && !QDir(m_hiddenFolder).removeRecursively())
        qCWarning(lcJobs) << "cannot remove" << m_hiddenFolder;
    for (const JobSnapshot &job : jobs)
        if (job.fedBy != JobId() && isFinal(job.state))
            onFlashEnded(job);
}

void FlashDownloads::onEvents(const JobEvents &events)
{
    for (const JobEvent &event : events) {
        if (const auto *changed = std::get_if<JobChanged>(&event.change))
            onChanged(changed->before, changed->job);
        else if (const auto *removed = std::get_if<JobRemoved>(&event.change))
            onRemoved(removed->id);
    }
}

void FlashDownloads::onChanged(const JobSnapshot &before, const JobSnapshot &job)
{
    if (before.state == job.state)
        return;
    if (isFinal(job.state))
        return onEnded(job);
    // Whoever read the file of a download that failed was told so; who reads it next goes on with it.
    if (isFinal(before.state) && m_files.contains(job.id))
        m_files.insert(job.id, std::make_shared<GrowingFile>());
}

/// Runs inside the registry's signal, so what changes the registry waits for the next turn.
void FlashDownloads::onEnded(const JobSnapshot &job)
{
    const auto later = [this](auto work) {
        QMetaObject::invokeMethod(this, work, Qt::QueuedConnection);
    };
    if (m_files.contains(job.id)) {
        if (job.state == JobState::Succeeded)
            later([this, job] { noteDownloaded(job); });
        tellReader(job);
        later([this, id = job.id] { forgetFile(id); });
    }
    if (m_unwanted.contains(job.id))
        later([this, job] { remove(job); });
    if (job.fedBy != JobId())
        later([this, job] { onFlashEnded(job); });
}

/// So that all drives of a flash get the same file, also when it is fetched a second time.
void FlashDownloads::noteDownloaded(const JobSnapshot &download)
{
    for (const JobSnapshot &flash : m_registry.snapshots()) {
        auto agreed = flash.fedBy == download.id ? decodeAgreedFlash(flash.spec)
                                                 : fail(ErrorCode::NotFound, {});
        if (!agreed || !agreed->downloaded.isEmpty())
            continue;
        agreed->downloaded = download.details.sha256;
        (void)m_registry.ask(flash.id,
                             {.spec = encodeSpec(*agreed),
                              .source = flash.source,
                              .speedLimit = flash.speedLimit}); // it is there
    }
}

void FlashDownloads::onRemoved(JobId id)
{
    m_files.remove(id);
    m_unwanted.remove(id);
    m_spoiled.remove(id);
}

void FlashDownloads::tellReader(const JobSnapshot &download)
{
    const auto file = fileOf(download.id);
    if (download.state != JobState::Succeeded)
        file->fail(reasonOf(download));
    else if (file->path().isEmpty()) // its worker began before anyone read along
        readFinishedFile(download);
    else
        file->succeed(QByteArray::fromHex(download.details.sha256.toLatin1()));
}

void FlashDownloads::readFinishedFile(const JobSnapshot &download)
{
    const FinishedFile finished{download.details.target, download.details.sha256};
    m_threads.start(
        [this, id = download.id, finished, file = fileOf(download.id), stop = m_stop.get_token()] {
            if (!readFinished(finished, *file, stop) && !stop.stop_requested())
                QMetaObject::invokeMethod(
                    this, [this, id] { m_spoiled.insert(id); }, Qt::QueuedConnection);
        });
}

void FlashDownloads::onFlashEnded(const JobSnapshot &ended)
{
    const JobSnapshot *flash = m_registry.find(ended.id);
    if (flash && flash->fedBy == ended.fedBy && !isFinal(flash->state))
        return; // it runs again already
    const auto agreed = decodeAgreedFlash(ended.spec);
    if (agreed && agreed->spec.keep == FlashSpec::Keep::No) {
        m_files.remove(ended.fedBy);
        dispose(ended.fedBy);
    }
    forgetFile(ended.fedBy);
}

bool FlashDownloads::isRead(JobId download) const
{
    const QList<JobSnapshot> jobs = m_registry.snapshots();
    return std::ranges::any_of(jobs, [download](const JobSnapshot &job) {
        return job.fedBy == download && !isFinal(job.state);
    });
}

/// A download that goes on feeds whoever comes back.
void FlashDownloads::forgetFile(JobId download)
{
    const JobSnapshot *job = m_registry.find(download);
    if ((!job || isFinal(job->state)) && !isRead(download))
        m_files.remove(download);
}

void FlashDownloads::dispose(JobId download)
{
    const JobSnapshot *job = m_registry.find(download);
    if (!job)
        return;
    m_unwanted.insert(download);
    if (isFinal(job->state))
        return remove(*job);
    (void)m_registry.cancel(download); // refused: it is being canceled already
}

void FlashDownloads::remove(const JobSnapshot &download)
{
    m_service.remove(itselfFor(download), download.id, RemoveFiles::Yes,
                     [self = QPointer(this),
                      file = QFileInfo(download.details.target)](const Result<void> &removed) {
                         if (!removed)
                             qCWarning(lcJobs)
                                 << "a download stays behind its flash:" << removed.error().context;
                         if (self)
                             self->removeWrongFiles(file.fileName());
                     });
}

/// A download with the wrong checksum keeps its file aside, for a user who looks at it.
void FlashDownloads::removeWrongFiles(const QString &of)
{
    if (of.isEmpty())
        return;
    m_threads.start([folder = QDir(m_hiddenFolder), of] {
        for (const QString &name : folder.entryList({u"*.bad"_s}, QDir::Files | QDir::Hidden))
            if (name.startsWith(of) && name != of && !QFile::remove(folder.filePath(name)))
                qCWarning(lcJobs) << "cannot remove" << folder.filePath(name);
    });
}

} // namespace core
