// The load of feed.py and rooms.py: many WebSocket clients of one server in one process with one epoll
// loop, and the source of what they are told.
//
//   bench_feedload --port N --path /api/v1/ws [--token T --reporter T …]   (native)
//                  [--source-path /source]                                 (a peer: plain texts)
//                  [--clients 100] [--stalled 0] [--lane events|progress|idle] [--rate 1000]
//                  [--seconds 10] [--jobs 20] [--pad 0]
//                  [--speech native|rooms|socketio] [--room w3:17 …] [--rooms-each 1]
//
//   connect all ─► "ready" ─► a line on stdin ─► tell and read for so many seconds ─► what is on its way
//   ─► a line of JSON ─► the end of stdin ─► disconnect
//
// With --reporter external jobs are the source, and the clients speak Dray's native protocol unless --speech
// says otherwise. With rooms each is told of as many workflows as --rooms-each says, and nothing else. Clients
// that are stalled subscribe and never read. Every wait is bounded, so that the program ends by itself.
#include "tests/bench/loadclients.h"
#include "tests/bench/loadreader.h"
#include "tests/bench/roomsource.h"

#include <sys/epoll.h>
#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <deque>

namespace bench {
namespace {

constexpr int64_t Second = 1'000'000'000;
/// The longest time for what was told to arrive.
constexpr int64_t DrainNs = 20 * Second;
constexpr int64_t LongestWaitNs = Second / 20;
/// Beyond this and the time asked for, something hangs.
constexpr unsigned PatienceSeconds = 300;

std::unique_ptr<LoadSource> makeSource(const Options &options)
{
    using Buffer = BenchSocket::ReceiveBuffer;
    if (!options.isReported() && !options.rooms.empty())
        return RoomSource::ofSocketIo(connectSocketIo(options, Buffer::Usual), options.rooms);
    if (!options.isReported())
        return std::make_unique<PlainSource>(
            BenchSocket({options.port, options.sourcePath, {}}, Buffer::Usual), options.content);
    std::vector<BenchSocket> sockets;
    for (const std::string &reporter : options.reporters)
        sockets.push_back(connectNative(options, reporter, "[]", Buffer::Usual).socket);
    if (!options.rooms.empty())
        return RoomSource::ofReports(std::move(sockets), options.rooms);
    return std::make_unique<ReportSource>(std::move(sockets), options.content);
}

/// All connections and the loop.
class Load
{
public:
    explicit Load(const Options &options);
    ~Load() { ::close(m_poll); }

    void run();
    void report();

private:
    [[nodiscard]] bool isComplete() const;
    [[nodiscard]] int64_t listenersOfARoom() const;
    void wait(int64_t untilNs);
    void readDue(const epoll_event &due);
    [[nodiscard]] double latencyMs(double part);

    Options m_options;
    std::unique_ptr<LoadSource> m_source;
    std::deque<LoadReader> m_readers;
    std::deque<LoadReader> m_stalled;
    int m_poll = ::epoll_create1(EPOLL_CLOEXEC);
    Tally m_tally;
    int64_t m_told = 0;
    int64_t m_closed = 0;
};

Load::Load(const Options &options)
    : m_options(options)
{
    if (options.tellings() > 0)
        m_source = makeSource(options);
    for (int number = 0; number < options.clients; ++number) {
        auto [socket, seq] = connectReader(options, number, BenchSocket::ReceiveBuffer::Usual);
        LoadReader &reader = m_readers.emplace_back(std::move(socket), seq);
        epoll_event interest{.events = EPOLLIN, .data = {.ptr = &reader}};
        ::epoll_ctl(m_poll, EPOLL_CTL_ADD, reader.descriptor(), &interest);
    }
    for (int number = 0; number < options.stalled; ++number) {
        auto [socket, seq] = connectReader(options, number, BenchSocket::ReceiveBuffer::Smallest);
        m_stalled.emplace_back(std::move(socket), seq);
    }
    const int64_t listeners = options.rooms.empty() ? options.clients : listenersOfARoom();
    m_tally.latenciesUs.reserve(size_t(options.tellings() * options.seconds * listeners));
}

void Load::run()
{
    const int64_t end = nowNs() + m_options.seconds * Second;
    const int64_t interval = m_source ? Second / m_options.tellings() : 0;
    int64_t next = m_source ? nowNs() : end;
    while (true) {
        const int64_t now = nowNs();
        for (; next <= now && next < end; next += interval, ++m_told)
            m_source->tell();
        if (m_source)
            m_source->pump();
        if (now >= end && (isComplete() || now >= end + DrainNs))
            return;
        wait(next < end ? next : now + LongestWaitNs);
    }
}

/// Dray's progress is conflated: there is no number to wait for, but for the newest of every room.
bool Load::isComplete() const
{
    if (!m_options.rooms.empty())
        return int64_t(m_tally.arrived) >= m_told * listenersOfARoom();
    const bool isConflated = m_options.isReported() && m_options.content.lane == Lane::Progress;
    return isConflated
        || int64_t(m_tally.latenciesUs.size()) >= m_told * (m_options.clients - m_closed);
}

/// Every room has as many.
int64_t Load::listenersOfARoom() const
{
    return int64_t(m_options.clients) * m_options.roomsEach / int64_t(m_options.rooms.size());
}

void Load::wait(int64_t untilNs)
{
    const int64_t left = std::clamp<int64_t>(untilNs - nowNs(), 0, LongestWaitNs);
    const timespec timeout{.tv_sec = 0, .tv_nsec = left};
    std::array<epoll_event, 64> due;
    const int count = ::epoll_pwait2(m_poll, due.data(), int(due.size()), &timeout, nullptr);
    for (int number = 0; number < count; ++number)
        readDue(due[size_t(number)]);
}

void Load::readDue(const epoll_event &due)
{
    auto *reader = static_cast<LoadReader *>(due.data.ptr);
    if (reader->read(m_tally))
        return;
    ::epoll_ctl(m_poll, EPOLL_CTL_DEL, reader->descriptor(), nullptr);
    ++m_closed;
}

double Load::latencyMs(double part)
{
    auto &all = m_tally.latenciesUs;
    if (all.empty())
        return 0;
    const auto at = all.begin() + ptrdiff_t(part * double(all.size() - 1));
    std::nth_element(all.begin(), at, all.end());
    return *at / 1000.0;
}

void Load::report()
{
    const auto count = double(std::max<size_t>(1, m_tally.latenciesUs.size()));
    std::printf(R"({"told":%lld,"messages":%zu,"closed":%lld,"gaps":%llu,"duplicates":%llu,)"
                R"("arrived":%llu,"stateChangesTold":%llu,"stateChanges":%llu,"disorders":%llu,)"
                R"("refused":%zu,"messageBytes":%.0f,"p50":%.3f,"p99":%.3f,"max":%.3f})"
                "\n",
                static_cast<long long>(m_told), m_tally.latenciesUs.size(),
                static_cast<long long>(m_closed), static_cast<unsigned long long>(m_tally.gaps),
                static_cast<unsigned long long>(m_tally.duplicates),
                static_cast<unsigned long long>(m_tally.arrived),
                static_cast<unsigned long long>(m_source ? m_source->stateChanges() : 0),
                static_cast<unsigned long long>(m_tally.stateChanges),
                static_cast<unsigned long long>(m_tally.disorders),
                m_source ? m_source->refusals().size() : 0, double(m_tally.bytes) / count,
                latencyMs(0.5), latencyMs(0.99), latencyMs(1));
    if (m_source && !m_source->refusals().empty())
        std::fprintf(stderr, "refused: %s\n", m_source->refusals().front().c_str());
}

void raiseFileLimit()
{
    rlimit files{};
    ::getrlimit(RLIMIT_NOFILE, &files);
    files.rlim_cur = files.rlim_max;
    ::setrlimit(RLIMIT_NOFILE, &files);
}

void say(const char *line)
{
    std::puts(line);
    std::fflush(stdout);
}

} // namespace
} // namespace bench

int main(int argc, char *argv[])
{
    const bench::Options options = bench::optionsFrom(argc, argv);
    ::alarm(unsigned(options.seconds) + bench::PatienceSeconds);
    bench::raiseFileLimit();
    bench::Load load(options);
    bench::say("ready");
    (void)std::getchar();
    load.run();
    load.report();
    std::fflush(stdout);
    while (std::getchar() != EOF) { }
    return 0;
}
