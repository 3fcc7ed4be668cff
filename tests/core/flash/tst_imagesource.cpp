#include "core/base/units.h"
#include "core/flash/openimage.h"
#include "tests/core/flash/packing.h"

#include <QCryptographicHash>
#include <QDir>
#include <QTest>

using namespace core;
using namespace tests;
using namespace Qt::StringLiterals;

Q_DECLARE_METATYPE(std::optional<qint64>)

namespace {

struct Read {
    QByteArray bytes;
    std::optional<Error> error;
};

/// The image in `step` bytes at a time.
Read readAll(ImageSource &source, qint64 step)
{
    Read read;
    QByteArray buffer(step, Qt::Uninitialized);
    while (true) {
        const auto count = source.read({buffer.data(), size_t(step)});
        if (!count)
            return {read.bytes, count.error()};
        read.bytes += buffer.first(*count);
        if (*count < step)
            return read;
    }
}

/// A shell command that has its standard input in a file "disk.img" in an empty folder.
#define ZIP(command)                                                                               \
    "d=$(mktemp -d) && mkdir $d/in && cat > $d/in/disk.img && cd $d/in && " command " && rm -r $d"

/// Where it fails: on opening, before a drive is touched, or on reading.
enum class Fails { Opening, Reading };

const QByteArray Garbage = "something else";

} // namespace
Q_DECLARE_METATYPE(Fails)

class TestImageSource : public QObject
{
    Q_OBJECT
private slots:
    void unpacks_data()
    {
        QTest::addColumn<QString>("packer");
        QTest::addColumn<qint64>("size");
        QTest::addColumn<bool>("isSizeKnown");
        struct Packer {
            const char *name;
            const char *command;
            bool tellsSize;
        };
        const Packer packers[] = {
            {"raw", "cat", true},
            {"xz, one block", "xz -T1 -1", true},
            {"xz, many blocks", "xz -T2 -1 --block-size=300KiB", true},
            {"xz, many blocks without sizes", "xz -T1 -1 --block-size=300KiB", true},
            {"xz, no check", "xz -1 --check=none", true},
            {"xz, sha256", "xz -1 --check=sha256", true},
            {"gzip", "gzip -1", false},
            {"bzip2", "bzip2 -1", false},
            {"zstd from a pipe", "zstd -q -1", false},
            {"lz4", "lz4 -q -1", false},
            {"zip", ZIP("zip -q - *"), true},
            {"zip, stored", ZIP("zip -q -0 - *"), true},
            {"zip64", ZIP("zip -q -fz ../x.zip * && cat ../x.zip"), true},
            {"7z", ZIP("cmake -E tar cf ../x.7z --format=7zip * && cat ../x.7z"), true},
            {"pzstd", "pzstd -q -1 -p 2 -c -", false},
        };
        for (const Packer &packer : packers)
            for (const qint64 size : {qint64(1), qint64(511), 4096_KiB, 3_MiB + 7})
                QTest::addRow("%s, %lld bytes", packer.name, size)
                    << QString::fromLatin1(packer.command) << size << packer.tellsSize;
    }
    void unpacks()
    {
        QFETCH(const QString, packer);
        QFETCH(const qint64, size);
        QFETCH(const bool, isSizeKnown);
        const QByteArray image = imageBytes(size);
        const QByteArray packed = packedBy(packer, image);
        QVERIFY(!packed.isEmpty());
        const QTemporaryDir folder;
        auto source = openImage(fileWith(folder, packed));
        QVERIFY(source);
        QCOMPARE((*source)->fileSize(), packed.size());
        if (isSizeKnown)
            QCOMPARE((*source)->size(), std::optional(size));
        const Read read = readAll(**source, 1_MiB);
        QVERIFY(!read.error);
        QVERIFY(read.bytes == image);
        if (packer != "cat"_L1)
            QCOMPARE((*source)->fileSha256(), // also asked for where it is not read in order
                     QCryptographicHash::hash(packed, QCryptographicHash::Sha256));
    }
    void sizeOfZstdIsTheSumOfItsFrames()
    {
        const QTemporaryDir folder;
        const QByteArray image = imageBytes(1_MiB + 5);
        QFile(fileWith(folder, image));
        const QString pack = u"zstd -q -1 -c "_s + folder.filePath(u"image"_s);
        const QByteArray frame = packedBy(pack, {});
        const QByteArray skippable = QByteArray("\x53\x2A\x4D\x18\x03\0\0\0", 8) + "abc";
        auto source = openImage(fileWith(folder, skippable + frame + skippable + frame));
        QVERIFY(source);
        QCOMPARE((*source)->size(), std::optional(2 * image.size()));
        const Read read = readAll(**source, 1_MiB);
        QVERIFY(!read.error);
        QVERIFY(read.bytes == image + image);
    }
    void partsFollowingEachOtherAreOneImage_data()
    {
        QTest::addColumn<QString>("packer");
        QTest::addColumn<QByteArray>("between");
        QTest::newRow("xz") << u"xz -1"_s << QByteArray();
        QTest::newRow("xz with padding") << u"xz -1"_s << QByteArray(8, '\0');
        QTest::newRow("gzip") << u"gzip -1"_s << QByteArray();
        QTest::newRow("bzip2") << u"bzip2 -1"_s << QByteArray();
        QTest::newRow("zstd") << u"zstd -q -1"_s << QByteArray();
        QTest::newRow("lz4") << u"lz4 -q -1"_s << QByteArray();
    }
    void partsFollowingEachOtherAreOneImage()
    {
        QFETCH(const QString, packer);
        QFETCH(const QByteArray, between);
        const QByteArray image = imageBytes(700'001);
        const QByteArray packed = packedBy(packer, image);
        const QTemporaryDir folder;
        auto source = openImage(fileWith(folder, packed + between + packed + between));
        QVERIFY(source);
        // A step of one byte less than the input buffer shifts every boundary.
        const Read read = readAll(**source, 256_KiB - 1);
        QVERIFY(!read.error);
        QVERIFY(read.bytes == image + image);
    }
    void zerosMayFollowGzip()
    {
        const QByteArray image = imageBytes(300'000);
        const QTemporaryDir folder;
        const QByteArray packed = packedBy(u"gzip -1"_s, image) + QByteArray(10240, '\0');
        auto source = openImage(fileWith(folder, packed));
        QVERIFY(source);
        const Read read = readAll(**source, 1_MiB);
        QVERIFY(!read.error);
        QVERIFY(read.bytes == image);
    }

    void damageIsFound_data()
    {
        QTest::addColumn<QString>("packer");
        QTest::addColumn<Fails>("atEnd");
        QTest::newRow("xz") << u"xz -T1 -1"_s << Fails::Opening;
        QTest::newRow("xz -T") << u"xz -T2 -1 --block-size=300KiB"_s << Fails::Opening;
        QTest::newRow("gzip") << u"gzip -1"_s << Fails::Reading;
        QTest::newRow("bzip2") << u"bzip2 -1"_s << Fails::Reading;
        QTest::newRow("zstd") << u"zstd -q -1 --check"_s << Fails::Opening;
        QTest::newRow("lz4") << u"lz4 -q -1"_s << Fails::Reading;
    }
    void damageIsFound()
    {
        QFETCH(const QString, packer);
        QFETCH(const Fails, atEnd);
        const QByteArray packed = packedBy(packer, imageBytes(2_MiB));
        for (const qsizetype cut : {qsizetype(1), qsizetype(4), packed.size() / 2})
            expectDamage(packed.chopped(cut), atEnd);
        expectDamage(packed + Garbage, atEnd);
        expectDamage(packed + QByteArray(64, '\0') + Garbage, atEnd);
        for (const int part : {1, 2, 3}) {
            QByteArray flipped = packed;
            flipped[packed.size() * part / 4] = char(flipped[packed.size() * part / 4] ^ 0x10);
            expectDamage(flipped, Fails::Reading);
        }
    }
    void damagedArchiveIsFound_data()
    {
        QTest::addColumn<QString>("packer");
        QTest::newRow("zip") << QString::fromLatin1(ZIP("zip -q - *"));
        QTest::newRow("7z") << QString::fromLatin1(
            ZIP("cmake -E tar cf ../x.7z --format=7zip * && cat ../x.7z"));
    }
    void damagedArchiveIsFound()
    {
        QFETCH(const QString, packer);
        const QByteArray packed = packedBy(packer, imageBytes(2_MiB));
        expectDamage(packed.chopped(1), Fails::Opening);
        expectDamage(packed.first(packed.size() / 2), Fails::Opening);
        for (const int part : {1, 2, 3}) {
            QByteArray flipped = packed;
            flipped[packed.size() * part / 4] = char(flipped[packed.size() * part / 4] ^ 0x10);
            expectDamage(flipped, Fails::Reading);
        }
    }
    /// Their index says where everything is; unzip and 7z take them, too.
    void somethingMayFollowAnArchive_data() { damagedArchiveIsFound_data(); }
    void somethingMayFollowAnArchive()
    {
        QFETCH(const QString, packer);
        const QByteArray image = imageBytes(700'001);
        const QTemporaryDir folder;
        auto source = openImage(fileWith(folder, packedBy(packer, image) + Garbage));
        QVERIFY(source);
        const Read read = readAll(**source, 1_MiB);
        QVERIFY(!read.error);
        QVERIFY(read.bytes == image);
    }
    void archiveMustHoldOneImage_data()
    {
        QTest::addColumn<QString>("packer");
        QTest::addColumn<bool>("isAccepted");
        QTest::newRow("image and notes")
            << QString::fromLatin1(ZIP("echo hi > notes.txt && mkdir a && zip -q -r - *")) << true;
        QTest::newRow("two images")
            << QString::fromLatin1(ZIP("cp disk.img b.iso && zip -q -r - *")) << false;
        QTest::newRow("no image of two files")
            << QString::fromLatin1(ZIP("mv disk.img a && cp a b && zip -q - *")) << false;
        QTest::newRow("one file of any name")
            << QString::fromLatin1(ZIP("mv disk.img a && zip -q - *")) << true;
        QTest::newRow("nothing") << QString::fromLatin1(
            ZIP("rm disk.img && mkdir a && zip -q -r - *"))
                                 << false;
        QTest::newRow("encrypted")
            << QString::fromLatin1(ZIP("zip -q -P secret ../x.zip * && cat ../x.zip")) << false;
    }
    void archiveMustHoldOneImage()
    {
        QFETCH(const QString, packer);
        QFETCH(const bool, isAccepted);
        const QByteArray image = imageBytes(300'000);
        const QTemporaryDir folder;
        auto source = openImage(fileWith(folder, packedBy(packer, image)));
        QCOMPARE(source.has_value(), isAccepted);
        if (isAccepted)
            QVERIFY(readAll(**source, 1_MiB).bytes == image);
        else
            QCOMPARE(source.error().code, ErrorCode::Unsupported);
    }
    void bytesThatWereChangedByChanceEndInAnErrorOrABoundedImage_data()
    {
        QTest::addColumn<QString>("packer");
        for (const char *packer : {"xz -1", "xz -T2 -1 --block-size=16KiB", "gzip -1", "bzip2 -1",
                                   "zstd -q -1", "lz4 -q -1", ZIP("zip -q - *"),
                                   ZIP("cmake -E tar cf ../x.7z --format=7zip * && cat ../x.7z")})
            QTest::newRow(packer) << QString::fromLatin1(packer);
    }
    void bytesThatWereChangedByChanceEndInAnErrorOrABoundedImage()
    {
        QFETCH(const QString, packer);
        const QByteArray packed = packedBy(packer, imageBytes(100'000));
        QRandomGenerator random(3);
        for (int round = 0; round < 150; ++round) {
            QByteArray changed = packed;
            for (int i = 0; i <= round % 5; ++i)
                changed[random.bounded(changed.size())] = char(random.generate());
            if (round % 7 == 0)
                changed.truncate(random.bounded(changed.size()));
            const QTemporaryDir folder;
            auto source = openImage(fileWith(folder, changed));
            QByteArray buffer(64_KiB, '\0');
            qint64 total = 0;
            qint64 count = source ? 1 : 0;
            while (count > 0 && total < 64_MiB) {
                count = (*source)->read({buffer.data(), size_t(buffer.size())}).value_or(0);
                total += count;
            }
            QVERIFY(total < 64_MiB);
        }
    }
    void emptyFileIsNoImage()
    {
        const QTemporaryDir folder;
        const auto source = openImage(fileWith(folder, {}));
        QVERIFY(!source);
        QCOMPARE(source.error().code, ErrorCode::ImageDamaged);
    }
    void otherFilesAreRefused()
    {
        const auto folder = openImage(QDir::tempPath());
        QVERIFY(!folder);
        QCOMPARE(folder.error().code, ErrorCode::Unsupported);
        const auto missing = openImage(u"/does/not/exist"_s);
        QVERIFY(!missing);
        QCOMPARE(missing.error().code, ErrorCode::FileAccess);
    }
    void otherPackingIsNotWrittenAsItIs_data()
    {
        QTest::addColumn<QByteArray>("beginning");
        QTest::newRow("rar") << QByteArray("Rar!\x1A\x07");
        QTest::newRow("lzip") << QByteArray("LZIP");
        QTest::newRow("qcow2") << QByteArray("QFI\xFB");
        QTest::newRow("vdi") << QByteArray(64, ' ') + QByteArray("\x7F\x10\xDA\xBE");
    }
    void otherPackingIsNotWrittenAsItIs()
    {
        QFETCH(const QByteArray, beginning);
        const QTemporaryDir folder;
        const auto source = openImage(fileWith(folder, beginning + QByteArray(512, '\0')));
        QVERIFY(!source);
        QCOMPARE(source.error().code, ErrorCode::Unsupported);
    }
    void imageThatNeedsTooMuchMemoryIsRefused()
    {
        const QByteArray packed = packedBy(u"xz -T1 -9"_s, imageBytes(1_MiB));
        const QTemporaryDir folder;
        DecodeLimits limits;
        limits.threadedBytes = limits.mostBytes = 8_MiB;
        auto source = openImage(fileWith(folder, packed), limits);
        QVERIFY(source);
        const Read read = readAll(**source, 1_MiB);
        QVERIFY(read.error);
        QCOMPARE(read.error->code, ErrorCode::Unsupported);
        QVERIFY(read.error->context.contains("MiB of memory"_L1));
    }
    void skipsTo_data()
    {
        QTest::addColumn<QString>("packer");
        QTest::newRow("raw") << u"cat"_s;
        QTest::newRow("xz") << u"xz -1"_s;
        QTest::newRow("zstd") << u"zstd -q"_s;
    }
    void skipsTo()
    {
        QFETCH(const QString, packer);
        const QByteArray image = imageBytes(2_MiB + 100);
        const QTemporaryDir folder;
        auto source = openImage(fileWith(folder, packedBy(packer, image)));
        QVERIFY(source);
        QVERIFY((*source)->skip(1_MiB + 3));
        const Read read = readAll(**source, 300'000);
        QVERIFY(!read.error);
        QVERIFY(read.bytes == image.mid(1_MiB + 3));
    }

private:
    static void expectDamage(const QByteArray &packed, Fails where)
    {
        const QTemporaryDir folder;
        auto source = openImage(fileWith(folder, packed));
        if (where == Fails::Opening)
            QVERIFY(!source);
        const auto error = source ? readAll(**source, 1_MiB).error : std::optional(source.error());
        QVERIFY(error);
        QCOMPARE(error->code, ErrorCode::ImageDamaged);
        QVERIFY2(error->context.startsWith(folder.path()), qPrintable(error->context));
    }
};
QTEST_GUILESS_MAIN(TestImageSource)
#include "tst_imagesource.moc"
