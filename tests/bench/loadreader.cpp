#include "tests/bench/loadreader.h"

#include <algorithm>
#include <charconv>
#include <ctime>

namespace bench {
namespace {

constexpr std::string_view EventBegin = R"({"jsonrpc":"2.0","method":"event")";
constexpr std::string_view ProgressBegin = R"({"jsonrpc":"2.0","method":"progress")";
constexpr std::string_view PingBegin = R"({"jsonrpc":"2.0","method":"session.ping")";
constexpr std::string_view SocketIoPing = "2";

int64_t wallTimeUs()
{
    timespec now{};
    ::clock_gettime(CLOCK_REALTIME, &now);
    return now.tv_sec * 1'000'000LL + now.tv_nsec / 1000;
}

} // namespace

int64_t wallTimeMs()
{
    return wallTimeUs() / 1000;
}

int64_t numberAfter(std::string_view text, std::string_view mark)
{
    const size_t at = text.find(mark);
    int64_t number = 0;
    if (at != std::string_view::npos)
        std::from_chars(text.data() + at + mark.size(), text.data() + text.size(), number);
    return number;
}

std::optional<std::string_view> answerToPing(std::string_view text)
{
    if (text.starts_with(PingBegin))
        return R"({"jsonrpc":"2.0","method":"session.pong","params":{}})";
    return text == SocketIoPing ? std::optional<std::string_view>("3") : std::nullopt;
}

LoadReader::LoadReader(BenchSocket socket, uint64_t lastSeq)
    : m_socket(std::move(socket))
    , m_lastSeq(lastSeq)
{ }

bool LoadReader::read(Tally &tally)
{
    return m_socket.read([&](std::string_view text) { take(text, tally); });
}

void LoadReader::take(std::string_view text, Tally &tally)
{
    if (text.starts_with(EventBegin)) {
        takeEvent(text, tally);
    } else if (text.starts_with(ProgressBegin)) {
        const int64_t us = wallTimeUs() - numberAfter(text, R"("time":)") * 1000;
        tally.latenciesUs.push_back(uint32_t(std::max<int64_t>(0, us)));
        tally.bytes += text.size();
    } else if (const auto answer = answerToPing(text)) {
        m_socket.send(*answer);
    } else if (text.find(R"("workflow_id":)") != std::string_view::npos) {
        takeStamp(text, tally);
        m_rooms.take(text, tally);
    }
}

void LoadReader::takeEvent(std::string_view text, Tally &tally)
{
    const auto seq = uint64_t(numberAfter(text, R"("seq":)"));
    const auto previous = uint64_t(numberAfter(text, R"("prev":)"));
    if (seq <= m_lastSeq)
        ++tally.duplicates;
    else if (previous != m_lastSeq)
        ++tally.gaps;
    m_lastSeq = std::max(seq, m_lastSeq);
    takeStamp(text, tally);
    if (text.find(R"("topic":"workflow:)") != std::string_view::npos)
        m_rooms.take(text, tally);
}

void LoadReader::takeStamp(std::string_view text, Tally &tally)
{
    const int64_t sentAtNs = numberAfter(text, R"("message":"at )");
    if (sentAtNs == 0)
        return;
    tally.latenciesUs.push_back(uint32_t((nowNs() - sentAtNs) / 1000));
    tally.bytes += text.size();
}

} // namespace bench
