#include "core/flash/flashprogress.h"

#include <algorithm>
#include <numeric>

namespace core {

using namespace Qt::StringLiterals;

FlashProgress::FlashProgress(ProgressCell &cell, const QStringList &drives)
    : m_cell(cell)
{
    m_cell.enter(Stage::Decoding);
    for (const QString &id : drives) {
        m_drives.push_back({id});
        editDrive(m_drives.size() - 1, [&id](JobDrive &drive) {
            drive = {id, JobState::Running, 0, std::nullopt};
        });
    }
}

template<typename Edit>
void FlashProgress::editDrive(size_t drive, Edit edit)
{
    m_cell.edit([&edit, &id = m_drives[drive].id](JobDetails &details) {
        auto shown = std::ranges::find(details.drives, id, &JobDrive::id);
        if (shown == details.drives.end())
            shown = details.drives.insert(details.drives.end(), {.id = id});
        edit(*shown);
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
    editDrive(drive, [done = m_drives[drive].done](JobDrive &shown) { shown.done = done; });
}

void FlashProgress::setPace(Pacesetter::Side side)
{
    const std::lock_guard lock(m_mutex);
    publishPace(side);
}

void FlashProgress::publishPace(Pacesetter::Side side)
{
    if (side == m_pace)
        return;
    m_pace = side;
    if (side == Pacesetter::Side::Unknown)
        setMessage({});
    else if (side == Pacesetter::Side::Image)
        setMessage(u"as fast as the image is read"_s);
    else if (side == Pacesetter::Side::Limit)
        setMessage(u"as fast as the speed limit allows"_s);
    else
        setMessage(m_drives.size() == 1 ? u"as fast as the drive writes"_s
                                        : u"as fast as the drives write"_s);
}

void FlashProgress::finish(size_t drive, const Result<Outcome> &outcome)
{
    const std::lock_guard lock(m_mutex);
    m_drives[drive].isFinished = true;
    publishStage();
    editDrive(drive, [&outcome](JobDrive &shown) {
        shown.state = JobState::Failed;
        if (outcome) // what becomes of a job that was stopped is not known here
            shown.state = *outcome == Outcome::Completed ? JobState::Succeeded : JobState::Paused;
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
    if (least != Stage::Writing)
        publishPace(Pacesetter::Side::Unknown);
}

} // namespace core
