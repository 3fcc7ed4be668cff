#include "server/dialects/workflow/roommessage.h"

#include "server/dialects/json.h"

namespace server {

using namespace Qt::StringLiterals;

namespace {

tl::unexpected<core::Error> wrong(const QString &why)
{
    return core::fail(core::ErrorCode::InvalidArgument, why);
}

/// An id may be written as a number: 3 is workflow w3.
core::Result<QString> idFrom(const Params &members, QLatin1StringView name)
{
    const QJsonValue value = members.raw(name);
    return value.isDouble() ? QString::number(value.toInteger()) : members.text(name);
}

core::Result<Room> roomFrom(const Params &members)
{
    const auto target = members.requiredText("target"_L1);
    if (!target)
        return core::fail(target.error());
    const auto id = idFrom(members, "id"_L1);
    if (!id)
        return core::fail(id.error());
    if (*target == "coordinator"_L1)
        return Room{};
    const bool isWorkflow = *target == "workflow"_L1;
    if (!isWorkflow && *target != "agent"_L1)
        return wrong(u"\"target\" is not workflow, agent or coordinator"_s);
    if (id->isEmpty())
        return wrong(u"\"id\" is missing"_s);
    return Room{isWorkflow ? Room::Target::Workflow : Room::Target::Agent, *id};
}

core::Result<RoomControl> controlFrom(const Params &members)
{
    using Action = RoomControl::Action;
    const auto workflow = idFrom(members, "workflow_id"_L1);
    if (!workflow)
        return core::fail(workflow.error());
    if (workflow->isEmpty())
        return wrong(u"\"workflow_id\" is missing"_s);
    const auto action = members.requiredText("action"_L1);
    if (!action)
        return core::fail(action.error());
    for (const auto &[name, verb] : {std::pair{"pause"_L1, Action::Pause},
                                     {"resume"_L1, Action::Resume},
                                     {"cancel"_L1, Action::Cancel}})
        if (*action == name)
            return RoomControl{verb, *workflow};
    return wrong(u"\"action\" is not pause, resume or cancel"_s);
}

} // namespace

core::Result<RoomMessage> roomMessageFrom(const QByteArray &utf8)
{
    const auto json = parseJson(utf8);
    if (!json)
        return core::fail(json.error());
    if (!json->isObject())
        return wrong(u"the message is not an object"_s);
    const Params members(json->toObject());
    const auto type = members.requiredText("type"_L1);
    if (!type)
        return core::fail(type.error());
    if (*type == "ping"_L1)
        return RoomPing{};
    if (*type == "subscribe"_L1)
        return roomFrom(members).map(
            [](const Room &room) { return RoomMessage(RoomSubscribe{room}); });
    if (*type == "unsubscribe"_L1)
        return roomFrom(members).map(
            [](const Room &room) { return RoomMessage(RoomUnsubscribe{room}); });
    if (*type == "control"_L1)
        return controlFrom(members).map([](const auto &control) { return RoomMessage(control); });
    const QStringList ofAgents{u"register"_s, u"accept"_s, u"progress"_s, u"complete"_s, u"fail"_s};
    if (ofAgents.contains(*type))
        return RoomAgentWord{*type, members};
    return RoomUnknown{*type};
}

} // namespace server
