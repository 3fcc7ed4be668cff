#include "tests/bench/loadclients.h"

#include "tests/bench/loadreader.h"

namespace bench {
namespace {

std::string nativeTopics(const std::vector<std::string> &rooms)
{
    if (rooms.empty())
        return R"([{"topic":"jobs"}])";
    std::string topics;
    for (const std::string &room : rooms)
        topics += (topics.empty() ? R"({"topic":"workflow:)" : R"(,{"topic":"workflow:)") + room
            + R"("})";
    return '[' + topics + ']';
}

BenchSocket connectRooms(const Options &options,
                         const std::vector<std::string> &rooms,
                         BenchSocket::ReceiveBuffer buffer)
{
    const std::string path = "/ws/workflow/" + rooms.front() + "?token=" + options.token;
    BenchSocket socket({options.port, path, {}}, buffer);
    (void)socket.waitFor(R"("workflow_id":)"); // how it is
    socket.send(R"({"type":"ping"})"); // as clients do; one that never spoke costs more
    (void)socket.waitFor("pong");
    for (size_t number = 1; number < rooms.size(); ++number) {
        socket.send(R"({"type":"subscribe","target":"workflow","id":")" + rooms[number] + R"("})");
        (void)socket.waitFor(R"("type":"subscribed")");
    }
    return socket;
}

} // namespace

Connected connectNative(const Options &options,
                        const std::string &token,
                        const std::string &topics,
                        BenchSocket::ReceiveBuffer buffer)
{
    BenchSocket socket({options.port, "/api/v1/ws", "dray.v1"}, buffer);
    socket.send(R"({"jsonrpc":"2.0","id":"hello","method":"session.hello","params":{"client":)"
                R"({"name":"bench","version":"1","kind":"cli"},"topics":)"
                + topics + R"(,"token":")" + token + R"("}})");
    const std::string answer = socket.waitFor(R"("id":"hello")");
    if (answer.find(R"("result")") == std::string::npos)
        giveUp("session.hello was answered " + answer);
    return {std::move(socket), uint64_t(numberAfter(answer, R"("seq":)"))};
}

BenchSocket connectSocketIo(const Options &options, BenchSocket::ReceiveBuffer buffer)
{
    BenchSocket socket({options.port, "/socket.io/?EIO=4&transport=websocket", {}}, buffer);
    (void)socket.waitFor(R"("sid":)");
    socket.send("40");
    (void)socket.waitFor(R"(40{"sid":)");
    return socket;
}

Connected connectReader(const Options &options, int number, BenchSocket::ReceiveBuffer buffer)
{
    const std::vector<std::string> rooms = options.roomsOf(number);
    if (options.speech == Speech::Native)
        return connectNative(options, options.token, nativeTopics(rooms), buffer);
    if (options.speech == Speech::Rooms)
        return {connectRooms(options, rooms, buffer), 0};
    if (options.speech == Speech::Plain)
        return {BenchSocket({options.port, options.path, {}}, buffer), 0};
    BenchSocket socket = connectSocketIo(options, buffer);
    for (const std::string &room : rooms) {
        socket.send(R"(420["subscribe",")" + room + R"("])");
        (void)socket.waitFor("430");
    }
    return {std::move(socket), 0};
}

} // namespace bench
