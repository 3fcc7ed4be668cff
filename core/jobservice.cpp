#include "core/jobservice.h"

#include "core/base/digest.h"
#include "core/base/files.h"
#include "core/base/proxyaddress.h"
#include "core/download/downloadspecjson.h"
#include "core/download/localtarget.h"
#include "core/download/redirects.h"
#include "core/jobs/jobregistry.h"
#include "core/store/jobstore.h"
#include "core/store/settings.h"
#include "core/storedspecjson.h"

#include <QDir>
#include <QFile>
#include <QStandardPaths>

#include <unistd.h>

#include <cerrno>

namespace core {

using namespace Qt::StringLiterals;

namespace {

constexpr Milliseconds FilesEnd{5000};

Result<void> requireScope(const Principal &who, Scope scope)
{
    if (who.has(scope))
        return {};
    return fail(ErrorCode::Forbidden,
                u"\"%1\" lacks the scope %2"_s.arg(who.name, scopeNames(scope).join(u' ')));
}

bool isInside(const QString &path, const QString &folder)
{
    const QString clean = QDir::cleanPath(path);
    const QString root = QDir::cleanPath(folder);
    return clean == root || clean.startsWith(root.endsWith(u'/') ? root : root + u'/');
}

QString withoutSecrets(const QUrl &url)
{
    return url.toString(QUrl::RemoveUserInfo | QUrl::RemoveFragment);
}

QString firstTitle(const DownloadSpec &spec)
{
    if (!spec.name.isEmpty())
        return spec.name;
    const QString fromPath = spec.url.fileName(QUrl::FullyDecoded);
    return fromPath.isEmpty() ? spec.url.host() : fromPath;
}

} // namespace

JobService::JobService(Surroundings surroundings, QObject *parent)
    : QObject(parent)
    , m_surroundings(std::move(surroundings))
{
    connect(&m_surroundings.registry, &JobRegistry::eventsReady, this, &JobService::onEvents);
}

JobService::~JobService()
{
    // A file thread answers to this object; the hub leaves without destructors when one hangs.
    (void)stopForExit(FilesEnd);
}

QString JobService::downloadFolder() const
{
    if (!m_surroundings.downloadFolder.isEmpty())
        return m_surroundings.downloadFolder;
    const QString chosen = m_surroundings.settings.value(u"download.folder").toString();
    return chosen.isEmpty() ? QStandardPaths::writableLocation(QStandardPaths::DownloadLocation)
                            : chosen;
}

void JobService::addDownload(const Principal &who, AddDownload request, Added answer)
{
    if (const auto allowed = requireScope(who, Scope::Add); !allowed)
        return answer(fail(allowed.error()));
    if (request.spec.to.isEmpty())
        request.spec.to = downloadFolder();
    if (const auto checked = checkSpec(request.spec); !checked)
        return answer(fail(checked.error()));
    if (const auto checked = checkTarget(who, request.spec); !checked)
        return answer(fail(checked.error()));

    const QByteArray spec = encodeSpec(request.spec);
    const QByteArray digest = Sha256::of(spec);
    if (const auto earlier = m_surroundings.store.findIdem(who.owner, request.idem);
        earlier && m_surroundings.registry.find(earlier->job)) {
        if (earlier->specDigest != digest)
            return answer(fail(ErrorCode::IdemReused,
                               u"idem \"%1\" was used for another request"_s.arg(request.idem)));
        return answerWhenCommitted(earlier->job, std::move(answer));
    }
    const JobId id = m_surroundings.registry.add({
        .kind = JobKind::Download,
        .owner = who.owner,
        .state = request.startPaused ? JobState::Paused : JobState::Queued,
        .details = {.title = firstTitle(request.spec)},
        .source = withoutSecrets(request.spec.url),
        .spec = spec,
        .speedLimit = request.spec.bytesPerSecond,
        .startAt = request.startAt,
    });
    if (!request.idem.isEmpty())
        m_surroundings.store.rememberIdem(who.owner, request.idem, digest, id);
    answerWhenCommitted(id, std::move(answer));
}

Result<void> JobService::checkTarget(const Principal &who, const DownloadSpec &spec) const
{
    if (!who.has(Scope::Admin) && !isInside(spec.to, downloadFolder()))
        return fail(
            ErrorCode::Forbidden,
            u"the folder %1 is outside the download folder %2"_s.arg(spec.to, downloadFolder()));
    for (const QString &path : localFiles(spec.request))
        if (!who.has(Scope::Admin) && !isInside(path, downloadFolder()))
            return fail(ErrorCode::Forbidden, u"%1 is outside the download folder"_s.arg(path));
    if (const auto checked = checkHost(who, spec.url); !checked)
        return checked;
    // Whoever names a proxy makes us connect to it.
    const auto proxy = ProxyAddress::parse(spec.request.proxy);
    return proxy ? checkHost(who, proxy->url()) : Result<void>();
}

Result<void> JobService::checkHost(const Principal &who, const QUrl &url) const
{
    if (!isLocalTarget(url))
        return {};
    if (who.isRemote)
        return fail(ErrorCode::Forbidden,
                    u"%1 is on this machine; a remote program may not fetch from it"_s.arg(
                        withoutSecrets(url)));
    const int port = url.port(url.scheme() == "https"_L1 ? 443 : 80);
    if (m_surroundings.ownPorts().contains(quint16(port)))
        return fail(ErrorCode::Forbidden, u"%1 is Dray's own address"_s.arg(withoutSecrets(url)));
    return {};
}

void JobService::answerWhenCommitted(JobId id, Added answer)
{
    m_surroundings.store.whenCommitted(id, this, [this, id, answer](const Result<void> &written) {
        const JobSnapshot *job = m_surroundings.registry.find(id);
        if (written && job)
            answer(*job);
        else if (written)
            answer(fail(ErrorCode::NotFound, u"job %1 was removed"_s.arg(id.toString())));
        else {
            dropUnwritten(id);
            answer(fail(written.error()));
        }
    });
}

/// The answer says that the job is not there, so it must not be.
void JobService::dropUnwritten(JobId id)
{
    const JobSnapshot *job = m_surroundings.registry.find(id);
    if (!job)
        return;
    m_unwritten.insert(id);
    if (isFinal(job->state))
        onChanged(*job);
    else
        (void)m_surroundings.registry.cancel(id); // refused: it is stopping already
}

void JobService::onEvents(const JobEvents &events)
{
    for (const JobEvent &event : events)
        if (const auto *changed = std::get_if<JobChanged>(&event.change))
            if (changed->before.state != changed->job.state)
                onChanged(changed->job);
}

/// Runs inside the registry's signal, so what changes the registry waits for the next turn.
void JobService::onChanged(const JobSnapshot &job)
{
    if (isFinal(job.state) && m_unwritten.remove(job.id))
        QMetaObject::invokeMethod(
            this, [this, id = job.id] { (void)m_surroundings.registry.remove(id); },
            Qt::QueuedConnection);
    if (job.state != JobState::Succeeded)
        return;
    const auto concludeOnceWritten = [this, job] {
        m_surroundings.store.whenCommitted(job.id, this, [this, job](const Result<void> &written) {
            if (written)
                cleanUp(job, &JobWorker::conclude, [] {});
        });
    };
    QMetaObject::invokeMethod(this, concludeOnceWritten, Qt::QueuedConnection);
}

/// Runs `cleanup` of a worker for `job` on a file thread, then `done` here.
void JobService::cleanUp(const JobSnapshot &job, Cleanup cleanup, std::function<void()> done)
{
    auto made = m_surroundings.makeWorker(job);
    if (!made)
        return done(); // a job that cannot be made left nothing
    const std::shared_ptr<JobWorker> worker = std::move(*made);
    m_fileThreads.start([this, worker, cleanup, done = std::move(done)] {
        (worker.get()->*cleanup)();
        QMetaObject::invokeMethod(this, done, Qt::QueuedConnection);
    });
}

bool JobService::stopForExit(Milliseconds timeout)
{
    return m_fileThreads.waitForIdle(timeout);
}

Result<JobSnapshot> JobService::pause(const Principal &who, JobId id)
{
    return command(who, id, &JobRegistry::pause);
}
Result<JobSnapshot> JobService::resume(const Principal &who, JobId id)
{
    return command(who, id, &JobRegistry::resume);
}
Result<JobSnapshot> JobService::cancel(const Principal &who, JobId id)
{
    return command(who, id, &JobRegistry::cancel);
}
Result<JobSnapshot> JobService::retry(const Principal &who, JobId id)
{
    return command(who, id, &JobRegistry::retry);
}

Result<JobSnapshot>
JobService::command(const Principal &who, JobId id, Result<void> (JobRegistry::*verb)(JobId))
{
    if (const auto job = require(who, Scope::Control, id); !job)
        return fail(job.error());
    if (const auto done = (m_surroundings.registry.*verb)(id); !done)
        return fail(done.error());
    return *m_surroundings.registry.find(id);
}

Result<JobSnapshot> JobService::move(const Principal &who, JobId id, QueuePlace place)
{
    if (const auto job = require(who, Scope::Control, id); !job)
        return fail(job.error());
    const auto isSeen = [&who](const JobSnapshot &job) { return who.canSee(job.owner); };
    if (const auto moved = m_surroundings.registry.move(id, place, isSeen); !moved)
        return fail(moved.error());
    return *m_surroundings.registry.find(id);
}

Result<JobSnapshot> JobService::setLimit(const Principal &who, JobId id, qint64 bytesPerSecond)
{
    auto spec = specOf(who, id);
    if (!spec)
        return fail(spec.error());
    spec->bytesPerSecond = bytesPerSecond;
    if (const auto checked = checkSpec(*spec); !checked)
        return fail(checked.error());
    if (const auto asked = ask(id, *spec); !asked)
        return fail(asked.error());
    return *m_surroundings.registry.find(id);
}

Result<JobSnapshot> JobService::refreshUrl(const Principal &who, JobId id, const QUrl &url)
{
    auto spec = specOf(who, id);
    if (!spec)
        return fail(spec.error());
    const JobState state = m_surroundings.registry.find(id)->state;
    const bool isOpen =
        state == JobState::Queued || state == JobState::Paused || state == JobState::Failed;
    if (!isOpen)
        return fail(
            ErrorCode::InvalidState,
            u"job %1 is %2 and cannot take a new link"_s.arg(id.toString(), jobStateName(state)));
    // What was given for one origin is not sent to another.
    const bool isOther = !isSameOrigin(spec->url, url);
    if (isOther)
        spec->headers = headersForOtherOrigin(spec->headers);
    if (isOther || !url.userInfo().isEmpty())
        spec->request = requestForOtherOrigin(spec->request);
    spec->url = url;
    if (const auto checked = checkSpec(*spec); !checked)
        return fail(checked.error());
    if (const auto checked = checkTarget(who, *spec); !checked)
        return fail(checked.error());
    if (const auto asked = ask(id, *spec); !asked)
        return fail(asked.error());
    return state == JobState::Failed ? retry(who, id) : *m_surroundings.registry.find(id);
}

Result<DownloadSpec> JobService::specOf(const Principal &who, JobId id) const
{
    const auto job = require(who, Scope::Control, id);
    if (!job)
        return fail(job.error());
    if ((*job)->kind != JobKind::Download)
        return fail(ErrorCode::InvalidState, u"job %1 is not a download"_s.arg(id.toString()));
    return decodeDownloadSpec((*job)->spec);
}

Result<void> JobService::ask(JobId id, const DownloadSpec &spec)
{
    return m_surroundings.registry.ask(id,
                                       {.spec = encodeSpec(spec),
                                        .source = withoutSecrets(spec.url),
                                        .speedLimit = spec.bytesPerSecond});
}

void JobService::remove(const Principal &who, JobId id, RemoveFiles files, Removed answer)
{
    const auto job = require(who, Scope::Control, id);
    if (!job)
        return answer(fail(job.error()));
    if (!isFinal((*job)->state))
        return forget(id, std::move(answer)); // says why not
    if ((*job)->state != JobState::Succeeded)
        return cleanUp(**job, &JobWorker::discard,
                       [this, id, answer = std::move(answer)] { forget(id, answer); });
    const QString file = (*job)->details.target;
    const bool hasFile = files == RemoveFiles::Yes && !file.isEmpty();
    if (!hasFile)
        return forget(id, std::move(answer));
    if (!who.has(Scope::Admin) && !isInside(file, downloadFolder()))
        return answer(fail(ErrorCode::Forbidden, u"%1 is outside the download folder"_s.arg(file)));
    // Unlinking a large file can take long; the hub thread does not wait for it.
    m_fileThreads.start([this, id, file, answer = std::move(answer)] {
        const bool isGone = ::unlink(QFile::encodeName(file).constData()) == 0 || errno == ENOENT;
        const Result<void> deleted = isGone ? Result<void>() : fail(fileError(errno, file));
        QMetaObject::invokeMethod(
            this, [this, id, deleted, answer] { deleted ? forget(id, answer) : answer(deleted); });
    });
}

void JobService::forget(JobId id, Removed answer)
{
    if (const auto removed = m_surroundings.registry.remove(id); !removed)
        return answer(removed);
    m_surroundings.store.whenCommitted(id, this, std::move(answer));
}

Result<const JobSnapshot *> JobService::require(const Principal &who, Scope scope, JobId id) const
{
    if (const auto allowed = requireScope(who, scope); !allowed)
        return fail(allowed.error());
    const JobSnapshot *job = m_surroundings.registry.find(id);
    if (job && who.canSee(job->owner))
        return job;
    return fail(ErrorCode::NotFound, u"there is no job %1"_s.arg(id.toString()));
}

Result<JobSnapshot> JobService::get(const Principal &who, JobId id) const
{
    const auto job = require(who, Scope::Read, id);
    if (!job)
        return fail(job.error());
    return **job;
}

Result<QList<JobSnapshot>> JobService::list(const Principal &who) const
{
    if (const auto allowed = requireScope(who, Scope::Read); !allowed)
        return fail(allowed.error());
    QList<JobSnapshot> visible = m_surroundings.registry.snapshots();
    visible.removeIf([&who](const JobSnapshot &job) { return !who.canSee(job.owner); });
    return visible;
}

Result<QString> JobService::fileOf(const Principal &who, JobId id) const
{
    const auto job = require(who, Scope::Read, id);
    if (!job)
        return fail(job.error());
    if ((*job)->state != JobState::Succeeded || (*job)->details.target.isEmpty())
        return fail(ErrorCode::InvalidState,
                    u"job %1 is %2 and has no finished file"_s.arg(id.toString(),
                                                                   jobStateName((*job)->state)));
    // Links are resolved, so that a link in the folder leads nobody out of it.
    const QString path = QFileInfo((*job)->details.target).canonicalFilePath();
    if (path.isEmpty())
        return fail(ErrorCode::NotFound, u"%1 is not there any more"_s.arg((*job)->details.target));
    if (!isInside(path, QFileInfo(downloadFolder()).canonicalFilePath()))
        return fail(ErrorCode::Forbidden, u"%1 is outside the download folder"_s.arg(path));
    return path;
}

} // namespace core
