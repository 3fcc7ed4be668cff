#include "server/http/certificate.h"
#include "server/http/upgradedsession.h"
#include "tests/server/http/httpbench.h"
#include "tests/server/http/rawclient.h"

#include <QFile>
#include <QTest>

#include <numeric>

using namespace server;
using namespace Qt::StringLiterals;
using tests::HttpBench;
using tests::RawClient;

namespace {

constexpr qint64 MiB = 1024 * 1024;
constexpr int Texts = 3000;

/// A server on loopback that speaks as asked, one client that has opened a WebSocket and stopped reading.
struct Stalled {
    QTemporaryDir folder;
    HttpBench bench;
    RawClient client;

    explicit Stalled(RawClient::Transport transport)
        : bench(options(folder.path(), transport))
        , client(bench.port(), transport)
    {
        open(client, bench);
    }
    static HttpServer::Options options(const QString &folder, RawClient::Transport transport)
    {
        if (transport == RawClient::Transport::Plain)
            return {};
        if (!ownCertificate(folder))
            qFatal("no certificate");
        return {.tlsCertificate = folder + u"/server.crt"_s, .tlsKey = folder + u"/server.key"_s};
    }
    static void open(RawClient &client, HttpBench &bench)
    {
        const size_t before = bench.sessions.size();
        client.send(bench.get("/feed",
                              "Connection: Upgrade\r\nUpgrade: websocket\r\n"
                              "Sec-WebSocket-Version: 13\r\n"
                              "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"));
        (void)client.receiveHead();
        client.stopReading();
        QTRY_COMPARE(bench.sessions.size(), before + 1);
    }
    [[nodiscard]] WebSocketSession &session() const { return *bench.sessions.front(); }
};

/// The text of that number, a KiB long.
QByteArray textOf(int number)
{
    return QByteArray::number(number).rightJustified(1024, '.');
}

/// Bytes of this process in memory, server and clients together.
qint64 residentBytes()
{
    QFile file(u"/proc/self/statm"_s);
    if (!file.open(QIODevice::ReadOnly))
        return 0;
    return file.readAll().split(' ').value(1).toLongLong() * 4096;
}

void addTransports()
{
    QTest::addColumn<RawClient::Transport>("transport");
    QTest::newRow("plain") << RawClient::Transport::Plain;
    QTest::newRow("TLS") << RawClient::Transport::Tls;
}

} // namespace

class TestSlowSessions : public QObject
{
    Q_OBJECT
private slots:
    void everyFrameArrivesInOrderAndTheCloseLast_data() { addTransports(); }
    void everyFrameArrivesInOrderAndTheCloseLast()
    {
        QFETCH(RawClient::Transport, transport);
        Stalled stalled(transport);
        QByteArray expected;
        for (int number = 0; number < Texts; ++number) {
            stalled.session().send(textOf(number));
            expected += textFrame(textOf(number));
        }
        QCOMPARE(stalled.session().unsentBytes(), expected.size());
        stalled.session().close(4008, u"slow"_s);
        expected += closeFrame(4008, u"slow"_s);
        stalled.client.resumeReading();
        QTRY_COMPARE(stalled.client.unread().size(), expected.size());
        QCOMPARE(stalled.client.unread(), expected);
    }

    void aFrameLargerThanTheSocketsShareArrives_data() { addTransports(); }
    void aFrameLargerThanTheSocketsShareArrives()
    {
        QFETCH(RawClient::Transport, transport);
        Stalled stalled(transport);
        const QByteArray large(3 * UpgradedSession::SocketShare, 'x');
        stalled.session().send("before");
        stalled.session().send(large);
        stalled.session().send("after");
        stalled.client.resumeReading();
        QTRY_COMPARE(stalled.client.unread(),
                     textFrame("before") + textFrame(large) + textFrame("after"));
        QTRY_COMPARE(stalled.session().unsentBytes(), 0);
    }

    void whoNeverReadsTheCloseIsDropped_data() { addTransports(); }
    void whoNeverReadsTheCloseIsDropped()
    {
        QFETCH(RawClient::Transport, transport);
        Stalled stalled(transport);
        for (int number = 0; number < Texts; ++number)
            stalled.session().send(textOf(number));
        stalled.session().close(4008, u"slow"_s);
        QTRY_VERIFY(stalled.bench.sessions.empty());
        QTRY_COMPARE(stalled.bench.server().counters().connectionsOpen, 0);
    }

    void aSessionThatIsGivenUpSendsWhatItHeld_data() { addTransports(); }
    void aSessionThatIsGivenUpSendsWhatItHeld()
    {
        QFETCH(RawClient::Transport, transport);
        Stalled stalled(transport);
        for (int number = 0; number < Texts; ++number)
            stalled.session().send(textOf(number));
        stalled.session().close(1001, u"bye"_s);
        stalled.bench.sessions.clear();
        stalled.client.resumeReading();
        QTRY_VERIFY(stalled.client.unread().endsWith(closeFrame(1001, u"bye"_s)));
    }

    void whatManyDoNotReadIsHeldOnce()
    {
        constexpr int Clients = 20;
        HttpBench bench;
        std::vector<std::unique_ptr<RawClient>> clients;
        for (int i = 0; i < Clients; ++i) {
            clients.push_back(std::make_unique<RawClient>(bench.port()));
            Stalled::open(*clients.back(), bench);
        }
        const qint64 before = residentBytes();
        qint64 unsent = 0; // what the kernel took first is not counted
        for (int number = 0; unsent < Clients * MiB; ++number) {
            const QByteArray text = textOf(number);
            for (const auto &session : bench.sessions)
                session->send(text);
            QCoreApplication::processEvents();
            QCOMPARE(bench.sessions.size(), size_t(Clients));
            unsent = std::accumulate(
                bench.sessions.begin(), bench.sessions.end(), qint64(0),
                [](qint64 sum, const auto &session) { return sum + session->unsentBytes(); });
        }
        const qint64 grown = residentBytes() - before;
        qInfo() << Clients << "clients do not read" << unsent / MiB << "MiB:" << grown / MiB
                << "MiB";
#ifndef __SANITIZE_ADDRESS__ // which keeps freed memory
        QVERIFY(grown < unsent / 2);
#endif
    }
};

QTEST_GUILESS_MAIN(TestSlowSessions)
#include "tst_slowsessions.moc"
