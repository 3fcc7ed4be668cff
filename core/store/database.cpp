#include "core/store/database.h"

#include "core/base/files.h"
#include "core/base/logging.h"

#include <QDateTime>
#include <QFile>
#include <QFileInfo>
#include <QSqlDatabase>
#include <QSqlError>
#include <QUuid>

#include <fcntl.h>

namespace core {

using namespace Qt::StringLiterals;

namespace {

/// Result codes of SQLite (sqlite.org/rescode.html) that callers must tell apart.
enum SqliteCode {
    SqliteBusy = 5,
    SqliteLocked = 6,
    SqliteReadOnly = 8,
    SqliteIoError = 10,
    SqliteCorrupt = 11,
    SqliteFull = 13,
    SqliteCannotOpen = 14,
    SqliteNotADatabase = 26,
    SqliteShmSize = SqliteIoError | 19 << 8, // the -shm file cannot grow: the disk is full
};

ErrorCode errorCodeOf(int extendedCode)
{
    if (extendedCode == SqliteShmSize)
        return ErrorCode::NoSpace;
    const int code = extendedCode & 0xff;
    if (code == SqliteFull)
        return ErrorCode::NoSpace;
    if (code == SqliteBusy || code == SqliteLocked)
        return ErrorCode::Busy;
    if (code == SqliteReadOnly || code == SqliteIoError || code == SqliteCannotOpen)
        return ErrorCode::FileAccess;
    return ErrorCode::StoreFailed;
}

bool meansDamage(int extendedCode)
{
    const int code = extendedCode & 0xff;
    return code == SqliteCorrupt || code == SqliteNotADatabase;
}

/// Makes the file with the permissions that SQLite then gives -wal and -shm too: specs may hold
/// headers and cookies.
Result<void> makePrivateFile(const QString &path)
{
    if (QFile::exists(path))
        return {};
    const auto file = openFile(path, O_RDWR | O_CREAT | O_EXCL, 0600);
    if (!file)
        return fail(file.error());
    return syncFolder(QFileInfo(path).absolutePath());
}

const QStringList &filesOfDatabase()
{
    static const QStringList suffixes{u"-journal"_s, u"-wal"_s, u"-shm"_s,
                                      QString()}; // the file itself goes last
    return suffixes;
}

bool isTaken(const QString &path)
{
    return std::any_of(filesOfDatabase().begin(), filesOfDatabase().end(),
                       [&path](const QString &suffix) { return QFile::exists(path + suffix); });
}

QString freeDamagedPath(const QString &path, Milliseconds now)
{
    const QString stamp =
        QDateTime::fromMSecsSinceEpoch(now.count(), Qt::UTC).toString(u"yyyyMMdd-HHmmss"_s);
    const QString wanted = path + u".damaged-"_s + stamp;
    QString free = wanted;
    for (int i = 2; isTaken(free); ++i)
        free = u"%1-%2"_s.arg(wanted).arg(i);
    return free;
}

/// Moves the database away, where SQLite can still open it together with its -wal.
Result<QString> keepAside(const QString &path, Milliseconds now)
{
    const QString aside = freeDamagedPath(path, now);
    for (const QString &suffix : filesOfDatabase()) {
        if (!QFile::exists(path + suffix))
            continue;
        if (const auto moved = renameNoReplace(path + suffix, aside + suffix); !moved)
            return fail(moved.error());
    }
    if (const auto synced = syncFolder(QFileInfo(path).absolutePath()); !synced)
        return fail(synced.error());
    return aside;
}

QVariant bindable(const QVariant &value)
{
    if (value.typeId() == QMetaType::QString && value.toString().isNull())
        return u""_s;
    if (value.typeId() == QMetaType::QByteArray && value.toByteArray().isNull())
        return QByteArray("");
    return value;
}

} // namespace

struct Database::Attempt {
    std::unique_ptr<Database> database; // the connection is there even when it cannot be used
    Result<void> ready;
};

Result<Database::Opened>
Database::open(const QString &path, std::span<const Migration> migrations, Milliseconds now)
{
    Attempt first = attempt(path, migrations);
    if (first.ready)
        return Opened{std::move(first.database), {}};
    if (!first.database->m_sawDamage)
        return fail(first.ready.error());
    // Moved before the connection closes: SQLite would write -wal into the file and delete it.
    const auto aside = keepAside(path, now);
    if (!aside)
        return fail(aside.error());
    first.database.reset();
    qCWarning(lcStore) << "the database is damaged and kept as" << *aside << ':'
                       << first.ready.error().context;
    Attempt fresh = attempt(path, migrations);
    if (!fresh.ready)
        return fail(fresh.ready.error());
    return Opened{std::move(fresh.database), *aside};
}

Database::Attempt Database::attempt(const QString &path, std::span<const Migration> migrations)
{
    Attempt made{
        std::unique_ptr<Database>(new Database(QUuid::createUuid().toString(QUuid::WithoutBraces))),
        {}};
    Database &database = *made.database;
    made.ready = database.requireNoLoneWal(path)
                     .and_then([&] { return database.connectTo(path); })
                     .and_then([&] { return database.refuseNewer(qsizetype(migrations.size())); })
                     .and_then([&] { return database.requireSound(); })
                     .and_then([&] { return database.configure(); })
                     .and_then([&] { return database.migrate(migrations); });
    return made;
}

Database::Database(QString connection)
    : m_connection(std::move(connection))
{ }

Database::~Database()
{
    m_prepared.clear(); // QSqlDatabase wants its queries gone first
    QSqlDatabase::removeDatabase(m_connection);
}

/// SQLite deletes the -wal of an empty or missing file, with all that was committed in it.
Result<void> Database::requireNoLoneWal(const QString &path)
{
    m_sawDamage = QFileInfo(path).size() == 0 && QFileInfo(path + u"-wal"_s).size() > 0;
    if (m_sawDamage)
        return fail(ErrorCode::StoreFailed, u"%1 is empty but its -wal is not"_s.arg(path));
    return {};
}

Result<void> Database::connectTo(const QString &path)
{
    if (const auto made = makePrivateFile(path); !made)
        return fail(made.error());
    QSqlDatabase connection = QSqlDatabase::addDatabase(u"QSQLITE"_s, m_connection);
    connection.setDatabaseName(path);
    connection.setConnectOptions(u"QSQLITE_BUSY_TIMEOUT=%1"_s.arg(BusyTimeout.count()));
    if (!connection.open())
        return fail(explain(u"open %1"_s.arg(path), connection.lastError()));
    return {};
}

Result<void> Database::refuseNewer(qsizetype newestVersion)
{
    const auto found = version();
    if (!found)
        return fail(found.error());
    if (*found > newestVersion)
        return fail(ErrorCode::Unsupported,
                    u"the database has version %1, made by a newer Dray; this one reads up to %2"_s
                        .arg(*found)
                        .arg(newestVersion));
    return {};
}

Result<void> Database::requireSound()
{
    const QString purpose = u"check the database"_s;
    QString verdict;
    const auto checked = read(purpose, u"PRAGMA quick_check(1)"_s, {},
                              [&](const QSqlQuery &row) { verdict = row.value(0).toString(); });
    if (!checked || verdict == "ok"_L1)
        return checked;
    m_sawDamage = true;
    return fail(ErrorCode::StoreFailed, u"%1: %2"_s.arg(purpose, verdict));
}

Result<void> Database::configure()
{
    const QString purpose = u"set up the connection"_s;
    QString mode;
    const auto setUp = read(purpose, u"PRAGMA journal_mode = WAL"_s, {}, [&](const QSqlQuery &row) {
                           mode = row.value(0).toString();
                       }).and_then([&] {
                             return run(purpose, u"PRAGMA synchronous = FULL"_s);
                         }).and_then([&] { return run(purpose, u"PRAGMA foreign_keys = ON"_s); });
    if (setUp && mode != "wal"_L1)
        return fail(ErrorCode::StoreFailed,
                    u"%1: SQLite offers journal mode %2, not wal"_s.arg(purpose, mode));
    return setUp;
}

Result<void> Database::migrate(std::span<const Migration> migrations)
{
    const auto from = version();
    if (!from)
        return fail(from.error());
    for (qsizetype i = *from; i < qsizetype(migrations.size()); ++i)
        if (const auto done = apply(migrations[size_t(i)], i + 1); !done)
            return done;
    return {};
}

Result<void> Database::apply(const Migration &migration, qsizetype toVersion)
{
    return inTransaction([&]() -> Result<void> {
        for (const QString &statement : migration.statements)
            if (const auto done = run(migration.purpose, statement); !done)
                return done;
        return run(migration.purpose, u"PRAGMA user_version = %1"_s.arg(toVersion));
    });
}

Result<qint64> Database::version()
{
    qint64 found = 0;
    const auto done = read(u"read the database's version"_s, u"PRAGMA user_version"_s, {},
                           [&](const QSqlQuery &row) { found = row.value(0).toLongLong(); });
    if (!done)
        return fail(done.error());
    return found;
}

Result<void> Database::run(const QString &purpose, const QString &sql, const QVariantList &values)
{
    const auto query = execute(purpose, sql, values);
    if (!query)
        return fail(query.error());
    (*query)->finish();
    return {};
}

Result<void> Database::read(const QString &purpose,
                            const QString &sql,
                            const QVariantList &values,
                            const ReadRow &readRow)
{
    const auto query = execute(purpose, sql, values);
    if (!query)
        return fail(query.error());
    while ((*query)->next())
        readRow(**query);
    const QSqlError error = (*query)->lastError();
    (*query)->finish();
    if (error.isValid())
        return fail(explain(purpose, error));
    return {};
}

Result<void> Database::inTransaction(const std::function<Result<void>()> &work)
{
    const QString purpose = u"commit"_s;
    if (const auto begun = run(purpose, u"BEGIN IMMEDIATE"_s); !begun)
        return begun;
    const auto done = work().and_then([&] { return run(purpose, u"COMMIT"_s); });
    if (!done) {
        // SQLite has rolled back by itself after some errors (disk full); this one then says so.
        const auto rolledBack = run(u"roll back"_s, u"ROLLBACK"_s);
        Q_UNUSED(rolledBack)
    }
    return done;
}

Result<QSqlQuery *>
Database::execute(const QString &purpose, const QString &sql, const QVariantList &values)
{
    std::unique_ptr<QSqlQuery> &query = m_prepared[sql];
    if (!query) {
        query = std::make_unique<QSqlQuery>(QSqlDatabase::database(m_connection, false));
        query->setForwardOnly(true);
        if (!query->prepare(sql)) {
            const Error error = explain(purpose, query->lastError());
            m_prepared.erase(sql);
            return fail(error);
        }
    }
    for (qsizetype i = 0; i < values.size(); ++i)
        query->bindValue(int(i), bindable(values[i]));
    if (!query->exec()) {
        const Error error = explain(purpose, query->lastError());
        query->finish();
        return fail(error);
    }
    return query.get();
}

Error Database::explain(const QString &purpose, const QSqlError &error)
{
    const int code = error.nativeErrorCode().toInt();
    m_sawDamage = m_sawDamage || meansDamage(code);
    const QString words =
        error.databaseText().isEmpty() ? error.driverText() : error.databaseText();
    return {errorCodeOf(code), u"%1: %2 (SQLite %3)"_s.arg(purpose, words).arg(code)};
}

} // namespace core
