#include "core/workflows/stepspecjson.h"

#include "core/agents/agentworkjson.h"
#include "core/base/memberjson.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QProcess>

namespace core {

using namespace Qt::StringLiterals;

namespace {

constexpr qsizetype LargestFilledBytes = 128 * 1024;

using OfString = std::function<Result<QString>(const QString &)>;

Result<QJsonValue> mapped(const QJsonValue &value, const OfString &change);

Result<QJsonValue> mappedArray(const QJsonArray &array, const OfString &change)
{
    QJsonArray result;
    for (const QJsonValue element : array) {
        const auto changed = mapped(element, change);
        if (!changed)
            return changed;
        result.append(*changed);
    }
    return result;
}

Result<QJsonValue> mappedObject(const QJsonObject &object, const OfString &change)
{
    QJsonObject result;
    for (auto member = object.begin(); member != object.end(); ++member) {
        const auto changed = mapped(*member, change);
        if (!changed)
            return fail(changed.error().code,
                        u"%1: %2"_s.arg(member.key(), changed.error().context));
        result.insert(member.key(), *changed);
    }
    return result;
}

/// `value` with every string in it changed.
Result<QJsonValue> mapped(const QJsonValue &value, const OfString &change)
{
    if (value.isString())
        return change(value.toString()).map([](const QString &text) { return QJsonValue(text); });
    if (value.isArray())
        return mappedArray(value.toArray(), change);
    return value.isObject() ? mappedObject(value.toObject(), change) : value;
}

QByteArray compact(const QJsonObject &object)
{
    return QJsonDocument(object).toJson(QJsonDocument::Compact);
}

/// As commandLine() does: what is no option in the workflow does not become one.
Result<QString> filledArgument(const QString &asked, const OutputOf &valueOf)
{
    return filledIn(asked, valueOf).map([&asked](const QString &filled) {
        const bool isNew = filled.startsWith(u'-') && !asked.startsWith(u'-');
        return isNew ? u"./"_s + filled : filled;
    });
}

Result<QByteArray> filledCommand(QJsonObject object, const OutputOf &valueOf)
{
    const QStringList command = QProcess::splitCommand(object.take("command"_L1).toString());
    object.remove("arguments"_L1);
    auto filled =
        mappedObject(object, [&](const QString &text) { return filledIn(text, valueOf); });
    if (!filled)
        return fail(filled.error());
    const auto arguments =
        mappedArray(QJsonArray::fromStringList(command),
                    [&](const QString &text) { return filledArgument(text, valueOf); });
    if (!arguments)
        return fail(arguments.error().code, u"command: "_s + arguments.error().context);
    object = filled->toObject();
    object.insert("arguments"_L1, *arguments);
    return compact(object);
}

} // namespace

Result<QList<Placeholder>> placeholdersInSpec(const QByteArray &spec)
{
    QList<Placeholder> named;
    const auto note = [&named](const QString &text) {
        return placeholdersIn(text).map([&](const QList<Placeholder> &found) {
            named += found;
            return text;
        });
    };
    return mappedObject(QJsonDocument::fromJson(spec).object(), note).map([&](const QJsonValue &) {
        return named;
    });
}

Result<QByteArray> filledSpec(const WorkflowStep &step, const OutputOf &valueOf)
{
    const QJsonObject object = QJsonDocument::fromJson(step.spec).object();
    if (step.kind == "command"_L1)
        return filledCommand(object, valueOf);
    return mappedObject(object, [&](const QString &text) { return filledIn(text, valueOf); })
        .map([](const QJsonValue &filled) { return compact(filled.toObject()); })
        .and_then([](const QByteArray &filled) -> Result<QByteArray> {
            if (filled.size() > LargestFilledBytes)
                return fail(
                    ErrorCode::LimitExceeded,
                    u"with its outputs it is larger than %1 bytes"_s.arg(LargestFilledBytes));
            return filled;
        });
}

QByteArray outputsOf(const JobSnapshot &job)
{
    QJsonObject outputs;
    if (const auto work = decodeAgentWork(job.spec); work && isAgentWork(job))
        outputs = QJsonDocument::fromJson(work->outputs).object();
    if (!job.details.target.isEmpty())
        outputs.insert("file"_L1, job.details.target);
    if (!job.details.sha256.isEmpty())
        outputs.insert("sha256"_L1, job.details.sha256);
    return compact(outputs);
}

Result<QString> outputValue(const QByteArray &outputs, const Placeholder &named)
{
    const QJsonValue value = QJsonDocument::fromJson(outputs).object().value(named.output);
    if (value.isString())
        return value.toString();
    if (value.isObject() || value.isArray())
        return QString::fromUtf8(
            (value.isObject() ? QJsonDocument(value.toObject()) : QJsonDocument(value.toArray()))
                .toJson(QJsonDocument::Compact));
    if (value.isDouble() || value.isBool())
        return value.toVariant().toString();
    return fail(ErrorCode::NotFound,
                u"step \"%1\" made no output \"%2\""_s.arg(named.step, named.output));
}

Result<ReportStep> reportStepFrom(const WorkflowStep &step, const QByteArray &spec)
{
    const QJsonObject object = QJsonDocument::fromJson(spec).object();
    ReportStep report{.title = step.name};
    const auto title = readText(object, "title"_L1);
    if (!title)
        return fail(title.error());
    if (!title->isEmpty())
        report.title = *title;
    const auto job = readText(object, "job"_L1);
    if (!job)
        return fail(job.error());
    report.job = *job;
    return report;
}

Result<StepTimes> stepTimesFrom(const QByteArray &spec)
{
    const QJsonObject object = QJsonDocument::fromJson(spec).object();
    const auto startAt = readInteger(object, "startAt"_L1);
    if (!startAt)
        return fail(startAt.error());
    const auto stopAt = readInteger(object, "stopAt"_L1);
    if (!stopAt)
        return fail(stopAt.error());
    return StepTimes{*startAt, *stopAt};
}

} // namespace core
