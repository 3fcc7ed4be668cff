#pragma once
#include "core/base/clock.h"
#include "core/base/result.h"
#include "core/store/schema.h"

#include <QSqlQuery>
#include <QVariant>

#include <functional>
#include <memory>
#include <unordered_map>

class QSqlError;

namespace core {

/// One SQLite connection: WAL, `synchronous=FULL` (a commit survives a power cut), readable only by
/// the user.
///
///   open ─► version newer than ours? refuse, untouched
///        ─► damaged? file, -wal and -shm are kept aside, a fresh one begins
///        ─► WAL, FULL, foreign keys ─► missing migrations, each in a transaction
///
/// Every error says what for (`purpose`) and SQLite's own words. Codes: `NoSpace` (disk full),
/// `FileAccess` (read-only, no permission, I/O error), `Busy` (locked by another program for
/// BusyTimeout), `StoreFailed` (anything else).
///
/// Threads: used and destroyed on the thread that opened it.
class Database
{
public:
    static constexpr Milliseconds BusyTimeout{5000};

    struct Opened {
        std::unique_ptr<Database> database;
        /// Where a damaged database was moved to; empty when the file was sound. Tell the user.
        QString damagedPath;
    };
    using ReadRow = std::function<void(const QSqlQuery &row)>;

    /// Opens or makes the database at `path`, whose folder must exist. `now` (wall time) names a
    /// damaged file that is kept aside. Also fails with `Unsupported` when a newer program wrote it.
    [[nodiscard]] static Result<Opened>
    open(const QString &path, std::span<const Migration> migrations, Milliseconds now);

    ~Database();
    Database(const Database &) = delete;
    Database &operator=(const Database &) = delete;

    /// Runs one statement. `values` are bound to its `?`s in order; an invalid QVariant is NULL, a
    /// null string or byte array is an empty one.
    [[nodiscard]] Result<void>
    run(const QString &purpose, const QString &sql, const QVariantList &values = {});
    /// Runs one query and calls `readRow` for each of its rows.
    [[nodiscard]] Result<void> read(const QString &purpose,
                                    const QString &sql,
                                    const QVariantList &values,
                                    const ReadRow &readRow);
    /// Runs `work` between BEGIN IMMEDIATE and COMMIT; rolls back when it or the commit fails.
    [[nodiscard]] Result<void> inTransaction(const std::function<Result<void>()> &work);

private:
    struct Attempt;

    explicit Database(QString connection);

    [[nodiscard]] static Attempt attempt(const QString &path,
                                         std::span<const Migration> migrations);
    [[nodiscard]] Result<void> requireNoLoneWal(const QString &path);
    [[nodiscard]] Result<void> connectTo(const QString &path);
    [[nodiscard]] Result<void> refuseNewer(qsizetype newestVersion);
    [[nodiscard]] Result<void> requireSound();
    [[nodiscard]] Result<void> configure();
    [[nodiscard]] Result<void> migrate(std::span<const Migration> migrations);
    [[nodiscard]] Result<void> apply(const Migration &migration, qsizetype toVersion);
    [[nodiscard]] Result<qint64> version();
    [[nodiscard]] Error explain(const QString &purpose, const QSqlError &error);
    [[nodiscard]] Result<QSqlQuery *>
    execute(const QString &purpose, const QString &sql, const QVariantList &values);

    QString m_connection; // QSqlDatabase's name for it
    std::unordered_map<QString, std::unique_ptr<QSqlQuery>> m_prepared; // by SQL text
    bool m_sawDamage = false;
};

} // namespace core
