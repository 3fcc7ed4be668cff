#pragma once
#include <cstdint>
#include <map>
#include <string>
#include <string_view>

namespace bench {

struct Tally;

/// What one client of rooms sees there. Messages look alike from every server: the workflow's id, the
/// text "at <ns> <number in this room>", and the state when it changed.
class RoomReading
{
public:
    void take(std::string_view text, Tally &tally);

private:
    struct Room {
        int64_t number = 0; // of the newest message
        std::string state = "running"; // as every room begins
    };
    std::map<std::string, Room, std::less<>> m_rooms;
};

} // namespace bench
