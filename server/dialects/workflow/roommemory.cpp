#include "server/dialects/workflow/roommemory.h"

#include <algorithm>

namespace server {

using core::Milliseconds;

void RoomMemory::leave(const Key &key, const std::set<Room> &rooms, Milliseconds now)
{
    m_places[key] = {.rooms = rooms, .leftAt = now};
    if (m_places.size() <= MostClients)
        return;
    const auto oldest = std::ranges::min_element(
        m_places, {}, [](const auto &place) { return place.second.leftAt; });
    m_places.erase(oldest);
}

std::optional<RoomMemory::Place> RoomMemory::comeBack(const Key &key, Milliseconds now)
{
    forgetOld(now);
    const auto found = m_places.find(key);
    if (found == m_places.end())
        return std::nullopt;
    Place place = std::move(found->second);
    m_places.erase(found);
    return place;
}

void RoomMemory::tell(const Room &room, const QByteArray &message)
{
    for (auto &[key, place] : m_places) {
        if (place.hasMissedTooMuch || !place.rooms.contains(room))
            continue;
        place.missed.append(message);
        place.bytes += message.size();
        place.hasMissedTooMuch = place.bytes > MostBytes;
        if (place.hasMissedTooMuch)
            place.missed.clear();
    }
}

void RoomMemory::forgetOld(Milliseconds now)
{
    std::erase_if(m_places,
                  [now](const auto &place) { return now - place.second.leftAt > KeptFor; });
}

} // namespace server
