#include "core/workers.h"

#include "core/agreeddrives.h"
#include "core/base/principal.h"
#include "core/confinement.h"
#include "core/download/autoworker.h"
#include "core/download/downloadworker.h"
#include "core/download/mediaworker.h"
#include "core/download/metalinkworker.h"
#include "core/download/networkstate.h"
#include "core/driverecord.h"
#include "core/driveworkers.h"
#include "core/flash/flashworker.h"
#include "core/flash/writelimits.h"
#include "core/flashagain.h"
#include "core/followers.h"
#include "core/stepworkjson.h"
#include "core/store/settings.h"
#include "core/storedspecjson.h"
#include "core/targetrules.h"

#include <QDateTime>
#include <QProcessEnvironment>

namespace core {

using namespace Qt::StringLiterals;

namespace {

struct Shared {
    WorkerSurroundings around;
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

std::shared_ptr<GrowingFile> growingFile(JobId download, const Shared &shared)
{
    return shared.around.growingFile ? shared.around.growingFile(download) : nullptr;
}

DownloadPlace placeFor(const JobSnapshot &job, const DownloadSpec &spec, const Shared &shared)
{
    const Settings &settings = shared.around.settings;
    DownloadPlace place;
    place.folder = spec.to;
    place.target = job.details.target;
    const bool isFirstRun = job.attempt == 1 && job.details.target.isEmpty();
    place.mayHaveFiles = !isFirstRun || job.createdAt < shared.begunAt;
    place.jobKey = jobKey(job);
    place.connections = settings.value(u"download.connections").toInt();
    const QString userAgent = settings.value(u"download.userAgent").toString();
    place.userAgent =
        userAgent.isEmpty() ? u"Dray/"_s + QString::fromLatin1(DRAY_VERSION) : userAgent;
    place.proxy = ProxyRule::choose(
        spec.request.proxy, settings.value(u"download.proxy").toString(), shared.environment);
    place.ownPorts = shared.around.ownPorts();
    place.reader = growingFile(job.id, shared);
    if (place.reader) // what reads along cannot go on later: what it writes would begin anew
        place.retry.maxTries = place.retry.maxLookups;
    place.budget = shared.budget;
    place.networks = shared.networks;
    place.speed = shared.around.speed->join(job.id, spec.bytesPerSecond);
    const ProxyAddress proxy = place.proxy.value_or(ProxyRule()).proxyFor(spec.url);
    place.retry.isOnline = [host = proxy.isNone() ? spec.url.host() : proxy.host] {
        return hasNetworkFor(host);
    };
    return place;
}

ListItem listItem(const DownloadSpec &spec)
{
    return {JobKind::Download, encodeSpec(spec),    spec.name,
            spec.url,          spec.bytesPerSecond, spec.after};
}

ListItem listItem(const MediaItem &item)
{
    const DownloadSpec &page = item.spec.page;
    const QString title = item.title.isEmpty() ? firstTitle(page) : item.title;
    return {JobKind::Media, encodeSpec(item.spec), title,
            page.url,       page.bytesPerSecond,   page.after};
}

/// For a worker that finds items of its own sort.
auto adderFor(JobId list, const AddItemsFor &addItems)
{
    return [addItems, list](const auto &found, const std::stop_token &stop) {
        QList<ListItem> items;
        for (const auto &item : found)
            items.append(listItem(item));
        return addItems(list, items, stop);
    };
}

std::unique_ptr<MediaWorker>
mediaWorker(const JobSnapshot &job, MediaSpec spec, const Shared &shared)
{
    const Settings &settings = shared.around.settings;
    RequestSpec &request = spec.page.request;
    if (request.proxy.isEmpty()) // the environment is yt-dlp's own to read
        request.proxy = settings.value(u"download.proxy").toString();
    if (request.userAgent.isEmpty())
        request.userAgent = settings.value(u"download.userAgent").toString();
    const MediaPlace place{.folder = spec.page.to,
                           .jobKey = jobKey(job),
                           .addItems = adderFor(job.id, shared.around.addItems),
                           .privateFolder = shared.around.privateFolder,
                           .ownPorts = shared.around.ownPorts(),
                           .totalLimit = shared.around.speed->total()};
    return std::make_unique<MediaWorker>(std::move(spec), place);
}

Result<std::unique_ptr<JobWorker>> makeDownloadWorker(const JobSnapshot &job, const Shared &shared)
{
    const auto spec = decodeDownloadSpec(job.spec);
    if (!spec)
        return fail(spec.error());
    DownloadPlace place = placeFor(job, *spec, shared);
    if (spec->mayBeMedia)
        if (const auto media = decodeMediaSpec(job.spec)) // else it asks for what a file has
            return std::make_unique<AutoWorker>(*spec, place, mediaWorker(job, *media, shared));
    if (!spec->isMetalink.value_or(false))
        return std::make_unique<DownloadWorker>(*spec, place);
    const FolderChoice folders = folderChoice(shared.around.settings, shared.around.fixedFolder);
    if (place.folder.isEmpty())
        place.folder = folders.downloadFolder;
    return std::make_unique<MetalinkWorker>(
        *spec, MetalinkPlace{place, folders, adderFor(job.id, shared.around.addItems)});
}

Result<std::unique_ptr<JobWorker>> makeMediaWorker(const JobSnapshot &job, const Shared &shared)
{
    const auto spec = decodeMediaSpec(job.spec);
    if (!spec)
        return fail(spec.error());
    return mediaWorker(job, *spec, shared);
}

KeepTrace traceKeeper(JobId flash, const Shared &shared)
{
    if (!shared.around.keepTrace)
        return {};
    return [flash, keep = shared.around.keepTrace](const DriveTrace &trace) { keep(flash, trace); };
}

AfterDrive afterDrive(const JobSnapshot &job, const AgreedFlash &flash, const Shared &shared)
{
    AfterDrive after;
    after.release = [flash](const QString &id, const std::stop_token &stop) {
        return releaseAgreed(flash, id, stop);
    };
    if (const KeepTrace keep = traceKeeper(job.id, shared))
        after.leave = [flash, keep](const QString &id) {
            if (const auto trace = traceLeft(flash, id))
                keep(*trace);
        };
    if (shared.around.recordDrive)
        after.record = [job, flash, record = shared.around.recordDrive](const DriveResult &result) {
            record(driveRecord(job, flash, result));
        };
    return after;
}

Result<std::unique_ptr<JobWorker>> makeFlashWorker(const JobSnapshot &job, const Shared &shared)
{
    auto flash = decodeAgreedFlash(job.spec);
    if (!flash)
        return fail(flash.error());
    flash->isAgain = isAgain(job);
    TouchDrive touch;
    if (shared.around.touchDrive)
        touch = [id = job.id, touchDrive = shared.around.touchDrive](const QString &drive,
                                                                     const std::stop_token &stop) {
            return touchDrive(id, drive, stop);
        };
    else
        flash->traces.clear(); // they would not tell that a drive was touched
    const auto opener = DriveOpener::forThisComputer(shared.around.drivePolicy);
    const auto download = growingFile(job.fedBy, shared);
    return std::make_unique<FlashWorker>(
        flash->spec, openAgreed(*flash, opener, download, traceKeeper(job.id, shared)),
        afterDrive(job, *flash, shared), download,
        shared.around.writing->join(job.id, flash->spec.bytesPerSecond), touch);
}

} // namespace

WorkerFactory workerFactory(WorkerSurroundings surroundings)
{
    return [shared = Shared{std::move(surroundings)}](
               const JobSnapshot &job) -> Result<std::unique_ptr<JobWorker>> {
        const auto confine = [&job](std::unique_ptr<JobWorker> worker) {
            return confinedWorker(std::move(worker), job);
        };
        if (job.kind == JobKind::Download)
            return makeDownloadWorker(job, shared);
        if (job.kind == JobKind::Media)
            return makeMediaWorker(job, shared);
        if (job.kind == JobKind::Flash)
            return makeFlashWorker(job, shared);
        if (job.kind == JobKind::Read || job.kind == JobKind::Compare
            || job.kind == JobKind::Format)
            return makeDriveWorker(job, shared.around.drivePolicy).map(confine);
        const bool isCommand = job.kind == JobKind::Extract || job.kind == JobKind::Command;
        if (job.kind == JobKind::Verify || (isCommand && isStepSpec(job.spec)))
            return makeStepWorker(job, jobKey(job)).map(confine);
        if (isCommand)
            return makeFollower(job, shared.around.findJob(job.prerequisites.value(0)),
                                jobKey(job));
        return fail(ErrorCode::Unsupported,
                    u"this version has no worker for jobs of kind %1"_s.arg(jobKindName(job.kind)));
    };
}

} // namespace core
