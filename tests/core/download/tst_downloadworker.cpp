#include "tests/core/download/faults.h"
#include "tests/support/nginxserver.h"

#include <QElapsedTimer>
#include <QScopeGuard>
#include <QTcpSocket>

#include <sys/mount.h>
#include <sys/resource.h>

#include <csignal>

using namespace core;
using namespace tests;
using namespace std::chrono_literals;

class TestDownloadWorker : public QObject
{
    Q_OBJECT
private slots:
    void failureSaysWhatIsWrong_data()
    {
        QTest::addColumn<Fault>("fault");
        QTest::addColumn<ErrorCode>("code");
        QTest::addColumn<int>("requests");
        const auto status = [](const char *name, int number, ErrorCode code, int requests) {
            QTest::newRow(name) << Fault([number](const HttpRequest &, HttpReply) {
                return refusedWith(number);
            }) << code << requests;
        };
        status("404", 404, ErrorCode::NotFound, 1);
        status("410", 410, ErrorCode::NotFound, 1);
        status("401", 401, ErrorCode::AuthenticationRequired, 1);
        status("403", 403, ErrorCode::HttpStatus, 1);
        status("501", 501, ErrorCode::HttpStatus, 1);
        status("204", 204, ErrorCode::HttpStatus, 1);
        status("500 every time: five tries", 500, ErrorCode::HttpStatus, 5);
        QTest::newRow("C4: a web page in the place of the file")
            << Fault([](const HttpRequest &, HttpReply) {
                   return statusOnly(200).set("Content-Type", "text/html");
               })
            << ErrorCode::HttpStatus << 1;
        QTest::newRow("redirects to itself: twenty hops")
            << Fault([](const HttpRequest &, HttpReply) {
                   return refusedWith(302).set("Location", "/file.bin");
               })
            << ErrorCode::RedirectLoop << 21;
        QTest::newRow("redirects to ftp") << Fault([](const HttpRequest &, HttpReply) {
            return refusedWith(302).set("Location", "ftp://127.0.0.1/file.bin");
        }) << ErrorCode::UnsupportedScheme << 1;
        QTest::newRow("closes before any byte, every time")
            << Fault([](const HttpRequest &, HttpReply reply) {
                   reply.cutAfter = 0;
                   reply.ending = HttpReply::Ending::Close;
                   return reply;
               })
            << ErrorCode::Network << AnyNumber;
        QTest::newRow("breaks at the same byte every time, without ranges")
            << Fault([](const HttpRequest &, HttpReply) {
                   return cut(wholeFile({sampleBytes(SmallBytes)}), HttpReply::Ending::Close);
               })
            << ErrorCode::Network << AnyNumber;
        QTest::newRow("plain file comes as gzip all the same")
            << Fault([](const HttpRequest &, HttpReply) {
                   return wholeFile({"packed"}).set("Content-Encoding", "gzip");
               })
            << ErrorCode::ProtocolViolation << 2;
    }
    void failureSaysWhatIsWrong()
    {
        QFETCH(Fault, fault);
        QFETCH(ErrorCode, code);
        QFETCH(int, requests);
        const FakeHttpServer server(served({sampleBytes(SmallBytes)}, fault));
        DownloadBench bench(server.url());
        const auto result = bench.run();
        QVERIFY(!result);
        QCOMPARE(errorCodeName(result.error().code), errorCodeName(code));
        QVERIFY2(result.error().context.contains(u"127.0.0.1"_s),
                 qPrintable(result.error().context));
        QVERIFY(requests == AnyNumber || server.requests().size() == requests);
        QVERIFY(!QFile::exists(bench.path(u"file.bin"_s)));
    }

    void deadAddressFailsAtOnce()
    {
        QTcpSocket closed; // nobody listens there, and nobody else is given the port
        QVERIFY(closed.bind(QHostAddress::LocalHost));
        const QUrl refused(u"http://127.0.0.1:%1/x"_s.arg(closed.localPort()));
        DownloadBench bench(refused);
        bench.place.retry.firstDelay = 60s;
        const auto result = bench.run();
        QVERIFY(!result);
        QCOMPARE(result.error().code, ErrorCode::ConnectionRefused);
        QCOMPARE(bench.files(), QStringList());

        bench.spec.url = QUrl(u"http://nosuch.invalid/x"_s);
        const auto unknown = bench.run();
        QVERIFY(!unknown);
        QCOMPARE(unknown.error().code, ErrorCode::HostNotFound);
        QVERIFY(unknown.error().context.contains(u"nosuch.invalid"_s));
    }

    /** Without it the test would last an hour. */
    void stopEndsAWaitAtOnce()
    {
        const FakeHttpServer server([](const HttpRequest &) { return refusedWith(503); });
        DownloadBench bench(server.url());
        bench.place.retry.firstDelay = 1h;
        bench.place.retry.longestDelay = 1h;
        const auto result =
            bench.runUntil([&] { return bench.cell->read().stage == Stage::WaitingForRetry; });
        QCOMPARE(result, Result<Outcome>(Outcome::Stopped));
        QVERIFY(bench.cell->takeDetails()->message.contains(u"503"_s));
    }

    void credentialsStayWithTheirOrigin()
    {
        const FakeHttpServer other(served({"content"}, asIs));
        const FakeHttpServer first([&other](const HttpRequest &) {
            return refusedWith(302).set("Location", other.url().toEncoded());
        });
        DownloadBench bench(first.url());
        bench.spec.headers = {{u"Authorization"_s, u"Bearer secret"_s},
                              {u"Cookie"_s, u"sid=1"_s},
                              {u"X-Api-Key"_s, u"k"_s},
                              {u"Accept-Language"_s, u"de"_s}};
        const auto result = bench.run();
        QVERIFY2(result == Outcome::Completed, describe(result));
        QCOMPARE(first.requests().first().header("Authorization"), QByteArray("Bearer secret"));
        QCOMPARE(first.requests().first().header("Accept-Encoding"), QByteArray("identity"));
        const HttpRequest redirected = other.requests().first();
        QCOMPARE(redirected.header("Authorization"), QByteArray());
        QCOMPARE(redirected.header("Cookie"), QByteArray());
        QCOMPARE(redirected.header("X-Api-Key"), QByteArray());
        QCOMPARE(redirected.header("Accept-Language"), QByteArray("de"));
    }

    void segmentsGoStraightToWhereTheRedirectLed()
    {
        const HttpFile file{sampleBytes(LargeBytes)};
        const FakeHttpServer server([&file](const HttpRequest &request) {
            if (request.path == "/file.bin")
                return refusedWith(307).set("Location", "real.bin?token=1");
            return slowly(request, file.answer(request));
        });
        DownloadBench bench(server.url());
        bench.spec.connections = 4;
        const auto result = bench.run();
        QVERIFY2(result == Outcome::Completed, describe(result));
        QVERIFY(readAll(bench.path(u"real.bin"_s)) == file.content);
        const QList<HttpRequest> requests = server.requests();
        QCOMPARE(requests.first().path, QByteArray("/file.bin"));
        QVERIFY(requests.size() > 2);
        for (const HttpRequest &request : requests.sliced(1))
            QCOMPARE(request.path, QByteArray("/real.bin?token=1"));
    }

    void plainServerBehindHttpsIsATlsFailure()
    {
        const NginxServer server;
        if (!server.isRunning())
            QSKIP("nginx is not installed");
        QUrl url = server.url(u"file.bin"_s);
        url.setScheme(u"https"_s);
        DownloadBench bench(url);
        const auto result = bench.run();
        QVERIFY(!result);
        QCOMPARE(errorCodeName(result.error().code), errorCodeName(ErrorCode::TlsFailed));
    }

    void wrongChecksumKeepsTheFileAside()
    {
        const QByteArray content = sampleBytes(SmallBytes);
        const FakeHttpServer server(served({content}, asIs));
        DownloadBench bench(server.url());
        bench.spec.sha256 = QString(64, u'a');
        for (const QString &aside : {u"file.bin.bad"_s, u"file.bin (1).bad"_s}) {
            const auto result = bench.run();
            QVERIFY(!result);
            QCOMPARE(result.error().code, ErrorCode::ChecksumMismatch);
            QVERIFY(result.error().context.contains(bench.spec.sha256));
            QVERIFY(result.error().context.contains(sha256Of(content)));
            QVERIFY(result.error().context.contains(bench.path(aside)));
            QCOMPARE(readAll(bench.path(aside)), content);
        }
        QCOMPARE(bench.files().size(), 2);
        bench.spec.sha256 = sha256Of(content);
        QCOMPARE(bench.run(), Result<Outcome>(Outcome::Completed));
    }

    void existingFileIsNeverReplaced()
    {
        const FakeHttpServer server(served({"content"}, asIs));
        DownloadBench bench(server.url());
        QFile existing(bench.path(u"file.bin"_s));
        QVERIFY(existing.open(QIODevice::WriteOnly) && existing.write("mine") == 4);
        existing.close();
        QCOMPARE(bench.run(), Result<Outcome>(Outcome::Completed));
        QCOMPARE(readAll(bench.path(u"file.bin"_s)), QByteArray("mine"));
        QCOMPARE(readAll(bench.path(u"file (1).bin"_s)), QByteArray("content"));

        bench.spec.name = u"file.bin"_s;
        const auto before = server.requests().size();
        const auto chosen = bench.run();
        QVERIFY(!chosen);
        QCOMPARE(chosen.error().code, ErrorCode::FileExists);
        QVERIFY(chosen.error().context.contains(bench.path(u"file.bin"_s)));
        QCOMPARE(server.requests().size(), before);
    }

    void fileThatAppearsMeanwhileIsKept()
    {
        const QByteArray content = sampleBytes(SmallBytes);
        DownloadBench bench({});
        const FakeHttpServer server(served({content}, [&](const HttpRequest &, HttpReply reply) {
            QFile rival(bench.path(u"chosen.bin"_s));
            if (rival.open(QIODevice::WriteOnly))
                rival.write("rival");
            return reply;
        }));
        bench.spec.url = server.url();
        bench.spec.name = u"chosen.bin"_s;
        // The rival appears after the check at the start: with the answer of the first request.
        const auto first = bench.run();
        QVERIFY(!first); // no part was claimed yet, so the chosen name is refused
        QCOMPARE(first.error().code, ErrorCode::FileExists);
        QCOMPARE(readAll(bench.path(u"chosen.bin"_s)), QByteArray("rival"));
    }

    void anExpiredLinkIsToldAndANewOneGoesOnWithTheBytes_data()
    {
        QTest::addColumn<int>("status");
        for (const int status : {401, 403, 404, 410})
            QTest::addRow("%d", status) << status;
    }
    void anExpiredLinkIsToldAndANewOneGoesOnWithTheBytes()
    {
        QFETCH(int, status);
        const QByteArray content = sampleBytes(LargeBytes);
        FakeHttpServer server(served({content}, slowly));
        DownloadBench bench(server.url(u"/file.bin?signature=1"_s));
        QCOMPARE(bench.runUntil([&] { return bench.cell->read().done > Overlap::Bytes; }),
                 Result<Outcome>(Outcome::Stopped));
        server.setScript([status](const HttpRequest &) { return HttpReply{.status = status}; });
        const auto refused = bench.run();
        QVERIFY(!refused);
        QCOMPARE(errorCodeName(refused.error().code), errorCodeName(ErrorCode::LinkExpired));
        QVERIFY(QFile::exists(bench.path(u"file.bin.part"_s)));

        qint64 first = -1;
        server.setScript(served({content}, [&first](const HttpRequest &request, HttpReply reply) {
            if (first < 0 && request.range())
                first = request.range()->first;
            return reply;
        }));
        bench.spec.url = server.url(u"/file.bin?signature=2"_s);
        QCOMPARE(bench.run(), Result<Outcome>(Outcome::Completed));
        QVERIFY(first > 0); // what was here is not fetched again
        QVERIFY(readAll(bench.path(u"file.bin"_s)) == content);
    }

    void otherJobsPartIsLeftAlone()
    {
        FakeHttpServer server(served({sampleBytes(LargeBytes)}, slowly));
        DownloadBench bench(server.url());
        QCOMPARE(bench.runUntil([&] { return bench.cell->read().done > 0; }),
                 Result<Outcome>(Outcome::Stopped));
        const QByteArray part = readAll(bench.path(u"file.bin.part"_s));

        server.setScript(served({"other"}, asIs));
        bench.place.jobKey = u"tests/2"_s;
        QCOMPARE(bench.run(), Result<Outcome>(Outcome::Completed));
        QCOMPARE(bench.details.target, bench.path(u"file (1).bin"_s));
        QVERIFY(readAll(bench.path(u"file.bin.part"_s)) == part);

        DownloadWorker(bench.spec, bench.place).discard();
        QVERIFY(QFile::exists(bench.path(u"file.bin.part"_s)));
        bench.place.jobKey = u"tests/1"_s;
        DownloadWorker(bench.spec, bench.place).discard();
        QCOMPARE(bench.files(), QStringList{u"file (1).bin"_s});
    }

    void nameAndTimeComeFromTheServer()
    {
        const FakeHttpServer server(served({"content"}, [](const HttpRequest &, HttpReply reply) {
            return reply.set("Content-Disposition",
                             "attachment; filename=\"x\"; filename*=UTF-8''na%C3%AFve%20plan.txt");
        }));
        DownloadBench bench(server.url(u"/d?id=1"_s));
        QCOMPARE(bench.run(), Result<Outcome>(Outcome::Completed));
        QCOMPARE(bench.files(), QStringList{u"naïve plan.txt"_s});
        QCOMPARE(QFileInfo(bench.details.target).lastModified().toUTC(),
                 QDateTime({2022, 11, 15}, {8, 12, 31}, Qt::UTC));
    }

    void unwritableFolderIsNamed()
    {
        const FakeHttpServer server(served({"content"}, asIs));
        DownloadBench bench(server.url());
        QFile file(bench.path(u"notafolder"_s));
        QVERIFY(file.open(QIODevice::WriteOnly));
        bench.place.folder = bench.path(u"notafolder/below"_s);
        const auto result = bench.run();
        QVERIFY(!result);
        QCOMPARE(result.error().code, ErrorCode::FileAccess);
        QVERIFY(result.error().context.contains(bench.place.folder));
        QCOMPARE(server.requests().size(), 0);
    }

    void fileThatCannotFitIsToldBeforeTheFirstByte()
    {
        const FakeHttpServer server([](const HttpRequest &) {
            HttpReply reply = refusedWith(206);
            reply.set("Content-Range", "bytes 0-999999999999999/1000000000000000");
            reply.announcedLength = 1'000'000'000'000'000;
            reply.ending = HttpReply::Ending::Close;
            return reply;
        });
        DownloadBench bench(server.url());
        const auto result = bench.run();
        QVERIFY(!result);
        QCOMPARE(result.error().code, ErrorCode::NoSpace);
        QVERIFY(result.error().context.contains(u"1000000000000000"_s));
    }

    void writeErrorKeepsWhatIsThere()
    {
        const QByteArray content = sampleBytes(LargeBytes);
        const FakeHttpServer server(served({content}, asIs));
        DownloadBench bench(server.url());
        std::signal(SIGXFSZ, SIG_IGN);
        rlimit before = {};
        QCOMPARE(::getrlimit(RLIMIT_FSIZE, &before), 0);
        const rlimit tight{LargeBytes / 2, before.rlim_max};
        // ext4 refuses the whole file at once, others when the write reaches the limit.
        QCOMPARE(::setrlimit(RLIMIT_FSIZE, &tight), 0);
        const auto failed = bench.run();
        QCOMPARE(::setrlimit(RLIMIT_FSIZE, &before), 0);
        QVERIFY(!failed);
        QCOMPARE(failed.error().code, ErrorCode::FileAccess);
        QVERIFY(failed.error().context.contains(u"file.bin.part"_s));

        const auto resumed = bench.run();
        QVERIFY2(resumed == Outcome::Completed, describe(resumed));
        QVERIFY(readAll(bench.path(u"file.bin"_s)) == content);
    }

    void fullDiskKeepsWhatIsThere()
    {
        DownloadBench bench({});
        const QByteArray disk = QFile::encodeName(bench.path(u"disk"_s));
        QVERIFY(QDir().mkdir(bench.path(u"disk"_s)));
        if (::mount("tmpfs", disk.constData(), "tmpfs", 0, "size=2m") != 0)
            QSKIP("mounting a small tmpfs needs root");
        const auto unmount = qScopeGuard([&] { ::umount2(disk.constData(), MNT_DETACH); });
        // Without a length nobody can know before: the write itself fails.
        const FakeHttpServer server([](const HttpRequest &) {
            HttpReply reply = wholeFile({sampleBytes(LargeBytes)});
            reply.isChunked = true;
            return reply;
        });
        bench.spec.url = server.url();
        bench.place.folder = bench.path(u"disk"_s);
        const auto result = bench.run();
        QVERIFY(!result);
        QCOMPARE(errorCodeName(result.error().code), errorCodeName(ErrorCode::NoSpace));
        QVERIFY(QFile::exists(bench.path(u"disk/file.bin.part"_s)));
        QVERIFY(QFile::exists(bench.path(u"disk/file.bin.part.journal"_s)));
        QVERIFY(!QFile::exists(bench.path(u"disk/file.bin"_s)));
    }

    void speedLimitHolds()
    {
        const QByteArray content = sampleBytes(SmallBytes);
        const FakeHttpServer server(served({content}, asIs));
        DownloadBench bench(server.url());
        const SystemClock clock;
        const auto limits = std::make_shared<SpeedLimits>(clock);
        bench.place.speed = limits->join(JobId{1}, SmallBytes);
        QElapsedTimer timer;
        timer.start();
        QCOMPARE(bench.run(), Result<Outcome>(Outcome::Completed));
        QVERIFY2(timer.elapsed() >= 750, qPrintable(QString::number(timer.elapsed())));
        QCOMPARE(readAll(bench.path(u"file.bin"_s)), content);
    }
};

QTEST_GUILESS_MAIN(TestDownloadWorker)
#include "tst_downloadworker.moc"
