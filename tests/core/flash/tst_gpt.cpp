#include "core/base/units.h"
#include "tests/core/flash/gpttable.h"
#include "tests/core/flash/packing.h"

#include <QTest>

using namespace core;
using namespace tests;
using namespace Qt::StringLiterals;

namespace {

constexpr qint64 DriveBytes = 8_MiB;

using Change = std::function<void(GptTable &)>;

/// Writes a number at the same place of both headers.
template<typename Number>
Change inHeaders(qint64 at, Number number)
{
    return [=](GptTable &table) {
        putNumber(table.bytes(), table.blockBytes() + at, number);
        putNumber(table.bytes(), table.backup() + at, number);
    };
}

/// Writes a number at the same place of both tables.
template<typename Number>
Change inTables(qint64 at, Number number)
{
    return [=](GptTable &table) {
        putNumber(table.bytes(), 2 * table.blockBytes() + at, number);
        putNumber(table.bytes(), table.backupTable() + at, number);
    };
}

QList<TablePart> someParts()
{
    return {{u"boot"_s, 100, 199},
            {u"root ÄÖ 😀"_s, 200, 300},
            {u"twice"_s, 400, 400},
            {u"twice"_s, 401, 410},
            {QString(36, u'x'), 500, 600}};
}

} // namespace
Q_DECLARE_METATYPE(Change)

class TestGpt : public QObject
{
    Q_OBJECT
private slots:
    void readsThePartitions_data()
    {
        QTest::addColumn<qint64>("block");
        QTest::newRow("512") << qint64(512);
        QTest::newRow("4096") << qint64(4096);
    }
    void readsThePartitions()
    {
        QFETCH(const qint64, block);
        const GptTable table(DriveBytes, block, someParts());
        const auto found = readGpt(table.drive());
        QVERIFY2(found, found ? "" : qPrintable(found.error().context));
        QList<GptPartition> wanted;
        for (const TablePart &part : someParts())
            wanted.append({part.name, part.first * block, (part.last - part.first + 1) * block});
        QVERIFY(*found == wanted);
        QCOMPARE(partitionNamed(u"root ÄÖ 😀"_s, *found)->offset, 200 * block);
        const auto missing = partitionNamed(u"Boot"_s, *found);
        QCOMPARE(missing.error().code, ErrorCode::NotFound);
        QVERIFY(missing.error().context.contains(u"\"boot\", \"root"_s));
        const auto several = partitionNamed(u"twice"_s, *found);
        QCOMPARE(several.error().code, ErrorCode::InvalidArgument);
    }
    void anEmptyTableHasNoPartition()
    {
        const GptTable table(DriveBytes, 512, {});
        const auto found = readGpt(table.drive());
        QVERIFY(found && found->isEmpty());
        QCOMPARE(partitionNamed(u"a"_s, *found).error().context,
                 u"there is no partition \"a\"; there are: none"_s);
    }
    /// As a real tool makes it: checked on the drive's own sectors in tst_partitionflash.
    void readsWhatSgdiskMakes()
    {
        const QTemporaryDir folder;
        const QString path = folder.filePath(u"drive"_s);
        QFile file(path);
        QVERIFY(file.open(QIODevice::ReadWrite) && file.resize(DriveBytes));
        if (QProcess::execute(u"sgdisk"_s,
                              {u"-n"_s, u"1:2048:4095"_s, u"-c"_s, u"1:first part"_s, u"-n"_s,
                               u"2:0:0"_s, u"-c"_s, u"2:rest"_s, path})
            != 0)
            QSKIP("there is no sgdisk");
        const QByteArray bytes = file.readAll();
        const auto found = readGpt({DriveBytes, 512, [&bytes](qint64 offset, qint64 count) {
                                        return Result<QByteArray>(bytes.mid(offset, count));
                                    }});
        QVERIFY2(found, found ? "" : qPrintable(found.error().context));
        QCOMPARE(found->size(), 2);
        QVERIFY(found->at(0) == (GptPartition{u"first part"_s, 1_MiB, 1_MiB}));
        QCOMPARE(found->at(1).name, u"rest"_s);
    }

    void refuses_data()
    {
        QTest::addColumn<Change>("change");
        QTest::addColumn<QString>("named");
        const auto row = [](const char *name, const char *named, const Change &change) {
            QTest::newRow(name) << change << QString::fromLatin1(named);
        };
        const auto big = std::numeric_limits<quint64>::max();
        row("no protective MBR", "no GUID", [](GptTable &t) { t.bytes()[450] = '\x0c'; });
        row("no MBR", "no GUID", [](GptTable &t) { t.bytes()[510] = '\0'; });
        row("no signature", "block 1", [](GptTable &t) { t.bytes()[512] = 'e'; });
        row("another revision", "block 1", inHeaders<quint32>(8, 0x20000));
        row("short header", "91 bytes", inHeaders<quint32>(12, 91));
        row("long header", "513 bytes", inHeaders<quint32>(12, 513));
        row("a header elsewhere", "at 2", inHeaders<quint64>(24, 2));
        row("a backup beyond the drive", "block 18446744073709551615", inHeaders<quint64>(32, big));
        row("a backup in the first block", "block 0", inHeaders<quint64>(32, 0));
        row("partitions before the table", "table is at", inHeaders<quint64>(40, 2));
        row("partitions backwards", "blocks 34 to 33", inHeaders<quint64>(48, 33));
        row("partitions beyond the drive", "blocks 34 to", inHeaders<quint64>(48, big));
        row("partitions on the backup's table", "table is at", inHeaders<quint64>(48, 16360));
        row("a table beyond the drive", "table is at", inHeaders<quint64>(72, big));
        row("a table that goes beyond the drive", "table is at", inHeaders<quint64>(72, 16383));
        row("a table on partitions", "table is at", inHeaders<quint64>(72, 5000));
        row("a table on its header", "table is at", inHeaders<quint64>(72, 1));
        row("no entries", "0 entries", inHeaders<quint32>(80, 0));
        row("too many entries", "4294967295 entries", inHeaders<quint32>(80, 0xffffffff));
        row("small entries", "64 bytes", inHeaders<quint32>(84, 64));
        row("odd entries", "129 bytes", inHeaders<quint32>(84, 129));
        row("huge entries", "2147483648 bytes", inHeaders<quint32>(84, 0x80000000));
        row("a partition backwards", "\"boot\"", inTables<quint64>(32, 200));
        row("a partition on the table", "\"boot\"", inTables<quint64>(32, 33));
        row("a partition beyond the others' end", "\"boot\"", inTables<quint64>(40, 16383));
        row("a partition beyond everything", "\"boot\"", inTables<quint64>(40, big));
        row("one partition on another", "lies on \"boot\"", inTables<quint64>(40, 200));
    }
    void refuses()
    {
        QFETCH(const Change, change);
        QFETCH(const QString, named);
        GptTable table(DriveBytes, 512, someParts());
        change(table);
        table.sum();
        expectRefusal(table, named);
    }
    void tablesMustAgree()
    {
        const auto changedAt = [](const Change &change, const QString &named) {
            GptTable table(DriveBytes, 512, someParts());
            change(table);
            table.sum();
            expectRefusal(table, named);
        };
        changedAt([](GptTable &t) { t.bytes()[t.backup() + 60] = 'x'; }, u"something else"_s);
        changedAt([](GptTable &t) { t.bytes()[t.backupTable() + 56] = 'B'; }, u"something else"_s);
    }
    void everyBitIsUnderAChecksum()
    {
        const GptTable whole(DriveBytes, 512, someParts());
        QRandomGenerator random(1);
        for (const qint64 begin : {qint64(512), 2 * qint64(512), GptTable(whole).backupTable(),
                                   GptTable(whole).backup()}) {
            const bool isHeader = begin == 512 || begin == GptTable(whole).backup();
            for (int round = 0; round < 60; ++round) {
                GptTable table(whole);
                const qint64 at = begin + random.bounded(isHeader ? 92 : 16384);
                table.bytes()[at] = char(table.bytes()[at] ^ (1 << random.bounded(8)));
                QVERIFY2(!readGpt(table.drive()), qPrintable(QString::number(at)));
            }
        }
    }
    /// Checksums are right, numbers are not: nothing is read beyond the drive (asserted by the fake).
    void headersThatWereChangedByChanceAreRefusedOrConsistent()
    {
        QRandomGenerator random(7);
        for (int round = 0; round < 3000; ++round) {
            GptTable table(DriveBytes, round % 2 ? 512 : 4096, someParts());
            for (int i = 0; i <= round % 3; ++i) {
                const qint64 at = random.bounded(2) ? random.bounded(92)
                                                    : table.blockBytes() + random.bounded(640);
                const quint64 value = random.generate64() >> random.bounded(64);
                const qint64 field = at / 4 * 4;
                inHeaders<quint32>(field % 92, quint32(value))(table);
                if (random.bounded(2))
                    inTables<quint64>(field % 632, value)(table);
            }
            table.sum();
            const auto found = readGpt(table.drive());
            for (const GptPartition &partition : found.value_or(QList<GptPartition>()))
                QVERIFY(partition.offset > 0 && partition.bytes > 0
                        && partition.offset + partition.bytes <= DriveBytes);
        }
    }
    void tinyDrivesHaveNone()
    {
        for (const qint64 bytes : {0, 512, 1024, 2560}) {
            const QByteArray zeros(bytes, '\0');
            const auto found = readGpt({bytes, 512, [&zeros](qint64 offset, qint64 count) {
                                            return Result<QByteArray>(zeros.mid(offset, count));
                                        }});
            QVERIFY(!found);
            QCOMPARE(found.error().code, ErrorCode::InvalidState);
        }
    }

private:
    static void expectRefusal(const GptTable &table, const QString &named)
    {
        const auto found = readGpt(table.drive());
        QVERIFY(!found);
        QCOMPARE(found.error().code, ErrorCode::InvalidState);
        QVERIFY2(found.error().context.contains(named), qPrintable(found.error().context));
    }
};
QTEST_GUILESS_MAIN(TestGpt)
#include "tst_gpt.moc"
