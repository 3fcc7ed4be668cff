#include "tests/core/download/faults.h"

using namespace core;
using namespace tests;
using namespace std::chrono_literals;

namespace {

/// Another file of the same length, put there later.
HttpFile otherBuild()
{
    return {sampleBytes(LargeBytes, 2), "\"v2\"", "Wed, 16 Nov 2022 08:12:31 GMT"};
}

/// Nothing on the wire but the last chunk tells that it came whole.
HttpReply closingChunks(qsizetype bytes)
{
    HttpReply reply = wholeFile({sampleBytes(bytes)});
    reply.isChunked = true;
    reply.ending = HttpReply::Ending::Close;
    return reply.set("Connection", "close");
}

HttpFile unmarked(const QByteArray &content)
{
    return {content, {}, {}};
}

} // namespace

/// What ends up on disk when the server misbehaves: the right bytes or none. Names C1 to T3 are the
/// corruption mechanisms that other download programs were seen with.
class TestDownloadFaults : public QObject
{
    Q_OBJECT

    static void row(const char *name, Fault fault) { QTest::newRow(name) << std::move(fault); }
    static void addWrongRanges()
    {
        row("C2: the range is shifted by one: asked again without Range",
            onRanges(contentRangeShifted));
        row("206 without Content-Range: asked again", onRanges(noContentRange));
        row("206 as multipart: asked again", onRanges(multipart));
        row("C6: 206 with gzip: asked again", onRanges(gzipped));
        row("206 with aws-chunked: asked again", onRanges([](const HttpRequest &, HttpReply reply) {
                return reply.set("Content-Encoding", "aws-chunked");
            }));
    }
    static void addOtherFaults()
    {
        using Ending = HttpReply::Ending;
        row("a correct server", asIs);
        row("server ignores Range",
            [](const HttpRequest &, HttpReply) { return wholeFile({sampleBytes(SmallBytes)}); });
        row("206 without a length", [](const HttpRequest &, HttpReply reply) {
            reply.isChunked = true;
            return reply;
        });
        row("416 for a file that is not empty: asked again",
            onRanges([](const HttpRequest &, HttpReply) { return refusedWith(416); }));
        row("503 twice, then the file",
            atFirst(2, [](const HttpRequest &, HttpReply) { return refusedWith(503); }));
        row("429 with Retry-After 0, then the file", atFirst(1, [](const HttpRequest &, HttpReply) {
                return refusedWith(429).set("Retry-After", "0");
            }));
        row("closed early: the rest is asked for",
            atFirst(
                2, [](const HttpRequest &, HttpReply reply) { return cut(reply, Ending::Close); }));
        row("reset early", atFirst(2, [](const HttpRequest &, HttpReply reply) {
                return cut(reply, Ending::Reset);
            }));
        row("reset at 99.9 %", atFirst(1, [](const HttpRequest &, HttpReply reply) {
                reply.cutAfter = reply.body.size() * 999 / 1000;
                reply.ending = Ending::Reset;
                return reply;
            }));
        row("520 and 530 of a proxy, then the file",
            atFirst(2, [](const HttpRequest &request, HttpReply) {
                return refusedWith(request.number == 0 ? 520 : 530);
            }));
        row("silent in the middle", atFirst(1, [](const HttpRequest &, HttpReply reply) {
                return cut(reply, Ending::Stall);
            }));
        row("C12: closed early and ranges are ignored: begins at byte 0",
            [](const HttpRequest &request, HttpReply) {
                const HttpReply reply = wholeFile({sampleBytes(SmallBytes)});
                return request.number < 2 ? cut(reply, Ending::Close) : reply;
            });
    }
    static void addUntoldLengths()
    {
        using Ending = HttpReply::Ending;
        row("chunked, length unknown", [](const HttpRequest &, HttpReply) {
            HttpReply reply = wholeFile({sampleBytes(SmallBytes)});
            reply.isChunked = true;
            return reply;
        });
        row("no length, the end of the connection ends the file",
            [](const HttpRequest &, HttpReply) {
                HttpReply reply = wholeFile({sampleBytes(SmallBytes)});
                reply.announcedLength = HttpReply::NoLength;
                reply.ending = Ending::Close;
                return reply;
            });
        row("chunked and closed early: begins at byte 0",
            [](const HttpRequest &request, HttpReply) {
                HttpReply reply = wholeFile({sampleBytes(SmallBytes)});
                reply.isChunked = true;
                return request.number < 2 ? cut(reply, Ending::Close) : reply;
            });
        row("chunked, Connection: close and closed early: begins at byte 0",
            [](const HttpRequest &request, HttpReply) {
                const HttpReply reply = closingChunks(SmallBytes);
                return request.number < 2 ? cut(reply, Ending::Close) : reply;
            });
    }

private slots:
    void oneStreamArrivesWhole_data()
    {
        QTest::addColumn<Fault>("fault");
        addWrongRanges();
        addOtherFaults();
        addUntoldLengths();
    }
    void oneStreamArrivesWhole()
    {
        QFETCH(Fault, fault);
        const HttpFile file{sampleBytes(SmallBytes)};
        const FakeHttpServer server(served(file, fault));
        DownloadBench bench(server.url());
        bench.place.timeouts.stall = 300ms;
        const auto result = bench.run();
        QVERIFY2(result == Outcome::Completed, describe(result));
        QCOMPARE(readAll(bench.path(u"file.bin"_s)), file.content);
        QCOMPARE(bench.files(), QStringList{u"file.bin"_s});
        QCOMPARE(bench.details.sha256, sha256Of(file.content));
        QCOMPARE(bench.details.target, bench.path(u"file.bin"_s));
        QCOMPARE(bench.details.title, u"file.bin"_s);
        QCOMPARE(bench.cell->read().done, SmallBytes);
        QCOMPARE(bench.cell->read().total, SmallBytes);
    }

    void emptyFileArrives_data()
    {
        QTest::addColumn<int>("status");
        QTest::newRow("200 with length 0") << 200;
        QTest::newRow("416 that says 0") << 416;
    }
    void emptyFileArrives()
    {
        QFETCH(int, status);
        const FakeHttpServer server([status](const HttpRequest &request) {
            return status == 200 ? HttpReply{} : HttpFile{}.answer(request);
        });
        DownloadBench bench(server.url());
        const auto result = bench.run();
        QVERIFY2(result == Outcome::Completed, describe(result));
        QCOMPARE(readAll(bench.path(u"file.bin"_s)), QByteArray());
        QCOMPARE(bench.details.sha256, sha256Of({}));
    }

    void anEndThatNothingTellsIsCounted_data()
    {
        QTest::addColumn<int>("secondStatus");
        QTest::addColumn<int>("secondBytes");
        QTest::addColumn<bool>("isComplete");
        QTest::newRow("the second answer has as many bytes") << 200 << int(SmallBytes) << true;
        QTest::newRow("it has more") << 200 << int(SmallBytes + 1) << false;
        QTest::newRow("it has fewer") << 200 << int(SmallBytes - 1) << false;
        QTest::newRow("it is empty") << 200 << 0 << false;
        QTest::newRow("the link worked once") << 403 << 0 << false;
    }
    void anEndThatNothingTellsIsCounted()
    {
        QFETCH(int, secondStatus);
        QFETCH(int, secondBytes);
        QFETCH(bool, isComplete);
        const FakeHttpServer server([=](const HttpRequest &request) {
            if (request.number % 2 == 0)
                return closingChunks(SmallBytes);
            return secondStatus == 200 ? closingChunks(secondBytes) : refusedWith(secondStatus);
        });
        DownloadBench bench(server.url());
        const auto result = bench.run();
        QCOMPARE(result == Outcome::Completed, isComplete);
        QCOMPARE(bench.files().contains(u"file.bin"_s), isComplete);
        QVERIFY2(isComplete || result.error().context.contains(u"asked again"_s), describe(result));
        QVERIFY(isComplete || bench.files().contains(u"file.bin.part"_s));
        QVERIFY(!isComplete || bench.details.message.contains(u"as many bytes"_s));
    }

    void aCountCanBeStopped()
    {
        FakeHttpServer server([](const HttpRequest &request) {
            const HttpReply reply = closingChunks(SmallBytes);
            return request.number == 1 ? cut(reply, HttpReply::Ending::Stall) : reply;
        });
        DownloadBench bench(server.url());
        QCOMPARE(bench.runUntil([&] { return server.requests().size() == 2; }),
                 Result<Outcome>(Outcome::Stopped));
        QCOMPARE(bench.files(), (QStringList{u"file.bin.part"_s, u"file.bin.part.journal"_s}));
        const auto result = bench.run();
        QVERIFY2(result == Outcome::Completed, describe(result));
        QCOMPARE(readAll(bench.path(u"file.bin"_s)), sampleBytes(SmallBytes));
    }

    void whoHasAChecksumNeedsNoSecondAnswer()
    {
        const FakeHttpServer server([](const HttpRequest &) { return closingChunks(SmallBytes); });
        DownloadBench bench(server.url());
        bench.spec.sha256 = sha256Of(sampleBytes(SmallBytes));
        const auto result = bench.run();
        QVERIFY2(result == Outcome::Completed, describe(result));
        QCOMPARE(server.requests().size(), 1);
    }

    void severalSegmentsArriveWhole_data()
    {
        using Ending = HttpReply::Ending;
        QTest::addColumn<Fault>("fault");
        const auto row = [](const char *name, Fault fault) {
            QTest::newRow(name) << onLaterRanges(std::move(fault));
        };
        row("a correct server", asIs);
        row("C1: 200 for a later range",
            [](const HttpRequest &, HttpReply) { return wholeFile({sampleBytes(LargeBytes)}); });
        row("C2: a later range is fifty bytes too long", fiftyBytesTooMany);
        row("a later range is shifted", contentRangeShifted);
        row("a later range without Content-Range", noContentRange);
        row("C4: an error page for a later range",
            [](const HttpRequest &, HttpReply) { return refusedWith(403); });
        row("C6: a later range is gzip", gzipped);
        row("C7: connections are refused with 503",
            [](const HttpRequest &, HttpReply) { return refusedWith(503); });
        row("each later range breaks in the middle",
            [](const HttpRequest &request, HttpReply reply) {
                return request.number % 2 == 1 ? cut(reply, Ending::Reset) : reply;
            });
    }
    void severalSegmentsArriveWhole()
    {
        QFETCH(Fault, fault);
        const HttpFile file{sampleBytes(LargeBytes)};
        const FakeHttpServer server(served(file, fault));
        DownloadBench bench(server.url());
        bench.spec.connections = 4;
        const auto result = bench.run();
        QVERIFY2(result == Outcome::Completed, describe(result));
        QVERIFY(readAll(bench.path(u"file.bin"_s)) == file.content);
        QCOMPARE(bench.details.sha256, sha256Of(file.content));
        QVERIFY2(server.requests().size() > 1, "never tried a second connection");
    }

    void aBadAnswerInTheMiddleIsAskedForAgain_data()
    {
        QTest::addColumn<Fault>("fault"); // what answers after the first one broke
        QTest::addColumn<int>("count"); // of bad answers
        QTest::addColumn<bool>("startsOver");
        const Fault whole = [](const HttpRequest &, HttpReply) {
            return wholeFile({sampleBytes(LargeBytes)});
        };
        const Fault refused =
            onRanges([](const HttpRequest &, HttpReply) { return refusedWith(416); });
        const Fault shifted = onRanges(contentRangeShifted);
        QTest::newRow("one wrong range") << shifted << 1 << false;
        QTest::newRow("one 416") << refused << 1 << false;
        QTest::newRow("two wrong ranges") << shifted << 2 << false;
        QTest::newRow("wrong ranges from there on: one stream") << shifted << 99 << true;
        QTest::newRow("416 from there on: one stream") << refused << 99 << true;
        QTest::newRow("ranges are ignored from there on: one stream") << whole << 99 << true;
        const Fault brokenStream = [=](const HttpRequest &request, HttpReply reply) {
            HttpReply answer = whole(request, std::move(reply));
            const bool isEarlyStream = request.number == 4 || request.number == 5;
            return isEarlyStream ? cut(std::move(answer), HttpReply::Ending::Reset) : answer;
        };
        QTest::newRow("and the stream breaks twice") << brokenStream << 99 << true;
    }
    void aBadAnswerInTheMiddleIsAskedForAgain()
    {
        QFETCH(Fault, fault);
        QFETCH(int, count);
        QFETCH(bool, startsOver);
        const HttpFile file{sampleBytes(LargeBytes)};
        const FakeHttpServer server(served(file, [=](const HttpRequest &request, HttpReply reply) {
            if (request.number == 0)
                return cut(std::move(reply), HttpReply::Ending::Reset);
            return request.number <= count ? fault(request, std::move(reply)) : reply;
        }));
        DownloadBench bench(server.url());
        const auto result = bench.run();
        QVERIFY2(result == Outcome::Completed, describe(result));
        QVERIFY(readAll(bench.path(u"file.bin"_s)) == file.content);
        QCOMPARE(bench.cell->restarts() > 0, startsOver);
    }

    void foreignBytesVoidTheFile_data()
    {
        QTest::addColumn<Fault>("fault");
        QTest::newRow("T1: later ranges come from another build")
            << onLaterRanges([](const HttpRequest &request, HttpReply) {
                   HttpRequest unconditional = request;
                   unconditional.headers.removeIf(
                       [](const auto &line) { return line.first == "If-Range"; });
                   return otherBuild().answer(unconditional);
               });
        QTest::newRow("T1: the same and it honours If-Range") << onLaterRanges(
            [](const HttpRequest &request, HttpReply) { return otherBuild().answer(request); });
        QTest::newRow("C5: later ranges name another total") << onLaterRanges(wrongTotal);
    }
    void foreignBytesVoidTheFile()
    {
        QFETCH(Fault, fault);
        const HttpFile file{sampleBytes(LargeBytes)};
        FakeHttpServer server(served(file, fault));
        DownloadBench bench(server.url());
        bench.spec.connections = 4;
        const auto failed = bench.run();
        QVERIFY(!failed);
        QCOMPARE(failed.error().code, ErrorCode::RemoteChanged);
        QVERIFY(!QFile::exists(bench.path(u"file.bin"_s)));

        server.setScript(served(file, asIs));
        const auto retried = bench.run();
        QVERIFY2(retried == Outcome::Completed, describe(retried));
        QVERIFY(readAll(bench.path(u"file.bin"_s)) == file.content);
        QCOMPARE(bench.files(), QStringList{u"file.bin"_s});
    }

    void stoppedJobGoesOn_data()
    {
        QTest::addColumn<HttpFile>("later");
        QTest::addColumn<Fault>("fault");
        QTest::addColumn<bool>("isChanged");
        QTest::addColumn<bool>("startsOver");
        const HttpFile same{sampleBytes(LargeBytes)};
        const HttpFile other = otherBuild();
        HttpFile longer = other;
        longer.content += "more";
        const Fault ignoresRange = [](const HttpRequest &, HttpReply) {
            return wholeFile({sampleBytes(LargeBytes)});
        };
        QTest::newRow("the same file: only the rest is asked for")
            << same << Fault(asIs) << false << false;
        QTest::newRow("T2: another file of the same length")
            << other << Fault(asIs) << true << false;
        QTest::newRow("T2: another length") << longer << Fault(asIs) << true << false;
        QTest::newRow("T3: ranges are no longer honoured") << same << ignoresRange << false << true;
        QTest::newRow("C2: ranges are answered wrongly")
            << same << onRanges(contentRangeShifted) << false << true;
    }
    void stoppedJobGoesOn()
    {
        QFETCH(HttpFile, later);
        QFETCH(Fault, fault);
        QFETCH(bool, isChanged);
        QFETCH(bool, startsOver);
        FakeHttpServer server(served({sampleBytes(LargeBytes)}, slowly));
        DownloadBench bench(server.url());
        const auto stopped =
            bench.runUntil([&] { return bench.cell->read().done > LargeBytes / 8; });
        QCOMPARE(stopped, Result<Outcome>(Outcome::Stopped));
        const qint64 had = bench.cell->read().done;
        QCOMPARE(bench.files(), (QStringList{u"file.bin.part"_s, u"file.bin.part.journal"_s}));

        server.setScript(served(later, fault));
        const auto before = server.requests().size();
        auto resumed = bench.run();
        const HttpRequest asked = server.requests().at(before);
        QCOMPARE(asked.range()->first, had - Overlap::Bytes);
        QCOMPARE(asked.header("If-Range"), QByteArray("\"v1\""));
        QCOMPARE(!resumed && resumed.error().code == ErrorCode::RemoteChanged, isChanged);
        QCOMPARE(bench.cell->restarts() > 0, startsOver);
        if (isChanged) {
            QVERIFY(!QFile::exists(bench.path(u"file.bin"_s)));
            resumed = bench.run();
        }
        QVERIFY2(resumed == Outcome::Completed, describe(resumed));
        QVERIFY(readAll(bench.path(u"file.bin"_s)) == later.content);
        QCOMPARE(bench.files(), QStringList{u"file.bin"_s});
    }

    void bytesWithoutValidatorAreCompared_data()
    {
        QTest::addColumn<HttpFile>("later");
        QTest::addColumn<bool>("isSame");
        HttpFile file = unmarked(sampleBytes(LargeBytes));
        QTest::newRow("the same file goes on") << file << true;
        file.etag = "W/\"weak\"";
        QTest::newRow("a weak ETag proves nothing") << file << true;
        QTest::newRow("another file is never mixed in")
            << unmarked(sampleBytes(LargeBytes, 2)) << false;
    }
    void bytesWithoutValidatorAreCompared()
    {
        QFETCH(HttpFile, later);
        QFETCH(bool, isSame);
        FakeHttpServer server(served(unmarked(sampleBytes(LargeBytes)), slowly));
        DownloadBench bench(server.url());
        bench.spec.connections = 4;
        QCOMPARE(bench.runUntil([&] { return bench.cell->read().done > LargeBytes / 8; }),
                 Result<Outcome>(Outcome::Stopped));
        const qint64 had = bench.cell->read().done;
        QCOMPARE(server.requests().size(), 1);
        server.setScript(served(later, asIs));
        auto resumed = bench.run();
        QCOMPARE(server.requests().at(1).range()->first, had - Overlap::Bytes);
        QCOMPARE(!resumed && resumed.error().code == ErrorCode::RemoteChanged, !isSame);
        if (!isSame)
            resumed = bench.run();
        QVERIFY2(resumed == Outcome::Completed, describe(resumed));
        QVERIFY(readAll(bench.path(u"file.bin"_s)) == later.content);
        QCOMPARE(bench.files(), QStringList{u"file.bin"_s});
    }

    void whatIsHereOutlivesAnAnswerThatIsNotTheFile_data()
    {
        QTest::addColumn<Fault>("fault");
        QTest::addColumn<ErrorCode>("code");
        const auto row = [](const char *name, Fault fault, ErrorCode code) {
            QTest::newRow(name) << fault << code;
        };
        row(
            "a captive portal's page",
            [](const HttpRequest &, HttpReply) {
                return statusOnly(200).set("Content-Type", "text/html; charset=utf-8");
            },
            ErrorCode::LinkExpired);
        row(
            "a redirect to a login page",
            [](const HttpRequest &request, HttpReply) {
                if (request.path == "/login")
                    return statusOnly(200).set("Content-Type", "text/html");
                return refusedWith(302).set("Location", "/login");
            },
            ErrorCode::LinkExpired);
        row(
            "another file for a while",
            [](const HttpRequest &request, HttpReply) { return otherBuild().answer(request); },
            ErrorCode::RemoteChanged);
    }
    void whatIsHereOutlivesAnAnswerThatIsNotTheFile()
    {
        QFETCH(Fault, fault);
        QFETCH(ErrorCode, code);
        const HttpFile file{sampleBytes(LargeBytes)};
        FakeHttpServer server(served(file, slowly));
        DownloadBench bench(server.url());
        QCOMPARE(bench.runUntil([&] { return bench.cell->read().done > LargeBytes / 8; }),
                 Result<Outcome>(Outcome::Stopped));
        const qint64 had = bench.cell->read().done;
        server.setScript(served(file, fault));
        const auto failed = bench.run();
        QVERIFY(!failed);
        QCOMPARE(errorCodeName(failed.error().code), errorCodeName(code));

        server.setScript(served(file, asIs));
        const auto before = server.requests().size();
        QCOMPARE(bench.run(), Result<Outcome>(Outcome::Completed));
        QCOMPARE(server.requests().at(before).range()->first, had - Overlap::Bytes);
        QVERIFY(readAll(bench.path(u"file.bin"_s)) == file.content);
    }

    void oneTimeLinksAreAskedForAnew_data()
    {
        QTest::addColumn<int>("connections");
        QTest::addColumn<bool>("breaks");
        QTest::newRow("one connection, the answer breaks") << 1 << true;
        QTest::newRow("four connections") << 4 << false;
        QTest::newRow("four connections, answers break") << 4 << true;
    }
    void oneTimeLinksAreAskedForAnew()
    {
        QFETCH(int, connections);
        QFETCH(bool, breaks);
        const HttpFile file{sampleBytes(LargeBytes)};
        // The link leads to an address that gives the file once and is forbidden from then on.
        QSet<QByteArray> used;
        const FakeHttpServer server([&](const HttpRequest &request) {
            if (request.path == "/file.bin")
                return refusedWith(302).set("Location",
                                            "/once?" + QByteArray::number(request.number));
            if (used.contains(request.path))
                return refusedWith(403);
            used.insert(request.path);
            HttpReply reply = slowly(request, file.answer(request));
            return breaks && used.size() < 5 ? cut(reply, HttpReply::Ending::Reset) : reply;
        });
        DownloadBench bench(server.url());
        bench.spec.connections = connections;
        const auto result = bench.run();
        QVERIFY2(result == Outcome::Completed, describe(result));
        QVERIFY(readAll(bench.details.target) == file.content);
        QCOMPARE(bench.cell->restarts(), 0);
    }

    void aPartThatSomebodyTakesAwayIsNoFile()
    {
        const HttpFile file{sampleBytes(LargeBytes)};
        FakeHttpServer server(served(file, slowly));
        DownloadBench bench(server.url());
        const QString part = bench.path(u"file.bin.part"_s);
        const auto failed = bench.runUntil([&] {
            if (bench.cell->read().done > LargeBytes / 8)
                QFile::remove(part);
            return false;
        });
        QVERIFY(!failed);
        QCOMPARE(errorCodeName(failed.error().code), errorCodeName(ErrorCode::FileAccess));
        QVERIFY2(failed.error().context.contains(bench.path(u"file.bin"_s)),
                 qPrintable(failed.error().context));
        QVERIFY(!QFile::exists(bench.path(u"file.bin"_s)));
        const auto again = bench.run();
        QVERIFY2(again == Outcome::Completed, describe(again));
        QVERIFY(readAll(bench.path(u"file.bin"_s)) == file.content);
        QCOMPARE(bench.files(), QStringList{u"file.bin"_s});
    }

    void nodesWithTheirOwnValidatorsServeOneFile_data()
    {
        QTest::addColumn<Fault>("fault");
        QTest::addColumn<int>("connections");
        const HttpFile file{sampleBytes(LargeBytes)};
        HttpFile otherTag = file;
        otherTag.etag = "\"node-2\"";
        const auto isOdd = [](const HttpRequest &request) { return request.number % 2 == 1; };
        const Fault tagPerNode = [=](const HttpRequest &request, HttpReply reply) {
            return isOdd(request) ? otherTag.answer(request) : reply;
        };
        const Fault noneFromSecond = [=](const HttpRequest &request, HttpReply reply) {
            if (request.number > 0)
                reply.remove("ETag");
            return reply;
        };
        const auto breaking = [](const Fault &fault) {
            return Fault([fault](const HttpRequest &request, HttpReply reply) {
                reply = slowly(request, fault(request, std::move(reply)));
                return request.number < 5 ? cut(reply, HttpReply::Ending::Reset) : reply;
            });
        };
        for (const int connections : {1, 4}) {
            const auto row = [&](const char *name, const Fault &fault) {
                QTest::addRow("%s, %d", name, connections) << fault << connections;
            };
            row("each node its ETag", onLaterRanges(tagPerNode));
            row("each node its ETag, answers break", breaking(tagPerNode));
            row("only the first answer has an ETag", onLaterRanges(noneFromSecond));
            row("only the first answer has an ETag, answers break", breaking(noneFromSecond));
            row("no validators at all, answers break",
                breaking([](const HttpRequest &request, const HttpReply &) {
                    return unmarked(sampleBytes(LargeBytes)).answer(request);
                }));
        }
    }
    void nodesWithTheirOwnValidatorsServeOneFile()
    {
        QFETCH(Fault, fault);
        QFETCH(int, connections);
        const HttpFile file{sampleBytes(LargeBytes)};
        const FakeHttpServer server(served(file, fault));
        DownloadBench bench(server.url());
        bench.spec.connections = connections;
        const auto result = bench.run();
        QVERIFY2(result == Outcome::Completed, describe(result));
        QVERIFY(readAll(bench.path(u"file.bin"_s)) == file.content);
        QCOMPARE(bench.cell->restarts(), 0);
    }

    void aNodeWithAnotherBuildIsFoundOut()
    {
        HttpFile other = otherBuild();
        other.lastModified = HttpFile().lastModified;
        const HttpFile file{sampleBytes(LargeBytes)};
        const Fault breaks = [](const HttpRequest &, HttpReply reply) {
            return cut(std::move(reply), HttpReply::Ending::Reset);
        };
        FakeHttpServer server([=](const HttpRequest &request) {
            return request.number == 0 ? breaks(request, file.answer(request))
                                       : other.answer(request);
        });
        DownloadBench bench(server.url());
        const auto failed = bench.run();
        QVERIFY(!failed);
        QCOMPARE(failed.error().code, ErrorCode::RemoteChanged);
        const auto again = bench.run();
        QVERIFY2(again == Outcome::Completed, describe(again));
        QVERIFY(readAll(bench.path(u"file.bin"_s)) == other.content);
    }
};

QTEST_GUILESS_MAIN(TestDownloadFaults)
#include "tst_downloadfaults.moc"
