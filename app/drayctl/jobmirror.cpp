#include "app/drayctl/jobmirror.h"

#include "core/jobs/jobtypes.h"

namespace app {

using namespace Qt::StringLiterals;

JobMirror::JobMirror(const QJsonArray &columns)
{
    for (const QJsonValue &column : columns)
        m_columns.append(column.toString());
}

void JobMirror::addSnapshot(const QJsonArray &jobs)
{
    for (const QJsonValue &job : jobs)
        take(job.toObject());
}

QString JobMirror::take(const QJsonObject &job)
{
    const QString id = job[u"id"_s].toString();
    const auto known = m_jobs.constFind(id);
    const bool isNewer =
        known == m_jobs.constEnd() || job[u"rev"_s].toInteger() > (*known)[u"rev"_s].toInteger();
    if (!isNewer)
        return {};
    m_jobs.insert(id, job);
    return id;
}

QStringList JobMirror::apply(const QJsonObject &notification)
{
    const QJsonObject params = notification[u"params"_s].toObject();
    if (notification[u"method"_s] == u"progress"_s)
        return applyProgress(params[u"jobs"_s].toArray());
    if (notification[u"method"_s] != u"event"_s
        || !params[u"type"_s].toString().startsWith("job."_L1))
        return {};
    const QString id = applyEvent(params);
    return id.isEmpty() ? QStringList() : QStringList(id);
}

QString JobMirror::applyEvent(const QJsonObject &event)
{
    const QString id = event[u"id"_s].toString();
    const QString type = event[u"type"_s].toString();
    if (type == "job.removed"_L1) {
        m_jobs.remove(id);
        return id;
    }
    if (type == "job.added"_L1)
        return take(event[u"object"_s].toObject());
    const qint64 rev = event[u"rev"_s].toInteger();
    if (!m_jobs.contains(id) || rev <= m_jobs.value(id)[u"rev"_s].toInteger())
        return {};
    QJsonObject job = mergedWith(m_jobs.value(id), event[u"patch"_s].toObject());
    job.insert(u"rev"_s, rev);
    m_jobs.insert(id, job);
    return id;
}

QStringList JobMirror::applyProgress(const QJsonArray &rows)
{
    QStringList moved;
    for (const QJsonValue &value : rows) {
        const QJsonArray row = value.toArray();
        QJsonObject patch;
        for (qsizetype i = 0; i < std::min(row.size(), m_columns.size()); ++i)
            patch.insert(m_columns[i], row[i]);
        const QString id = patch[u"id"_s].toString();
        const bool isNewer = m_jobs.contains(id)
            && patch[u"rev"_s].toInteger() > m_jobs.value(id)[u"rev"_s].toInteger();
        if (!isNewer)
            continue;
        m_jobs.insert(id, mergedWith(m_jobs.value(id), patch));
        moved.append(id);
    }
    return moved;
}

QJsonObject mergedWith(QJsonObject target, const QJsonObject &patch)
{
    for (auto it = patch.begin(); it != patch.end(); ++it) {
        if (it->isNull())
            target.remove(it.key());
        else if (it->isObject())
            target.insert(it.key(), mergedWith(target[it.key()].toObject(), it->toObject()));
        else
            target.insert(it.key(), *it);
    }
    return target;
}

bool isFinalState(const QString &state)
{
    const auto known = core::jobStateFromName(state);
    return known && core::isFinal(*known);
}

} // namespace app
