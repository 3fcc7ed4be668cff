#include "core/store/pendingwrites.h"

#include <utility>

namespace core {

PendingWrites::PendingWrites(StoreThread &store, Report report)
    : m_store(store)
    , m_report(std::move(report))
{
    m_wake.setSingleShot(true);
    m_retry.setSingleShot(true);
    connect(&m_wake, &QTimer::timeout, this, &PendingWrites::flush);
    connect(&m_retry, &QTimer::timeout, this, &PendingWrites::retryFailed);
    connect(&m_store, &StoreThread::closing, this, &PendingWrites::flushAll);
}

PendingWrites::~PendingWrites()
{
    flushAll();
}

void PendingWrites::put(const QString &key, StoreThread::Work work, Haste haste)
{
    Entry &entry = m_entries[key];
    entry.work = std::move(work);
    entry.generation = ++m_lastGeneration;
    makeDue(key, entry, haste);
}

void PendingWrites::whenCommitted(const QString &key, QObject *context, StoreThread::Done done)
{
    const auto found = m_entries.find(key);
    if (found == m_entries.end()) {
        done({});
        return;
    }
    Entry &entry = found->second;
    entry.waiters.append({entry.generation, context, std::move(done)});
    if (entry.inFlight != entry.generation)
        makeDue(key, entry);
}

void PendingWrites::makeDue(const QString &key, Entry &entry, Haste haste)
{
    if (!std::exchange(entry.isDue, true))
        m_due.append(key);
    if (haste == Haste::Now)
        entry.haste = haste;
    wake(haste);
}

void PendingWrites::wake(Haste haste)
{
    const Milliseconds wait = haste == Haste::Now ? Milliseconds(0) : Patience;
    if (!m_wake.isActive() || m_wake.intervalAsDuration() > wait)
        m_wake.start(wait);
}

/// Hands over what is due. A key whose previous write is under way stays due, so however often it
/// changes while the disk is slow, one write follows.
void PendingWrites::flush()
{
    QList<StoreThread::Item> items;
    QStringList later;
    for (const QString &key : std::exchange(m_due, {})) {
        Entry &entry = m_entries.at(key);
        if (entry.inFlight) {
            entry.haste = Haste::Now; // it has waited
            later.append(key);
            continue;
        }
        items.append(handOver(key, entry));
    }
    m_due = later;
    m_store.write(std::move(items), this);
}

StoreThread::Item PendingWrites::handOver(const QString &key, Entry &entry)
{
    m_toRetry.remove(key);
    entry.isDue = false;
    entry.haste = Haste::Soon;
    entry.inFlight = entry.generation;
    const quint64 generation = entry.generation;
    return {entry.work, [this, key, generation](const Result<void> &result) {
                onWritten(key, generation, result);
            }};
}

/// The last chance before the store closes: also what is under way in an older form or has failed.
void PendingWrites::flushAll()
{
    m_wake.stop();
    m_retry.stop();
    retryFailed();
    QList<StoreThread::Item> items;
    for (const QString &key : std::exchange(m_due, {}))
        items.append(handOver(key, m_entries.at(key)));
    m_store.write(std::move(items), this);
}

void PendingWrites::retryFailed()
{
    for (const QString &key : std::exchange(m_toRetry, {}))
        makeDue(key, m_entries.at(key));
}

void PendingWrites::onWritten(const QString &key, quint64 generation, const Result<void> &result)
{
    Entry &entry = m_entries.at(key);
    if (entry.inFlight == generation)
        entry.inFlight = 0;
    QList<Waiter> served;
    for (const Waiter &waiter : std::exchange(entry.waiters, {}))
        (waiter.generation <= generation ? served : entry.waiters).append(waiter);
    if (entry.isDue)
        wake(entry.haste);
    if (result)
        onCommitted(key, generation);
    else
        onFailed(key, result.error());
    for (const Waiter &waiter : std::as_const(served))
        if (waiter.context)
            waiter.done(result);
}

void PendingWrites::onCommitted(const QString &key, quint64 generation)
{
    Entry &entry = m_entries.at(key);
    if (std::exchange(entry.hasFailed, false))
        --m_failedCount;
    m_toRetry.remove(key);
    if (entry.generation == generation)
        m_entries.erase(key);
    if (m_failedCount > 0)
        retryFailed(); // there is space again
    else if (std::exchange(m_reported, std::nullopt) && m_report.recovered)
        m_report.recovered();
}

void PendingWrites::onFailed(const QString &key, const Error &error)
{
    if (!std::exchange(m_entries.at(key).hasFailed, true))
        ++m_failedCount;
    m_toRetry.insert(key);
    if (!m_retry.isActive())
        m_retry.start(RetryInterval);
    if (m_reported == error.code)
        return;
    m_reported = error.code;
    if (m_report.failed)
        m_report.failed(error);
}

} // namespace core
