#pragma once
#include "tests/bench/loadsource.h"

#include <functional>

namespace bench {

/// Tells of workflows one after the other, each by its own messages, numbered; every tenth of one changes
/// its state, from running to paused and back.
class RoomSource final : public LoadSource
{
public:
    static constexpr uint64_t StateEvery = 10;

    /// The sockets speak the native protocol, as programs that report the jobs of the steps; the steps run
    /// when this returns.
    static std::unique_ptr<RoomSource> ofReports(std::vector<BenchSocket> sockets,
                                                 std::vector<Place> rooms);
    /// A Socket.IO server's.
    static std::unique_ptr<RoomSource> ofSocketIo(BenchSocket socket, std::vector<Place> rooms);

    void tell() override;
    void pump() override;
    [[nodiscard]] const std::vector<std::string> &refusals() const override { return m_refusals; }
    [[nodiscard]] uint64_t stateChanges() const override { return m_stateChanges; }

private:
    struct News {
        const Place &place;
        std::string message;
        std::string state;
        enum class Kind { Message, State } kind = Kind::Message;
    };
    using Write = std::function<std::string(const News &)>;
    struct Room {
        uint64_t told = 0;
        bool isPaused = false;
    };

    RoomSource(std::vector<BenchSocket> sockets, std::vector<Place> rooms, Write write);
    [[nodiscard]] static std::string reportOf(const News &news);
    [[nodiscard]] static std::string eventOf(const News &news);

    std::vector<BenchSocket> m_sockets;
    std::vector<Place> m_places;
    std::vector<Room> m_rooms;
    Write m_write;
    uint64_t m_told = 0;
    uint64_t m_stateChanges = 0;
    std::vector<std::string> m_refusals;
};

} // namespace bench
