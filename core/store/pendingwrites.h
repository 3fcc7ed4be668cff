#pragma once
#include "core/store/storethread.h"

#include <QSet>
#include <QTimer>

#include <optional>
#include <unordered_map>

namespace core {

/// Writes that must not be lost, one per key; a newer one for a key takes the place of an older one.
///
///   put ─► end of this hub turn, or after Patience: everything due goes to the store thread in one group
///       ─► committed: forgotten, waiters called
///       ─► failed: waiters told, kept, tried again after any success or after RetryInterval
///
/// Threads: hub thread.
class PendingWrites final : public QObject
{
    Q_DISABLE_COPY_MOVE(PendingWrites)
public:
    static constexpr Milliseconds RetryInterval{5000};
    static constexpr Milliseconds Patience{20};

    enum class Haste {
        Now, ///< with the end of this turn
        Soon, ///< within Patience: what is said often and soon said anew costs few writes
    };

    /// Whom to tell about trouble; either may be empty.
    struct Report {
        /// Writing began to fail, or fails for another reason than before.
        std::function<void(const Error &)> failed;
        /// Everything that had failed is on disk.
        std::function<void()> recovered;
    };

    PendingWrites(StoreThread &store, Report report);
    /// Hands over what is due; its waiters are not called any more.
    ~PendingWrites() override;

    void put(const QString &key, StoreThread::Work work, Haste haste = Haste::Now);
    /// Calls `done` once everything put so far for `key` is committed (at once when it is), or when
    /// an attempt to write it failed. Not called when `context` is gone.
    void whenCommitted(const QString &key, QObject *context, StoreThread::Done done);
    /// How many keys are not committed.
    [[nodiscard]] qsizetype count() const { return qsizetype(m_entries.size()); }

private:
    struct Waiter {
        quint64 generation = 0;
        QPointer<QObject> context;
        StoreThread::Done done;
    };
    struct Entry {
        StoreThread::Work work;
        quint64 generation = 0; // of `work`
        quint64 inFlight = 0; // the newest generation handed over and not answered; 0 for none
        bool isDue = false;
        Haste haste = Haste::Soon; // while it is due: the greatest that was asked for
        bool hasFailed = false;
        QList<Waiter> waiters;
    };

    void makeDue(const QString &key, Entry &entry, Haste haste = Haste::Now);
    void wake(Haste haste);
    void flush();
    void flushAll();
    void retryFailed();
    void onWritten(const QString &key, quint64 generation, const Result<void> &result);
    [[nodiscard]] StoreThread::Item handOver(const QString &key, Entry &entry);
    void onCommitted(const QString &key, quint64 generation);
    void onFailed(const QString &key, const Error &error);

    StoreThread &m_store;
    Report m_report;
    std::unordered_map<QString, Entry> m_entries;
    QStringList m_due; // in the order they were put
    QTimer m_wake; // runs flush(), once per event-loop turn at most
    QTimer m_retry;
    quint64 m_lastGeneration = 0;
    QSet<QString> m_toRetry; // failed, and not handed over again since
    qsizetype m_failedCount = 0; // entries with hasFailed
    std::optional<ErrorCode> m_reported;
};

} // namespace core
