#include "core/flash/flashworker.h"
#include "core/flash/linuxblockdevice.h"
#include "core/flash/namedpartition.h"
#include "tests/core/flash/flashbench.h"
#include "tests/core/flash/gpttable.h"
#include "tests/core/flash/loopdevice.h"

#include <QCryptographicHash>
#include <QTest>

using namespace core;
using namespace tests;
using namespace Qt::StringLiterals;

namespace {

constexpr qint64 DriveBytes = 16_MiB;
constexpr qint64 PartBytes = 6_MiB + 8192; // no whole number of MiB

/// "root" between two others, on a drive full of noise.
class PartedDrive
{
public:
    explicit PartedDrive(qint64 block)
        : m_drive(DriveBytes, block)
        , m_offset(m_first * 4096)
    {
        const qint64 scale = 4096 / block;
        const qint64 end = m_first + PartBytes / 4096;
        const auto blocks = [scale](const QString &name, qint64 first, qint64 last) {
            return TablePart{name, first * scale, last * scale - 1};
        };
        GptTable table(DriveBytes, block,
                       {blocks(u"boot"_s, 30, m_first), blocks(u"root"_s, m_first, end),
                        blocks(u"home"_s, end, end + 50), blocks(u"home"_s, end + 60, end + 70)});
        QByteArray &content = table.bytes();
        const qint64 begin = table.firstUsable() * block;
        const qint64 bytes = (table.lastUsable() + 1) * block - begin;
        content.replace(begin, bytes, imageBytes(bytes, 5));
        AlignedBuffer buffer(DriveBytes);
        std::ranges::copy(content, buffer.all().begin());
        if (!m_drive.write(0, buffer.all()))
            qFatal("the drive was not prepared");
        m_before = content;
        m_drive.setOnWrite([this](const FailingBlockDevice &drive) {
            m_wasOutsideLeft = m_wasOutsideLeft && isOutsideAsBefore(drive.content());
        });
    }
    [[nodiscard]] FailingBlockDevice &drive() { return m_drive; }
    [[nodiscard]] QByteArray inside() const { return m_drive.content().mid(m_offset, PartBytes); }
    [[nodiscard]] qint64 offset() const { return m_offset; }
    [[nodiscard]] bool isUntouched() const { return m_drive.content() == m_before; }
    /// After every write.
    [[nodiscard]] bool wasOutsideLeft() const
    {
        return m_wasOutsideLeft && isOutsideAsBefore(m_drive.content());
    }
    [[nodiscard]] OpenDrive open()
    {
        return [this](const QString &, const std::stop_token &) {
            return std::make_unique<DriveHandle>(m_drive);
        };
    }

private:
    [[nodiscard]] bool isOutsideAsBefore(const QByteArray &content) const
    {
        const qint64 end = m_offset + PartBytes;
        return QByteArrayView(content).first(m_offset) == QByteArrayView(m_before).first(m_offset)
            && QByteArrayView(content).sliced(end) == QByteArrayView(m_before).sliced(end);
    }

    static constexpr qint64 m_first = 333; // of 4096 bytes: no whole MiB
    FailingBlockDevice m_drive;
    const qint64 m_offset;
    QByteArray m_before;
    bool m_wasOutsideLeft = true;
};

Result<Outcome> flash(PartedDrive &drive,
                      const QByteArray &image,
                      const QString &partition = u"root"_s,
                      const FlashWriter::Options &options = {},
                      const std::stop_token &stop = {})
{
    ProgressCell cell;
    return FlashWriter(opens(image), options)
        .run({u"a"_s}, openPartition(drive.open(), partition), stop, cell);
}

bool runs(const QString &program, const QStringList &arguments)
{
    return QProcess::execute(program, arguments) == 0;
}

QByteArray contentOf(const QString &path)
{
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

} // namespace

class TestPartitionFlash : public QObject
{
    Q_OBJECT
private slots:
    void writesThePartitionAndNothingElse_data()
    {
        QTest::addColumn<qint64>("block");
        QTest::addColumn<qint64>("size");
        for (const qint64 block : {512, 4096})
            for (const qint64 size : {qint64(1), 1_MiB, 3_MiB + 77, PartBytes - 1, PartBytes})
                QTest::addRow("%lld bytes, blocks of %lld", size, block) << block << size;
    }
    void writesThePartitionAndNothingElse()
    {
        QFETCH(const qint64, block);
        QFETCH(const qint64, size);
        const QByteArray image = bootableImage(size);
        PartedDrive drive(block);
        const auto outcome = flash(drive, image);
        QVERIFY2(outcome, outcome ? "" : qPrintable(outcome.error().context));
        QCOMPARE(*outcome, Outcome::Completed);
        QVERIFY(isComplete(drive.inside(), image, block));
        QVERIFY(drive.wasOutsideLeft());
        if (size < PartBytes - 1_MiB) // what was at the end is gone
            QVERIFY(drive.inside().endsWith(QByteArray(1_MiB, '\0')));
    }
    void whatFailsLeavesThePartitionBlankAndTheRestAsItWas_data()
    {
        QTest::addColumn<QByteArray>("sha256");
        QTest::addColumn<int>("stopAt");
        QTest::addColumn<DriveFault>("fault");
        const DriveFault none{DriveFault::Kind::WriteError, 0, 0};
        const qint64 at = 333 * 4096 + 2_MiB;
        QTest::newRow("another image") << QByteArray(32, 'x') << -1 << none;
        QTest::newRow("stopped") << QByteArray() << 16 << none;
        QTest::newRow("write errors")
            << QByteArray() << -1 << DriveFault{DriveFault::Kind::WriteError, at, at + 512};
        QTest::newRow("dropped writes")
            << QByteArray() << -1 << DriveFault{DriveFault::Kind::DropWrite, at, at + 512};
    }
    void whatFailsLeavesThePartitionBlankAndTheRestAsItWas()
    {
        QFETCH(const QByteArray, sha256);
        QFETCH(const int, stopAt);
        QFETCH(const DriveFault, fault);
        PartedDrive drive(512);
        drive.drive().add(fault);
        std::stop_source stop;
        int writes = 0;
        const auto open = [&](const QString &id, const std::stop_token &token) {
            return openPartition(drive.open(), u"root"_s)(id, token);
        };
        ProgressCell cell;
        FlashWriter::Options options{.sha256 = sha256};
        options.feed.windowExtents = 1;
        drive.drive().setOnWrite([&](const FailingBlockDevice &) {
            if (++writes == stopAt)
                stop.request_stop();
        });
        const auto outcome = FlashWriter(opens(bootableImage(5_MiB)), options)
                                 .run({u"a"_s}, open, stop.get_token(), cell);
        QVERIFY(!outcome || *outcome == Outcome::Stopped);
        QVERIFY(isBlank(drive.inside(), 512));
        QVERIFY(drive.wasOutsideLeft());
    }
    void refusesBeforeTheFirstWrite_data()
    {
        QTest::addColumn<QString>("name");
        QTest::addColumn<qint64>("size");
        QTest::addColumn<int>("code");
        QTest::addColumn<QString>("named");
        QTest::newRow("too large") << u"root"_s << PartBytes + 1 << int(ErrorCode::ImageTooLarge)
                                   << u"partition \"root\" of fake drive holds 6299648"_s;
        QTest::newRow("no such name")
            << u"Root"_s << 1_MiB << int(ErrorCode::NotFound) << u"\"boot\", \"root\", \"home\""_s;
        QTest::newRow("two of the name")
            << u"home"_s << 1_MiB << int(ErrorCode::InvalidArgument) << u"several"_s;
    }
    void refusesBeforeTheFirstWrite()
    {
        QFETCH(const QString, name);
        QFETCH(const qint64, size);
        QFETCH(const int, code);
        QFETCH(const QString, named);
        PartedDrive drive(512);
        const auto outcome = flash(drive, bootableImage(size), name);
        QVERIFY(!outcome);
        QCOMPARE(int(outcome.error().code), code);
        QVERIFY2(outcome.error().context.contains(named), qPrintable(outcome.error().context));
        QVERIFY(drive.isUntouched());
    }
    void aDamagedTableIsRefused()
    {
        PartedDrive drive(512);
        AlignedBuffer zeros(512);
        QVERIFY(drive.drive().write(DriveBytes - 512, zeros.all()));
        const QByteArray before = drive.drive().content();
        const auto outcome = flash(drive, bootableImage(1_MiB));
        QVERIFY(!outcome);
        QCOMPARE(outcome.error().code, ErrorCode::InvalidState);
        QVERIFY(drive.drive().content() == before);
    }

    void realTablesAreLeftWhole_data()
    {
        QTest::addColumn<int>("sector");
        QTest::newRow("512") << 512;
        QTest::newRow("4096") << 4096;
    }
    /// Table by sgdisk, checked by it afterwards; every byte outside compared.
    void realTablesAreLeftWhole()
    {
        QFETCH(const int, sector);
        const QTemporaryDir folder;
        const QString drive = folder.filePath(u"drive"_s);
        const QString image = folder.filePath(u"image"_s);
        const QByteArray bytes = bootableImage(5_MiB + 333);
        QFile file(drive);
        QVERIFY(file.open(QIODevice::WriteOnly) && file.write(imageBytes(DriveBytes, 8)) > 0);
        file.close();
        QFile packed(image);
        QVERIFY(packed.open(QIODevice::WriteOnly) && packed.write(packedBy(u"xz -1"_s, bytes)) > 0);
        packed.close();
        const LoopDevice loop(drive, sector);
        if (!loop.isAttached())
            QSKIP(loop.why().constData());
        if (!runs(u"sgdisk"_s,
                  {u"--zap-all"_s, u"-n"_s, u"1:0:+2M"_s, u"-c"_s, u"1:boot"_s, u"-n"_s,
                   u"2:0:+6M"_s, u"-c"_s, u"2:root"_s, u"-n"_s, u"3:0:0"_s, loop.path()}))
            QSKIP("there is no sgdisk");
        const QByteArray before = contentOf(drive);
        const auto open = [&](const QString &, const std::stop_token &) {
            return LinuxBlockDevice::fromDescriptor(std::move(*loop.open()), loop.path())
                .map([](auto device) -> std::unique_ptr<BlockDevice> { return device; });
        };
        ProgressCell cell;
        const FlashSpec spec{.image = image, .drives = {u"a"_s}, .partition = u"root"_s};
        const auto outcome = FlashWorker(spec, openPartition(open, spec.partition)).run({}, cell);
        QVERIFY2(outcome, outcome ? "" : qPrintable(outcome.error().context));
        const QByteArray after = contentOf(drive);
        const qint64 begin = 3_MiB;
        QCOMPARE(after.indexOf(bytes), begin);
        QVERIFY(after.first(begin) == before.first(begin));
        QVERIFY(after.sliced(begin + 6_MiB) == before.sliced(begin + 6_MiB));
        const QByteArray said = packedBy(u"sgdisk -v "_s + loop.path(), {});
        QVERIFY2(said.contains("No problems found"), said.constData());
    }
};
QTEST_GUILESS_MAIN(TestPartitionFlash)
#include "tst_partitionflash.moc"
