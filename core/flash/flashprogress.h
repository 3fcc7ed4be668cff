#pragma once
#include "core/jobs/jobworker.h"

#include <QStringList>

#include <mutex>
#include <vector>

namespace core {

/// Sums what N drives do, or what is done with them, into the progress of one job, and keeps each drive's own in its details.
/// Done never goes back and never exceeds the total; the stage is that of the drive that is least far.
/// Threads: from any; the cell is written under a lock.
class FlashProgress
{
public:
    FlashProgress(ProgressCell &cell, const QStringList &drives);

    /// Bytes of work per drive, written and verified together; until it is called they are unknown.
    void setTotal(qint64 bytesPerDrive);
    void enter(size_t drive, Stage stage);
    void advance(size_t drive, qint64 bytes);
    void finish(size_t drive, const Result<Outcome> &outcome);
    /// The digest of the image, lower-case hexadecimal.
    void setSha256(const QString &sha256);
    /// The file that was made of a drive, with its digest.
    void setMade(const QString &path, const QString &sha256);
    /// What a person should know besides: English, for the log and the wire.
    void setMessage(const QString &message);

private:
    struct Drive {
        Stage stage = Stage::Decoding;
        qint64 done = 0;
        bool isFinished = false;
    };
    void publishDone();
    void publishStage();

    std::mutex m_mutex;
    ProgressCell &m_cell;
    std::vector<Drive> m_drives;
};

} // namespace core
