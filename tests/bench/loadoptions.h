#pragma once
#include "tests/bench/loadsource.h"

namespace bench {

/// What the clients speak: Dray's native protocol, its sockets with rooms, Socket.IO with rooms, or
/// nothing but to be connected.
enum class Speech { Plain, Native, Rooms, SocketIo };

struct Options {
    uint16_t port = 0;
    std::string path = "/";
    std::string sourcePath;
    std::string token;
    std::vector<std::string> reporters;
    int clients = 100;
    int stalled = 0;
    std::string lane = "events";
    int64_t rate = 1000;
    int64_t seconds = 10;
    Content content{.jobs = 20};
    Speech speech = Speech::Plain;
    std::vector<Place> rooms;
    /// Of these rooms, how many a client is in.
    int roomsEach = 1;

    /// Whether Dray is told by job.report.
    [[nodiscard]] bool isReported() const { return !reporters.empty(); }
    /// A second; 0 when nothing is told.
    [[nodiscard]] int64_t tellings() const;
    /// Of the client of that number.
    [[nodiscard]] std::vector<std::string> roomsOf(int client) const;
};

/// Ends the program when they are none.
[[nodiscard]] Options optionsFrom(int argc, char *argv[]);

} // namespace bench
