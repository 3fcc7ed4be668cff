#include "core/base/filehash.h"

#include <QTest>

using namespace core;
using namespace Qt::StringLiterals;

class TestChecksum : public QObject
{
    Q_OBJECT
private slots:
    /// The digests of "abc": RFC 1321, FIPS 180-2 and its change notice.
    void everyAlgorithmIsReadAndComputed_data()
    {
        QTest::addColumn<QString>("text");
        QTest::newRow("md5") << u"md5=900150983cd24fb0d6963f7d28e17f72"_s;
        QTest::newRow("sha-1") << u"sha-1=a9993e364706816aba3e25717850c26c9cd0d89d"_s;
        QTest::newRow("sha-224")
            << u"sha-224=23097d223405d8228642a477bda255b32aadbce4bda0b3f7e36c9da7"_s;
        QTest::newRow("sha-256")
            << u"sha-256=ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"_s;
        QTest::newRow("sha-384") << u"sha-384=cb00753f45a35e8bb5a03d699ac65007272c32ab0eded163"
                                    "1a8b605a43ff5bed8086072ba1e7cc2358baeca134c825a7"_s;
        QTest::newRow("sha-512")
            << u"sha-512=ddaf35a193617abacc417349ae20413112e6fa4e89a97ea2"
               "0a9eeee64b55d39a2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e"
               "2a9ac94fa54ca49f"_s;
    }
    void everyAlgorithmIsReadAndComputed()
    {
        QFETCH(QString, text);
        const auto checksum = Checksum::parse(text.toUpper());
        QVERIFY(checksum);
        QCOMPARE(checksum->toText(), text);
        FileHash hash(checksum->algorithm);
        for (int round = 0; round < 2; ++round) { // it starts anew after each finish()
            hash.add(QByteArrayView("a"));
            hash.add(QByteArrayView("bc"));
            const FileHash::Digests digests = hash.finish();
            QCOMPARE(digests.by(checksum->algorithm), checksum->digest);
            QCOMPARE(digests.sha256, Sha256::of(QByteArrayView("abc")));
        }
    }

    void badTextIsNamed_data()
    {
        QTest::addColumn<QString>("text");
        const QString digits(64, u'0');
        QTest::newRow("empty") << QString();
        QTest::newRow("no algorithm") << digits;
        QTest::newRow("no digest") << u"sha-256="_s;
        QTest::newRow("unknown algorithm") << u"crc32=00000000"_s;
        QTest::newRow("one digit short") << u"sha-256="_s + digits.chopped(1);
        QTest::newRow("one digit more") << u"sha-256="_s + digits + u'0';
        QTest::newRow("not hexadecimal") << u"sha-256="_s + digits.chopped(1) + u'g';
        QTest::newRow("digits of another script") << u"sha-256="_s + QString(64, QChar(0x0660));
        QTest::newRow("a digest of another algorithm") << u"sha-512="_s + digits;
        QTest::newRow("two signs") << u"md5==0000000000000000000000000000000"_s;
    }
    void badTextIsNamed()
    {
        QFETCH(QString, text);
        const auto checksum = Checksum::parse(text);
        QVERIFY(!checksum);
        QCOMPARE(checksum.error().code, ErrorCode::InvalidArgument);
        QVERIFY(checksum.error().context.contains(text));
    }

    void onlyTwoAlgorithmsAreWeak()
    {
        QVERIFY(isWeak(DigestAlgorithm::Md5));
        QVERIFY(isWeak(DigestAlgorithm::Sha1));
        QVERIFY(!isWeak(DigestAlgorithm::Sha224));
        QVERIFY(!isWeak(DigestAlgorithm::Sha256));
    }
};

QTEST_APPLESS_MAIN(TestChecksum)
#include "tst_checksum.moc"
