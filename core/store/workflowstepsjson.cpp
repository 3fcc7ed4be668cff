#include "core/store/workflowstepsjson.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>

namespace core {

using namespace Qt::StringLiterals;

namespace {

/// Texts of JSON stay texts, so that they come back as they were.
QJsonObject writeStep(const WorkflowStep &step)
{
    QJsonObject object{{u"name"_s, step.name},
                       {u"kind"_s, step.kind},
                       {u"needs"_s, QJsonArray::fromStringList(step.needs)},
                       {u"spec"_s, QString::fromUtf8(step.spec)},
                       {u"drives"_s, QString::fromUtf8(step.drives)},
                       {u"job"_s, step.job.value},
                       {u"begun"_s, step.isBegun},
                       {u"earlier"_s, step.earlier.value},
                       {u"state"_s, jobStateName(step.state)},
                       {u"progress"_s, step.progress},
                       {u"bytes"_s, step.bytes},
                       {u"message"_s, step.message},
                       {u"outputs"_s, QString::fromUtf8(step.outputs)}};
    if (step.error)
        object.insert("error"_L1,
                      QJsonObject{{u"code"_s, errorCodeName(step.error->code)},
                                  {u"context"_s, step.error->context}});
    return object;
}

std::optional<WorkflowStep> readStep(const QJsonObject &object)
{
    const auto state = jobStateFromName(object["state"_L1].toString());
    const QJsonObject error = object["error"_L1].toObject();
    const auto code = errorCodeFromName(error["code"_L1].toString());
    if (!state || (!error.isEmpty() && !code))
        return std::nullopt;
    WorkflowStep step{.name = object["name"_L1].toString(),
                      .kind = object["kind"_L1].toString(),
                      .needs = {},
                      .spec = object["spec"_L1].toString().toUtf8(),
                      .drives = object["drives"_L1].toString().toUtf8(),
                      .job = JobId{object["job"_L1].toInteger()},
                      .isBegun = object["begun"_L1].toBool(),
                      .earlier = JobId{object["earlier"_L1].toInteger()},
                      .state = *state,
                      .progress = object["progress"_L1].toDouble(),
                      .bytes = object["bytes"_L1].toInteger(-1),
                      .message = object["message"_L1].toString(),
                      .error = {},
                      .outputs = object["outputs"_L1].toString().toUtf8()};
    for (const QJsonValue need : object["needs"_L1].toArray())
        step.needs.append(need.toString());
    if (code)
        step.error = Error{*code, error["context"_L1].toString()};
    return step;
}

/// What the rules of workflows rely on: at least one step, names that are there once, needs among them.
bool areSound(const QList<WorkflowStep> &steps)
{
    QStringList names;
    for (const WorkflowStep &step : steps)
        names.append(step.name);
    const auto isKnown = [&names](const QString &need) { return names.contains(need); };
    return !steps.isEmpty() && names.removeDuplicates() == 0
        && std::ranges::all_of(steps, [&](const WorkflowStep &step) {
               return std::ranges::all_of(step.needs, isKnown);
           });
}

} // namespace

QString workflowStepsToJson(const QList<WorkflowStep> &steps)
{
    QJsonArray array;
    for (const WorkflowStep &step : steps)
        array.append(writeStep(step));
    return QString::fromUtf8(QJsonDocument(array).toJson(QJsonDocument::Compact));
}

std::optional<QList<WorkflowStep>> workflowStepsFromJson(QStringView text)
{
    const QJsonDocument document = QJsonDocument::fromJson(text.toUtf8());
    QList<WorkflowStep> steps;
    for (const QJsonValue value : document.array()) {
        auto step = readStep(value.toObject());
        if (!step)
            return std::nullopt;
        steps.append(std::move(*step));
    }
    return areSound(steps) ? std::optional(steps) : std::nullopt;
}

} // namespace core
