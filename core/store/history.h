#pragma once
#include "core/base/clock.h"
#include "core/base/principal.h"
#include "core/store/historyentry.h"
#include "core/store/pendingwrites.h"

namespace core {

/// What ended, kept when its job is removed: every job that ran, and each drive of a flash on its own.
/// The latest MostEntries stay.
///
/// Threads: lives on the hub thread; nothing waits. The SQL runs on the store thread.
class History final : public QObject
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(History)
public:
    static constexpr int MostEntries = 10'000;
    static constexpr int MostListed = 200;

    struct Query {
        /// Only entries with a smaller id.
        qint64 before = std::numeric_limits<qint64>::max();
        int limit = MostListed;
    };
    struct Page {
        QList<HistoryEntry> entries; ///< latest first
        /// The `before` of the page that follows; nullopt: this is the last.
        std::optional<qint64> next;
    };
    using Listed = std::function<void(const Result<Page> &)>;

    History(StoreThread &store, const Clock &clock, QObject *parent = nullptr);
    ~History() override;

    /// Adds the jobs that ended; for JobRegistry::eventsReady.
    void record(const JobEvents &events);
    /// Adds the flash of one drive, which ended at this moment; its job adds nothing more. A canceled one
    /// counts when its job is canceled too, not when that is paused.
    void add(HistoryEntry entry);
    /// Scope read. What the principal may see. `listed` is called once, later, unless `context` is gone.
    void list(const Principal &who, Query query, QObject *context, Listed listed);

private:
    void recordEnd(const JobSnapshot &job);
    void put(const HistoryEntry &entry);

    StoreThread &m_store;
    const Clock &m_clock;
    PendingWrites m_writes;
    /// Flashes whose drives ended, with what is not known to be canceled or paused.
    QHash<JobId, QList<HistoryEntry>> m_flashes;
};

} // namespace core
