#pragma once
#include "core/base/clock.h"
#include "core/base/result.h"
#include "core/store/schema.h"

#include <QHash>
#include <QObject>
#include <QPointer>

#include <functional>
#include <memory>
#include <thread>

namespace core {

class Database;

/// The thread that owns the database. Work is handed to it and answered when it is on disk.
///
///   hub: write(work) ─► queue ─► store thread: BEGIN, every work that is queued, COMMIT (group
///   commit) ─► hub: done(result) of each, in the order of their write() calls
///
/// When a group fails, each of its works is tried again in a transaction of its own, so that a bad
/// one does not fail the others. Work may therefore run twice and must be repeatable.
///
/// Threads: lives on the hub thread, where every call is made and every `done` is called; only `work`
/// runs on the store thread. Nothing but open(), runNow() and close() waits.
class StoreThread final : public QObject
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(StoreThread)
public:
    using Work = std::function<Result<void>(Database &)>;
    using Done = std::function<void(const Result<void> &)>;
    struct Item {
        Work work;
        Done done; // may be empty
    };
    struct Opened {
        /// Where a damaged database was moved to; empty when it was sound. Tell the user.
        QString damagedPath;
    };

    explicit StoreThread(const Clock &clock, QObject *parent = nullptr);
    /// Closes, waiting a few seconds at most.
    ~StoreThread() override;

    /// Starts the thread and opens the database (see Database::open). Called once, at start; waits.
    [[nodiscard]] Result<Opened> open(const QString &path,
                                      std::span<const Migration> migrations = schemaMigrations());

    /// Queues work. `done` is called after the commit, or with the error, unless `context` (an object
    /// of the hub thread) is gone by then. After close(): fails with `StoreFailed`.
    void write(Work work, QObject *context, Done done);
    /// The same for several; they are committed in one transaction unless one of them fails.
    void write(QList<Item> items, QObject *context);

    /// Queues work and waits for its end. For reading at start; not for a running hub.
    [[nodiscard]] Result<void> runNow(Work work);

    /// Writes what is queued, closes the database and calls what is still to be answered. False when
    /// the thread hangs (a dying disk) longer than `timeout`: it is left behind.
    bool close(Milliseconds timeout);

signals:
    /// close() begins: the last moment to hand over work.
    void closing();
    /// From the store thread to ourselves.
    void answersReady(QPrivateSignal);

private:
    struct Shared;
    struct Answer {
        QPointer<QObject> context;
        Done done;
    };

    void deliver();

    const Clock &m_clock;
    std::shared_ptr<Shared> m_shared; // outlives us in a thread that hangs
    std::thread m_thread;
    QHash<quint64, Answer> m_answers; // by ticket
    quint64 m_lastTicket = 0;
};

} // namespace core
