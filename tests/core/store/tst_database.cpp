#include "core/store/database.h"

#include <QFile>
#include <QTemporaryDir>
#include <QTest>

#include <sys/stat.h>

using namespace core;
using namespace Qt::StringLiterals;

namespace {

constexpr Milliseconds Now{1'790'000'000'000}; // 2026-09-21 13:33:20 UTC

const std::array TwoSteps{
    Migration{u"first"_s, {u"CREATE TABLE a (x TEXT)"_s}},
    Migration{u"second"_s, {u"ALTER TABLE a ADD COLUMN y TEXT NOT NULL DEFAULT 'old'"_s}},
};
const std::array BrokenSecondStep{
    TwoSteps[0],
    Migration{u"broken"_s, {u"CREATE TABLE b (x)"_s, u"CREATE TABLE nonsense ("_s}},
};

using Damage = void (*)(QFile &);

void overwriteAll(QFile &file)
{
    file.write(QByteArray(int(file.size()), 'x'));
}
void cutInHalf(QFile &file)
{
    QVERIFY(file.resize(file.size() / 2));
}
void cutInFirstPage(QFile &file)
{
    QVERIFY(file.resize(700));
}
void emptyIt(QFile &file)
{
    QVERIFY(file.resize(0));
}
void overwriteThirdPage(QFile &file)
{
    QVERIFY(file.seek(4096 * 2));
    file.write(QByteArray(4096, '\xff'));
}

} // namespace

class TestDatabase : public QObject
{
    Q_OBJECT
private slots:
    void init()
    {
        m_folder = std::make_unique<QTemporaryDir>();
        m_path = m_folder->filePath(u"dray.db"_s);
    }

    void aCommitSurvivesPowerCutsAndOnlyTheUserMayRead()
    {
        const auto opened = open();
        QVERIFY(opened);
        QCOMPARE(one(*opened->database, u"PRAGMA journal_mode"_s), u"wal"_s);
        QCOMPARE(one(*opened->database, u"PRAGMA synchronous"_s), 2); // FULL
        QCOMPARE(one(*opened->database, u"PRAGMA foreign_keys"_s), 1);
        QCOMPARE(one(*opened->database, u"PRAGMA busy_timeout"_s), 5000);
        QVERIFY(opened->database->run(u"test"_s, u"DELETE FROM jobs"_s));
        for (const QString &name : {m_path, m_path + u"-wal"_s, m_path + u"-shm"_s}) {
            struct stat status;
            QCOMPARE(::stat(qPrintable(name), &status), 0);
            QCOMPARE(status.st_mode & 0777, 0600U);
        }
    }

    void migratesFromAnOlderVersion()
    {
        {
            const auto older = Database::open(m_path, std::span(TwoSteps).first(1), Now);
            QVERIFY(older);
            QVERIFY(older->database->run(u"test"_s, u"INSERT INTO a VALUES ('kept')"_s));
        }
        const auto newer = Database::open(m_path, TwoSteps, Now);
        QVERIFY(newer);
        QCOMPARE(one(*newer->database, u"SELECT x || y FROM a"_s), u"keptold"_s);
        QCOMPARE(one(*newer->database, u"PRAGMA user_version"_s), 2);
    }

    void aMigrationThatFailsLeavesTheOlderVersion()
    {
        QVERIFY(Database::open(m_path, std::span(TwoSteps).first(1), Now));
        const auto broken = Database::open(m_path, BrokenSecondStep, Now);
        QVERIFY(!broken);
        QCOMPARE(broken.error().code, ErrorCode::StoreFailed);
        QVERIFY(broken.error().context.startsWith(u"broken: "_s));
        const auto again = Database::open(m_path, std::span(TwoSteps).first(1), Now);
        QVERIFY(again);
        QCOMPARE(one(*again->database, u"SELECT count(*) FROM sqlite_master"_s), 1);
    }

    void aNewerVersionIsRefusedAndNotTouched()
    {
        QVERIFY(Database::open(m_path, TwoSteps, Now));
        const QByteArray before = bytes(m_path);
        const auto refused = Database::open(m_path, std::span(TwoSteps).first(1), Now);
        QVERIFY(!refused);
        QCOMPARE(refused.error().code, ErrorCode::Unsupported);
        QVERIFY2(refused.error().context.contains(u"version 2"_s),
                 qPrintable(refused.error().context));
        QCOMPARE(bytes(m_path), before);
        QCOMPARE(QDir(m_folder->path()).entryList(QDir::Files), QStringList{u"dray.db"_s});
    }

    void aDamagedFileIsKeptAside_data()
    {
        QTest::addColumn<Damage>("damage");
        QTest::newRow("overwritten with garbage") << Damage(overwriteAll);
        QTest::newRow("cut in half") << Damage(cutInHalf);
        QTest::newRow("cut in the first page") << Damage(cutInFirstPage);
        QTest::newRow("empty beside its wal") << Damage(emptyIt);
        QTest::newRow("one page overwritten") << Damage(overwriteThirdPage);
    }
    void aDamagedFileIsKeptAside()
    {
        QFETCH(Damage, damage);
        fill();
        QFile file(m_path);
        QVERIFY(file.open(QIODevice::ReadWrite));
        damage(file);
        file.close();
        QFile wal(m_path + u"-wal"_s);
        QVERIFY(wal.open(QIODevice::WriteOnly));
        wal.write("left over");
        wal.close();
        const QByteArray damaged = bytes(m_path);

        const auto opened = open();
        QVERIFY2(opened, opened ? "" : qPrintable(opened.error().context));
        QCOMPARE(opened->damagedPath, m_path + u".damaged-20260921-141320"_s);
        QCOMPARE(bytes(opened->damagedPath), damaged);
        QCOMPARE(bytes(opened->damagedPath + u"-wal"_s), "left over"_ba);
        QCOMPARE(one(*opened->database, u"SELECT count(*) FROM jobs"_s), 0);
        QVERIFY(opened->database->run(u"test"_s, u"INSERT INTO settings VALUES ('a', 1)"_s));
    }

    void aSecondDamagedFileGetsAnotherName()
    {
        for (int i = 0; i < 2; ++i) {
            QFile file(m_path);
            QVERIFY(file.open(QIODevice::WriteOnly));
            file.write(QByteArray(5000, 'x'));
            file.close();
            QVERIFY(open());
        }
        const QStringList kept = QDir(m_folder->path()).entryList({u"dray.db.damaged-*"_s});
        QCOMPARE(kept,
                 (QStringList{u"dray.db.damaged-20260921-141320"_s,
                              u"dray.db.damaged-20260921-141320-2"_s}));
    }

    void aSoundFileIsNotMoved()
    {
        fill();
        const auto opened = open();
        QVERIFY(opened);
        QCOMPARE(opened->damagedPath, QString());
        QCOMPARE(one(*opened->database, u"SELECT count(*) FROM settings"_s), 500);
    }

    void badPlaces_data()
    {
        QTest::addColumn<QString>("path");
        QTest::newRow("missing folder") << u"/nowhere/dray.db"_s;
        QTest::newRow("a folder") << u"/tmp"_s;
        QTest::newRow("no space for files there") << u"/proc/dray.db"_s;
    }
    void badPlaces()
    {
        QFETCH(QString, path);
        const auto opened = Database::open(path, schemaMigrations(), Now);
        QVERIFY(!opened);
        QCOMPARE(opened.error().code, ErrorCode::FileAccess);
        QVERIFY2(opened.error().context.contains(path), qPrintable(opened.error().context));
    }

    void errorsSayWhatForAndSqlitesWords()
    {
        const auto opened = open();
        QVERIFY(opened);
        const auto failed = opened->database->run(u"count sheep"_s, u"SELECT * FROM sheep"_s);
        QVERIFY(!failed);
        QVERIFY2(failed.error().context.startsWith(u"count sheep: no such table: sheep"_s),
                 qPrintable(failed.error().context));
    }

    void aFailedTransactionLeavesNothing()
    {
        const auto opened = open();
        QVERIFY(opened);
        Database &database = *opened->database;
        const auto failed = database.inTransaction([&]() -> Result<void> {
            return database.run(u"test"_s, u"INSERT INTO settings VALUES ('a', 1)"_s).and_then([] {
                return Result<void>(fail(ErrorCode::Internal, u"no"_s));
            });
        });
        QVERIFY(!failed);
        QCOMPARE(one(database, u"SELECT count(*) FROM settings"_s), 0);
        QVERIFY(database.inTransaction([]() -> Result<void> { return {}; }));
    }

    void aLockedDatabaseIsBusyAfterAWhile()
    {
        const auto first = open();
        const auto second = open();
        QVERIFY(first && second);
        QVERIFY(second->database->run(u"test"_s, u"PRAGMA busy_timeout = 10"_s));
        QVERIFY(first->database->run(u"test"_s, u"BEGIN IMMEDIATE"_s));
        const auto refused = second->database->run(u"test"_s, u"BEGIN IMMEDIATE"_s);
        QVERIFY(!refused);
        QCOMPARE(refused.error().code, ErrorCode::Busy);
    }

private:
    [[nodiscard]] Result<Database::Opened> open() const
    {
        return Database::open(m_path, schemaMigrations(), Now);
    }
    void fill()
    {
        const auto opened = open();
        QVERIFY(opened);
        for (int i = 0; i < 500; ++i)
            QVERIFY(opened->database->run(u"fill"_s, u"INSERT INTO settings VALUES (?, ?)"_s,
                                          {QString::number(i), QString(100, u'v')}));
    }
    [[nodiscard]] static QVariant one(Database &database, const QString &sql)
    {
        QVariant value;
        const auto read =
            database.read(u"look"_s, sql, {}, [&](const QSqlQuery &row) { value = row.value(0); });
        return read ? value : QVariant(read.error().context);
    }
    [[nodiscard]] static QByteArray bytes(const QString &path)
    {
        QFile file(path);
        return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
    }

    std::unique_ptr<QTemporaryDir> m_folder;
    QString m_path;
};

QTEST_GUILESS_MAIN(TestDatabase)
#include "tst_database.moc"
