#include "core/download/afteractionjson.h"

#include "core/download/commandline.h"

#include <QDir>
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

/// "run" and "move" say with what.
Result<AfterAction> actionWith(const QJsonObject &object)
{
    using Kind = AfterAction::Kind;
    const QString command = object["run"_L1].toString();
    const QString folder = object["move"_L1].toString();
    if (object.contains("move"_L1) && !QDir::isAbsolutePath(folder))
        return fail(ErrorCode::InvalidArgument,
                    u"after: \"move\" names \"%1\", which is no absolute folder"_s.arg(folder));
    if (object.contains("move"_L1))
        return AfterAction{.kind = Kind::Move, .folder = folder};
    if (commandLine(command, {}).isEmpty())
        return fail(ErrorCode::InvalidArgument, u"after: \"run\" names no command"_s);
    return AfterAction{.kind = Kind::Run, .command = command};
}

Result<AfterAction> actionOf(const QJsonValue &value)
{
    using Kind = AfterAction::Kind;
    for (const auto &[name, kind] :
         {std::pair("extract"_L1, Kind::Extract), std::pair("open"_L1, Kind::Open),
          std::pair("reveal"_L1, Kind::Reveal)})
        if (value == name)
            return AfterAction{.kind = kind};
    const QJsonObject object = value.toObject();
    if (object.size() == 1 && (object.contains("run"_L1) || object.contains("move"_L1)))
        return actionWith(object);
    return fail(
        ErrorCode::InvalidArgument,
        u"after: \"%1\" is none of \"extract\", \"open\", \"reveal\", {\"run\": COMMAND} and "
        "{\"move\": FOLDER}"_s.arg(shown(value)));
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
        case AfterAction::Kind::Open:
            array.append(u"open"_s);
            break;
        case AfterAction::Kind::Reveal:
            array.append(u"reveal"_s);
            break;
        case AfterAction::Kind::Move:
            array.append(QJsonObject{{u"move"_s, action.folder}});
            break;
        }
    }
    return array;
}

} // namespace core
