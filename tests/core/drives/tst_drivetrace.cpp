#include "core/drives/drivetrace.h"

#include <QDir>
#include <QFile>
#include <QTemporaryDir>
#include <QTest>

#include <functional>

using namespace core;
using namespace Qt::StringLiterals;

namespace {

void write(const QString &path, const QByteArray &text)
{
    QFile file(path);
    if (!QDir().mkpath(QFileInfo(path).path()) || !file.open(QIODevice::WriteOnly)
        || file.write(text) != text.size())
        qFatal("no file");
}

Drive stick()
{
    return {.id = u"usb-a"_s,
            .path = u"/dev/sdb"_s,
            .contents = {{.path = u"/dev/sdb1"_s,
                          .size = 1000,
                          .label = u"HOLIDAY"_s,
                          .fileSystem = u"vfat"_s}}};
}

} // namespace

Q_DECLARE_METATYPE(std::function<void(Drive &)>)

/// By what a drive is known again.
class TestDriveTrace : public QObject
{
    Q_OBJECT
private slots:
    void sectorsWrittenAreCountedByTheKernel_data()
    {
        QTest::addColumn<QByteArray>("stat");
        QTest::addColumn<QByteArray>("iostats");
        QTest::addColumn<qint64>("sectors");
        QTest::newRow("counted") << QByteArray("  11  1 22   3 4  5  60 7 0 8 9 0 0\n")
                                 << QByteArray("1\n") << qint64(60);
        QTest::newRow("not counted")
            << QByteArray("0 0 0 0 0 0 0 0 0 0 0\n") << QByteArray("0\n") << qint64(-1);
        QTest::newRow("too short") << QByteArray("1 2 3\n") << QByteArray("1\n") << qint64(-1);
        QTest::newRow("no number")
            << QByteArray("a b c d e f g h\n") << QByteArray("1\n") << qint64(-1);
        QTest::newRow("not there") << QByteArray() << QByteArray() << qint64(-1);
    }
    void sectorsWrittenAreCountedByTheKernel()
    {
        QFETCH(const QByteArray, stat);
        QFETCH(const QByteArray, iostats);
        const QTemporaryDir sys;
        if (!stat.isEmpty()) {
            write(sys.filePath(u"block/sdb/stat"_s), stat);
            write(sys.filePath(u"block/sdb/queue/iostats"_s), iostats);
        }
        const auto sectors = writtenSectors(u"/dev/sdb"_s, {.sys = sys.path()});
        QTEST(sectors.value_or(-1), "sectors");
    }
    void namesWithSlashesAreFound()
    {
        const QTemporaryDir sys;
        write(sys.filePath(u"block/cciss!c0d0/stat"_s), "0 0 0 0 0 0 5 0 0 0 0\n");
        write(sys.filePath(u"block/cciss!c0d0/queue/iostats"_s), "1\n");
        QCOMPARE(writtenSectors(u"/dev/cciss/c0d0"_s, {.sys = sys.path()}), 5);
    }
    void whatLiesOnItIsTold_data()
    {
        using Change = std::function<void(Drive &)>;
        QTest::addColumn<Change>("change");
        QTest::addColumn<bool>("isSame");
        const auto row = [](const char *name, bool isSame, const Change &change) {
            QTest::newRow(name) << change << isSame;
        };
        row("nothing", true, [](Drive &) {});
        row("mounted", true, [](Drive &drive) {
            drive.contents.first().mounts = {{u"/dev/sdb1"_s, u"/media/a"_s}};
        });
        row("in use as a whole", true, [](Drive &drive) {
            drive.contents.prepend({.path = u"/dev/sdb"_s, .holders = {u"dm-0"_s}});
        });
        row("another label", false, [](Drive &drive) { drive.contents.first().label = u"X"_s; });
        row("another file system", false,
            [](Drive &drive) { drive.contents.first().fileSystem = u"ext4"_s; });
        row("another size", false, [](Drive &drive) { drive.contents.first().size = 1001; });
        row("one more partition", false,
            [](Drive &drive) { drive.contents.append({.path = u"/dev/sdb2"_s, .size = 1}); });
        row("none", false, [](Drive &drive) { drive.contents.clear(); });
    }
    void whatLiesOnItIsTold()
    {
        QFETCH(const std::function<void(Drive &)>, change);
        const QTemporaryDir sys;
        Drive drive = stick();
        change(drive);
        const SystemRoots roots{.sys = sys.path()};
        const DriveTrace before = traceOf(stick(), roots);
        QCOMPARE(before.id, u"usb-a"_s);
        QVERIFY(before.isTouched); // until somebody says that it is not
        QTEST(traceOf(drive, roots) == before, "isSame");
    }
};

QTEST_GUILESS_MAIN(TestDriveTrace)
#include "tst_drivetrace.moc"
