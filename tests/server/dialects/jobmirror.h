#pragma once
#include "server/dialects/native/nativecodec.h"
#include "tests/server/dialects/hubbench.h"

#include <QJsonArray>

namespace tests {

/// The jobs as a client knows them that has only what came over the wire, by the rules of PROTOCOL.md §1.
struct JobMirror {
    QMap<QString, QJsonObject> jobs;

    void takePage(const QJsonObject &page)
    {
        for (const QJsonValue &value : page.value(QLatin1StringView("jobs")).toArray())
            jobs.insert(value.toObject().value(QLatin1StringView("id")).toString(),
                        value.toObject());
    }
    void takeEvent(const QJsonObject &event)
    {
        const QString id = event.value(QLatin1StringView("id")).toString();
        const QString type = event.value(QLatin1StringView("type")).toString();
        if (type == QLatin1StringView("job.added"))
            jobs.insert(id, event.value(QLatin1StringView("object")).toObject());
        else if (type == QLatin1StringView("job.removed"))
            jobs.remove(id);
        else if (type == QLatin1StringView("job.changed") && isNewer(id, revOf(event)))
            jobs[id] =
                server::mergePatch(jobs[id], event.value(QLatin1StringView("patch")).toObject());
    }
    void takeProgress(const QJsonObject &params)
    {
        for (const QJsonValue &value : params.value(QLatin1StringView("jobs")).toArray())
            takeRow(value.toArray());
    }

    /// What `who` should see.
    [[nodiscard]] static QMap<QString, QJsonObject> truth(const HubBench &hub,
                                                          const core::Principal &who)
    {
        QMap<QString, QJsonObject> jobs;
        for (const core::JobSnapshot &job : hub.registry.snapshots())
            if (who.canSee(job.owner))
                jobs.insert(job.id.toString(), server::jobObject(job));
        return jobs;
    }

private:
    [[nodiscard]] static qint64 revOf(const QJsonObject &object)
    {
        return object.value(QLatin1StringView("rev")).toInteger();
    }
    [[nodiscard]] bool isNewer(const QString &id, qint64 rev) const
    {
        return jobs.contains(id) && rev > revOf(jobs[id]);
    }
    void takeRow(const QJsonArray &row)
    {
        const QString id = row.at(0).toString();
        if (!isNewer(id, row.at(1).toInteger()))
            return;
        const auto state =
            core::jobStateFromName(jobs[id].value(QLatin1StringView("state")).toString());
        QVERIFY(!core::isFinal(*state)); // none follows a job's final event
        QJsonObject patch;
        const QStringList columns = server::progressColumns();
        for (int i = 1; i < row.size(); ++i)
            patch.insert(columns.at(i), row.at(i));
        const QJsonObject details = patch.take(QLatin1StringView("details")).toObject();
        jobs[id] = server::mergePatch(server::mergePatch(jobs[id], patch), details);
    }
};

} // namespace tests
