#pragma once
#include "core/base/clock.h"
#include "core/jobs/jobtypes.h"
#include "core/store/pendingwrites.h"

namespace core {

/// A request that was made with an idempotency key.
struct Idem {
    QByteArray specDigest;
    JobId job;
    qint64 createdAt = 0; // wall clock, ms since 1970
};

/// Keeps every job on disk, from the event stream; reads them back at start.
///
/// Progress is not stored: a job's `done` is that of its last change, and after a crash its worker
/// finds out from the disk. Changes that cannot be written (disk full) are kept and written again.
///
/// Threads: lives on the hub thread; only load() waits. The SQL runs on the store thread.
class JobStore final : public QObject
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(JobStore)
public:
    /// How long an idempotency key is remembered: who lost the answer may be away for hours, such as a
    /// browser that was closed.
    static constexpr Milliseconds IdemLifetime{std::chrono::hours(24)};
    using Done = StoreThread::Done;

    JobStore(StoreThread &store, const Clock &clock, QObject *parent = nullptr);
    ~JobStore() override;

    /// All stored jobs by position, as they were when last written, and the idempotency keys. For the
    /// start; waits. A row that cannot be understood comes back as a failed job saying so.
    [[nodiscard]] Result<QList<JobSnapshot>> load();
    /// The largest id a stored job ever had, as load() found it; 0 when there was none.
    [[nodiscard]] JobId lastId() const { return m_lastId; }

    /// Writes what the events changed; for JobRegistry::eventsReady. Everything recorded in one turn
    /// of the hub thread is committed in one transaction; a job that only says something new waits
    /// PendingWrites::Patience for more of it.
    void record(const JobEvents &events);

    /// Calls `done` once everything recorded so far about `id` is committed (at once when it is), or
    /// with the error when writing it failed. Not called when `context` is gone.
    void whenCommitted(JobId id, QObject *context, Done done);

    /// What `owner` asked for with `key` within IdemLifetime.
    [[nodiscard]] std::optional<Idem> findIdem(const QString &owner, const QString &key) const;
    /// Called in the turn in which the job was added, it is committed together with the job.
    void
    rememberIdem(const QString &owner, const QString &key, const QByteArray &specDigest, JobId job);

signals:
    /// Writing began to fail, or fails for another reason than before; nothing is lost yet.
    void failed(const core::Error &error);
    /// Everything that had failed is on disk.
    void recovered();

private:
    using Haste = PendingWrites::Haste;
    using IdemKey = std::pair<QString, QString>; // owner, key

    [[nodiscard]] Result<void> loadIdems(Database &database);
    [[nodiscard]] Result<void> loadLastId(Database &database);
    void forgetOldIdems();
    void recordJob(const JobSnapshot &job, Haste haste);
    void recordRemoval(JobId id);
    [[nodiscard]] qint64 oldestIdem() const;

    StoreThread &m_store;
    const Clock &m_clock;
    PendingWrites m_writes;
    QHash<IdemKey, Idem> m_idems;
    JobId m_lastId;
};

} // namespace core
