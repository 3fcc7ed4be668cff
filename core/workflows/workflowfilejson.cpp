#include "core/workflows/workflowfilejson.h"

#include "core/flash/flashspecjson.h"
#include "core/workflows/readymadejson.h"
#include "core/workflows/workflowplanjson.h"

#include <QJsonArray>
#include <QJsonDocument>

namespace core {

using namespace Qt::StringLiterals;

namespace {

QJsonObject objectOf(const WorkflowStep &step)
{
    return QJsonDocument::fromJson(step.spec).object();
}

} // namespace

Result<WorkflowPlan> workflowPlanFromFile(const QByteArray &text)
{
    QJsonParseError error;
    const QJsonDocument document = QJsonDocument::fromJson(text, &error);
    if (error.error != QJsonParseError::NoError)
        return fail(ErrorCode::InvalidArgument,
                    u"it is no JSON: %1 (byte %2)"_s.arg(error.errorString()).arg(error.offset));
    if (!document.isObject())
        return fail(ErrorCode::InvalidArgument, u"it is not a JSON object"_s);
    return workflowPlanFromJson(document.object());
}

WorkflowPlan withoutConsent(WorkflowPlan plan)
{
    for (WorkflowStep &step : plan.steps) {
        QJsonObject object = objectOf(step);
        if (!object.contains("erase"_L1))
            continue;
        object.remove("erase"_L1);
        step.spec = QJsonDocument(object).toJson(QJsonDocument::Compact);
    }
    return plan;
}

QString subjectOf(const WorkflowStep &step)
{
    const QJsonObject object = objectOf(step);
    for (const QLatin1StringView member : {"command"_L1, "url"_L1, "image"_L1, "file"_L1}) {
        const QJsonValue value = object[member];
        if (value.isString() && !value.toString().isEmpty())
            return value.toString();
        QStringList words;
        for (const QJsonValue word : value.toArray())
            words.append(word.toString());
        if (!words.isEmpty())
            return words.join(u' ');
    }
    return {};
}

QStringList drivesOf(const WorkflowStep &step)
{
    QStringList drives;
    for (const QJsonValue drive : objectOf(step)["drives"_L1].toArray())
        drives.append(drive.toString());
    return drives;
}

Result<WorkflowPlan> fetchCheckWrite(const FlashSpec &flash)
{
    if (const auto checked = checkSpec(flash); !checked)
        return fail(checked.error());
    return workflowPlanFromJson(fetchCheckWriteFile(toJson(flash)));
}

} // namespace core
