#pragma once
#include "core/store/pendingwrites.h"

#include <QVariant>

namespace core {

/// What the user may set: one table of key, type, range, default and meaning (settings.cpp).
///
/// Threads: lives on the hub thread; only load() waits.
class Settings final : public QObject
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(Settings)
public:
    /// Folder: an absolute path, or empty for the usual place. File: an absolute path, or empty for
    /// none. Schedule: what SpeedSchedule reads. Hours: what QueueHours reads. Choice: a name of
    /// IfExists. Categories: what categoryRulesFromJson reads. Text: one line. Proxy: what
    /// ProxyAddress reads, without a login, since every reader sees it.
    enum class Type { Bool, Int, Folder, File, Schedule, Hours, Choice, Categories, Text, Proxy };
    /// One setting as it stands. `least` and `most` count for Int only.
    struct Entry {
        QString key;
        Type type = Type::Bool;
        QVariant value;
        QVariant defaultValue;
        qint64 least = 0;
        qint64 most = 0;
        QString meaning; // English, for developers and --help
    };
    using Done = StoreThread::Done;

    explicit Settings(StoreThread &store, QObject *parent = nullptr);
    ~Settings() override;

    /// Reads what was set in earlier runs. For the start; waits. A stored value that does not fit the
    /// table is logged and its default holds.
    [[nodiscard]] Result<void> load();

    /// A bool, qlonglong or QString, as the table says. The key must be in the table.
    [[nodiscard]] QVariant value(QStringView key) const;
    [[nodiscard]] bool contains(QStringView key) const;
    /// Fails with `NotFound` naming the key.
    [[nodiscard]] Result<Entry> entry(QStringView key) const;
    /// All settings, in the order of the table.
    [[nodiscard]] QList<Entry> all() const;

    /// Sets a value, which holds at once and is kept on disk soon. Fails with `NotFound` (no such
    /// key) or `InvalidArgument` naming key, value and what is right.
    [[nodiscard]] Result<void> set(const QString &key, const QVariant &value);
    /// The same; `done` is called when the value is on disk, or with the error. When writing fails the
    /// value holds nevertheless, and is written again later.
    void set(const QString &key, const QVariant &value, QObject *context, Done done);

signals:
    /// The value is another one than before.
    void changed(const QString &key);

private:
    void takeStored(const QString &key, const QVariant &value);

    StoreThread &m_store;
    PendingWrites m_writes;
    QHash<QString, QVariant> m_values; // only what was set
};

} // namespace core
