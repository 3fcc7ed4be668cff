#include "app/drayctl/printing.h"

#include "core/jobs/percentage.h"
#include "ui/text/formatting.h"
#include "ui/text/jobtext.h"

#include <QDateTime>
#include <QJsonDocument>

namespace app {

using namespace Qt::StringLiterals;

namespace {

/// What ui/text needs to know of a job.
core::JobSnapshot snapshotOf(const QJsonObject &job)
{
    core::JobSnapshot snapshot;
    snapshot.kind =
        core::jobKindFromName(job[u"kind"_s].toString()).value_or(core::JobKind::Download);
    snapshot.state =
        core::jobStateFromName(job[u"state"_s].toString()).value_or(core::JobState::Queued);
    snapshot.progress = {
        .stage = core::stageFromName(job[u"stage"_s].toString()).value_or(core::Stage::None),
        .done = job[u"done"_s].toInteger(),
        .total = job[u"total"_s].toInteger(-1),
    };
    return snapshot;
}

QString stateOf(const QJsonObject &job)
{
    return ui::activityText(snapshotOf(job));
}

QString percentOf(const QJsonObject &job)
{
    const QString percent = ui::formatPercent(snapshotOf(job));
    return percent.isEmpty() ? u"-"_s : percent;
}

QString sizeOf(const QJsonObject &job)
{
    if (core::isPercentage(snapshotOf(job)))
        return u"-"_s;
    const qint64 total = job[u"total"_s].toInteger(-1);
    return ui::formatBytes(total < 0 ? job[u"done"_s].toInteger() : total);
}

QString amountOf(const QJsonObject &job)
{
    if (core::isPercentage(snapshotOf(job)))
        return percentOf(job);
    return u"%1 (%2 of %3)"_s.arg(percentOf(job), ui::formatBytes(job[u"done"_s].toInteger()),
                                  job.contains(u"total"_s) ? sizeOf(job) : u"unknown"_s);
}

QString speedOf(const QJsonObject &job)
{
    const qint64 rate = job[u"bytesPerSecond"_s].toInteger();
    return rate > 0 ? ui::formatRate(rate) : u"-"_s;
}

QString timeLeftOf(const QJsonObject &job)
{
    const qint64 seconds = job[u"etaSeconds"_s].toInteger(-1);
    return seconds < 0 ? u"-"_s : ui::formatDuration(seconds);
}

QStringList columnsOf(const QJsonObject &job)
{
    return {job[u"id"_s].toString(),
            stateOf(job),
            percentOf(job),
            speedOf(job),
            timeLeftOf(job),
            sizeOf(job),
            job[u"title"_s].toString()};
}

QString timeText(const QJsonValue &milliseconds)
{
    return QDateTime::fromMSecsSinceEpoch(milliseconds.toInteger()).toString(Qt::ISODate);
}

} // namespace

void printJson(Terminal &terminal, const QJsonValue &value)
{
    // QJsonDocument holds only containers, and each of our answers is one.
    const QJsonDocument document =
        value.isArray() ? QJsonDocument(value.toArray()) : QJsonDocument(value.toObject());
    terminal.out << document.toJson(QJsonDocument::Compact) << '\n';
    terminal.out.flush();
}

void printJobTable(Terminal &terminal, const QJsonArray &jobs)
{
    QList<QStringList> rows{
        {u"ID"_s, u"STATE"_s, u"DONE"_s, u"SPEED"_s, u"LEFT"_s, u"SIZE"_s, u"NAME"_s}};
    for (const QJsonValue &job : jobs)
        rows.append(columnsOf(job.toObject()));
    QList<qsizetype> widths(rows.first().size(), 0);
    for (const QStringList &row : std::as_const(rows))
        for (qsizetype i = 0; i < row.size(); ++i)
            widths[i] = std::max(widths[i], row[i].size());
    for (const QStringList &row : std::as_const(rows)) {
        for (qsizetype i = 0; i + 1 < row.size(); ++i)
            terminal.out << row[i].leftJustified(widths[i] + 2);
        terminal.out << row.last() << '\n';
    }
}

void printJobDetails(Terminal &terminal, const QJsonObject &job)
{
    const auto line = [&](const QString &name, const QString &value) {
        if (!value.isEmpty())
            terminal.out << (name + u':').leftJustified(12) << value << '\n';
    };
    line(u"Job"_s, job[u"id"_s].toString());
    line(u"Name"_s, job[u"title"_s].toString());
    line(u"State"_s, stateOf(job));
    line(u"Done"_s, amountOf(job));
    line(u"Speed"_s, speedOf(job));
    line(u"Time left"_s, timeLeftOf(job));
    line(u"Message"_s, job[u"message"_s].toString());
    line(u"Error"_s, job[u"error"_s].toObject()[u"message"_s].toString());
    line(u"Source"_s, job[u"source"_s].toString());
    line(u"External id"_s, job[u"externalId"_s].toString());
    line(u"Target"_s, job[u"target"_s].toString());
    line(u"SHA-256"_s, job[u"sha256"_s].toString());
    if (job.contains(u"speedLimit"_s))
        line(u"Limit"_s, ui::formatRate(job[u"speedLimit"_s].toInteger()));
    if (job.contains(u"startAt"_s))
        line(u"Starts at"_s, timeText(job[u"startAt"_s]));
    if (job.contains(u"stopAt"_s))
        line(u"Stops at"_s, timeText(job[u"stopAt"_s]));
    line(u"Attempt"_s, QString::number(job[u"attempt"_s].toInteger()));
    line(u"Added"_s, timeText(job[u"createdAt"_s]));
    if (job.contains(u"finishedAt"_s))
        line(u"Finished"_s, timeText(job[u"finishedAt"_s]));
}

QString jobLine(const QJsonObject &job)
{
    const QStringList columns = columnsOf(job);
    return u"%1  %2  %3  %4  %5  %6"_s.arg(columns[0], columns[1], columns[2], columns[3],
                                           columns[4], columns[6]);
}

QString endLine(const QJsonObject &job)
{
    const QString id = job[u"id"_s].toString();
    const QString state = job[u"state"_s].toString();
    if (state == "succeeded"_L1 && job[u"target"_s].toString().isEmpty())
        return u"job %1: done: %2"_s.arg(id, job[u"message"_s].toString());
    if (state == "succeeded"_L1)
        return u"job %1: saved %2 (%3, SHA-256 %4)"_s.arg(id, job[u"target"_s].toString(),
                                                          sizeOf(job), job[u"sha256"_s].toString());
    if (state == "failed"_L1)
        return u"job %1: failed: %2"_s.arg(id, job[u"error"_s].toObject()[u"message"_s].toString());
    return u"job %1: %2"_s.arg(id, stateOf(job));
}

} // namespace app
