#include "core/workers.h"

#include "core/base/principal.h"
#include "core/download/downloadworker.h"
#include "core/download/mediaworker.h"
#include "core/download/networkstate.h"
#include "core/followers.h"
#include "core/store/settings.h"
#include "core/storedspecjson.h"

#include <QDateTime>
#include <QProcessEnvironment>

namespace core {

using namespace Qt::StringLiterals;

namespace {

/// What all downloads share.
struct Shared {
    std::shared_ptr<SpeedLimits> speed;
    OwnPorts ownPorts;
    std::shared_ptr<ConnectionBudget> budget =
        std::make_shared<ConnectionBudget>(ConnectionBudget::Limits{});
    std::shared_ptr<NetworkPool> networks = std::make_shared<NetworkPool>();
    QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
    /// Jobs that were added before may have run in a process that was killed.
    qint64 begunAt = QDateTime::currentMSecsSinceEpoch();
};

/// Ids begin anew with a new database; together with the time of adding they never repeat.
QString jobKey(const JobSnapshot &job)
{
    return u"%1-%2"_s.arg(job.createdAt).arg(job.id.value);
}

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
    place.jobKey = jobKey(job);
    place.connections = settings.value(u"download.connections").toInt();
    const QString userAgent = settings.value(u"download.userAgent").toString();
    place.userAgent =
        userAgent.isEmpty() ? u"Dray/"_s + QString::fromLatin1(DRAY_VERSION) : userAgent;
    place.proxy = ProxyRule::choose(
        spec->request.proxy, settings.value(u"download.proxy").toString(), shared.environment);
    place.ownPorts = shared.ownPorts();
    place.budget = shared.budget;
    place.networks = shared.networks;
    place.speed = shared.speed->join(job.id, spec->bytesPerSecond);
    const ProxyAddress proxy = place.proxy.value_or(ProxyRule()).proxyFor(spec->url);
    place.retry.isOnline = [host = proxy.isNone() ? spec->url.host() : proxy.host] {
        return hasNetworkFor(host);
    };
    return std::make_unique<DownloadWorker>(*spec, place);
}

Result<std::unique_ptr<JobWorker>>
makeMediaWorker(const JobSnapshot &job, const Settings &settings, const AddItemsFor &addItems)
{
    auto spec = decodeMediaSpec(job.spec);
    if (!spec)
        return fail(spec.error());
    RequestSpec &request = spec->page.request;
    if (request.proxy.isEmpty()) // the environment is yt-dlp's own to read
        request.proxy = settings.value(u"download.proxy").toString();
    if (request.userAgent.isEmpty())
        request.userAgent = settings.value(u"download.userAgent").toString();
    const auto add = [addItems, list = job.id](const auto &items, const auto &stop) {
        return addItems(list, items, stop);
    };
    return std::make_unique<MediaWorker>(*spec, MediaPlace{spec->page.to, jobKey(job), add});
}

} // namespace

WorkerFactory workerFactory(const Settings &settings,
                            std::shared_ptr<SpeedLimits> speed,
                            FindJob findJob,
                            AddItemsFor addItems,
                            OwnPorts ownPorts)
{
    return [&settings, shared = Shared{std::move(speed), std::move(ownPorts)},
            findJob = std::move(findJob), addItems = std::move(addItems)](
               const JobSnapshot &job) -> Result<std::unique_ptr<JobWorker>> {
        if (job.kind == JobKind::Download)
            return makeDownloadWorker(job, settings, shared);
        if (job.kind == JobKind::Media)
            return makeMediaWorker(job, settings, addItems);
        if (job.kind == JobKind::Extract || job.kind == JobKind::Command)
            return makeFollower(job, findJob(job.prerequisites.value(0)), jobKey(job));
        return fail(ErrorCode::Unsupported,
                    u"this version has no worker for jobs of kind %1"_s.arg(jobKindName(job.kind)));
    };
}

} // namespace core
