#include "core/base/filehash.h"
#include "core/download/journal.h"
#include "core/download/responsehead.h"
#include "tests/core/download/faults.h"

#include <algorithm>

using namespace core;
using namespace tests;

namespace {

Checksum checksumOf(const QByteArray &content, DigestAlgorithm algorithm)
{
    FileHash hash(algorithm);
    hash.add(content);
    return {algorithm, hash.finish().by(algorithm)};
}

Checksum otherThan(Checksum checksum)
{
    checksum.digest.front() = char(~checksum.digest.front());
    return checksum;
}

QString hexOf(const Checksum &checksum)
{
    return QString::fromLatin1(checksum.digest.toHex());
}

} // namespace

class TestChecksums : public QObject
{
    Q_OBJECT
private slots:
    void givenChecksumIsVerified_data()
    {
        QTest::addColumn<DigestAlgorithm>("algorithm");
        QTest::addColumn<qsizetype>("size");
        const auto rows = [](const char *size, qsizetype bytes) {
            for (int i = int(DigestAlgorithm::Md5); i <= int(DigestAlgorithm::Sha512); ++i)
                QTest::addRow("%s, %s", qPrintable(digestAlgorithmName(DigestAlgorithm(i))), size)
                    << DigestAlgorithm(i) << bytes;
        };
        rows("hashed at the end", SmallBytes);
        rows("hashed beside the transfer", 3'000'000);
    }
    void givenChecksumIsVerified()
    {
        QFETCH(DigestAlgorithm, algorithm);
        QFETCH(qsizetype, size);
        const QByteArray content = sampleBytes(size);
        const FakeHttpServer server(served({content}, asIs));
        DownloadBench bench(server.url());
        const Checksum right = checksumOf(content, algorithm);
        bench.spec.checksum = otherThan(right);
        const auto wrong = bench.run();
        QVERIFY(!wrong);
        QCOMPARE(wrong.error().code, ErrorCode::ChecksumMismatch);
        for (const QString &named :
             {digestAlgorithmName(algorithm), hexOf(right), hexOf(*bench.spec.checksum)})
            QVERIFY2(wrong.error().context.contains(named), qPrintable(wrong.error().context));
        QCOMPARE(readAll(bench.path(u"file.bin.bad"_s)), content);
        QCOMPARE(bench.details.message, QString());

        bench.spec.checksum = right;
        const auto result = bench.run();
        QVERIFY2(result == Outcome::Completed, describe(result));
        QCOMPARE(readAll(bench.path(u"file.bin"_s)), content);
        QCOMPARE(bench.details.sha256, sha256Of(content));
        QCOMPARE(bench.details.message.contains(u"does not protect"_s), isWeak(algorithm));
    }

    void renamedFileIsProvenAgain_data()
    {
        QTest::addColumn<bool>("isChecksumRight");
        QTest::addColumn<bool>("isDigestRight");
        QTest::newRow("both fit") << true << true;
        QTest::newRow("it is not what the user expects") << false << true;
        QTest::newRow("it is not what was renamed") << true << false;
    }
    void renamedFileIsProvenAgain()
    {
        QFETCH(bool, isChecksumRight);
        QFETCH(bool, isDigestRight);
        const QByteArray content = sampleBytes(1000);
        DownloadBench bench(QUrl(u"http://nosuch.invalid/a.bin"_s));
        QFile file(bench.path(u"a.bin"_s));
        QVERIFY(file.open(QIODevice::WriteOnly) && file.write(content) == content.size());
        file.close();
        const Checksum right = checksumOf(content, DigestAlgorithm::Sha1);
        bench.spec.checksum = isChecksumRight ? right : otherThan(right);
        bench.place.target = bench.path(u"a.bin"_s);
        JournalRecord record{bench.place.jobKey, bench.spec.url, {content.size(), {}, {}}};
        record.done.add({0, content.size()});
        record.finalTarget = bench.place.target;
        record.digest = isDigestRight ? sha256Of(content) : sha256Of("other");
        QVERIFY(writeJournal(bench.path(u"a.bin.part.journal"_s), record));
        const auto result = bench.run();
        QCOMPARE(result == Outcome::Completed, isChecksumRight && isDigestRight);
        if (!result)
            QCOMPARE(result.error().code, ErrorCode::ChecksumMismatch);
        QCOMPARE(readAll(bench.path(u"a.bin"_s)), content);
    }

    void digestHeaderIsReadStrictly_data()
    {
        QTest::addColumn<QByteArray>("repr");
        QTest::addColumn<QByteArray>("older");
        QTest::addColumn<QString>("expected");
        const QByteArray a256 = QByteArray(32, 'a').toBase64();
        const QByteArray a512 = QByteArray(64, 'a').toBase64();
        const QString is256 = u"sha-256="_s + u"61"_s.repeated(32);
        const QString is512 = u"sha-512="_s + u"61"_s.repeated(64);
        const auto row = [](const char *name, const QByteArray &repr, const QByteArray &older,
                            const QString &expected) {
            QTest::newRow(name) << repr << older << expected;
        };
        row("none", {}, {}, {});
        row("sha-256", "sha-256=:" + a256 + ':', {}, is256);
        row("sha-512", "sha-512=:" + a512 + ':', {}, is512);
        row("both", "sha-512=:" + a512 + ":, sha-256=:" + a256 + ':', {}, is256);
        row("an algorithm of no use beside it", "md5=:AAAA:,sha-256=:" + a256 + ':', {}, is256);
        row("weak ones alone", "md5=:" + QByteArray(16, 'a').toBase64() + ':', {}, {});
        row("no colons", "sha-256=" + a256, {}, {});
        row("one colon", "sha-256=:" + a256, {}, {});
        row("a colon alone", "sha-256=:", {}, {});
        row("nothing between colons", "sha-256=::", {}, {});
        row("key in capitals", "SHA-256=:" + a256 + ':', {}, {});
        row("another length", "sha-256=:" + a512 + ':', {}, {});
        row("no Base64", "sha-256=:" + a256.chopped(2) + "?=:", {}, {});
        row("hexadecimal", "sha-256=:" + QByteArray(64, '0') + ':', {}, {});
        row("junk behind", "sha-256=:" + a256 + ":, =", {}, {});
        row("a comma behind", "sha-256=:" + a256 + ":,", {}, {});
        row("a page", "<html>,sha-256=:" + a256 + ':', {}, {});
        row("far too long", "sha-256=:" + a256 + ':' + QByteArray(5000, ' '), {}, {});
        row("older header", {}, "SHA-256=" + a256, is256);
        row("older header, several", {}, "md5=AAAA,sha-512=" + a512 + ", unixsum=30637", is512);
        row("older header, hexadecimal", {}, "sha-256=" + QByteArray(64, '0'), {});
        row("older header contradicts itself", {},
            "sha-256=" + a256 + ",SHA-256=" + QByteArray(32, 'b').toBase64(), {});
        row("older header, no name", {}, '=' + a256, {});
        row("both headers", "sha-512=:" + a512 + ':', "sha-256=" + a256, is512);
        row("junk and the older header", "x", "sha-256=" + a256, is256);
    }
    void digestHeaderIsReadStrictly()
    {
        QFETCH(QByteArray, repr);
        QFETCH(QByteArray, older);
        QFETCH(QString, expected);
        for (const bool isReversed : {false, true}) {
            QList<QPair<QByteArray, QByteArray>> lines{{"Repr-Digest", repr}, {"digest", older}};
            if (isReversed)
                std::ranges::reverse(lines);
            const auto head = readResponseHead(200, lines, QDateTime::currentDateTimeUtc());
            QCOMPARE(head.checksum ? head.checksum->toText() : QString(), expected);
        }
    }

    void announcedChecksumIsVerified_data()
    {
        QTest::addColumn<QByteArray>("header");
        QTest::addColumn<QByteArray>("value");
        QTest::addColumn<bool>("isRight");
        const QByteArray content = sampleBytes(SmallBytes);
        const QByteArray sha256 = checksumOf(content, DigestAlgorithm::Sha256).digest.toBase64();
        const QByteArray sha512 = checksumOf(content, DigestAlgorithm::Sha512).digest.toBase64();
        const QByteArray wrong = QByteArray(64, 'a').toBase64();
        QTest::newRow("Repr-Digest fits")
            << QByteArray("Repr-Digest") << "sha-512=:" + sha512 + ':' << true;
        QTest::newRow("Repr-Digest is another file's")
            << QByteArray("Repr-Digest") << "sha-512=:" + wrong + ':' << false;
        QTest::newRow("Digest fits") << QByteArray("Digest") << "SHA-256=" + sha256 << true;
        QTest::newRow("Digest is another file's")
            << QByteArray("Digest") << "SHA-512=" + wrong << false;
    }
    void announcedChecksumIsVerified()
    {
        QFETCH(QByteArray, header);
        QFETCH(QByteArray, value);
        QFETCH(bool, isRight);
        const QByteArray content = sampleBytes(SmallBytes);
        // Broken once, so that the checksum also goes through the journal.
        const Fault breakOnce = atFirst(1, [](const HttpRequest &, HttpReply reply) {
            return cut(std::move(reply), HttpReply::Ending::Close);
        });
        const FakeHttpServer server(
            served({content}, [=](const HttpRequest &request, HttpReply reply) {
                return breakOnce(request, request.number == 0 ? reply.set(header, value) : reply);
            }));
        DownloadBench bench(server.url());
        const auto result = bench.run();
        const QString shown = result ? bench.details.message : result.error().context;
        QVERIFY2(shown.contains(u"the digest header of 127.0.0.1"_s), qPrintable(shown));
        QCOMPARE(result == Outcome::Completed, isRight);
        if (!isRight)
            QCOMPARE(result.error().code, ErrorCode::ChecksumMismatch);
        QCOMPARE(readAll(bench.path(isRight ? u"file.bin"_s : u"file.bin.bad"_s)), content);
    }

    void givenChecksumComesBeforeTheAnnounced()
    {
        const QByteArray content = sampleBytes(SmallBytes);
        const FakeHttpServer server(served({content}, [](const HttpRequest &, HttpReply reply) {
            return reply.set("Digest", "SHA-256=" + QByteArray(32, 'a').toBase64());
        }));
        DownloadBench bench(server.url());
        bench.spec.sha256 = sha256Of(content);
        const auto result = bench.run();
        QVERIFY2(result == Outcome::Completed, describe(result));
    }

    void journalKeepsTheAnnouncedChecksum()
    {
        JournalRecord record{u"k"_s, QUrl(u"http://h/a"_s), {1000, {}, {}}};
        record.identity.checksum = Checksum{DigestAlgorithm::Sha512, QByteArray(64, 'a')};
        QCOMPARE(decodeJournal(encodeJournal(record)), Result<JournalRecord>(record));
    }

    void secondAlgorithmSurvivesAStartOver()
    {
        const QByteArray content = sampleBytes(3'000'000);
        const Fault breakOnce = atFirst(1, [](const HttpRequest &, HttpReply reply) {
            reply.remove("ETag");
            reply.remove("Last-Modified");
            return cut(std::move(reply), HttpReply::Ending::Close);
        });
        const FakeHttpServer server([content, breakOnce](const HttpRequest &request) {
            return breakOnce(request, wholeFile({content}));
        });
        DownloadBench bench(server.url());
        bench.spec.checksum = checksumOf(content, DigestAlgorithm::Sha512);
        const auto result = bench.run();
        QVERIFY2(result == Outcome::Completed, describe(result));
        QCOMPARE(readAll(bench.path(u"file.bin"_s)), content);
        QVERIFY(server.requests().size() > 1);
    }
};

QTEST_GUILESS_MAIN(TestChecksums)
#include "tst_checksums.moc"
