#include "core/base/units.h"
#include "core/flash/bmapchoice.h"
#include "core/flash/bmapxml.h"
#include "core/flash/mappedsource.h"
#include "tests/core/flash/bmaptext.h"
#include "tests/core/flash/testimages.h"

#include <QTest>

using namespace core;
using namespace tests;
using namespace Qt::StringLiterals;

Q_DECLARE_METATYPE(core::ErrorCode)

namespace {

const QString Path = u"/x.bmap"_s;

/// Nine blocks and a little; the last range is short.
GapImage smallImage()
{
    GapImage image{imageBytes(9 * 4096 + 7), 4096, {{1, 3}, {5, 5}, {9, 9}}};
    for (const qint64 gap : {0, 4, 6, 7, 8})
        image.bytes.replace(gap * 4096, 4096, QByteArray(4096, '\0'));
    return image;
}

/// As version 1.3 wrote it.
QByteArray oldText(const GapImage &image)
{
    const auto sha1 = [](const QByteArray &bytes) {
        return QCryptographicHash::hash(bytes, QCryptographicHash::Sha1).toHex();
    };
    const QByteArray zeros(40, '0');
    QByteArray ranges;
    for (const auto &[first, last] : image.ranges)
        ranges += "<Range sha1=\"" + sha1(image.bytes.mid(first * 4096, (last - first + 1) * 4096))
            + "\"> " + QByteArray::number(first) + "-" + QByteArray::number(last) + " </Range>";
    QByteArray text = "<bmap version=\"1.3\"><ImageSize>" + QByteArray::number(image.bytes.size())
        + "</ImageSize><BlockSize>4096</BlockSize><BlocksCount>10</BlocksCount><BlockMap>" + ranges
        + "</BlockMap><MappedBlocksCount>5</MappedBlocksCount><BmapFileSHA1>" + zeros
        + "</BmapFileSHA1></bmap>";
    return text.replace(zeros, sha1(text));
}

Result<qint64> readThrough(const QByteArray &bytes, const Bmap &bmap, BytesSource::Size size)
{
    auto source = MappedSource::make(std::make_unique<BytesSource>(bytes, size),
                                     std::make_shared<const Bmap>(bmap));
    if (!source)
        return fail(source.error());
    std::vector<char> buffer(10'000);
    qint64 sum = 0;
    while (true) {
        const auto count = (*source)->read(buffer);
        if (!count || *count == 0)
            return count ? Result<qint64>(sum) : count;
        sum += *count;
    }
}

} // namespace

class TestBmap : public QObject
{
    Q_OBJECT
private slots:
    void readsEveryVersion_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<bool>("hasChecksums");
        const GapImage image = smallImage();
        const QByteArray current = bmapText(image);
        QTest::newRow("2.0") << current << true;
        QTest::newRow("2.1") << bmapText(image, "\"2.0\"", "\"2.1\"") << true;
        QTest::newRow("1.4") << bmapText(image, "\"2.0\"", "\"1.4\"") << true;
        QTest::newRow("1.3") << oldText(image) << true;
        QByteArray first = oldText(image);
        first = first.replace("1.3", "1.2").replace(" sha1=", " no=");
        QTest::newRow("1.2") << first << false;
    }
    void readsEveryVersion()
    {
        QFETCH(const QByteArray, text);
        QFETCH(const bool, hasChecksums);
        const GapImage image = smallImage();
        const auto bmap = readBmap(text, Path);
        QVERIFY2(bmap, bmap ? "" : qPrintable(bmap.error().context));
        QCOMPARE(bmap->imageBytes, image.bytes.size());
        QCOMPARE(bmap->ranges.size(), size_t(3));
        QCOMPARE(bmap->ranges[0].begin, 4096);
        QCOMPARE(bmap->ranges[0].end, 4 * 4096);
        QCOMPARE(bmap->ranges[2].end, image.bytes.size());
        QCOMPARE(bmap->ranges[1].digest.isEmpty(), !hasChecksums);
        QCOMPARE(readThrough(image.bytes, *bmap, BytesSource::Size::Known), image.bytes.size());
        QByteArray damaged = image.bytes;
        damaged.back() = char(damaged.back() ^ 1);
        QCOMPARE(readThrough(damaged, *bmap, BytesSource::Size::Known).has_value(), !hasChecksums);
    }

    void refuses_data()
    {
        QTest::addColumn<QByteArray>("find");
        QTest::addColumn<QByteArray>("replaceBy");
        QTest::addColumn<ErrorCode>("code");
        QTest::addColumn<QString>("named");
        const auto row = [](const char *name, const char *find, const char *replaceBy,
                            const char *named, ErrorCode code = ErrorCode::InvalidArgument) {
            QTest::newRow(name) << QByteArray(find) << QByteArray(replaceBy) << code
                                << QString::fromLatin1(named);
        };
        const ErrorCode unsupported = ErrorCode::Unsupported;
        row("version 3", "\"2.0\"", "\"3.0\"", "\"3.0\"", unsupported);
        row("version 1.1", "\"2.0\"", "\"1.1\"", "\"1.1\"", unsupported);
        row("no version", "version=\"2.0\"", "", "version \"\"", unsupported);
        row("unknown checksum", "> sha256 <", "> crc7 <", "crc7", unsupported);
        row("no checksum type", "ChecksumType", "Other", "ChecksumType", unsupported);
        row("no own checksum", "BmapFileChecksum", "Other", "BmapFileChecksum");
        row("short range checksum", "<Range chksum=\"", "<Range chksum=\"ab\" x=\"", "\"ab\"");
        row("range checksum that is no hexadecimal", "<Range chksum=\"", "<Range chksum=\"zz",
            "zz");
        row("no image size", "ImageSize", "Other", "ImageSize");
        row("image size with a sign", "> 36871 <", "> -36871 <", "-36871");
        row("image size of zero", "> 36871 <", "> 0 <", "ImageSize 0");
        row("image size beyond 64 bits", "> 36871 <", "> 99999999999999999999 <", "9999999");
        row("image size in other digits", "> 36871 <", "> \xd9\xa3\xd9\xa6 <", "ImageSize");
        row("block size of zero", "> 4096 <", "> 0 <", "BlockSize 0");
        row("huge block size", "> 4096 <", "> 4611686018427387904 <", "BlockSize");
        row("blocks that do not fit", "> 10 <", "> 11 <", "BlocksCount 11");
        row("mapped blocks that do not fit", "> 5 <", "> 6 <", "MappedBlocksCount 6");
        row("range out of order", "> 9 <", "> 0 <", "range 0");
        row("ranges that touch each other twice", "> 9 <", "> 5 <", "range 5");
        row("range beyond the image", "> 9 <", "> 10 <", "range 10");
        row("range backwards", "> 1-3 <", "> 3-1 <", "\"3-1\"");
        row("open range", "> 1-3 <", "> 1- <", "\"1-\"");
        row("range of three", "> 1-3 <", "> 1-2-3 <", "\"1-2-3\"");
        row("range of words", "> 1-3 <", "> all <", "\"all\"");
        row("empty range", "> 1-3 <", "><", "range");
        row("another document", "bmap", "svg", "svg");
        row("element twice", "<BlockSize>", "<ImageSize>9</ImageSize><BlockSize>", "ImageSize");
        row("too deep", "> 1-3 <", "><a><b/></a><", "line");
        row("document type", "<bmap ", "<!DOCTYPE bmap [<!ENTITY a \"b\">]><bmap ", "entities");
        row("unknown entity", "> 1-3 <", ">&a;<", "line");
        row("not closed", "</bmap>", "", "line");
        row("something after it", "</bmap>", "</bmap><bmap/>", "line");
        row("not even text", "<", "\x01", "line");
    }
    void refuses()
    {
        QFETCH(const QByteArray, find);
        QFETCH(const QByteArray, replaceBy);
        QFETCH(const ErrorCode, code);
        QFETCH(const QString, named);
        const QByteArray text = bmapText(smallImage(), find, replaceBy);
        QVERIFY(text != bmapText(smallImage()));
        const auto bmap = readBmap(text, Path);
        QVERIFY(!bmap);
        QVERIFY2(bmap.error().context.startsWith(Path), qPrintable(bmap.error().context));
        QVERIFY2(bmap.error().context.contains(named), qPrintable(bmap.error().context));
        QCOMPARE(bmap.error().code, code);
    }
    void aChangedFileIsFoundByItsOwnChecksum()
    {
        const QByteArray text = bmapText(smallImage());
        for (const char *change : {"a map", "1-3"}) {
            QByteArray changed = text;
            changed.replace(change, QByteArray(change).replace('a', 'b').replace('1', '2'));
            const auto bmap = readBmap(changed, Path);
            QVERIFY(!bmap);
            QCOMPARE(bmap.error().code, ErrorCode::ChecksumMismatch);
        }
    }
    void nestedAMillionTimesEndsInAnError()
    {
        const auto bmap =
            readBmap("<bmap version=\"2.0\">" + QByteArray("<a>").repeated(1'000'000), Path);
        QVERIFY(!bmap);
    }
    /// Whatever is accepted keeps what the others rely on.
    void textsThatWereChangedByChanceAreRefusedOrConsistent()
    {
        QRandomGenerator random(5);
        const QByteArray text = bmapText(smallImage()).replace("2.0", "1.2"); // no own checksum
        int accepted = 0;
        for (int round = 0; round < 1500; ++round) {
            QByteArray changed = text;
            for (int i = 0; i <= round % 3; ++i)
                changed[random.bounded(changed.size())] =
                    round % 2 ? char(random.generate()) : "0123456789-<>&"[random.bounded(14)];
            const auto bmap = readBmap(changed, Path);
            if (!bmap)
                continue;
            ++accepted;
            qint64 end = 0;
            for (const Bmap::Range &range : bmap->ranges) {
                QVERIFY(range.begin >= end && range.begin < range.end);
                end = range.end;
            }
            QVERIFY(end <= bmap->imageBytes);
        }
        QVERIFY(accepted > 0);
    }
    void largeFilesAndOtherThingsAreNotRead()
    {
        const QTemporaryDir folder;
        QVERIFY(!loadBmap(folder.path()));
        QVERIFY(!loadBmap(folder.filePath(u"none"_s)));
        QFile large(folder.filePath(u"large"_s));
        QVERIFY(large.open(QIODevice::WriteOnly) && large.resize(16_MiB + 1));
        const auto bmap = loadBmap(large.fileName());
        QVERIFY(!bmap);
        QCOMPARE(bmap.error().code, ErrorCode::Unsupported);
    }

    void piecesCoverTheRangesAndBeginAtBlocksOfAnyDrive_data()
    {
        QTest::addColumn<qint64>("blockBytes");
        for (const qint64 bytes : {512, 1000, 4096, 65536, 3'000'000})
            QTest::addRow("blocks of %lld", bytes) << bytes;
    }
    void piecesCoverTheRangesAndBeginAtBlocksOfAnyDrive()
    {
        QFETCH(const qint64, blockBytes);
        for (quint32 seed = 1; seed < 6; ++seed) {
            const GapImage image = gapImage(5_MiB + 333 * seed, blockBytes, 1 + seed * 3, seed);
            const auto bmap = readBmap(bmapText(image), Path);
            QVERIFY(bmap);
            QByteArray rest = image.bytes;
            qint64 written = 0;
            for (qint64 at = 0; at < image.bytes.size(); at += ExtentBytes) {
                const qint64 bytes = std::min<qint64>(ExtentBytes, image.bytes.size() - at);
                qint64 end = -1;
                for (const Piece &piece : bmap->piecesOf(at, bytes)) {
                    QVERIFY(piece.begin > end && piece.begin % 4096 == 0);
                    QVERIFY(piece.end % 4096 == 0 || at + piece.end == image.bytes.size());
                    QVERIFY(piece.begin < piece.end && piece.end <= bytes);
                    end = piece.end;
                    written += piece.end - piece.begin;
                    rest.replace(at + piece.begin, piece.end - piece.begin,
                                 QByteArray(piece.end - piece.begin, '\0'));
                }
            }
            QCOMPARE(rest.count('\0'), rest.size());
            QCOMPARE(bmap->writtenBytes(), written);
        }
    }
    void anImageOfAnotherLengthIsFound()
    {
        const GapImage image = smallImage();
        const auto bmap = readBmap(bmapText(image), Path);
        QVERIFY(bmap);
        for (const QByteArray &other :
             {image.bytes.chopped(1), image.bytes + "x", image.bytes + QByteArray(10'000, 'x')}) {
            const auto known = readThrough(other, *bmap, BytesSource::Size::Known);
            QVERIFY(!known);
            QCOMPARE(known.error().code, ErrorCode::InvalidArgument);
            const auto unknown = readThrough(other, *bmap, BytesSource::Size::Unknown);
            QVERIFY(!unknown);
            QVERIFY(unknown.error().code == ErrorCode::ImageDamaged
                    || unknown.error().code == ErrorCode::ChecksumMismatch);
        }
    }
    void isLookedForBesideTheImage()
    {
        QCOMPARE(bmapPathsFor(u"/a.b/x.img"_s), QStringList{u"/a.b/x.img.bmap"_s});
        QCOMPARE(bmapPathsFor(u"/a.b/x.img.XZ"_s),
                 (QStringList{u"/a.b/x.img.XZ.bmap"_s, u"/a.b/x.img.bmap"_s}));
        QCOMPARE(bmapPathsFor(u"/a.xz/x"_s), QStringList{u"/a.xz/x.bmap"_s});
    }
};
QTEST_GUILESS_MAIN(TestBmap)
#include "tst_bmap.moc"
