#include "core/base/filehash.h"
#include "core/download/journal.h"
#include "tests/core/download/faults.h"

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
