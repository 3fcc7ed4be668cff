#include "tests/bench/loadsource.h"

#include "tests/bench/loadreader.h"

#include <algorithm>
#include <charconv>

namespace bench {
namespace {

constexpr uint64_t DoneStep = 1'000'000;
constexpr uint64_t Total = 1'000'000'000'000;

std::string stampedMessage(size_t padBytes)
{
    std::string message = R"("message":"at )" + std::to_string(nowNs());
    if (padBytes > 0)
        message.append(1, ' ').append(padBytes, 'x');
    return message + '"';
}

/// As Dray's own are.
std::string event(uint64_t seq, size_t padBytes)
{
    return R"({"jsonrpc":"2.0","method":"event","params":{"seq":)" + std::to_string(seq)
        + R"(,"prev":)" + std::to_string(seq - 1) + R"(,"time":)" + std::to_string(wallTimeMs())
        + R"(,"topic":"job:17","type":"job.changed","id":"17","rev":)" + std::to_string(seq)
        + R"(,"patch":{"bytesPerSecond":0,"done":0,"etaSeconds":null,)" + stampedMessage(padBytes)
        + R"(,"rev":)" + std::to_string(seq) + R"(,"stage":"","total":)" + std::to_string(Total)
        + "}}}";
}

/// How far the job that was answered is: it may be one of an earlier run, and `done` never goes back.
uint64_t doneIn(std::string_view answer)
{
    constexpr std::string_view Name = R"("done":)";
    const size_t at = answer.find(Name);
    uint64_t done = 0;
    if (at != std::string_view::npos)
        std::from_chars(answer.data() + at + Name.size(), answer.data() + answer.size(), done);
    return done;
}

std::string progress(int jobs, uint64_t round)
{
    std::string rows;
    for (int job = 1; job <= jobs; ++job)
        rows += (rows.empty() ? "[\"" : ",[\"") + std::to_string(job) + "\","
            + std::to_string(round) + ',' + std::to_string(round * DoneStep) + ','
            + std::to_string(Total) + ",10000000," + std::to_string(99'999 - round) + R"(,""])";
    return R"({"jsonrpc":"2.0","method":"progress","params":{"time":)"
        + std::to_string(wallTimeMs()) + R"(,"jobs":[)" + rows + "]}}";
}

} // namespace

PlainSource::PlainSource(BenchSocket socket, Content content)
    : m_socket(std::move(socket))
    , m_content(content)
{ }

void PlainSource::tell()
{
    ++m_seq;
    m_socket.send(m_content.lane == Lane::Events ? event(m_seq, m_content.padBytes)
                                                 : progress(m_content.jobs, m_seq));
}

void PlainSource::pump()
{
    m_socket.flush();
    if (!m_socket.read([](std::string_view) {}))
        giveUp("the server closed the source's connection");
}

ReportSource::ReportSource(std::vector<BenchSocket> sockets, Content content)
    : m_sockets(std::move(sockets))
    , m_content(content)
    , m_jobs(content.lane == Lane::Events ? m_sockets.size() : size_t(content.jobs))
{
    for (size_t job = 0; job < m_jobs; ++job) {
        BenchSocket &socket = m_sockets[job % m_sockets.size()];
        const std::string name = std::to_string(job);
        socket.send(R"({"jsonrpc":"2.0","id":1,"method":"job.report","params":{"job":"bench-)"
                    + name + R"(","title":"Job )" + name
                    + R"(","state":"running","done":0,"total":)" + std::to_string(Total) + "}}");
        const std::string answer = socket.waitFor(R"("id":1)");
        if (answer.find(R"("result")") == std::string::npos)
            giveUp("job.report was answered " + answer);
        m_told = std::max(m_told, doneIn(answer) / DoneStep);
    }
}

/// Without an id, so that nothing but a refusal is answered.
void ReportSource::report(size_t job, const std::string &members)
{
    m_sockets[job % m_sockets.size()].send(
        R"({"jsonrpc":"2.0","method":"job.report","params":{"job":"bench-)" + std::to_string(job)
        + "\"," + members + "}}");
}

void ReportSource::tell()
{
    ++m_told;
    if (m_content.lane == Lane::Events)
        return report(m_told % m_jobs, stampedMessage(m_content.padBytes));
    for (size_t job = 0; job < m_jobs; ++job)
        report(job, R"("done":)" + std::to_string(m_told * DoneStep));
}

void ReportSource::pump()
{
    for (BenchSocket &socket : m_sockets) {
        socket.flush();
        const bool isOpen = socket.read([&](std::string_view text) {
            if (text.find(R"("error")") != std::string_view::npos)
                m_refusals.emplace_back(text);
            else if (const auto answer = answerToPing(text))
                socket.send(*answer);
        });
        if (!isOpen)
            giveUp("the server closed a source's connection");
    }
}

} // namespace bench
