// Clients of Engine.IO and Socket.IO that say what they like, by each transport, against the whole hub.
//
// A line is one act; its first letter says which:
//   w       a client on a WebSocket says the rest
//   p       a client that polls sends the rest as a body, or asks for what waits when there is none
//   u       a WebSocket that is to take over from polling says the rest
//   a b c   the first, the second or the third connection is lost, and made again
//   x       the first stops reading, or goes on
//   +       so many seconds pass as the rest is long
#include "server/dialects/socketio/enginepacket.h"
#include "server/dialects/socketio/socketpacket.h"
#include "tests/fuzz/hubworld.h"
#include "tests/fuzz/target.h"

using namespace Qt::StringLiterals;

namespace {

const QString Path = u"/socket.io/"_s;

/// Whatever the server says, our own codec must read; only it says CONNECT_ERROR.
void check(const QByteArray &packet)
{
    const auto engine = server::enginePacketFrom(packet);
    if (!engine)
        qFatal("not an Engine.IO packet: %s", packet.constData());
    const bool isMessage = engine->type == server::EngineType::Message;
    if (isMessage && !engine->text.startsWith('4') && !server::socketPacketFrom(engine->text))
        qFatal("not a Socket.IO packet: %s", packet.constData());
}

struct SocketWorld : fuzz::HubWorld {
    fuzz::Client socket;
    fuzz::Client probe;
    QByteArray sid;
    std::unique_ptr<tests::FakeExchange> held;

    [[nodiscard]] QString query(const QString &transport) const
    {
        const QString words = u"EIO=4&transport="_s + transport;
        return sid.isEmpty() ? words : words + u"&sid="_s + QString::fromLatin1(sid);
    }
    void openSocket(fuzz::Client &client)
    {
        client.hangUp();
        connect(client,
                {.query = QUrlQuery(query(u"websocket"_s)), .peer = QHostAddress::LocalHost}, Path);
    }
    void openFirst()
    {
        const QByteArray polling = std::exchange(sid, {});
        openSocket(socket);
        sid = polling;
    }
    void openPolling()
    {
        sid.clear();
        const auto opened = ask("GET", {});
        const auto greeting = server::parseJson(opened->answer->body.mid(1));
        if (!greeting)
            qFatal("the greeting is not JSON");
        sid = (*greeting)["sid"_L1].toString().toLatin1();
    }
    std::unique_ptr<tests::FakeExchange> ask(const QByteArray &method, const QByteArray &body)
    {
        server::Request request{.method = method,
                                .path = Path,
                                .query = QUrlQuery(query(u"polling"_s)),
                                .body = body,
                                .peer = QHostAddress::LocalHost};
        const auto match = hub.router.match(method, Path);
        auto exchange = std::make_unique<tests::FakeExchange>(std::move(request));
        (*match.handler)(*exchange);
        return exchange;
    }
    void poll(const QByteArray &body)
    {
        if (!body.isEmpty()) {
            const auto answered = ask("POST", body);
            return;
        }
        if (held && !held->answer)
            held->hangUp();
        held = ask("GET", {});
    }
    void read()
    {
        for (fuzz::Client *client : {&socket, &probe})
            for (const QByteArray &packet : std::exchange(client->record->sent, {}))
                check(packet);
        if (!held || !held->answer)
            return;
        if (held->answer->status == 200)
            for (const QByteArray &packet : held->answer->body.split('\x1e'))
                check(packet);
        held.reset();
    }
    void act(char what, const QByteArray &rest)
    {
        if (what == 'w')
            socket.say(rest);
        else if (what == 'p')
            poll(rest);
        else if (what == 'u')
            probe.say(rest);
        else if (what == 'a')
            openFirst();
        else if (what == 'b')
            openPolling();
        else if (what == 'c')
            openSocket(probe);
        else if (what == 'x')
            socket.turnReader();
        else if (what == '+')
            pass(std::chrono::seconds(rest.size()));
        settle();
        read();
    }
    /// As at the first run.
    void end()
    {
        for (fuzz::Client *client : {&socket, &probe})
            client->hangUp();
        held.reset();
        for (const core::JobSnapshot &job : hub.registry.snapshots())
            (void)hub.registry.cancel(job.id); // refused: it has ended
        settle();
        for (const core::JobSnapshot &job : hub.registry.snapshots())
            if (!hub.registry.remove(job.id))
                qFatal("job %s stays", qPrintable(job.id.toString()));
        pass(UntilForgotten);
    }
};

} // namespace

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    static SocketWorld world;
    world.openFirst();
    world.openPolling();
    world.openSocket(world.probe);
    fuzz::play(world, bytes, size);
    world.end();
    return 0;
}
