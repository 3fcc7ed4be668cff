#include "core/flash/flashprogress.h"

#include <algorithm>
#include <numeric>

namespace core {

FlashProgress::FlashProgress(ProgressCell &cell, const QStringList &drives)
    : m_cell(cell)
    , m_drives(size_t(drives.size()))
{
    m_cell.enter(Stage::Decoding);
    m_cell.edit([&drives](JobDetails &details) {
        details.drives.clear();
        for (const QString &id : drives)
            details.drives.append({id, JobState::Running, 0, std::nullopt});
    });
}

void FlashProgress::setTotal(qint64 bytesPerDrive)
{
    const std::lock_guard lock(m_mutex);
    m_cell.setTotal(bytesPerDrive * qint64(m_drives.size()));
}

void FlashProgress::enter(size_t drive, Stage stage)
{
    const std::lock_guard lock(m_mutex);
    m_drives[drive].stage = stage;
    publishStage();
}

void FlashProgress::advance(size_t drive, qint64 bytes)
{
    const std::lock_guard lock(m_mutex);
    m_drives[drive].done += bytes;
    publishDone();
    m_cell.edit([this, drive](JobDetails &details) {
        details.drives[qsizetype(drive)].done = m_drives[drive].done;
    });
}

void FlashProgress::finish(size_t drive, const Result<Outcome> &outcome)
{
    const std::lock_guard lock(m_mutex);
    m_drives[drive].isFinished = true;
    publishStage();
    m_cell.edit([drive, &outcome](JobDetails &details) {
        JobDrive &shown = details.drives[qsizetype(drive)];
        shown.state = JobState::Failed;
        if (outcome)
            shown.state = *outcome == Outcome::Completed ? JobState::Succeeded : JobState::Canceled;
        else
            shown.error = outcome.error();
    });
}

void FlashProgress::setSha256(const QString &sha256)
{
    m_cell.edit([&sha256](JobDetails &details) { details.sha256 = sha256; });
}

void FlashProgress::setMade(const QString &path, const QString &sha256)
{
    m_cell.edit([&](JobDetails &details) {
        details.target = path;
        details.sha256 = sha256;
    });
}

void FlashProgress::setMessage(const QString &message)
{
    m_cell.edit([&message](JobDetails &details) { details.message = message; });
}

void FlashProgress::publishDone()
{
    m_cell.setDone(
        std::accumulate(m_drives.begin(), m_drives.end(), qint64(0),
                        [](qint64 sum, const Drive &drive) { return sum + drive.done; }));
}

void FlashProgress::publishStage()
{
    Stage least = Stage::None;
    for (const Drive &drive : m_drives)
        if (!drive.isFinished && (least == Stage::None || drive.stage < least))
            least = drive.stage;
    if (least != Stage::None)
        m_cell.enter(least);
}

} // namespace core
