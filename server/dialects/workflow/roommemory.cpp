#include "server/dialects/workflow/roommemory.h"

#include <algorithm>

namespace server {

using core::Milliseconds;

void RoomMemory::leave(const Key &key,
                       const std::set<Room> &rooms,
                       const std::optional<QByteArrayList> &doubtful,
                       Milliseconds now)
{
    Place place{.rooms = rooms, .leftAt = now, .hasMissedTooMuch = !doubtful};
    place.missed = doubtful.value_or(QByteArrayList());
    for (const QByteArray &message : std::as_const(place.missed))
        place.bytes += message.size();
    m_places[key] = std::move(place);
    if (m_places.size() > MostClients)
        makeRoom();
}

void RoomMemory::makeRoom()
{
    std::map<QString, int> counts; // by owner
    for (const auto &[key, place] : m_places)
        ++counts[std::get<0>(key)];
    const auto most =
        std::ranges::max_element(counts, {}, [](const auto &count) { return count.second; });
    const auto age = [&most](const auto &place) {
        const bool isTheirs = std::get<0>(place.first) == most->first;
        return std::pair(!isTheirs, place.second.leftAt);
    };
    m_places.erase(std::ranges::min_element(m_places, {}, age));
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
