#pragma once
#include "tests/bench/benchsocket.h"
#include "tests/bench/roomreading.h"

#include <optional>
#include <vector>

namespace bench {

/// What all readers saw together.
struct Tally {
    std::vector<uint32_t> latenciesUs; // one for each message that carries a stamp
    uint64_t bytes = 0; // of those messages
    uint64_t gaps = 0; // an event did not follow the one before it
    uint64_t duplicates = 0; // an event came again, or late
    // Of rooms:
    uint64_t arrived = 0; // messages that came, or whose place a newer one took
    uint64_t stateChanges = 0;
    uint64_t disorders = 0; // a message came again, or late
};

/// One client of the fan-out. Messages look alike from every server: an event has `seq`, `prev` and a
/// stamp "at <ns>" (CLOCK_MONOTONIC) in its message, a progress frame has its `time` in ms since 1970,
/// what is told in a room has such a stamp too.
class LoadReader
{
public:
    /// `lastSeq` is that of the event before the first.
    LoadReader(BenchSocket socket, uint64_t lastSeq);

    [[nodiscard]] int descriptor() const { return m_socket.descriptor(); }
    [[nodiscard]] int closeCode() const { return m_socket.closeCode(); }
    /// Takes what is there. False when the connection has ended.
    [[nodiscard]] bool read(Tally &tally);

private:
    void take(std::string_view text, Tally &tally);
    void takeEvent(std::string_view text, Tally &tally);
    static void takeStamp(std::string_view text, Tally &tally);

    BenchSocket m_socket;
    uint64_t m_lastSeq;
    RoomReading m_rooms;
};

/// The number after `mark`, 0 when it is not there.
[[nodiscard]] int64_t numberAfter(std::string_view text, std::string_view mark);
/// What a server wants to hear when it asks whether we are there; nullopt when it does not ask.
[[nodiscard]] std::optional<std::string_view> answerToPing(std::string_view text);
/// Milliseconds since 1970.
[[nodiscard]] int64_t wallTimeMs();

} // namespace bench
