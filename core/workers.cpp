#include "core/workers.h"

#include "core/download/commandworker.h"
#include "core/download/downloadworker.h"
#include "core/download/extractworker.h"
#include "core/download/networkstate.h"
#include "core/store/settings.h"
#include "core/storedspecjson.h"

#include <QDateTime>
#include <QFileInfo>

namespace core {

using namespace Qt::StringLiterals;

namespace {

/// What all downloads share.
struct Shared {
    std::shared_ptr<SpeedLimits> speed;
    std::shared_ptr<ConnectionBudget> budget =
        std::make_shared<ConnectionBudget>(ConnectionBudget::Limits{});
    std::shared_ptr<NetworkPool> networks = std::make_shared<NetworkPool>();
    /// Jobs that were added before may have run in a process that was killed.
    qint64 begunAt = QDateTime::currentMSecsSinceEpoch();
};

Result<std::unique_ptr<JobWorker>>
makeDownloadWorker(const JobSnapshot &job, const Settings &settings, const Shared &shared)
{
    const auto spec = decodeDownloadSpec(job.spec);
    if (!spec)
        return fail(spec.error());
    DownloadPlace place;
    place.folder = spec->to;
    place.target = job.details.target;
    const bool isFirstRun = job.attempt == 1 && job.details.target.isEmpty();
    place.mayHaveFiles = !isFirstRun || job.createdAt < shared.begunAt;
    // Ids begin anew with a new database; together with the time of adding they never repeat.
    place.jobKey = u"%1-%2"_s.arg(job.createdAt).arg(job.id.value);
    place.connections = settings.value(u"download.connections").toInt();
    place.userAgent = u"Dray/"_s + QString::fromLatin1(DRAY_VERSION);
    place.budget = shared.budget;
    place.networks = shared.networks;
    place.speed = shared.speed->join(job.id, spec->bytesPerSecond);
    place.retry.isOnline = [host = spec->url.host()] { return hasNetworkFor(host); };
    return std::make_unique<DownloadWorker>(*spec, place);
}

Result<std::unique_ptr<JobWorker>> makeFollower(const JobSnapshot &job, const FindJob &findJob)
{
    const auto action = decodeAfterAction(job.spec);
    if (!action)
        return fail(action.error());
    const JobSnapshot *download = findJob(job.prerequisites.value(0));
    if (!download || download->details.target.isEmpty())
        return fail(ErrorCode::NotFound, u"the download this job follows has no file"_s);
    const QString path = download->details.target;
    if (action->kind == AfterAction::Kind::Extract)
        return std::make_unique<ExtractWorker>(ExtractSpec{path, QFileInfo(path).path()},
                                               u"%1-%2"_s.arg(job.createdAt).arg(job.id.value));
    return std::make_unique<CommandWorker>(
        action->command,
        CommandFacts{path, download->source, download->id.toString(), download->details.sha256,
                     download->progress.done});
}

} // namespace

WorkerFactory
workerFactory(const Settings &settings, std::shared_ptr<SpeedLimits> speed, FindJob findJob)
{
    return [&settings, shared = Shared{std::move(speed)}, findJob = std::move(findJob)](
               const JobSnapshot &job) -> Result<std::unique_ptr<JobWorker>> {
        if (job.kind == JobKind::Download)
            return makeDownloadWorker(job, settings, shared);
        if (job.kind == JobKind::Extract || job.kind == JobKind::Command)
            return makeFollower(job, findJob);
        return fail(ErrorCode::Unsupported,
                    u"this version has no worker for jobs of kind %1"_s.arg(jobKindName(job.kind)));
    };
}

} // namespace core
