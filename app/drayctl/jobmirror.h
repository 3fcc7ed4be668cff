#pragma once
#include <QHash>
#include <QJsonArray>
#include <QJsonObject>
#include <QStringList>

namespace app {

/// The jobs as the wire told them so far: snapshot, then events and progress rows (PROTOCOL.md §1).
class JobMirror
{
public:
    /// `columns` as announced in the answer to session.hello.
    explicit JobMirror(const QJsonArray &columns);

    void addSnapshot(const QJsonArray &jobs);
    /// Takes a whole job object in; one that is not newer than what is known is ignored. Returns the
    /// job's id when it was taken.
    QString take(const QJsonObject &job);
    /// Takes a notification in and returns the ids of the jobs it moved, in order.
    QStringList apply(const QJsonObject &notification);
    /// Empty when the job is unknown or was removed.
    [[nodiscard]] QJsonObject job(const QString &id) const { return m_jobs.value(id); }

private:
    QString applyEvent(const QJsonObject &event);
    QStringList applyProgress(const QJsonArray &rows);

    QStringList m_columns;
    QHash<QString, QJsonObject> m_jobs;
};

/// RFC 7396 merge patch for an object.
[[nodiscard]] QJsonObject mergedWith(QJsonObject target, const QJsonObject &patch);

/// Whether a job of this state has ended.
[[nodiscard]] bool isFinalState(const QString &state);

} // namespace app
