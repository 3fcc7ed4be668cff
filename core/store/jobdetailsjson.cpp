#include "core/store/jobdetailsjson.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>

namespace core {

using namespace Qt::StringLiterals;

namespace {

/// The JSON array of all items, each by `write(item)`.
template<typename T>
QString arrayText(const QList<T> &items, QJsonValue (*write)(const T &))
{
    QJsonArray array;
    for (const T &item : items)
        array.append(write(item));
    return QString::fromUtf8(QJsonDocument(array).toJson(QJsonDocument::Compact));
}

template<typename T>
std::optional<QList<T>> itemsOf(QStringView text, std::optional<T> (*read)(const QJsonValue &))
{
    const QJsonDocument document = QJsonDocument::fromJson(text.toUtf8());
    if (!document.isArray())
        return std::nullopt;
    QList<T> items;
    for (const QJsonValue &value : document.array()) {
        std::optional<T> item = read(value);
        if (!item)
            return std::nullopt;
        items.append(*std::move(item));
    }
    return items;
}

QJsonValue writeStep(const JobStep &step)
{
    return QJsonObject{{u"title"_s, step.title},
                       {u"state"_s, jobStateName(step.state)},
                       {u"progress"_s, step.progress}};
}

std::optional<JobStep> readStep(const QJsonValue &value)
{
    const auto state = jobStateFromName(value["state"_L1].toString());
    if (!state)
        return std::nullopt;
    return JobStep{value["title"_L1].toString(), *state, value["progress"_L1].toDouble()};
}

QJsonValue writeDrive(const JobDrive &drive)
{
    QJsonObject object{
        {u"id"_s, drive.id}, {u"state"_s, jobStateName(drive.state)}, {u"done"_s, drive.done}};
    if (drive.error)
        object[u"error"_s] = QJsonObject{{u"code"_s, errorCodeName(drive.error->code)},
                                         {u"context"_s, drive.error->context}};
    return object;
}

std::optional<JobDrive> readDrive(const QJsonValue &value)
{
    const auto state = jobStateFromName(value["state"_L1].toString());
    if (!state)
        return std::nullopt;
    JobDrive drive{value["id"_L1].toString(), *state, value["done"_L1].toInteger(), std::nullopt};
    const QJsonValue error = value["error"_L1];
    if (error.isUndefined())
        return drive;
    const auto code = errorCodeFromName(error["code"_L1].toString());
    if (!code)
        return std::nullopt;
    drive.error = Error{*code, error["context"_L1].toString()};
    return drive;
}

QJsonValue writeId(const JobId &id)
{
    return id.value;
}

std::optional<JobId> readId(const QJsonValue &value)
{
    const JobId id{value.toInteger()};
    return id.value > 0 ? std::optional(id) : std::nullopt;
}

} // namespace

QString stepsToJson(const QList<JobStep> &steps)
{
    return arrayText(steps, writeStep);
}
std::optional<QList<JobStep>> stepsFromJson(QStringView text)
{
    return itemsOf(text, readStep);
}

QString drivesToJson(const QList<JobDrive> &drives)
{
    return arrayText(drives, writeDrive);
}
std::optional<QList<JobDrive>> drivesFromJson(QStringView text)
{
    return itemsOf(text, readDrive);
}

QString jobIdsToJson(const QList<JobId> &ids)
{
    return arrayText(ids, writeId);
}
std::optional<QList<JobId>> jobIdsFromJson(QStringView text)
{
    return itemsOf(text, readId);
}

} // namespace core
