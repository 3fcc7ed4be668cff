#pragma once
#include "server/dialects/json.h"
#include "tests/server/dialects/hubbench.h"

#include <QCoreApplication>
#include <QPointer>

#include <algorithm>
#include <cstdint>

namespace fuzz {

/// A client on a WebSocket whose end is noticed by both sides.
struct Client {
    QPointer<tests::FakeSocket> socket;
    std::shared_ptr<tests::SocketRecord> record = std::make_shared<tests::SocketRecord>();

    void say(const QByteArray &text)
    {
        if (socket)
            socket->say(text);
        leaveWhenClosed();
    }
    void leaveWhenClosed()
    {
        if (record->closeCode)
            hangUp();
    }
    void hangUp()
    {
        if (socket)
            socket->hangUp();
        socket.clear();
    }
    /// Its reader stops, or goes on.
    void turnReader() { record->unsent = record->unsent > 0 ? 0 : qint64(300) << 10; }
};

/// The whole hub, which stays for all runs.
struct HubWorld {
    static constexpr std::chrono::minutes UntilForgotten{16}; // whatever is remembered of clients

    int count = 0;
    QCoreApplication application{count, nullptr};
    tests::HubBench hub;

    void connect(Client &client, server::Request request, const QString &path)
    {
        const auto match = hub.router.matchSocket(path);
        request.path = path;
        request.captures = match.captures;
        client.record = std::make_shared<tests::SocketRecord>();
        auto socket = std::make_unique<tests::FakeSocket>(std::move(request), client.record);
        client.socket = socket.get();
        (*match.handler)(std::move(socket));
        client.leaveWhenClosed();
    }
    void pass(std::chrono::seconds time)
    {
        hub.clock.advance(time);
        hub.dialects.tick();
        hub.agents.run();
        settle();
    }
    static void settle()
    {
        QCoreApplication::processEvents();
        QCoreApplication::sendPostedEvents(nullptr, QEvent::DeferredDelete);
    }
};

/// Each line is an act of `world`, its first letter says which.
template<typename World>
void play(World &world, const uint8_t *bytes, size_t size)
{
    static constexpr qsizetype MostActs = 64;
    const QByteArray text(reinterpret_cast<const char *>(bytes), qsizetype(size));
    for (const QByteArray &line : text.split('\n').first(std::min(text.count('\n') + 1, MostActs)))
        if (!line.isEmpty())
            world.act(line.front(), line.sliced(1));
}

} // namespace fuzz
