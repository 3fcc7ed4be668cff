#pragma once
#include "core/base/clock.h"
#include "server/dialects/workflow/room.h"

#include <QByteArrayList>

#include <map>
#include <optional>
#include <set>
#include <tuple>

namespace server {

/// Where clients that named themselves (`?client_id=`) were when they dropped: what they listened to, and the
/// states that were told since, or may not have arrived before. Pure: the caller gives the time, which is monotonic.
class RoomMemory
{
public:
    static constexpr core::Milliseconds KeptFor = std::chrono::minutes(15);
    static constexpr size_t MostClients = 256;
    /// Of what one client missed; whoever missed more is only told how it is.
    static constexpr qsizetype MostBytes = 128 * 1024;

    /// Owner and name of the principal, and the client's own id.
    using Key = std::tuple<QString, QString, QString>;
    struct Place {
        std::set<Room> rooms;
        /// The states that were told in these rooms, in order; all of them, or none.
        QByteArrayList missed;
        core::Milliseconds leftAt{0};
        qsizetype bytes = 0;
        bool hasMissedTooMuch = false;
    };

    /// `doubtful`: what may not have arrived, see ToldStates. When there is no room the owner with the most
    /// clients loses its oldest.
    void leave(const Key &key,
               const std::set<Room> &rooms,
               const std::optional<QByteArrayList> &doubtful,
               core::Milliseconds now);
    /// nullopt when it was never here, or too long ago. It is forgotten.
    [[nodiscard]] std::optional<Place> comeBack(const Key &key, core::Milliseconds now);
    /// A state was told in `room`.
    void tell(const Room &room, const QByteArray &message);
    void forgetOld(core::Milliseconds now);

private:
    void makeRoom();

    std::map<Key, Place> m_places;
};

} // namespace server
