#include "tests/bench/benchsocket.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <optional>
#include <utility>

namespace bench {
namespace {

constexpr int Text = 1;
constexpr int Close = 8;
constexpr int Ping = 9;
constexpr int Pong = 10;
constexpr size_t ReadBytes = 64 * 1024;
constexpr int PatienceMs = 30'000;

struct Frame {
    int opcode = 0;
    size_t headBytes = 0;
    uint64_t payloadBytes = 0;
};

uint64_t bigEndian(std::string_view bytes)
{
    uint64_t value = 0;
    for (const char byte : bytes)
        value = value << 8 | uint8_t(byte);
    return value;
}

/// A server's frame: not masked, and never in parts. nullopt while its head is not complete.
std::optional<Frame> frameAt(std::string_view bytes)
{
    if (bytes.size() < 2)
        return std::nullopt;
    const int length = bytes[1] & 0x7f;
    const size_t more = length == 127 ? 8 : length == 126 ? 2 : 0;
    if (bytes.size() < 2 + more)
        return std::nullopt;
    return Frame{bytes[0] & 0x0f, 2 + more,
                 more == 0 ? uint64_t(length) : bigEndian(bytes.substr(2, more))};
}

int connected(uint16_t port, BenchSocket::ReceiveBuffer buffer)
{
    const int descriptor = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    const int bytes = 4096;
    if (buffer == BenchSocket::ReceiveBuffer::Smallest)
        ::setsockopt(descriptor, SOL_SOCKET, SO_RCVBUF, &bytes, sizeof bytes);
    const int yes = 1;
    ::setsockopt(descriptor, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (descriptor < 0
        || ::connect(descriptor, reinterpret_cast<sockaddr *>(&address), sizeof address) != 0)
        giveUp("cannot connect");
    return descriptor;
}

} // namespace

int64_t nowNs()
{
    timespec now{};
    ::clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec * 1'000'000'000LL + now.tv_nsec;
}

void giveUp(const std::string &why)
{
    std::fprintf(stderr, "bench_feedload: %s\n", why.c_str());
    std::exit(1);
}

BenchSocket::BenchSocket(const Address &address, ReceiveBuffer buffer)
    : m_descriptor(connected(address.port, buffer))
{
    upgrade(address);
}

BenchSocket::BenchSocket(BenchSocket &&other) noexcept
    : m_descriptor(std::exchange(other.m_descriptor, -1))
    , m_closeCode(other.m_closeCode)
    , m_unsent(std::move(other.m_unsent))
    , m_rest(std::move(other.m_rest))
{ }

BenchSocket::~BenchSocket()
{
    if (m_descriptor >= 0)
        ::close(m_descriptor);
}

void BenchSocket::upgrade(const Address &address)
{
    m_unsent = "GET " + address.path
        + " HTTP/1.1\r\nHost: 127.0.0.1:" + std::to_string(address.port)
        + "\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
          "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n";
    if (!address.subprotocols.empty())
        m_unsent += "Sec-WebSocket-Protocol: " + address.subprotocols + "\r\n";
    m_unsent += "\r\n";
    flush();
    while (m_rest.find("\r\n\r\n") == std::string::npos)
        receiveMore();
    if (!m_rest.starts_with("HTTP/1.1 101"))
        giveUp("no upgrade: " + m_rest);
    m_rest.erase(0, m_rest.find("\r\n\r\n") + 4);
}

/// Waits for more bytes.
void BenchSocket::receiveMore()
{
    pollfd wish{.fd = m_descriptor, .events = POLLIN, .revents = 0};
    std::array<char, ReadBytes> buffer;
    const ssize_t got = ::poll(&wish, 1, PatienceMs) == 1
        ? ::recv(m_descriptor, buffer.data(), buffer.size(), MSG_DONTWAIT)
        : -1;
    if (got <= 0)
        giveUp("the server did not answer; it said: " + m_rest);
    m_rest.append(buffer.data(), size_t(got));
}

void BenchSocket::send(std::string_view text)
{
    sendFrame(Text, text);
    flush();
}

/// Masked, as every client's; the mask is zero.
void BenchSocket::sendFrame(char opcode, std::string_view payload)
{
    m_unsent += char(0x80 | opcode);
    if (payload.size() < 126) {
        m_unsent += char(0x80 | payload.size());
    } else {
        m_unsent += char(0x80 | 126);
        m_unsent += char(payload.size() >> 8);
        m_unsent += char(payload.size() & 0xff);
    }
    m_unsent.append(4, '\0').append(payload);
}

void BenchSocket::flush()
{
    while (!m_unsent.empty()) {
        const ssize_t sent =
            ::send(m_descriptor, m_unsent.data(), m_unsent.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
        if (sent <= 0)
            return; // no room; a connection that has ended is noticed by who reads
        m_unsent.erase(0, size_t(sent));
    }
}

std::string BenchSocket::waitFor(std::string_view mark)
{
    std::string found;
    const OnText look = [&](std::string_view text) {
        if (found.empty() && text.find(mark) != std::string_view::npos)
            found = text;
    };
    while (true) {
        m_rest.erase(0, takeFrames(m_rest, look));
        if (!found.empty())
            return found;
        receiveMore();
    }
}

bool BenchSocket::read(const OnText &onText)
{
    std::array<char, ReadBytes> buffer;
    const ssize_t got = ::recv(m_descriptor, buffer.data(), buffer.size(), MSG_DONTWAIT);
    if (got < 0 && (errno == EAGAIN || errno == EINTR))
        return true;
    if (got <= 0)
        return false;
    const std::string_view bytes(buffer.data(), size_t(got));
    if (m_rest.empty()) {
        m_rest = bytes.substr(takeFrames(bytes, onText));
    } else {
        m_rest.append(bytes);
        m_rest.erase(0, takeFrames(m_rest, onText));
    }
    return true;
}

/// Takes the complete frames; answers how many bytes they were.
size_t BenchSocket::takeFrames(std::string_view bytes, const OnText &onText)
{
    size_t taken = 0;
    while (const auto frame = frameAt(bytes.substr(taken))) {
        const size_t payloadAt = taken + frame->headBytes;
        if (bytes.size() - payloadAt < frame->payloadBytes)
            break;
        takeFrame(frame->opcode, bytes.substr(payloadAt, frame->payloadBytes), onText);
        taken = payloadAt + frame->payloadBytes;
    }
    return taken;
}

void BenchSocket::takeFrame(int opcode, std::string_view payload, const OnText &onText)
{
    if (opcode == Text)
        onText(payload);
    else if (opcode == Close && payload.size() >= 2)
        m_closeCode = int(bigEndian(payload.substr(0, 2)));
    else if (opcode == Ping) {
        sendFrame(Pong, payload);
        flush();
    }
}

} // namespace bench
