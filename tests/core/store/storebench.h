#pragma once
#include "core/store/database.h"
#include "core/store/storethread.h"
#include "tests/support/fakeclock.h"

#include <QTemporaryDir>
#include <QTest>

#include <future>

namespace tests {

/// A store on a real file of its own.
struct StoreBench {
    QTemporaryDir folder;
    QString path = folder.filePath(QStringLiteral("dray.db"));
    FakeClock clock;
    core::StoreThread store{clock};

    void open()
    {
        const auto opened = store.open(path);
        if (!opened)
            qFatal("%s", qUtf8Printable(opened.error().context));
    }
    /// What a connection of its own sees: only what is committed. The first column of each row.
    [[nodiscard]] QVariantList committed(const QString &sql) const { return valuesIn(path, sql); }

    [[nodiscard]] static QVariantList valuesIn(const QString &file, const QString &sql)
    {
        QVariantList values;
        const auto opened = core::Database::open(file, core::schemaMigrations(), {});
        if (!opened)
            qFatal("%s", qUtf8Printable(opened.error().context));
        const auto read = opened->database->read(
            QStringLiteral("look"), sql, {},
            [&values](const QSqlQuery &row) { values.append(row.value(0)); });
        if (!read)
            qFatal("%s", qUtf8Printable(read.error().context));
        return values;
    }
    [[nodiscard]] static core::StoreThread::Work statement(const QString &sql)
    {
        return
            [sql](core::Database &database) { return database.run(QStringLiteral("test"), sql); };
    }
    /// Lets the database grow by `pages` more, then it is as on a full disk. -1: no limit.
    void limitGrowth(qint64 pages)
    {
        const auto limited = store.runNow([pages](core::Database &database) {
            qint64 most = 1'000'000'000;
            const QString purpose = QStringLiteral("limit");
            const auto keep = [&](const QSqlQuery &row) {
                most = row.value(0).toLongLong() + pages;
            };
            const auto counted = pages < 0
                ? core::Result<void>{}
                : database.read(purpose, QStringLiteral("PRAGMA page_count"), {}, keep);
            return counted.and_then([&] {
                return database.run(purpose,
                                    QStringLiteral("PRAGMA max_page_count = %1").arg(most));
            });
        });
        QVERIFY(limited);
    }
    /// Keeps the store thread busy until the promise is kept, so that what is written meanwhile
    /// forms one group.
    [[nodiscard]] std::promise<void> holdThread()
    {
        std::promise<void> release;
        auto begun = std::make_shared<std::promise<void>>();
        auto hasBegun = begun->get_future();
        store.write(
            [begun, wait = release.get_future().share()](core::Database &) -> core::Result<void> {
                begun->set_value();
                wait.wait();
                return {};
            },
            nullptr, {});
        hasBegun.wait();
        return release;
    }
};

} // namespace tests
