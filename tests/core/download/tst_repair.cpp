#include "core/download/downloadspecjson.h"
#include "core/download/piecehashes.h"
#include "tests/core/download/faults.h"

#include <QJsonDocument>

#include <algorithm>

using namespace core;
using namespace tests;

namespace {

constexpr qint64 PieceBytes = qint64(1) << 20;

PieceHashes piecesOf(const QByteArray &content)
{
    PieceHashes pieces{DigestAlgorithm::Sha1, PieceBytes, {}};
    for (qint64 begin = 0; begin < content.size(); begin += PieceBytes)
        pieces.digests +=
            QCryptographicHash::hash(content.mid(begin, PieceBytes), QCryptographicHash::Sha1);
    return pieces;
}

QByteArray damagedAt(QByteArray content, const QList<qsizetype> &places)
{
    for (const qsizetype place : places)
        content[place] = char(content[place] ^ 1);
    return content;
}

Checksum sha256(const QByteArray &content)
{
    return Checksum::ofSha256(sha256Of(content));
}

/// Bytes of the answers to all requests but the first.
qint64 asked(const FakeHttpServer &server)
{
    qint64 bytes = 0;
    for (const HttpRequest &request : server.requests())
        if (const auto range = request.range(); range && request.number > 0 && range->second >= 0)
            bytes += range->second + 1 - range->first;
    return bytes;
}

} // namespace

/// Pieces that hash to something else are fetched again, and nothing else is.
class TestRepair : public QObject
{
    Q_OBJECT
private slots:
    void onlyDamagedPiecesAreFetchedAgain_data()
    {
        QTest::addColumn<QList<qsizetype>>("places");
        QTest::addColumn<bool>("hasChecksum");
        QTest::addColumn<bool>("hasValidators");
        const QList<qsizetype> middle{3 * PieceBytes + 17};
        const QList<qsizetype> two{PieceBytes, 9 * PieceBytes - 1};
        QTest::newRow("one, known by the checksum") << middle << true << true;
        QTest::newRow("one, known by its hash alone") << middle << false << true;
        QTest::newRow("two") << two << true << true;
        QTest::newRow("the last") << QList<qsizetype>{LargeBytes - 1} << true << true;
        QTest::newRow("no validators") << middle << true << false;
    }
    void onlyDamagedPiecesAreFetchedAgain()
    {
        QFETCH(QList<qsizetype>, places);
        QFETCH(bool, hasChecksum);
        QFETCH(bool, hasValidators);
        HttpFile right{sampleBytes(LargeBytes)};
        if (!hasValidators)
            right.etag = right.lastModified = {};
        HttpFile wrong = right;
        wrong.content = damagedAt(right.content, places);
        const FakeHttpServer server([right, wrong](const HttpRequest &request) {
            return request.number == 0 ? wrong.answer(request) : right.answer(request);
        });
        DownloadBench bench(server.url());
        bench.spec.pieces = piecesOf(right.content);
        if (hasChecksum)
            bench.spec.checksum = sha256(right.content);
        const auto result = bench.run();
        QVERIFY2(result == Outcome::Completed, describe(result));
        QVERIFY(readAll(bench.path(u"file.bin"_s)) == right.content);
        QCOMPARE(bench.details.sha256, sha256Of(right.content));
        QVERIFY(server.requests().size() > 1);
        QVERIFY(asked(server) <= places.size() * (PieceBytes + Overlap::Bytes));
        QCOMPARE(bench.files(), QStringList{u"file.bin"_s});
    }

    void aDamagedBeginningIsFetchedAgain()
    {
        const HttpFile right{sampleBytes(LargeBytes)};
        HttpFile wrong = right;
        wrong.content = damagedAt(right.content, {0});
        const FakeHttpServer server([right, wrong](const HttpRequest &request) {
            return request.number == 0 ? wrong.answer(request) : right.answer(request);
        });
        DownloadBench bench(server.url());
        bench.spec.pieces = piecesOf(right.content);
        const auto result = bench.run();
        QVERIFY2(result == Outcome::Completed, describe(result));
        QVERIFY(readAll(bench.path(u"file.bin"_s)) == right.content);
    }

    void theMirrorRepairsWhatTheFirstServerHasWrong()
    {
        const HttpFile right{sampleBytes(LargeBytes)};
        const HttpFile wrong{damagedAt(right.content, {5 * PieceBytes + 3})};
        const FakeHttpServer server(served(wrong, asIs));
        const FakeHttpServer mirror(
            served({right.content, "\"m\"", "Wed, 16 Nov 2022 08:12:31 GMT"}, asIs));
        DownloadBench bench(server.url());
        bench.spec.mirrors = {mirror.url()};
        bench.spec.pieces = piecesOf(right.content);
        bench.spec.checksum = sha256(right.content);
        const auto result = bench.run();
        QVERIFY2(result == Outcome::Completed, describe(result));
        QVERIFY(readAll(bench.path(u"file.bin"_s)) == right.content);
        QVERIFY(!mirror.requests().isEmpty());
    }

    void whatStaysDamagedNeverGetsTheName_data()
    {
        QTest::addColumn<bool>("hasChecksum");
        QTest::newRow("with a checksum") << true;
        QTest::newRow("pieces alone") << false;
    }
    void whatStaysDamagedNeverGetsTheName()
    {
        QFETCH(bool, hasChecksum);
        const QByteArray right = sampleBytes(LargeBytes);
        const HttpFile wrong{damagedAt(right, {2 * PieceBytes})};
        const FakeHttpServer server(served(wrong, asIs));
        DownloadBench bench(server.url());
        bench.spec.pieces = piecesOf(right);
        if (hasChecksum)
            bench.spec.checksum = sha256(right);
        const auto result = bench.run();
        QVERIFY(!result);
        QCOMPARE(errorCodeName(result.error().code), errorCodeName(ErrorCode::ChecksumMismatch));
        QVERIFY2(result.error().context.contains(QString::number(2 * PieceBytes)),
                 describe(result));
        QCOMPARE(bench.files(), QStringList{u"file.bin.bad"_s});
        QVERIFY(server.requests().size() <= 4);
    }

    /// It would fit: it is of the wrong bytes.
    void whatTheServerAnnouncesIsNoProofAgainstPieces()
    {
        const QByteArray right = sampleBytes(LargeBytes);
        const HttpFile wrong{damagedAt(right, {2 * PieceBytes})};
        const QByteArray digest =
            QCryptographicHash::hash(wrong.content, QCryptographicHash::Sha256).toBase64();
        const FakeHttpServer server(served(wrong, [digest](const HttpRequest &, HttpReply reply) {
            return reply.set("Repr-Digest", "sha-256=:" + digest + ':');
        }));
        DownloadBench bench(server.url());
        bench.spec.pieces = piecesOf(right);
        const auto result = bench.run();
        QVERIFY(!result);
        QCOMPARE(errorCodeName(result.error().code), errorCodeName(ErrorCode::ChecksumMismatch));
        QCOMPARE(bench.files(), QStringList{u"file.bin.bad"_s});
    }

    void aFileOfAnotherSizeIsNotFetched()
    {
        const HttpFile file{sampleBytes(SmallBytes)};
        const FakeHttpServer server(served(file, asIs));
        DownloadBench bench(server.url());
        bench.spec.size = SmallBytes + 1;
        const auto result = bench.run();
        QVERIFY(!result);
        QCOMPARE(errorCodeName(result.error().code), errorCodeName(ErrorCode::ChecksumMismatch));
        QVERIFY2(result.error().context.contains(u"300001"_s), describe(result));
        QCOMPARE(bench.files(), QStringList());
    }

    void aMirrorOfAnotherSizeIsLeftOut()
    {
        const HttpFile file{sampleBytes(SmallBytes)};
        const FakeHttpServer older(served({sampleBytes(SmallBytes / 2)}, asIs));
        const FakeHttpServer server(served(file, asIs));
        DownloadBench bench(older.url());
        bench.spec.mirrors = {server.url()};
        bench.spec.size = SmallBytes;
        const auto result = bench.run();
        QVERIFY2(result == Outcome::Completed, describe(result));
        QVERIFY(readAll(bench.path(u"file.bin"_s)) == file.content);
    }

    void aStreamOfAnotherSizeIsKeptAside()
    {
        const FakeHttpServer server([](const HttpRequest &) {
            HttpReply reply;
            reply.body = sampleBytes(SmallBytes);
            reply.isChunked = true;
            return reply;
        });
        DownloadBench bench(server.url());
        bench.spec.size = SmallBytes + 1;
        const auto result = bench.run();
        QVERIFY(!result);
        QCOMPARE(errorCodeName(result.error().code), errorCodeName(ErrorCode::ChecksumMismatch));
        QCOMPARE(bench.files(), QStringList{u"file.bin.bad"_s});
    }

    void aStopDuringRepairGoesOn()
    {
        const HttpFile right{sampleBytes(LargeBytes)};
        HttpFile wrong = right;
        wrong.content = damagedAt(right.content, {3 * PieceBytes, 8 * PieceBytes});
        FakeHttpServer server([right, wrong](const HttpRequest &request) {
            HttpReply reply = request.number == 0 ? wrong.answer(request) : right.answer(request);
            if (request.number > 0)
                reply.bytesPerSecond = PieceBytes;
            return reply;
        });
        DownloadBench bench(server.url());
        bench.spec.pieces = piecesOf(right.content);
        QCOMPARE(bench.runUntil([&] { return server.requests().size() > 1; }),
                 Result<Outcome>(Outcome::Stopped));
        server.setScript(served(right, asIs));
        const auto result = bench.run();
        QVERIFY2(result == Outcome::Completed, describe(result));
        QVERIFY(readAll(bench.path(u"file.bin"_s)) == right.content);
        QVERIFY(bench.files() == QStringList{u"file.bin"_s});
    }

    void theSpecKeepsThem()
    {
        DownloadSpec spec;
        spec.url = QUrl(u"http://h.test/a"_s);
        spec.size = LargeBytes;
        spec.pieces = piecesOf(sampleBytes(LargeBytes));
        const auto again = downloadSpecFromJson(toJson(spec));
        QVERIFY2(again, qPrintable(again ? QString() : again.error().context));
        QCOMPARE(*again, spec);
        spec.size = 5;
        QVERIFY(!checkSpec(spec));
    }

    void piecesThatAreNoneAreRefused_data()
    {
        QTest::addColumn<QByteArray>("json");
        QTest::newRow("algorithm")
            << QByteArray("{'algorithm':'crc','length':1024,'hashes':'AA=='}");
        QTest::newRow("length") << QByteArray("{'algorithm':'sha-1','length':1,'hashes':'AA=='}");
        QTest::newRow("no base64")
            << QByteArray("{'algorithm':'sha-1','length':1024,'hashes':'*'}");
        QTest::newRow("width") << QByteArray("{'algorithm':'sha-1','length':1024,'hashes':'AA=='}");
    }
    void piecesThatAreNoneAreRefused()
    {
        QFETCH(QByteArray, json);
        const auto spec = downloadSpecFromJson(
            {{u"url"_s, u"http://h.test/a"_s},
             {u"pieces"_s, QJsonDocument::fromJson(json.replace('\'', '"')).object()}});
        QVERIFY(!spec);
        QVERIFY2(spec.error().context.startsWith(u"pieces: "_s), qPrintable(spec.error().context));
    }
};

QTEST_GUILESS_MAIN(TestRepair)
#include "tst_repair.moc"
