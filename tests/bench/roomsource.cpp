#include "tests/bench/roomsource.h"

#include "tests/bench/loadreader.h"

namespace bench {

RoomSource::RoomSource(std::vector<BenchSocket> sockets, std::vector<Place> rooms, Write write)
    : m_sockets(std::move(sockets))
    , m_places(std::move(rooms))
    , m_rooms(m_places.size())
    , m_write(std::move(write))
{ }

std::unique_ptr<RoomSource> RoomSource::ofReports(std::vector<BenchSocket> sockets,
                                                  std::vector<Place> rooms)
{
    for (size_t number = 0; number < rooms.size(); ++number) {
        BenchSocket &socket = sockets[number % sockets.size()];
        // The message is not what an earlier load said.
        socket.send(R"({"jsonrpc":"2.0","id":1,"method":"job.report","params":{"job":")"
                    + rooms[number].job + R"(","state":"running","message":"begins"}})");
        const std::string answer = socket.waitFor(R"("id":1)");
        if (answer.find(R"("result")") == std::string::npos)
            giveUp("job.report was answered " + answer);
    }
    return std::unique_ptr<RoomSource>(
        new RoomSource(std::move(sockets), std::move(rooms), reportOf));
}

std::unique_ptr<RoomSource> RoomSource::ofSocketIo(BenchSocket socket, std::vector<Place> rooms)
{
    std::vector<BenchSocket> sockets;
    sockets.push_back(std::move(socket));
    return std::unique_ptr<RoomSource>(
        new RoomSource(std::move(sockets), std::move(rooms), eventOf));
}

/// Without an id, so that nothing but a refusal is answered.
std::string RoomSource::reportOf(const News &news)
{
    const std::string state =
        news.kind == News::Kind::State ? R"("state":")" + news.state + R"(",)" : std::string();
    return R"({"jsonrpc":"2.0","method":"job.report","params":{"job":")" + news.place.job + R"(",)"
        + state + R"("message":")" + news.message + R"("}})";
}

/// As Dray's sockets with rooms tell it.
std::string RoomSource::eventOf(const News &news)
{
    return R"(42["tell",")" + news.place.workflow + R"(",{"type":"progress","workflow_id":")"
        + news.place.workflow + R"(","state":")" + news.state
        + R"(","progress":0.0,"stage":"work","message":")" + news.message
        + R"(","eta":null,"timestamp":"2026-01-01T00:00:00.000Z"}])";
}

void RoomSource::tell()
{
    const size_t number = size_t(m_told++ % m_rooms.size());
    Room &room = m_rooms[number];
    ++room.told;
    const bool isState = room.told % StateEvery == 0;
    if (isState) {
        room.isPaused = !room.isPaused;
        ++m_stateChanges;
    }
    m_sockets[number % m_sockets.size()].send(
        m_write({.place = m_places[number],
                 .message = "at " + std::to_string(nowNs()) + ' ' + std::to_string(room.told),
                 .state = room.isPaused ? "paused" : "running",
                 .kind = isState ? News::Kind::State : News::Kind::Message}));
}

void RoomSource::pump()
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
