#include "core/driverecord.h"

#include <algorithm>

namespace core {

namespace {

HistoryVerdict verdictOf(const DriveResult &result)
{
    if (!result.outcome)
        return HistoryVerdict::Failed;
    if (*result.outcome == Outcome::Stopped)
        return HistoryVerdict::Canceled;
    return result.verify == Verify::Yes ? HistoryVerdict::Verified : HistoryVerdict::Unverified;
}

qint64 bytesPerSecond(qint64 bytes, Milliseconds time)
{
    return time.count() > 0 ? bytes * 1000 / time.count() : 0;
}

QString serialOf(const AgreedFlash &flash, const QString &drive)
{
    const auto agreed = std::ranges::find(flash.drives, drive, &DriveIdentity::id);
    return agreed == flash.drives.end() ? QString() : agreed->serial;
}

} // namespace

HistoryEntry
driveRecord(const JobSnapshot &job, const AgreedFlash &flash, const DriveResult &result)
{
    const DriveFigures &figures = result.figures;
    HistoryEntry entry{.job = job.id,
                       .kind = job.kind,
                       .owner = job.owner,
                       .title = job.details.title,
                       .source = job.source,
                       .bytes = figures.bytes,
                       .sha256 = result.sha256,
                       .verdict = verdictOf(result)};
    if (!result.outcome)
        entry.error = result.outcome.error();
    entry.drive = {.id = result.drive,
                   .serial = serialOf(flash, result.drive),
                   .writtenBytes = figures.writtenBytes,
                   .writeBytesPerSecond = bytesPerSecond(figures.bytes, figures.writing),
                   .verifyBytesPerSecond = bytesPerSecond(figures.bytes, figures.verifying),
                   .rewrites = figures.rewrites};
    return entry;
}

} // namespace core
