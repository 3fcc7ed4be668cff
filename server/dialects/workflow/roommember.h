#pragma once
#include "server/dialects/compatsession.h"
#include "server/dialects/workflow/roomagent.h"
#include "server/dialects/workflow/roommemory.h"
#include "server/dialects/workflow/toldstates.h"

namespace server {

/// What is known of one open socket of §3.4.
struct RoomMember {
    static constexpr size_t MostRooms = 10;

    CompatSession *session = nullptr;
    std::set<Room> rooms;
    /// Whose newest message was held back because the reader does not keep up.
    std::set<Room> late;
    /// Of a socket at /ws/agent/{name}.
    std::unique_ptr<RoomAgent> agent;
    /// Under which it is remembered when it goes.
    std::optional<RoomMemory::Key> key;
    /// While it has a key.
    ToldStates told;
};

} // namespace server
