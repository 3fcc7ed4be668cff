#include "core/flashdownloads.h"

#include "core/base/logging.h"
#include "core/jobs/jobregistry.h"
#include "core/jobservice.h"
#include "core/storedspecjson.h"

#include <QDir>

namespace core {

using namespace Qt::StringLiterals;

namespace {

DownloadSpec downloadOf(const FlashSpec &flash)
{
    DownloadSpec spec;
    spec.url = flash.url;
    spec.ifExists = IfExists::Rename;
    spec.isMetalink = false;
    return spec;
}

/// What a flash fails with when its download has.
Error reasonOf(const JobSnapshot &download)
{
    if (download.error)
        return {download.error->code, u"the download failed: %1"_s.arg(download.error->context)};
    return {ErrorCode::Prerequisite, u"the download was canceled"_s};
}

} // namespace

FlashDownloads::FlashDownloads(JobRegistry &registry, JobService &service, QString hiddenFolder)
    : m_registry(registry)
    , m_service(service)
    , m_hiddenFolder(std::move(hiddenFolder))
{
    connect(&registry, &JobRegistry::eventsReady, this, &FlashDownloads::onEvents);
}

FlashDownloads::~FlashDownloads() = default;

Result<void> FlashDownloads::begin(const Principal &who, const FlashSpec &spec, JobSnapshot &flash)
{
    auto download = m_service.downloadFor(who, downloadOf(spec));
    if (!download)
        return fail(download.error());
    if (spec.keep == FlashSpec::Keep::No) {
        auto hidden = decodeDownloadSpec(download->spec);
        if (!hidden)
            return fail(hidden.error());
        hidden->to = m_hiddenFolder;
        download->spec = encodeSpec(*hidden);
    }
    flash.fedBy = m_registry.add(*download);
    flash.source = download->source;
    flash.details.title = download->details.title;
    m_files.insert(flash.fedBy, std::make_shared<GrowingFile>());
    return {};
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
    for (const JobEvent &event : events)
        if (const auto *changed = std::get_if<JobChanged>(&event.change))
            if (changed->before.state != changed->job.state && isFinal(changed->job.state))
                onChanged(changed->job);
}

/// Runs inside the registry's signal, so what changes the registry waits for the next turn.
void FlashDownloads::onChanged(const JobSnapshot &job)
{
    tellReader(job);
    const auto later = [this](auto work) {
        QMetaObject::invokeMethod(this, work, Qt::QueuedConnection);
    };
    if (m_unwanted.remove(job.id))
        later([this, job] { remove(job); });
    if (job.fedBy != JobId())
        later([this, job] { onFlashEnded(job); });
}

void FlashDownloads::tellReader(const JobSnapshot &download) const
{
    const auto file = fileOf(download.id);
    if (!file)
        return;
    if (download.state == JobState::Succeeded)
        file->succeed(QByteArray::fromHex(download.details.sha256.toLatin1()));
    else
        file->fail(reasonOf(download));
}

void FlashDownloads::onFlashEnded(const JobSnapshot &flash)
{
    m_files.remove(flash.fedBy);
    const auto agreed = decodeAgreedFlash(flash.spec);
    if (agreed && agreed->spec.keep == FlashSpec::Keep::No)
        dispose(flash.fedBy);
}

void FlashDownloads::dispose(JobId download)
{
    const JobSnapshot *job = m_registry.find(download);
    if (!job)
        return;
    if (isFinal(job->state))
        return remove(*job);
    m_unwanted.insert(download);
    (void)m_registry.cancel(download); // refused: it is being canceled already
}

void FlashDownloads::remove(const JobSnapshot &download)
{
    const Principal itself{u"flash"_s, download.owner, Scope::Admin};
    m_service.remove(itself, download.id, RemoveFiles::Yes, [](const Result<void> &removed) {
        if (!removed)
            qCWarning(lcJobs) << "a download stays behind its flash:" << removed.error().context;
    });
}

} // namespace core
