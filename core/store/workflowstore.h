#pragma once
#include "core/jobs/workflow.h"
#include "core/store/pendingwrites.h"

class QSqlQuery;

namespace core {

/// Keeps every workflow on disk; reads them back at start. Progress is not stored: it is that of the last
/// change, and the jobs know better.
///
/// Threads: lives on the hub thread; only load() waits. The SQL runs on the store thread.
class WorkflowStore final : public QObject
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(WorkflowStore)
public:
    using Done = StoreThread::Done;

    explicit WorkflowStore(StoreThread &store, QObject *parent = nullptr);
    ~WorkflowStore() override;

    /// All stored workflows by id, as they were when last written. For the start; waits. A row that cannot
    /// be understood is left out, kept on disk and logged.
    [[nodiscard]] Result<QList<Workflow>> load();
    /// The largest id a stored workflow ever had, as load() found it; 0 when there was none.
    [[nodiscard]] WorkflowId lastId() const { return m_lastId; }

    /// Writes it, whether it is there or not. All that is put in one turn of the hub thread is committed in
    /// one transaction.
    void put(const Workflow &workflow);
    void remove(WorkflowId id);
    /// Calls `done` once everything put so far about `id` is committed (at once when it is), or with the
    /// error when writing it failed. Not called when `context` is gone.
    void whenCommitted(WorkflowId id, QObject *context, Done done);

signals:
    /// As JobStore's.
    void failed(const core::Error &error);
    void recovered();

private:
    [[nodiscard]] Result<void> loadLastId(Database &database);

    StoreThread &m_store;
    PendingWrites m_writes;
    WorkflowId m_lastId;
};

} // namespace core
