// Time from a state change in the registry to a WebSocket client, with many clients connected.
//
//   bench_latency [--clients 100] [--events 1000] [--interval-ms 10]
//
// The hub runs in this process with a real server; the clients are raw sockets with one epoll loop in
// a process of their own (this program again, started with --load), so that they cannot slow the hub
// down except by the machine they share. A job is added with the monotonic time as its title; a client
// reads the clock when that event's last byte is there.
#include "app/hub.h"
#include "core/jobs/jobregistry.h"

#include <QCommandLineParser>
#include <QCoreApplication>
#include <QProcess>
#include <QTemporaryDir>
#include <QTimer>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>

using namespace Qt::StringLiterals;

namespace {

constexpr QByteArrayView Stamp = "\"title\":\"at ";
constexpr int LoadTimeoutMs = 60'000;

qint64 nowNs()
{
    timespec now{};
    clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec * 1'000'000'000LL + now.tv_nsec;
}

/// A masked text frame (RFC 6455 §5.2) of fewer than 65,536 bytes; the mask is zero.
QByteArray clientFrame(const QByteArray &text)
{
    QByteArray frame("\x81");
    frame += char(0x80 | 126);
    frame += char(text.size() >> 8);
    frame += char(text.size() & 0xff);
    frame += QByteArray(4, '\0');
    return frame + text;
}

int connectTo(quint16 port)
{
    const int fd = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (fd < 0 || ::connect(fd, reinterpret_cast<sockaddr *>(&address), sizeof address) != 0)
        qFatal("a client cannot connect");
    return fd;
}

void sendAll(int fd, const QByteArray &bytes)
{
    if (::send(fd, bytes.constData(), size_t(bytes.size()), MSG_NOSIGNAL) != bytes.size())
        qFatal("a client cannot send");
}

/// One connected client: says hello, then looks for stamps in what arrives.
struct Client {
    int fd = -1;
    QByteArray rest;

    void open(quint16 port)
    {
        fd = connectTo(port);
        sendAll(
            fd,
            "GET /api/v1/ws HTTP/1.1\r\nHost: 127.0.0.1:" + QByteArray::number(port)
                + "\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
                  "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Protocol: "
                  "dray.v1\r\n\r\n");
        readUntil("\r\n\r\n");
        sendAll(
            fd,
            clientFrame(
                R"({"jsonrpc":"2.0","id":1,"method":"session.hello","params":{"client":{"name":"bench","version":"1","kind":"cli"},"topics":[{"topic":"jobs"}]}})"));
        readUntil("\"columns\"");
    }
    void readUntil(QByteArrayView mark)
    {
        while (!rest.contains(mark))
            if (!readSome())
                qFatal("the hub closed a client: %s", rest.constData());
        rest.clear();
    }
    bool readSome()
    {
        char buffer[65536];
        const ssize_t got = ::recv(fd, buffer, sizeof buffer, 0);
        rest.append(buffer, std::max<ssize_t>(got, 0));
        return got > 0;
    }
    void takeStamps(std::vector<qint64> &latencies)
    {
        const qint64 now = nowNs();
        qsizetype from = 0;
        while (true) {
            const qsizetype at = rest.indexOf(Stamp, from);
            const qsizetype end = at < 0 ? -1 : rest.indexOf('"', at + Stamp.size());
            if (end < 0)
                break;
            latencies.push_back(
                now - rest.mid(at + Stamp.size(), end - at - Stamp.size()).toLongLong());
            from = end;
        }
        rest.remove(0, std::max(from, rest.size() - 64)); // a stamp may be cut by the read's end
    }
};

void report(std::vector<qint64> latencies, size_t expected)
{
    std::ranges::sort(latencies);
    const auto at = [&](double part) {
        return double(latencies[size_t(part * double(latencies.size() - 1))]) / 1e6;
    };
    std::printf("| events received | p50 ms | p99 ms | max ms |\n|---|---|---|---|\n");
    std::printf("| %zu of %zu | %.2f | %.2f | %.2f |\n", latencies.size(), expected, at(0.5),
                at(0.99), at(1.0));
}

int runLoad(quint16 port, size_t clientCount, size_t events)
{
    std::vector<Client> clients(clientCount);
    const int poll = ::epoll_create1(EPOLL_CLOEXEC);
    for (Client &client : clients) {
        client.open(port);
        epoll_event interest{.events = EPOLLIN, .data = {.ptr = &client}};
        ::epoll_ctl(poll, EPOLL_CTL_ADD, client.fd, &interest);
    }
    std::puts("ready");
    std::fflush(stdout);
    std::vector<qint64> latencies;
    const size_t expected = clientCount * events;
    epoll_event due[64];
    while (latencies.size() < expected) {
        const int count = ::epoll_wait(poll, due, 64, LoadTimeoutMs);
        if (count <= 0)
            break;
        for (int i = 0; i < count; ++i) {
            auto *client = static_cast<Client *>(due[i].data.ptr);
            if (!client->readSome())
                qFatal("the hub closed a client");
            client->takeStamps(latencies);
        }
    }
    const bool isComplete = latencies.size() == expected;
    report(std::move(latencies), expected);
    return isComplete ? 0 : 1;
}

int runHub(const QString &clients, const QString &events, int intervalMs)
{
    const QTemporaryDir folder;
    auto data = app::DataFolder::take(folder.filePath(u"data"_s));
    app::HubOptions options{.dataDir = folder.filePath(u"data"_s),
                            .downloadDir = folder.filePath(u"downloads"_s),
                            .listen = {u"127.0.0.1:0"_s},
                            .trustLocal = true,
                            .maxConnections = 2000};
    app::Hub hub(options, std::move(*data));
    if (const auto started = hub.start(); !started)
        qFatal("%s", qPrintable(started.error().context));

    QProcess load;
    load.setProcessChannelMode(QProcess::ForwardedErrorChannel);
    QTimer pulse;
    pulse.setTimerType(Qt::PreciseTimer);
    int left = events.toInt();
    QObject::connect(&pulse, &QTimer::timeout, &hub, [&] {
        hub.registry().add({.owner = u"local"_s,
                            .state = core::JobState::Paused,
                            .details = {.title = u"at %1"_s.arg(nowNs())}});
        if (--left == 0)
            pulse.stop();
    });
    QObject::connect(&load, &QProcess::readyReadStandardOutput, &hub, [&] {
        const QByteArray said = load.readAllStandardOutput();
        if (said.startsWith("ready"))
            pulse.start(intervalMs);
        else
            std::fputs(said.constData(), stdout);
    });
    QObject::connect(&load, &QProcess::finished, qApp, &QCoreApplication::exit);
    load.start(QCoreApplication::applicationFilePath(),
               {u"--load"_s, QString::number(hub.pageUrl().port()), u"--clients"_s, clients,
                u"--events"_s, events});
    return QCoreApplication::exec();
}

} // namespace

int main(int argc, char *argv[])
{
    qputenv("QT_NO_GLIB", "1");
    const QCoreApplication application(argc, argv);
    QCommandLineParser options;
    options.addOptions({{u"clients"_s, {}, u"N"_s, u"100"_s},
                        {u"events"_s, {}, u"N"_s, u"1000"_s},
                        {u"interval-ms"_s, {}, u"N"_s, u"10"_s},
                        {u"load"_s, {}, u"PORT"_s}});
    options.process(application);
    if (options.isSet(u"load"_s))
        return runLoad(options.value(u"load"_s).toUShort(), options.value(u"clients"_s).toULong(),
                       options.value(u"events"_s).toULong());
    return runHub(options.value(u"clients"_s), options.value(u"events"_s),
                  options.value(u"interval-ms"_s).toInt());
}
