#include "tests/bench/loadoptions.h"

#include <algorithm>
#include <cstdlib>
#include <functional>
#include <map>
#include <type_traits>

namespace bench {
namespace {

constexpr int64_t ProgressPerSecond = 10;

using Take = std::function<void(const char *)>;

/// "w3:17" is workflow w3, whose step is job 17.
Place placeFrom(const std::string &text)
{
    const size_t colon = std::min(text.find(':'), text.size());
    return {text.substr(0, colon), text.substr(std::min(colon + 1, text.size()))};
}

Speech speechFrom(const std::string &name)
{
    static const std::map<std::string, Speech> known{
        {"native", Speech::Native}, {"rooms", Speech::Rooms}, {"socketio", Speech::SocketIo}};
    const auto found = known.find(name);
    if (found == known.end())
        giveUp("nobody speaks " + name);
    return found->second;
}

template<typename Number>
Take number(Number &into)
{
    return [&into](const char *value) { into = Number(std::atoll(value)); };
}

Take text(std::string &into)
{
    return [&into](const char *value) { into = value; };
}

std::map<std::string_view, Take> takers(Options &options)
{
    return {
        {"--port", number(options.port)},
        {"--path", text(options.path)},
        {"--source-path", text(options.sourcePath)},
        {"--token", text(options.token)},
        {"--reporter", [&](const char *value) { options.reporters.emplace_back(value); }},
        {"--clients", number(options.clients)},
        {"--stalled", number(options.stalled)},
        {"--lane", text(options.lane)},
        {"--rate", number(options.rate)},
        {"--seconds", number(options.seconds)},
        {"--jobs", number(options.content.jobs)},
        {"--pad", number(options.content.padBytes)},
        {"--speech", [&](const char *value) { options.speech = speechFrom(value); }},
        {"--room", [&](const char *value) { options.rooms.push_back(placeFrom(value)); }},
        {"--rooms-each", number(options.roomsEach)},
    };
}

} // namespace

int64_t Options::tellings() const
{
    if (lane == "idle")
        return 0;
    return lane == "progress" ? ProgressPerSecond : rate;
}

std::vector<std::string> Options::roomsOf(int client) const
{
    std::vector<std::string> names;
    for (int number = 0; number < (rooms.empty() ? 0 : roomsEach); ++number)
        names.push_back(rooms[size_t(client + number) % rooms.size()].workflow);
    return names;
}

Options optionsFrom(int argc, char *argv[])
{
    Options options;
    const auto known = takers(options);
    for (int at = 1; at < argc; at += 2) {
        const auto option = known.find(argv[at]);
        if (option == known.end() || at + 1 == argc)
            giveUp("see the head of feedload.cpp");
        option->second(argv[at + 1]);
    }
    options.content.lane = options.lane == "progress" ? Lane::Progress : Lane::Events;
    if (options.speech == Speech::Plain && options.isReported())
        options.speech = Speech::Native;
    return options;
}

} // namespace bench
