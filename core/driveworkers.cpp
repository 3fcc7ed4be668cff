#include "core/driveworkers.h"

#include "core/drives/driveformatter.h"
#include "core/drives/driveopener.h"
#include "core/driveworkjson.h"
#include "core/flash/compareworker.h"
#include "core/flash/formatworker.h"
#include "core/flash/linuxblockdevice.h"
#include "core/flash/readworker.h"

#include <QFileInfo>

namespace core {

using namespace Qt::StringLiterals;

namespace {

using Made = Result<std::unique_ptr<JobWorker>>;

Result<std::unique_ptr<BlockDevice>> device(Result<OpenedDrive> opened)
{
    if (!opened)
        return fail(opened.error());
    return LinuxBlockDevice::fromDescriptor(std::move(opened->fd), opened->drive.path)
        .map([](auto made) -> std::unique_ptr<BlockDevice> { return made; });
}

/// Opens the drive to be read; never one that the file at `path`, or its folder, lies on: to be read it is
/// unmounted.
OpenDrive readingOpener(const DriveIdentity &drive, const QString &path, DriveOpener opener)
{
    return [=](const QString &, const std::stop_token &stop) -> decltype(device({})) {
        const QString there = QFileInfo::exists(path) ? path : QFileInfo(path).absolutePath();
        if (mayBeAmong(SysfsDrives().drivesHolding(there), drive))
            return fail(ErrorCode::Forbidden, u"%1 lies on %2 itself"_s.arg(path, drive.id));
        return device(opener.openForReading(drive, stop));
    };
}

Made makeReader(const JobSnapshot &job, const DriveOpener &opener)
{
    const auto work = decodeRead(job.spec);
    if (!work)
        return fail(work.error());
    return std::make_unique<ReadWorker>(work->spec,
                                        readingOpener(work->drive, work->spec.to, opener));
}

Made makeComparer(const JobSnapshot &job, const DriveOpener &opener)
{
    const auto work = decodeCompare(job.spec);
    if (!work)
        return fail(work.error());
    return std::make_unique<CompareWorker>(work->spec,
                                           readingOpener(work->drive, work->spec.image, opener));
}

Made makeFormatter(const JobSnapshot &job, const DriveOpener &opener)
{
    const auto work = decodeFormat(job.spec);
    if (!work)
        return fail(work.error());
    const auto formatter = DriveFormatter::forThisComputer();
    const DriveIdentity drive = work->drive;
    return std::make_unique<FormatWorker>(
        work->spec,
        FormatWorker::Steps{
            .checkPossible = [=](auto kind) { return formatter.checkPossible(kind); },
            .openDrive = [=](const QString &,
                             const auto &stop) { return device(opener.open(drive, stop)); },
            .format = [=](const auto &fileSystem,
                          const auto &stop) { return formatter.format(drive, fileSystem, stop); }});
}

} // namespace

Result<std::unique_ptr<JobWorker>> makeDriveWorker(const JobSnapshot &job, DrivePolicy policy)
{
    const auto opener = DriveOpener::forThisComputer(policy);
    if (job.kind == JobKind::Read)
        return makeReader(job, opener);
    if (job.kind == JobKind::Compare)
        return makeComparer(job, opener);
    if (job.kind == JobKind::Format)
        return makeFormatter(job, opener);
    return fail(ErrorCode::Unsupported,
                u"jobs of kind %1 do not work on drives so"_s.arg(jobKindName(job.kind)));
}

} // namespace core
