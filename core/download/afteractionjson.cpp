#include "core/download/afteractionjson.h"

#include "core/download/commandline.h"

#include <QJsonDocument>
#include <QJsonObject>

namespace core {

using namespace Qt::StringLiterals;

namespace {

constexpr qsizetype MaxActions = 8;

QString shown(const QJsonValue &value)
{
    if (value.isString())
        return value.toString();
    return QString::fromUtf8(QJsonDocument(QJsonArray{value}).toJson(QJsonDocument::Compact));
}

Result<AfterAction> actionOf(const QJsonValue &value)
{
    if (value == "extract"_L1)
        return AfterAction{};
    const QJsonObject object = value.toObject();
    const QString command = object["run"_L1].toString();
    if (object.size() != 1 || !object.contains("run"_L1))
        return fail(
            ErrorCode::InvalidArgument,
            u"after: \"%1\" is neither \"extract\" nor {\"run\": COMMAND}"_s.arg(shown(value)));
    if (commandLine(command, {}).isEmpty())
        return fail(ErrorCode::InvalidArgument, u"after: \"run\" names no command"_s);
    return AfterAction{AfterAction::Kind::Run, command};
}

} // namespace

Result<QList<AfterAction>> afterActionsFromJson(const QJsonValue &value)
{
    QList<AfterAction> actions;
    if (value.isUndefined() || value.isNull())
        return actions;
    if (!value.isArray() || value.toArray().size() > MaxActions)
        return fail(ErrorCode::InvalidArgument,
                    u"after: \"%1\" is not a list of at most %2 actions"_s.arg(shown(value))
                        .arg(MaxActions));
    for (const QJsonValue &element : value.toArray()) {
        const auto action = actionOf(element);
        if (!action)
            return fail(action.error());
        actions.append(*action);
    }
    return actions;
}

QJsonArray toJson(const QList<AfterAction> &actions)
{
    QJsonArray array;
    for (const AfterAction &action : actions) {
        switch (action.kind) {
        case AfterAction::Kind::Extract:
            array.append(u"extract"_s);
            break;
        case AfterAction::Kind::Run:
            array.append(QJsonObject{{u"run"_s, action.command}});
            break;
        }
    }
    return array;
}

} // namespace core
