#pragma once
#include "core/flash/pacesetter.h"
#include "core/jobs/jobworker.h"

#include <QStringList>

#include <mutex>
#include <vector>

namespace core {

/// Sums what N drives do, or what is done with them, into the progress of one job, and keeps each drive's own in its details.
/// Done never goes back and never exceeds the total; the stage is that of the drive that is least far.
/// Threads: from any; the cell is written under a lock.
/// Drives of the details that are not among `drives` stay as they are.
class FlashProgress
{
public:
    FlashProgress(ProgressCell &cell, const QStringList &drives);

    /// Bytes of work per drive, written and verified together; until it is called they are unknown.
    void setTotal(qint64 bytesPerDrive);
    void enter(size_t drive, Stage stage);
    void advance(size_t drive, qint64 bytes);
    /// What is waited for while the image is written; said in the job's message.
    void setPace(Pacesetter::Side side);
    void finish(size_t drive, const Result<Outcome> &outcome);
    /// The digest of the image, lower-case hexadecimal.
    void setSha256(const QString &sha256);
    /// The file that was made of a drive, with its digest.
    void setMade(const QString &path, const QString &sha256);
    /// What a person should know besides: English, for the log and the wire.
    void setMessage(const QString &message);

private:
    struct Drive {
        QString id;
        Stage stage = Stage::Decoding;
        qint64 done = 0;
        bool isFinished = false;
    };
    template<typename Edit>
    void editDrive(size_t drive, Edit edit);
    void publishDone();
    void publishStage();
    void publishPace(Pacesetter::Side side);

    std::mutex m_mutex;
    ProgressCell &m_cell;
    Pacesetter::Side m_pace = Pacesetter::Side::Unknown;
    std::vector<Drive> m_drives;
};

} // namespace core
