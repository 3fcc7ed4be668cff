#include "core/workflows/workflowfilejson.h"

#include "core/flash/flashspecjson.h"
#include "core/workflows/workflowplanjson.h"

#include <QFileInfo>
#include <QJsonArray>
#include <QJsonDocument>

namespace core {

using namespace Qt::StringLiterals;

namespace {

QJsonObject objectOf(const WorkflowStep &step)
{
    return QJsonDocument::fromJson(step.spec).object();
}

/// As a string of a step, in which a dollar sign begins something.
QJsonValue escaped(const QJsonValue &value)
{
    if (value.isString())
        return value.toString().replace(u'$', "$$"_L1);
    if (!value.isArray())
        return value;
    QJsonArray list;
    for (const QJsonValue one : value.toArray())
        list.append(escaped(one));
    return list;
}

QJsonObject escaped(QJsonObject object)
{
    for (auto member = object.begin(); member != object.end(); ++member)
        member.value() = escaped(QJsonValue(member.value()));
    return object;
}

QJsonObject fetchStep(const FlashSpec &flash)
{
    QJsonObject step{{u"name"_s, u"fetch"_s},
                     {u"kind"_s, u"download"_s},
                     {u"url"_s, escaped(flash.url.toString(QUrl::FullyEncoded))}};
    if (!flash.sha256.isEmpty())
        step.insert("sha256"_L1, flash.sha256);
    return step;
}

QJsonObject checkStep(const FlashSpec &flash, const QJsonValue &file)
{
    const QString measured = u"${fetch.sha256}"_s;
    return {{u"name"_s, u"check"_s},
            {u"kind"_s, u"verify"_s},
            {u"file"_s, file},
            {u"sha256"_s, flash.sha256.isEmpty() ? measured : flash.sha256}};
}

QJsonObject writeStep(const FlashSpec &flash, const QJsonValue &file, const QJsonArray &needs)
{
    QJsonObject step = escaped(toJson(flash));
    step.remove("url"_L1);
    step.remove("keep"_L1); // of a link that is written while it is fetched
    step.insert("name"_L1, u"write"_s);
    step.insert("kind"_L1, u"flash"_s);
    step.insert("image"_L1, file);
    if (!needs.isEmpty()) {
        step.insert("needs"_L1, needs);
        step.insert("sha256"_L1, u"${check.sha256}"_s); // what is written is what was checked
    }
    return step;
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
    const bool isLink = !flash.url.isEmpty();
    const QJsonValue file = isLink ? QJsonValue(u"${fetch.file}"_s) : escaped(flash.image);
    QJsonArray steps;
    QJsonArray needs;
    if (isLink)
        steps.append(fetchStep(flash));
    if (isLink || !flash.sha256.isEmpty()) {
        steps.append(checkStep(flash, file));
        needs.append(u"check"_s);
    }
    steps.append(writeStep(flash, file, needs));
    const QString name = isLink ? flash.url.fileName() : QFileInfo(flash.image).fileName();
    return workflowPlanFromJson({{u"title"_s, name}, {u"steps"_s, steps}});
}

} // namespace core
