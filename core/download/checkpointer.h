#pragma once
#include "core/download/journal.h"
#include "core/download/partfile.h"

#include <condition_variable>
#include <mutex>
#include <optional>
#include <thread>

namespace core {

/// Makes progress durable beside the transfer.
///
///   submit(record)  the newest record waits; one that waited is replaced
///     → fdatasync of the part file
///     → digest of the last block before each frontier
///     → journal replaced atomically
///
/// Every byte a record claims was written before submit(), so the journal is never ahead of the
/// medium. After a failure none is written any more: the system tells of bytes it lost only once
/// (fsync(2)), and the journal before them remains true.
/// Threads: submit() and flush() on the job's thread, the work on a thread of its own.
class Checkpointer
{
public:
    /// How far the journal may stay behind; the owner submits when either is reached.
    static constexpr qint64 MaxBytes = qint64(32) << 20;
    static constexpr std::chrono::milliseconds MaxAge{1000};

    /// `part` must outlive this.
    Checkpointer(const PartFile &part, QString journalPath);
    /// Ends the thread after the step it is in; call flush() first to keep what was submitted.
    ~Checkpointer();
    Q_DISABLE_COPY_MOVE(Checkpointer)

    /// Starts the thread at the first call.
    void submit(JournalRecord record);
    /// Waits until what was submitted is being made durable, and everything before it is.
    void waitUntilTaken();
    /// Makes `record` durable and everything before; without a thread, here. Fails as the first
    /// failed step did.
    [[nodiscard]] Result<void> flush(const JournalRecord &record);
    /// Waits until everything submitted is durable. Fails as the first failed step did.
    [[nodiscard]] Result<void> flush();
    /// The first failure so far.
    [[nodiscard]] std::optional<Error> error() const;

private:
    void work(const std::stop_token &stop);
    [[nodiscard]] Result<void> makeDurable(JournalRecord record) const;

    const PartFile &m_part;
    const QString m_journalPath;
    mutable std::mutex m_mutex;
    std::condition_variable_any m_changed;
    std::optional<JournalRecord> m_waiting; ///< guarded by m_mutex, as is all below
    std::optional<Error> m_error;
    bool m_isBusy = false;
    std::jthread m_thread;
};

} // namespace core
