#pragma once
#include "server/dialects/native/params.h"
#include "server/dialects/workflow/room.h"

#include <variant>

namespace server {

struct RoomPing { };
struct RoomSubscribe {
    Room room;
};
struct RoomUnsubscribe {
    Room room;
};
struct RoomControl {
    enum class Action { Pause, Resume, Cancel } action = Action::Pause;
    QString workflow;
};
/// `register`, and what is said of a task: accept, progress, complete, fail.
struct RoomAgentWord {
    QString type;
    Params members;
};
/// A type that is none of these; it is ignored.
struct RoomUnknown {
    QString type;
};
/// What a client of §3.4 says.
using RoomMessage =
    std::variant<RoomPing, RoomSubscribe, RoomUnsubscribe, RoomControl, RoomAgentWord, RoomUnknown>;

/// Fails with `InvalidArgument` naming what is wrong. Other members are ignored.
[[nodiscard]] core::Result<RoomMessage> roomMessageFrom(const QByteArray &utf8);

} // namespace server
