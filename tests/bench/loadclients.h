#pragma once
#include "tests/bench/loadoptions.h"

namespace bench {

struct Connected {
    BenchSocket socket;
    /// Of the event before the first, 0 where events have no numbers.
    uint64_t seq = 0;
};

/// Speaks the native protocol by that token; `topics` as hello takes them.
[[nodiscard]] Connected connectNative(const Options &options,
                                      const std::string &token,
                                      const std::string &topics,
                                      BenchSocket::ReceiveBuffer buffer);

/// A client that is told everything, or what happens in its rooms.
[[nodiscard]] Connected
connectReader(const Options &options, int number, BenchSocket::ReceiveBuffer buffer);

/// On Socket.IO's namespace `/`.
[[nodiscard]] BenchSocket connectSocketIo(const Options &options,
                                          BenchSocket::ReceiveBuffer buffer);

} // namespace bench
