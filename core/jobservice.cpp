#include "core/jobservice.h"

#include "core/agents/agentworkjson.h"
#include "core/base/digest.h"
#include "core/base/shownurl.h"
#include "core/download/downloadspecjson.h"
#include "core/download/redirects.h"
#include "core/flash/imagetarget.h"
#include "core/flashagain.h"
#include "core/followers.h"
#include "core/joblimit.h"
#include "core/jobs/interruptedjob.h"
#include "core/jobs/jobregistry.h"
#include "core/replacedfile.h"
#include "core/store/jobstore.h"
#include "core/storedspecjson.h"

#include <QFileInfo>

namespace core {

using namespace Qt::StringLiterals;

namespace {

constexpr Milliseconds FilesEnd{5000};

QByteArray storedSpec(const JobService::AddDownload &request)
{
    return request.media ? encodeSpec(MediaSpec{request.spec, *request.media})
                         : encodeSpec(request.spec);
}

/// Nothing here does it, and nobody was told to.
bool isReported(const JobSnapshot &job)
{
    return job.kind == JobKind::External && !isAgentWork(job);
}

/// Whether a job waits for what that one brings.
bool feedsAnother(JobId id, const QList<JobSnapshot> &all)
{
    return std::ranges::any_of(all, [id](const JobSnapshot &job) {
        return job.fedBy == id && job.state != JobState::Succeeded;
    });
}

/// Where the file that the job made should be.
Result<QString>
finishedFile(const Principal &who, const JobSnapshot &job, const QList<JobSnapshot> &all)
{
    // Who may not read a drive may not fetch what was read from it.
    if (job.kind == JobKind::Read)
        if (const auto allowed = requireScope(who, Scope::Flash); !allowed)
            return fail(allowed.error());
    const QString path = job.details.target;
    if (job.state != JobState::Succeeded || job.kind == JobKind::Extract || path.isEmpty())
        return fail(ErrorCode::InvalidState,
                    u"job %1 is %2 and has no finished file"_s.arg(job.id.toString(),
                                                                   jobStateName(job.state)));
    if (isReplaced(job, all))
        return fail(ErrorCode::NotFound, u"%1 was replaced by a later job"_s.arg(path));
    return path;
}

} // namespace

JobService::JobService(Surroundings surroundings, QObject *parent)
    : QObject(parent)
    , m_surroundings(std::move(surroundings))
    , m_intake({m_surroundings.clock, m_surroundings.registry, m_surroundings.settings,
                m_surroundings.downloadFolder, m_surroundings.ownPorts})
    , m_admission(m_surroundings.registry, m_surroundings.store)
    , m_externalJobs(m_surroundings.clock, m_surroundings.registry, m_admission)
    , m_files(m_surroundings.makeWorker)
    , m_opener(m_surroundings.clock)
{
    connect(&m_surroundings.registry, &JobRegistry::eventsReady, this, &JobService::onEvents);
}

JobService::~JobService()
{
    // A file thread answers to this object; the hub leaves without destructors when one hangs.
    (void)stopForExit(FilesEnd);
}

void JobService::addDownload(const Principal &who, AddDownload request, Added answer)
{
    if (const auto allowed = requireScope(who, Scope::Add); !allowed)
        return answer(fail(allowed.error()));
    if (request.media)
        request.spec.isMetalink = false; // yt-dlp reads what is there
    // As it was asked for: what the settings fill in may be another the second time.
    const JobAdmission::Request asked{who.owner, request.idem, Sha256::of(storedSpec(request))};
    if (const auto checked = m_intake.complete(who, request.spec); !checked)
        return answer(fail(checked.error()));

    const QStringList files = m_intake.filesToLookAt(who, request.spec);
    m_files.look(files,
                 [this, who, request = std::move(request), asked,
                  answer = std::move(answer)](const QSet<QString> &there) {
                     addComplete(who, request, asked, there, answer);
                 });
}

/// Adds a download whose spec is complete, knowing which files are `there`.
void JobService::addComplete(const Principal &who,
                             const AddDownload &request,
                             const JobAdmission::Request &asked,
                             const QSet<QString> &there,
                             const Added &answer)
{
    const auto earlier = m_admission.findEarlier(asked);
    if (!earlier)
        return answer(fail(earlier.error()));
    if (*earlier)
        return m_admission.answerEarlier(**earlier, answer);
    auto job = m_intake.jobFor(who, request.spec, there);
    if (!job)
        return answer(fail(job.error()));
    if (request.startPaused && !isFinal(job->state))
        job->state = JobState::Paused;
    job->startAt = request.startAt;
    job->stopAt = request.stopAt;
    if (request.media) {
        job->kind = JobKind::Media;
        job->spec = storedSpec(request);
    }
    const JobId id = m_admission.add(asked, *job);
    if (!request.spec.isMetalink.value_or(false)) // its files have followers of their own
        (void)addFollowers(m_surroundings.registry, id, request.spec.after);
    m_admission.answerWhenCommitted(id, answer);
}

Result<JobSnapshot> JobService::downloadFor(const Principal &who, DownloadSpec spec)
{
    if (const auto checked = m_intake.complete(who, spec); !checked)
        return fail(checked.error());
    return m_intake.jobFor(who, spec, {});
}

Result<JobSnapshot> JobService::downloadAgain(const QString &owner, const DownloadSpec &spec)
{
    return m_intake.jobFor({.name = owner, .owner = owner}, spec, {});
}

void JobService::findTwin(const Principal &who, const QUrl &url, Found answer)
{
    if (!requireScope(who, Scope::Read))
        return answer(std::nullopt);
    m_files.look(m_intake.filesOf(who, url),
                 [this, who, url, answer = std::move(answer)](const QSet<QString> &there) {
                     const auto twin = m_intake.findTwin(who, url, there);
                     answer(twin ? std::optional(twin->id) : std::nullopt);
                 });
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
    if (job.state != JobState::Succeeded)
        return;
    const auto concludeOnceWritten = [this, job] {
        m_surroundings.store.whenCommitted(job.id, this, [this, job](const Result<void> &written) {
            if (written)
                m_files.cleanUp(job, &JobWorker::conclude, [] {});
        });
    };
    QMetaObject::invokeMethod(this, concludeOnceWritten, Qt::QueuedConnection);
}

bool JobService::stopForExit(Milliseconds timeout)
{
    return m_files.waitForIdle(timeout);
}

Result<JobSnapshot> JobService::pause(const Principal &who, JobId id)
{
    if (const auto job = require(who, Scope::Control, id); job && (*job)->kind == JobKind::Format)
        return mustBeAgreedAnew(**job); // it could not be resumed
    return command(who, id, &JobRegistry::pause);
}
Result<JobSnapshot> JobService::resume(const Principal &who, JobId id)
{
    return commandAgain(who, id, &JobRegistry::resume);
}
Result<JobSnapshot> JobService::cancel(const Principal &who, JobId id)
{
    return command(who, id, &JobRegistry::cancel);
}
Result<JobSnapshot> JobService::retry(const Principal &who, JobId id)
{
    auto retried = commandAgain(who, id, &JobRegistry::retry);
    if (retried)
        retryFollowers(m_surroundings.registry, id);
    return retried;
}

/// A command after which the job runs once more.
Result<JobSnapshot> JobService::commandAgain(const Principal &who, JobId id, Verb verb)
{
    const auto job = require(who, Scope::Control, id);
    if (!job)
        return fail(job.error());
    if (isReported(**job))
        return fail(ExternalJobs::whyOnlyCanceled(id));
    const auto done = runAgain(m_surroundings.registry, id, verb, m_surroundings.feedAgain);
    if (!done)
        return fail(done.error());
    return *m_surroundings.registry.find(id);
}

Result<JobSnapshot> JobService::command(const Principal &who, JobId id, Verb verb)
{
    const auto job = require(who, Scope::Control, id);
    if (!job)
        return fail(job.error());
    if (isReported(**job) && verb != &JobRegistry::cancel)
        return fail(ExternalJobs::whyOnlyCanceled(id));
    if (const auto done = (m_surroundings.registry.*verb)(id); !done)
        return fail(done.error());
    return *m_surroundings.registry.find(id);
}

Result<JobSnapshot> JobService::move(const Principal &who, JobId id, QueuePlace place)
{
    const auto job = require(who, Scope::Control, id);
    if (!job)
        return fail(job.error());
    if ((*job)->kind == JobKind::External)
        return fail(ExternalJobs::whyOnlyCanceled(id));
    const auto isSeen = [&who](const JobSnapshot &other) { return who.canSee(other.owner); };
    if (const auto moved = m_surroundings.registry.move(id, place, isSeen); !moved)
        return fail(moved.error());
    return *m_surroundings.registry.find(id);
}

Result<JobSnapshot> JobService::setLimit(const Principal &who, JobId id, qint64 bytesPerSecond)
{
    const auto job = require(who, Scope::Control, id);
    if (!job)
        return fail(job.error());
    auto wish = limitWish(**job, bytesPerSecond);
    if (!wish)
        return fail(wish.error());
    if (const auto asked = m_surroundings.registry.ask(id, std::move(*wish)); !asked)
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
    if (feedsAnother(id, m_surroundings.registry.snapshots()))
        return fail(
            ErrorCode::InvalidState,
            u"job %1 feeds a flash: somebody agreed to what its link brings"_s.arg(id.toString()));
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
    spec->isFromElsewhere |= who.isRemote;
    if (const auto checked = checkSpec(*spec); !checked)
        return fail(checked.error());
    if (const auto checked = m_intake.targetRules().check(who, *spec); !checked)
        return fail(checked.error());
    m_intake.spareFilesOfOthers(who, *spec);
    const JobWish wish{.spec = encodeSpec(*spec),
                       .source = shownUrl(spec->url),
                       .speedLimit = spec->bytesPerSecond};
    if (const auto asked = m_surroundings.registry.ask(id, wish); !asked)
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

void JobService::remove(const Principal &who, JobId id, RemoveFiles files, Removed answer)
{
    const auto job = require(who, Scope::Control, id);
    if (!job)
        return answer(fail(job.error()));
    if (!isFinal((*job)->state))
        return forget(id, std::move(answer)); // says why not
    if ((*job)->state != JobState::Succeeded)
        return m_files.cleanUp(**job, &JobWorker::discard,
                               [this, id, answer = std::move(answer)] { forget(id, answer); });
    const QString file = (*job)->details.target;
    const bool hasFile = files == RemoveFiles::Yes && !file.isEmpty()
        && (*job)->kind != JobKind::Extract // its folder may hold what the user put there
        && !mayBeReplaced(**job, m_surroundings.registry.snapshots());
    if (!hasFile)
        return forget(id, std::move(answer));
    if (!who.has(Scope::Admin) && !m_intake.targetRules().isInFolders(file))
        return answer(fail(ErrorCode::Forbidden, u"%1 is outside the download folder"_s.arg(file)));
    if ((*job)->kind == JobKind::Read)
        for (const QString &beside : ImageTarget::filesBeside(file))
            m_files.deleteFile(beside, [](const Result<void> &) {}); // of no use alone
    m_files.deleteFile(file, [this, id, answer](const Result<void> &deleted) {
        deleted ? forget(id, answer) : answer(deleted);
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

void JobService::openFileOf(const Principal &who,
                            JobId id,
                            QObject &asker,
                            FileOpener::Answer answer)
{
    const auto path = require(who, Scope::Read, id).and_then([&](const JobSnapshot *job) {
        return finishedFile(who, *job, m_surroundings.registry.snapshots());
    });
    if (!path)
        return answer(fail(path.error()));
    const QStringList folders = m_intake.targetRules().folders;
    const auto openIt = [open = m_surroundings.openFile, path = *path, folders] {
        return open(path, folders);
    };
    m_opener.open(QFileInfo(*path).path(), openIt, asker, std::move(answer));
}

} // namespace core
