#include "core/flash/bmapxml.h"
#include "core/flash/flashworker.h"
#include "core/flash/mappedsource.h"
#include "tests/core/flash/bmaptext.h"
#include "tests/core/flash/flashbench.h"

#include <QTest>

using namespace core;
using namespace tests;
using namespace Qt::StringLiterals;
using Kind = DriveFault::Kind;

namespace {

constexpr qint64 DriveBytes = 7_MiB;
constexpr char Before = '\x5a'; // what a FailingBlockDevice holds at first

OpenImage opens(const GapImage &image, const QByteArray &text)
{
    const auto bmap = readBmap(text, u"/x.bmap"_s);
    return [bytes = image.bytes, bmap](const DecodeLimits &) {
        return MappedSource::make(std::make_unique<BytesSource>(bytes, BytesSource::Size::Known),
                                  std::make_shared<const Bmap>(*bmap));
    };
}

/// What the drive must hold: the image in the pieces, else what was there, and zeros at the drive's end.
QByteArray wanted(const GapImage &image, const Bmap &bmap)
{
    QByteArray content(DriveBytes, Before);
    content.replace(DriveBytes - 1_MiB, 1_MiB, QByteArray(1_MiB, '\0'));
    content.replace(0, 1_MiB, QByteArray(1_MiB, '\0'));
    for (qint64 at = 0; at < image.bytes.size(); at += ExtentBytes)
        for (const Piece &piece :
             bmap.piecesOf(at, std::min<qint64>(ExtentBytes, image.bytes.size() - at))) {
            const qint64 padded = roundedUp(piece.end, 512) - piece.begin;
            content.replace(at + piece.begin, padded,
                            image.bytes.mid(at + piece.begin, piece.end - piece.begin)
                                .leftJustified(padded, '\0'));
        }
    return content;
}

QString put(const QTemporaryDir &folder, const QString &name, const QByteArray &bytes)
{
    QFile file(folder.filePath(name));
    return file.open(QIODevice::WriteOnly) && file.write(bytes) == bytes.size() ? file.fileName()
                                                                                : QString();
}

QString putSparse(const QTemporaryDir &folder, const QString &name, const GapImage &image)
{
    QFile file(folder.filePath(name));
    bool isWritten = file.open(QIODevice::WriteOnly) && file.resize(image.bytes.size());
    for (const auto &[first, last] : image.ranges) {
        const QByteArray bytes =
            image.bytes.mid(first * image.blockBytes, (last - first + 1) * image.blockBytes);
        isWritten =
            isWritten && file.seek(first * image.blockBytes) && file.write(bytes) == bytes.size();
    }
    return isWritten ? file.fileName() : QString();
}

bool bmaptool(const QStringList &arguments)
{
    return QProcess::execute(u"bmaptool"_s, QStringList{u"--quiet"_s} + arguments) == 0;
}

} // namespace

class TestBmapFlash : public QObject
{
    Q_OBJECT
private slots:
    void writesWhatIsMappedAndNothingElse_data()
    {
        QTest::addColumn<qint64>("blockBytes");
        QTest::addColumn<quint32>("longest");
        for (const qint64 bytes : {512, 4096, 65536})
            for (const quint32 longest : {1U, 5U, 40U, 700U})
                QTest::addRow("blocks of %lld, up to %u together", bytes, longest)
                    << bytes << longest;
    }
    void writesWhatIsMappedAndNothingElse()
    {
        QFETCH(const qint64, blockBytes);
        QFETCH(const quint32, longest);
        for (quint32 seed = 1; seed < 3; ++seed) {
            const GapImage image = gapImage(4_MiB + 700 * seed, blockBytes, longest, seed);
            const QByteArray text = bmapText(image);
            const auto bmap = readBmap(text, {});
            QVERIFY(bmap);
            FailingBlockDevice drive(DriveBytes);
            FlashRun run{opens(image, text)};
            const auto outcome = run.to(drive);
            QVERIFY2(outcome, outcome ? "" : qPrintable(outcome.error().context));
            QVERIFY(drive.content() == wanted(image, *bmap));
            QVERIFY(drive.durable() == drive.content());
            QCOMPARE(run.cell.read().total, 2 * bmap->writtenBytes());
            QCOMPARE(run.cell.read().done, 2 * bmap->writtenBytes());
            QCOMPARE(run.details().sha256, QString::fromLatin1(sha256Hex(image.bytes)));
        }
    }
    void anotherTimeNothingIsWritten()
    {
        const GapImage image = gapImage(6_MiB, 4096, 40, 3);
        FailingBlockDevice drive(DriveBytes);
        QVERIFY(FlashRun{opens(image, bmapText(image))}.to(drive));
        const QByteArray content = drive.content();
        const qint64 first = drive.writtenBytes();
        QVERIFY(FlashRun{opens(image, bmapText(image))}.to(drive));
        QVERIFY(drive.content() == content);
        QVERIFY(drive.writtenBytes() - first
                < 3_MiB + 128_KiB); // both ends, the first MiB, the probe
    }
    void wrongRangeLeavesBlank_data()
    {
        QTest::addColumn<int>("range");
        for (const int range : {0, 30, -1})
            QTest::addRow("range %d", range) << range;
    }
    void wrongRangeLeavesBlank()
    {
        QFETCH(const int, range);
        GapImage image = gapImage(6_MiB + 5, 4096, 20, 9);
        const QByteArray text = bmapText(image);
        const qint64 block = image.ranges.at(range < 0 ? image.ranges.size() - 1 : range).first;
        image.bytes[block * 4096] = char(image.bytes[block * 4096] ^ 1);
        FailingBlockDevice drive(DriveBytes);
        FlashRun run{opens(image, text)};
        run.options.feed.windowExtents = 1; // else it is known before the drive begins
        const auto outcome = run.to(drive);
        QVERIFY(!outcome);
        QCOMPARE(outcome.error().code, ErrorCode::ChecksumMismatch);
        QVERIFY2(outcome.error().context.contains(u"bytes %1 to"_s.arg(block * 4096)),
                 qPrintable(outcome.error().context));
        QVERIFY(isWiped(drive.content()) || drive.writeCalls() == 0);
    }
    /// A bmap of another image would leave half of this one out.
    void bmapThatLeavesSomethingOutIsRefused()
    {
        GapImage image = gapImage(6_MiB + 5, 4096, 20, 9);
        const QByteArray text = bmapText(image);
        const qint64 gap = (image.ranges.at(30).second + 1) * 4096;
        image.bytes[gap] = 'x';
        FailingBlockDevice drive(DriveBytes);
        FlashRun run{opens(image, text)};
        run.options.feed.windowExtents = 1;
        const auto outcome = run.to(drive);
        QVERIFY(!outcome);
        QCOMPARE(outcome.error().code, ErrorCode::ImageDamaged);
        QVERIFY2(outcome.error().context.contains(u"byte %1"_s.arg(gap)),
                 qPrintable(outcome.error().context));
        QVERIFY(isWiped(drive.content()) || drive.writeCalls() == 0);
    }
    void faultsInPiecesAreMended_data()
    {
        QTest::addColumn<tests::DriveFault>("fault");
        QTest::addColumn<bool>("isMended");
        const int always = DriveFault::Always;
        QTest::newRow("one bit flip")
            << DriveFault{Kind::FlipOnRead, 3_MiB + 8192, 4_MiB, 1} << true;
        QTest::newRow("one dropped write")
            << DriveFault{Kind::DropWrite, 3_MiB + 8192, 4_MiB, 1} << true;
        QTest::newRow("dropped writes")
            << DriveFault{Kind::DropWrite, 3_MiB + 8192, 4_MiB, always} << false;
        QTest::newRow("read errors where nothing is mapped")
            << DriveFault{Kind::ReadError, 5_MiB + 16384, 5_MiB + 20480, always} << true;
        QTest::newRow("write errors where nothing is mapped")
            << DriveFault{Kind::WriteError, 5_MiB + 16384, 5_MiB + 20480, always} << true;
    }
    void faultsInPiecesAreMended()
    {
        QFETCH(const tests::DriveFault, fault);
        QFETCH(const bool, isMended);
        QRandomGenerator random(4);
        GapImage image{QByteArray(6_MiB, '\0'), 4096, {}};
        for (const BlockRange &range : {BlockRange{0, 9}, {770, 800}, {1280, 1283}, {1285, 1290}}) {
            image.ranges.append(range);
            const qint64 bytes = (range.second - range.first + 1) * 4096;
            image.bytes.replace(range.first * 4096, bytes, noise(bytes, random));
        }
        const QByteArray text = bmapText(image);
        FailingBlockDevice drive(DriveBytes);
        drive.add(fault);
        FlashRun run{opens(image, text)};
        const auto outcome = run.to(drive);
        QCOMPARE(outcome.has_value(), isMended);
        if (isMended)
            QVERIFY(drive.content() == wanted(image, *readBmap(text, {})));
        else
            QVERIFY(isBlank(drive.content(), 512));
    }
    /// Just beyond the drive's real end the image holds zeros, and gaps hide that it goes on.
    void zerosThatWrapOntoTheWipedBeginningAreFound()
    {
        const qint64 real = 4_MiB + 300_KiB;
        QRandomGenerator random(2);
        GapImage image{QByteArray(6_MiB, '\0'), 4096, {}};
        for (const BlockRange &range : {BlockRange{0, 255}, {real / 4096, real / 4096 + 20}})
            image.ranges.append(range);
        image.bytes.replace(0, 1_MiB, noise(1_MiB, random));
        FailingBlockDevice drive(DriveBytes);
        drive.wrapAt(real);
        const auto outcome = FlashRun{opens(image, bmapText(image))}.to(drive);
        QVERIFY(!outcome);
        QCOMPARE(outcome.error().code, ErrorCode::CounterfeitDrive);
        QVERIFY(isBlank(drive.content(), 512));
    }

    void isGivenOrFound_data()
    {
        QTest::addColumn<QString>("packer");
        QTest::addColumn<QString>("image");
        QTest::addColumn<QString>("bmap");
        QTest::addColumn<bool>("isGiven");
        QTest::newRow("given") << u"cat"_s << u"x.img"_s << u"other"_s << true;
        QTest::newRow("found") << u"cat"_s << u"x.img"_s << u"x.img.bmap"_s << false;
        QTest::newRow("given for xz") << u"xz -1"_s << u"x.img.xz"_s << u"other"_s << true;
        QTest::newRow("found beside xz")
            << u"xz -1"_s << u"x.img.xz"_s << u"x.img.xz.bmap"_s << false;
        QTest::newRow("found for what is in gz")
            << u"gzip -1"_s << u"x.img.gz"_s << u"x.img.bmap"_s << false;
    }
    void isGivenOrFound()
    {
        QFETCH(const QString, packer);
        QFETCH(const QString, image);
        QFETCH(const QString, bmap);
        QFETCH(const bool, isGiven);
        const QTemporaryDir folder;
        const GapImage made = gapImage(6_MiB + 100, 4096, 200, 7);
        FlashSpec spec{.image = put(folder, image, packedBy(packer, made.bytes)),
                       .drives = {u"a"_s}};
        const QString path = put(folder, bmap, bmapText(made));
        spec.bmap = isGiven ? path : QString();
        FailingBlockDevice drive(DriveBytes);
        const JobDetails details = flash(spec, drive);
        const Bmap said = *readBmap(bmapText(made), {});
        QVERIFY(drive.content() == wanted(made, said));
        QCOMPARE(details.message,
                 u"%1 MiB that %2 leaves out were left as they were; verified"_s.arg(
                     QString::number((made.bytes.size() - said.writtenBytes()) / 1_MiB), path));
    }
    /// The map is made by bmaptool, and what is on the drive is proven by it.
    void writesWhatBmaptoolMaps_data()
    {
        QTest::addColumn<quint32>("longest");
        for (const quint32 longest : {3U, 40U, 600U})
            QTest::addRow("up to %u blocks together", longest) << longest;
    }
    void writesWhatBmaptoolMaps()
    {
        QFETCH(const quint32, longest);
        const QTemporaryDir folder;
        const GapImage image = gapImage(6_MiB + 77, 4096, longest, 11);
        const FlashSpec spec{.image = putSparse(folder, u"x.img"_s, image), .drives = {u"a"_s}};
        const QString bmap = spec.image + u".bmap"_s;
        if (!bmaptool({u"create"_s, u"-o"_s, bmap, spec.image}))
            QSKIP("there is no bmaptool, or no file with holes");
        FailingBlockDevice drive(DriveBytes);
        const JobDetails details = flash(spec, drive);
        QVERIFY2(details.message.contains(bmap), qPrintable(details.message));
        const auto said = loadBmap(bmap);
        QVERIFY(said && said->ranges.size() >= size_t(image.ranges.size()) / 2);
        QVERIFY(drive.content() == wanted(image, *said));
        const QString read = put(folder, u"read"_s, drive.content().first(image.bytes.size()));
        QVERIFY(bmaptool({u"copy"_s, u"--bmap"_s, bmap, read, u"/dev/null"_s}));
    }
    void whatIsFoundAndDoesNotFitIsNotUsed_data()
    {
        QTest::addColumn<QByteArray>("text");
        const GapImage image = gapImage(3_MiB, 4096, 200, 7);
        QTest::newRow("another size")
            << bmapText({image.bytes + QByteArray(4096, 'x'), 4096, image.ranges});
        QTest::newRow("damaged") << bmapText(image).replace("a map", "a mop");
        QTest::newRow("something else") << QByteArray("P6 3 3 255");
    }
    void whatIsFoundAndDoesNotFitIsNotUsed()
    {
        QFETCH(const QByteArray, text);
        const QTemporaryDir folder;
        const GapImage image = gapImage(3_MiB, 4096, 200, 7);
        const FlashSpec spec{.image = put(folder, u"x.img"_s, image.bytes), .drives = {u"a"_s}};
        const QString bmap = put(folder, u"x.img.bmap"_s, text);
        FailingBlockDevice drive(DriveBytes);
        const JobDetails details = flash(spec, drive);
        QVERIFY(isComplete(drive.content(), image.bytes, 512));
        QVERIFY2(details.message.contains(u"is not used: "_s + bmap), qPrintable(details.message));
    }
    void whatIsGivenAndDoesNotFitIsRefused()
    {
        const QTemporaryDir folder;
        const GapImage image = gapImage(3_MiB, 4096, 200, 7);
        GapImage other = image;
        other.bytes.append("x");
        FlashSpec spec{.image = put(folder, u"x.img"_s, image.bytes), .drives = {u"a"_s}};
        spec.bmap = put(folder, u"b"_s, bmapText(other));
        FailingBlockDevice drive(DriveBytes);
        ProgressCell cell;
        const auto outcome = FlashWorker(spec, opening(drive)).run({}, cell);
        QVERIFY(!outcome);
        QCOMPARE(outcome.error().code, ErrorCode::InvalidArgument);
        QVERIFY(outcome.error().context.contains(spec.bmap));
        QCOMPARE(drive.writeCalls(), 0);
    }
    void tellsTheSizeOfAnImageThatDoesNot()
    {
        const QTemporaryDir folder;
        const GapImage image = gapImage(DriveBytes + 4096, 4096, 200, 7);
        FlashSpec spec{.image = put(folder, u"x.gz"_s, packedBy(u"gzip -1"_s, image.bytes)),
                       .drives = {u"a"_s}};
        spec.bmap = put(folder, u"b"_s, bmapText(image));
        FailingBlockDevice drive(DriveBytes);
        ProgressCell cell;
        const auto outcome = FlashWorker(spec, opening(drive)).run({}, cell);
        QVERIFY(!outcome);
        QCOMPARE(outcome.error().code, ErrorCode::ImageTooLarge);
        QCOMPARE(drive.writeCalls(), 0);
    }

private:
    static OpenDrive opening(FailingBlockDevice &drive)
    {
        return [&drive](const QString &, const std::stop_token &) {
            return std::make_unique<DriveHandle>(drive);
        };
    }
    static JobDetails flash(const FlashSpec &spec, FailingBlockDevice &drive)
    {
        ProgressCell cell;
        const auto outcome = FlashWorker(spec, opening(drive)).run({}, cell);
        if (!outcome)
            QTest::qFail(qPrintable(outcome.error().context), __FILE__, __LINE__);
        return cell.takeDetails().value_or(JobDetails());
    }
};
QTEST_GUILESS_MAIN(TestBmapFlash)
#include "tst_bmapflash.moc"
