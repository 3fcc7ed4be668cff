#pragma once
#include "core/base/growingfile.h"
#include "core/download/checkpointer.h"
#include "core/download/overlap.h"
#include "core/download/prefixhasher.h"
#include "core/download/rangeplanner.h"
#include "core/jobs/progresscell.h"

namespace core {

/// Where received bytes become a file: the plan, the part file, its journal and its digest, always
/// in step.
///
///   write(): part file → plan → progress, hasher; every second or 32 MiB a checkpoint, which the
///   next one waits for: never more than 64 MiB are not on the medium
///
/// Threads: used on the job's thread; the checkpointer and the hasher have their own.
class FileAssembly
{
public:
    /// Goes on from what `record` says is done. `part` and `progress` must outlive this. `also` is
    /// hashed beside SHA-256.
    FileAssembly(const PartFile &part,
                 QString journalPath,
                 JournalRecord record,
                 ProgressCell &progress,
                 std::optional<DigestAlgorithm> also = std::nullopt);

    /// From here on `reader` is told what is there. Fails as openFile says.
    [[nodiscard]] Result<void> feed(std::shared_ptr<GrowingFile> reader);
    /// Null when nobody reads along.
    [[nodiscard]] const GrowingFile *reader() const { return m_reader.get(); }

    [[nodiscard]] RangePlanner &planner() { return m_planner; }
    [[nodiscard]] const RangePlanner &planner() const { return m_planner; }
    [[nodiscard]] const JournalRecord &record() const { return m_record; }
    [[nodiscard]] PrefixHasher &hasher() { return m_hasher; }

    /// Writes the next bytes of a lease. `NoSpace` and `FileAccess` leave everything resumable.
    [[nodiscard]] Result<void> write(RangePlanner::LeaseId lease, std::span<const char> bytes);
    [[nodiscard]] Overlap overlapBefore(qint64 position) const
    {
        return core::overlapBefore(m_part, m_planner.done(), position);
    }
    /// Whether the bytes that are here from `position` on, which are done, are `bytes`.
    [[nodiscard]] Result<bool> holds(qint64 position, std::span<const char> bytes) const;
    /// The bytes here were proven to be of the file `identity` describes, which has the same size.
    void adoptIdentity(RemoteIdentity identity)
    {
        if (!identity.checksum)
            identity.checksum = m_record.identity.checksum;
        m_record.identity = std::move(identity);
    }
    /// Nothing that is here may be used: begins at byte 0 of the file `identity` describes.
    [[nodiscard]] Result<void> startOver(const RemoteIdentity &identity);
    /// The bytes of `damaged` are not what they should be, and are missing again.
    [[nodiscard]] Result<void> forget(const ByteRanges &damaged);
    /// Records what a later run may do with the bytes here.
    [[nodiscard]] Result<void> mark(JournalRecord::Standing standing);
    /// The stream of unknown length ended here; `praise` says what that rests on, see FetchEnd.
    void settleSize(const QString &praise);
    /// Starts a checkpoint when one is due. Fails when an earlier one failed.
    [[nodiscard]] Result<void> checkpointIfDue();
    /// Makes everything durable that is done; nothing to do when it is.
    [[nodiscard]] Result<void> flush();
    /// Shows which bytes are done and which are being fetched.
    void showSegments();
    /// The same, at most ten times a second.
    void showSegmentsIfDue();

private:
    void submit();
    void noteSubmit();
    void tellReader();

    const PartFile &m_part;
    ProgressCell &m_progress;
    JournalRecord m_record;
    RangePlanner m_planner;
    Checkpointer m_checkpointer;
    PrefixHasher m_hasher;
    std::shared_ptr<GrowingFile> m_reader;
    std::optional<JournalRecord> m_flushed; ///< what flush() made durable last
    std::chrono::steady_clock::time_point m_shownAt; ///< showSegments() was last called
    qint64 m_bytesSinceSubmit = 0;
    std::chrono::steady_clock::time_point m_submittedAt = std::chrono::steady_clock::now();
};

} // namespace core
