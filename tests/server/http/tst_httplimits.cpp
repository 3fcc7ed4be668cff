#include "core/base/files.h"
#include "server/http/certificate.h"
#include "server/http/httpconnection.h"
#include "tests/server/http/httpbench.h"
#include "tests/server/http/rawclient.h"

#include <QElapsedTimer>
#include <QFile>
#include <QRegularExpression>
#include <QSignalSpy>
#include <QTest>
#include <QTimer>
#include <QWebSocket>

#include <sys/resource.h>
#include <unistd.h>

using namespace server;
using namespace std::chrono_literals;
using namespace Qt::StringLiterals;
using tests::HttpBench;
using tests::RawAnswer;
using tests::RawClient;

namespace {

/// Bytes of this process in memory, server and clients together.
qint64 residentBytes()
{
    QFile file(u"/proc/self/statm"_s);
    if (!file.open(QIODevice::ReadOnly))
        return 0;
    return file.readAll().split(' ').value(1).toLongLong() * 4096;
}

} // namespace

class TestHttpLimits : public QObject
{
    Q_OBJECT
private slots:
    void initTestCase()
    {
        rlimit files{};
        QCOMPARE(getrlimit(RLIMIT_NOFILE, &files), 0);
        files.rlim_cur = std::min<rlim_t>(files.rlim_max, 8192);
        QCOMPARE(setrlimit(RLIMIT_NOFILE, &files), 0);
    }

    void aHeadThatDripsIsEndedAfterFiveSeconds()
    {
        HttpBench bench;
        RawClient silent(bench.port());
        RawClient dripping(bench.port());
        QElapsedTimer timer;
        timer.start();
        QTimer drip;
        connect(&drip, &QTimer::timeout, &drip, [&] { dripping.send("G"); });
        drip.start(200);
        QCOMPARE(dripping.receive(8s).status, 408);
        QVERIFY(timer.elapsed() >= 4900);
        drip.stop();
        QVERIFY(dripping.waitForEnd());
        QVERIFY(silent.waitForEnd());
        QVERIFY(silent.unread().isEmpty());
    }

    void everyHeadGetsItsOwnFiveSeconds()
    {
        HttpBench bench;
        RawClient client(bench.port());
        QElapsedTimer timer;
        timer.start();
        for (int i = 0; i < 4; ++i) {
            const QByteArray wire = bench.get("/hello");
            client.send(wire.first(10));
            QTRY_VERIFY(timer.elapsed() > (i + 1) * 1700);
            QCOMPARE(client.ask(wire.sliced(10)).status, 200);
        }
    }

    void theAnswerToATooLargeBodyIsNotLost()
    {
        HttpBench bench;
        for (int i = 0; i < 80; ++i) {
            RawClient client(bench.port());
            client.send(bench.request("POST", "/echo", "Content-Length: 800000\r\n")
                        + QByteArray(800'000, 'x'));
            const RawAnswer answer = client.receive();
            QVERIFY2(answer.status == 413, qPrintable(QString::number(i)));
            QCOMPARE(answer.headers.value("connection"), QByteArray("close"));
        }
        QTRY_COMPARE(bench.server().counters().connectionsOpen, 0);
    }

    void aClientThatNeverStopsSendingIsDropped()
    {
        HttpBench bench;
        RawClient client(bench.port());
        client.send(bench.request("POST", "/echo", "Content-Length: 99999999\r\n"));
        QCOMPARE(client.receive().status, 413);
        client.send(QByteArray(16 * 1024 * 1024, 'x'));
        QVERIFY(client.waitForEnd());
    }

    void connectionsBeyondTheLimitAreToldSo()
    {
        HttpBench bench({.maxConnections = 2});
        RawClient first(bench.port());
        RawClient second(bench.port());
        QCOMPARE(first.ask(bench.get("/hello")).status, 200);
        RawClient third(bench.port());
        const RawAnswer answer = third.ask(bench.get("/hello"));
        QCOMPARE(answer.status, 503);
        QVERIFY(answer.headers.contains("retry-after"));
        QVERIFY(third.waitForEnd());
        QCOMPARE(first.ask(bench.get("/hello")).status, 200);
        QCOMPARE(bench.server().counters().connectionsRefused, 1);
        first.socket().abort();
        QTRY_COMPARE(bench.server().counters().connectionsOpen, 1);
        RawClient fourth(bench.port());
        QCOMPARE(fourth.ask(bench.get("/hello")).status, 200);
    }

    void webSocketsCountAsConnections()
    {
        HttpBench bench({.maxConnections = 1});
        QWebSocket first;
        first.open(QUrl(u"ws://127.0.0.1:%1/ws"_s.arg(bench.port())));
        QTRY_COMPARE(bench.sessions.size(), 1U);
        RawClient second(bench.port());
        QCOMPARE(second.ask(bench.get("/hello")).status, 503);
        QWebSocket third; // a browser shows no script the 503
        const QSignalSpy told(&third, &QWebSocket::textMessageReceived);
        third.open(QUrl(u"ws://127.0.0.1:%1/feed"_s.arg(bench.port())));
        QTRY_COMPARE(third.state(), QAbstractSocket::UnconnectedState);
        QCOMPARE(int(third.closeCode()), 4504);
        QCOMPARE(told.value(0).value(0).toString(), u"{\"error\":\"crowd\"}"_s);
        QTRY_COMPARE(bench.server().counters().connectionsOpen, 1);
        QCOMPARE(bench.sessions.size(), 1U);
    }

    void aThousandIdleConnections()
    {
        HttpBench bench({.maxConnections = 1100});
        const qint64 before = residentBytes();
        std::vector<std::unique_ptr<QTcpSocket>> idle;
        for (int i = 0; i < 1000; ++i) {
            idle.push_back(std::make_unique<QTcpSocket>());
            idle.back()->connectToHost(u"127.0.0.1"_s, bench.port());
        }
        QTRY_COMPARE_WITH_TIMEOUT(bench.server().counters().connectionsOpen, 1000, 4000);
        RawClient client(bench.port());
        QCOMPARE(client.ask(bench.get("/hello")).status, 200);
        qInfo("1,000 idle connections: %lld KiB both ends", (residentBytes() - before) / 1024);
        idle.clear();
        QTRY_COMPARE(bench.server().counters().connectionsOpen, 1);
    }

    void connectionsAreClosedWhileOpenFilesRunOut()
    {
        HttpBench bench;
        rlimit before{};
        QCOMPARE(getrlimit(RLIMIT_NOFILE, &before), 0);
        const core::FileDescriptor next(::dup(STDERR_FILENO));
        rlimit few = before;
        few.rlim_cur = rlim_t(next.get()) + 8;
        const QRegularExpression warning(u"^Open files run out"_s);
        QTest::failOnWarning(warning);
        for (int shortage = 0; shortage < 2; ++shortage) {
            QTest::ignoreMessage(QtWarningMsg, warning); // once, however many are closed
            QCOMPARE(setrlimit(RLIMIT_NOFILE, &few), 0);
            const bool areClosed =
                RawClient(bench.port()).waitForEnd() && RawClient(bench.port()).waitForEnd();
            QCOMPARE(setrlimit(RLIMIT_NOFILE, &before), 0);
            QVERIFY(areClosed);
            RawClient client(bench.port());
            QCOMPARE(client.ask(bench.get("/hello")).status, 200);
        }
    }

    void slowReadersCostTheMarkAndNotTheFile()
    {
        HttpBench bench;
        bench.writeFile(QByteArray(64 * 1024 * 1024, 'x'));
        const qint64 before = residentBytes();
        std::vector<std::unique_ptr<RawClient>> slow;
        for (int i = 0; i < 20; ++i) {
            slow.push_back(std::make_unique<RawClient>(bench.port()));
            slow.back()->stopReading();
            slow.back()->send(bench.get("/file"));
        }
        RawClient quick(bench.port());
        QCOMPARE(quick.ask(bench.get("/hello")).status, 200);
        QTRY_COMPARE(bench.server().counters().answersOf(200), 21);
        for (int i = 0; i < 20; ++i) // turns in which a pump without a mark would run away
            QCOMPARE(quick.ask(bench.get("/hello")).status, 200);
        const qint64 used = residentBytes() - before;
        qInfo("20 slow readers of 64 MiB: %lld KiB", used / 1024);
#ifndef __SANITIZE_ADDRESS__ // which keeps freed memory
        QVERIFY2(used < 20 * (FileStream::MarkBytes + 2 * FileStream::BlockBytes),
                 qPrintable(QString::number(used)));
#endif
    }

    void nothingIsReadWhileMuchIsUnsent_data()
    {
        QTest::addColumn<bool>("isTls");
        QTest::newRow("plain") << false;
        QTest::newRow("TLS") << true;
    }
    void nothingIsReadWhileMuchIsUnsent()
    {
        QFETCH(bool, isTls);
        const QTemporaryDir folder;
        QVERIFY(ownCertificate(folder.path()));
        HttpServer::Options options;
        if (isTls) {
            options.tlsCertificate = folder.filePath(u"server.crt"_s);
            options.tlsKey = folder.filePath(u"server.key"_s);
        }
        const auto transport = isTls ? RawClient::Transport::Tls : RawClient::Transport::Plain;
        HttpBench bench(options);
        RawClient client(bench.port(), transport);
        client.stopReading();
        const QByteArray body(60'000, 'x');
        const QByteArray wire = bench.request("POST", "/echo", "Content-Length: 60000\r\n") + body;
        for (int i = 0; i < 300; ++i)
            client.send(wire);
        RawClient other(bench.port(), transport);
        qsizetype seen = -1; // the handler is called no more once the queues are full
        while (std::exchange(seen, bench.requests.size()) != bench.requests.size()
               || bench.requests.isEmpty())
            for (int i = 0; i < 20; ++i)
                QCOMPARE(other.ask(bench.get("/nothing")).status, 404);
        QVERIFY(bench.requests.size() < 300);
        client.resumeReading();
        for (int i = 0; i < 300; ++i) // and goes on when they drain
            QCOMPARE(client.receive().body.size(), 60'000);
    }
};

QTEST_GUILESS_MAIN(TestHttpLimits)
#include "tst_httplimits.moc"
