#pragma once
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

namespace bench {

/// CLOCK_MONOTONIC in nanoseconds: the same for every program of the machine.
[[nodiscard]] int64_t nowNs();
/// Ends the program with that sentence on stderr.
[[noreturn]] void giveUp(const std::string &why);

/// A WebSocket client (RFC 6455, text, no extensions) on a TCP socket of this machine. Pings are
/// answered; a failure to connect ends the program.
class BenchSocket
{
public:
    struct Address {
        uint16_t port = 0;
        std::string path;
        std::string subprotocols; // may be empty
    };
    enum class ReceiveBuffer { Usual, Smallest };
    using OnText = std::function<void(std::string_view)>;

    /// Waits until the connection is upgraded.
    BenchSocket(const Address &address, ReceiveBuffer buffer);
    BenchSocket(BenchSocket &&other) noexcept;
    BenchSocket &operator=(BenchSocket &&) = delete;
    ~BenchSocket();

    [[nodiscard]] int descriptor() const { return m_descriptor; }

    /// Does not wait: what the kernel has no room for goes out with a later flush().
    void send(std::string_view text);
    void flush();

    /// Waits for a text that holds `mark` and answers it. Texts before it are dropped.
    [[nodiscard]] std::string waitFor(std::string_view mark);
    /// Takes what is there, without waiting. False when the connection has ended.
    [[nodiscard]] bool read(const OnText &onText);
    /// Of the server's close frame, 0 when none came.
    [[nodiscard]] int closeCode() const { return m_closeCode; }

private:
    void upgrade(const Address &address);
    void receiveMore();
    void sendFrame(char opcode, std::string_view payload);
    [[nodiscard]] size_t takeFrames(std::string_view bytes, const OnText &onText);
    void takeFrame(int opcode, std::string_view payload, const OnText &onText);

    int m_descriptor = -1;
    int m_closeCode = 0;
    std::string m_unsent;
    std::string m_rest; // the begin of a frame that is not complete
};

} // namespace bench
