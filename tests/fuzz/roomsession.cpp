// Clients on the sockets with rooms that say what they like, go and come back, against the whole hub.
//
// A line is one act; its first letter says which:
//   0 1 2   that client says the rest, where "@" is the task it was offered last
//   a b c   that client's connection is lost, and it connects again
//   x y z   that client stops reading, or goes on
//   +       so many seconds pass as the rest is long
#include "core/workflows/workflowplanjson.h"
#include "tests/fuzz/hubworld.h"
#include "tests/fuzz/target.h"

#include <QJsonArray>

#include <array>

using namespace Qt::StringLiterals;

namespace {

struct RoomWorld : fuzz::HubWorld {
    core::WorkflowId workflow = add();
    std::array<fuzz::Client, 3> clients;
    std::array<QByteArray, 3> tasks;

    /// One step, which an agent must do.
    core::WorkflowId add()
    {
        const QJsonObject step{{u"name"_s, u"read"_s}, {u"kind"_s, u"scan"_s}};
        const auto plan = core::workflowPlanFromJson({{u"steps"_s, QJsonArray{step}}});
        std::optional<core::WorkflowId> added;
        hub.workflows.add(core::Principal::localUser(), *plan,
                          [&](const auto &answer) { added = answer->id; });
        while (!added)
            settle();
        return *added;
    }
    void open(size_t number)
    {
        static const std::array Paths{u"/ws/workflow/w1"_s, u"/ws/agent/scanner"_s,
                                      u"/ws/coordinator"_s};
        server::Request request{.query = QUrlQuery(u"client_id=%1"_s.arg(number % 2))};
        request.principal = number < 2 ? core::Principal::localUser()
                                       : tests::HubBench::who(u"eve"_s, core::DefaultScopes);
        connect(clients[number], std::move(request), Paths[number]);
        read(number);
    }
    void read(size_t number)
    {
        for (const QByteArray &message : std::exchange(clients[number].record->sent, {})) {
            const auto json = server::parseJson(message);
            if (!json || !json->isObject())
                qFatal("what is told is not a JSON object: %s", message.constData());
            if ((*json)["type"_L1] == "task_offer"_L1)
                tasks[number] = (*json)["task_id"_L1].toString().toUtf8();
        }
    }
    void act(char what, QByteArray rest)
    {
        if (what >= '0' && what <= '2')
            clients[size_t(what - '0')].say(rest.replace('@', tasks[size_t(what - '0')]));
        else if (what >= 'a' && what <= 'c')
            comeBack(size_t(what - 'a'));
        else if (what >= 'x' && what <= 'z')
            clients[size_t(what - 'x')].turnReader();
        else if (what == '+')
            pass(std::chrono::seconds(rest.size()));
        settle();
        for (size_t number = 0; number < clients.size(); ++number)
            read(number);
    }
    void comeBack(size_t number)
    {
        clients[number].hangUp();
        open(number);
    }
    /// As at the first run.
    void begin()
    {
        pass(UntilForgotten);
        const core::Principal me = core::Principal::localUser();
        (void)hub.workflows.resume(me, workflow); // refused: it is not paused
        (void)hub.workflows.retry(me, workflow);
        for (size_t number = 0; number < clients.size(); ++number)
            open(number);
    }
    void end()
    {
        for (fuzz::Client &client : clients)
            client.hangUp();
        settle();
    }
};

} // namespace

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    static RoomWorld world;
    world.begin();
    fuzz::play(world, bytes, size);
    world.end();
    return 0;
}
