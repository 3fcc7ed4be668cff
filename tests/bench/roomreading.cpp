#include "tests/bench/roomreading.h"

#include "tests/bench/loadreader.h"

#include <algorithm>

namespace bench {
namespace {

/// The text after `mark` up to `end`, empty when it is not there.
std::string_view textAfter(std::string_view text, std::string_view mark, char end)
{
    const size_t at = text.find(mark);
    if (at == std::string_view::npos)
        return {};
    const std::string_view rest = text.substr(at + mark.size());
    return rest.substr(0, rest.find(end));
}

} // namespace

void RoomReading::take(std::string_view text, Tally &tally)
{
    const std::string_view told = textAfter(text, R"("message":"at )", '"');
    const std::string_view own = textAfter(text, R"("workflow_id":")", '"');
    const std::string_view id = own.empty() ? textAfter(text, R"("id":")", '"') : own;
    if (id.empty() || told.empty())
        return;
    Room &room = m_rooms[std::string(id)];
    const int64_t number = numberAfter(told, " ");
    tally.disorders += number <= room.number ? 1 : 0;
    tally.arrived += uint64_t(std::max<int64_t>(0, number - room.number));
    room.number = std::max(number, room.number);
    const std::string_view state = textAfter(text, R"("state":")", '"');
    if (state.empty() || state == room.state)
        return;
    ++tally.stateChanges;
    room.state = state;
}

} // namespace bench
