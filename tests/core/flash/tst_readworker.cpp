#include "core/flash/openimage.h"
#include "core/flash/readworker.h"
#include "tests/core/flash/watcheddrive.h"

#include <QCryptographicHash>
#include <QDir>
#include <QTest>

#include <fcntl.h>
#include <sys/file.h>
#include <sys/mount.h>
#include <sys/stat.h>

using namespace core;
using namespace tests;
using namespace Qt::StringLiterals;

namespace {

QByteArray contentOf(const QString &path)
{
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

/// The image in the file, as a flash reads it.
QByteArray imageIn(const QString &path)
{
    const auto image = openImage(path);
    if (!image || !(*image)->size())
        return {};
    QByteArray bytes(*(*image)->size(), Qt::Uninitialized);
    const auto count = (*image)->read({bytes.data(), size_t(bytes.size())});
    return count && *count == bytes.size() ? bytes : QByteArray();
}

/// Whether a tool that is not ours ends well in `folder`.
bool runs(const QString &folder, const QString &command)
{
    return QProcess::execute(
               u"/bin/sh"_s,
               {u"-c"_s, u"cd \"$0\" && { %1; } >/dev/null 2>&1"_s.arg(command), folder})
        == 0;
}

/// A stick that was used a little: noise, a long hole, noise, zeros.
void fill(FailingBlockDevice &drive)
{
    QByteArray content = imageBytes(drive.size());
    content.replace(3_MiB, 9_MiB, QByteArray(9_MiB, '\0'));
    content.replace(drive.size() - 1_MiB, 1_MiB, QByteArray(1_MiB, '\0'));
    DriveHandle handle(drive);
    AlignedBuffer buffer(content.size());
    std::ranges::copy(content, buffer.all().begin());
    QVERIFY(handle.write(0, buffer.first(content.size())));
}

} // namespace

class TestReadWorker : public QObject
{
    Q_OBJECT
private slots:
    void readsTheDrive_data();
    void readsTheDrive();
    void zerosTakeNoRoom();
    void whatItWroteIsReadByOtherTools_data();
    void whatItWroteIsReadByOtherTools();
    void bmapKeepsTheZerosOfAUsedDrive();
    void aPlaceThatReadsLaterIsGood();
    void aPlaceThatNeverReadsIsNoGoodImage();
    void anEarlierBadImageIsKept();
    void leavesNothing_data();
    void leavesNothing();
    void aDriveThatAnswersNoMoreIsGone();
    void stoppedWhileItReads();
    void replacesNothing_data();
    void replacesNothing();
    void refusesAFullDisk_data();
    void refusesAFullDisk();
    void discardsWhatAKilledProgramLeft();
    void leavesTheFileOfAnotherJobAlone();

private:
    Result<Outcome> read(BlockDevice &drive, const QString &to)
    {
        return ReadWorker({u"a"_s, to}, opening(drive)).run({}, m_cell);
    }
    [[nodiscard]] static QStringList filesIn(const QString &folder)
    {
        return QDir(folder).entryList(QDir::Files, QDir::Name);
    }

    ProgressCell m_cell;
};

void TestReadWorker::readsTheDrive_data()
{
    QTest::addColumn<QString>("name");
    QTest::addColumn<qint64>("size");
    QTest::addColumn<qint64>("block");
    for (const char *name : {"stick.img", "stick.img.zst"})
        for (const qint64 block : {512, 4096})
            for (const qint64 size : {16_MiB, 19_MiB + 4096})
                QTest::addRow("%s, %lld bytes, blocks of %lld", name, size, block)
                    << QString::fromLatin1(name) << size << block;
}

void TestReadWorker::readsTheDrive()
{
    QFETCH(const QString, name);
    QFETCH(const qint64, size);
    QFETCH(const qint64, block);
    const QTemporaryDir folder;
    FailingBlockDevice drive(size, block);
    fill(drive);
    drive.add({.kind = DriveFault::Kind::ShortRead});
    ProgressCell cell;
    const QString to = folder.filePath(name);
    const auto outcome = ReadWorker({u"a"_s, to}, opening(drive)).run({}, cell);
    QVERIFY2(outcome, qPrintable(outcome ? QString() : outcome.error().context));
    QCOMPARE(*outcome, Outcome::Completed);
    QVERIFY(imageIn(to) == drive.content());
    QCOMPARE(cell.read().done, size);
    QCOMPARE(cell.read().total, size);
    const JobDetails details = cell.takeDetails().value_or(JobDetails());
    QCOMPARE(details.target, to);
    const QByteArray sha256 =
        QCryptographicHash::hash(contentOf(to), QCryptographicHash::Sha256).toHex();
    QCOMPARE(details.sha256.toLatin1(), sha256);
    QCOMPARE(contentOf(to + u".sha256"_s), sha256 + "  " + name.toLatin1() + '\n');
    QCOMPARE(filesIn(folder.path()), (QStringList{name, name + u".bmap"_s, name + u".sha256"_s}));
}

void TestReadWorker::zerosTakeNoRoom()
{
    const QTemporaryDir folder;
    FailingBlockDevice drive(16_MiB);
    fill(drive);
    QVERIFY(read(drive, folder.filePath(u"i"_s)));
    struct stat found = {};
    QCOMPARE(::stat(QFile::encodeName(folder.filePath(u"i"_s)).constData(), &found), 0);
    QCOMPARE(qint64(found.st_size), 16_MiB);
    QCOMPARE(found.st_mode & 0777, mode_t(0600)); // nobody else may read the drive either
    QVERIFY(qint64(found.st_blocks) * 512 <= 6_MiB + 64_KiB);
}

void TestReadWorker::whatItWroteIsReadByOtherTools_data()
{
    QTest::addColumn<QString>("name");
    QTest::addColumn<QString>("command");
    const QString odd = u"it's a \\ stick.img"_s;
    QTest::newRow("zstd") << u"i.zst"_s << u"zstd -tq i.zst"_s;
    QTest::newRow("zstd knows the size")
        << u"i.zst"_s << u"zstd -lv i.zst | grep -F 17825792"_s; // 17 MiB
    QTest::newRow("sha256sum") << u"i"_s << u"sha256sum -c i.sha256"_s;
    QTest::newRow("sha256sum, packed") << u"i.zst"_s << u"sha256sum -c i.zst.sha256"_s;
    QTest::newRow("sha256sum, odd name") << odd << u"sha256sum -c *.sha256"_s;
    QTest::newRow("bmaptool") << u"i"_s << u"bmaptool copy i copy && cmp i copy"_s;
    QTest::newRow("bmaptool, packed")
        << u"i.zst"_s << u"bmaptool copy i.zst copy && zstd -qd i.zst && cmp i copy"_s;
}

void TestReadWorker::whatItWroteIsReadByOtherTools()
{
    QFETCH(const QString, name);
    QFETCH(const QString, command);
    const QString tool = command.section(u' ', 0, 0);
    if (!runs(u"/"_s, tool + u" --version"_s))
        QSKIP(qPrintable(u"needs "_s + tool));
    const QTemporaryDir folder;
    FailingBlockDevice drive(17_MiB);
    fill(drive);
    QVERIFY(read(drive, folder.filePath(name)));
    QVERIFY(runs(folder.path(), command));
}

/// What a bmap does not name stays as it was on the drive that it is written to.
void TestReadWorker::bmapKeepsTheZerosOfAUsedDrive()
{
    if (!runs(u"/"_s, u"bmaptool --version"_s))
        QSKIP("needs bmaptool");
    const QTemporaryDir folder;
    FailingBlockDevice drive(16_MiB);
    fill(drive);
    QVERIFY(read(drive, folder.filePath(u"i"_s)));
    QFile used(folder.filePath(u"used"_s));
    QVERIFY(used.open(QIODevice::WriteOnly));
    QCOMPARE(used.write(QByteArray(16_MiB, '\x77')), 16_MiB);
    used.close();
    QVERIFY(runs(folder.path(), u"bmaptool copy i used && cmp i used"_s));
}

void TestReadWorker::aPlaceThatReadsLaterIsGood()
{
    const QTemporaryDir folder;
    FailingBlockDevice drive(16_MiB);
    fill(drive);
    drive.add(
        {.kind = DriveFault::Kind::ReadError, .begin = 1_MiB, .end = 1_MiB + 512, .times = 3});
    QVERIFY(read(drive, folder.filePath(u"i"_s)));
    QVERIFY(contentOf(folder.filePath(u"i"_s)) == drive.content());
}

void TestReadWorker::aPlaceThatNeverReadsIsNoGoodImage()
{
    const QTemporaryDir folder;
    FailingBlockDevice drive(16_MiB);
    fill(drive);
    const qint64 bad = 1_MiB + 512;
    drive.add({.kind = DriveFault::Kind::ReadError, .begin = bad, .end = bad + 1024});
    drive.add({.kind = DriveFault::Kind::ReadError, .begin = 2_MiB, .end = 2_MiB + 1});
    const auto outcome = read(drive, folder.filePath(u"i"_s));
    QVERIFY(!outcome);
    QCOMPARE(outcome.error().code, ErrorCode::DeviceFailed);
    QCOMPARE(outcome.error().context,
             u"1536 bytes could not be read (at 1049088-1050112, 2097152-2097664); what could be "
             "read is in %1, with zeros in these places"_s.arg(folder.filePath(u"i.bad"_s)));
    QByteArray expected = drive.content();
    expected.replace(bad, 1024, QByteArray(1024, '\0'));
    expected.replace(2_MiB, 512, QByteArray(512, '\0'));
    QVERIFY(contentOf(folder.filePath(u"i.bad"_s)) == expected);
    QCOMPARE(filesIn(folder.path()), QStringList{u"i.bad"_s});
}

void TestReadWorker::anEarlierBadImageIsKept()
{
    const QTemporaryDir folder;
    QVERIFY(QFile(folder.filePath(u"i.bad"_s)).open(QIODevice::WriteOnly));
    FailingBlockDevice drive(1_MiB);
    drive.add({.kind = DriveFault::Kind::ReadError});
    QVERIFY(!read(drive, folder.filePath(u"i"_s)));
    QCOMPARE(contentOf(folder.filePath(u"i.bad"_s)), QByteArray());
    QCOMPARE(contentOf(folder.filePath(u"i.bad.2"_s)), QByteArray(1_MiB, '\0'));
}

void TestReadWorker::leavesNothing_data()
{
    QTest::addColumn<int>("error");
    QTest::addColumn<ErrorCode>("code");
    QTest::newRow("pulled out") << ENODEV << ErrorCode::DeviceGone;
    QTest::newRow("smaller than it says") << ENOSPC << ErrorCode::NoSpace;
}

void TestReadWorker::leavesNothing()
{
    QFETCH(const int, error);
    QFETCH(const ErrorCode, code);
    const QTemporaryDir folder;
    FailingBlockDevice drive(16_MiB);
    drive.add({.kind = DriveFault::Kind::ReadError, .begin = 12_MiB, .error = error});
    const auto outcome = read(drive, folder.filePath(u"i"_s));
    QVERIFY(!outcome);
    QCOMPARE(outcome.error().code, code);
    QCOMPARE(filesIn(folder.path()), QStringList());
}

/// As a stick that was pulled out, while the kernel has not noticed yet.
void TestReadWorker::aDriveThatAnswersNoMoreIsGone()
{
    const QTemporaryDir folder;
    FailingBlockDevice drive(16_MiB);
    bool isOut = false;
    const auto pullOut = [&](qint64 offset) {
        if (offset < 12_MiB || std::exchange(isOut, true))
            return;
        drive.add({.kind = DriveFault::Kind::ReadError});
    };
    ReadWorker worker({u"a"_s, folder.filePath(u"i"_s)},
                      [&](const QString &, const std::stop_token &) {
                          return std::make_unique<WatchedDrive>(drive, pullOut);
                      });
    const auto outcome = worker.run({}, m_cell);
    QVERIFY(!outcome);
    QCOMPARE(outcome.error().code, ErrorCode::DeviceGone);
    QCOMPARE(filesIn(folder.path()), QStringList());
}

void TestReadWorker::stoppedWhileItReads()
{
    const QTemporaryDir folder;
    FailingBlockDevice drive(64_MiB);
    std::stop_source stop;
    ReadWorker worker({u"a"_s, folder.filePath(u"i.zst"_s)},
                      [&](const QString &, const std::stop_token &) {
                          return std::make_unique<WatchedDrive>(drive, [&stop](qint64 offset) {
                              if (offset >= 12_MiB)
                                  stop.request_stop();
                          });
                      });
    const auto outcome = worker.run(stop.get_token(), m_cell);
    QVERIFY(outcome);
    QCOMPARE(*outcome, Outcome::Stopped);
    QCOMPARE(filesIn(folder.path()), QStringList());
}

void TestReadWorker::replacesNothing_data()
{
    QTest::addColumn<QString>("name");
    for (const char *name : {"i", "i.bmap", "i.sha256"})
        QTest::addRow("%s", name) << QString::fromLatin1(name);
}

void TestReadWorker::replacesNothing()
{
    QFETCH(const QString, name);
    const QTemporaryDir folder;
    QVERIFY(QFile(folder.filePath(name)).open(QIODevice::WriteOnly));
    int opened = 0;
    ReadWorker worker({u"a"_s, folder.filePath(u"i"_s)},
                      [&opened](const QString &,
                                const std::stop_token &) -> Result<std::unique_ptr<BlockDevice>> {
                          ++opened;
                          return fail(ErrorCode::DeviceBusy);
                      });
    const auto outcome = worker.run({}, m_cell);
    QVERIFY(!outcome);
    QCOMPARE(outcome.error().code, ErrorCode::FileExists);
    QVERIFY(outcome.error().context.contains(folder.filePath(name)));
    QCOMPARE(opened, 0);
    QCOMPARE(filesIn(folder.path()), QStringList{name});
}

void TestReadWorker::refusesAFullDisk_data()
{
    QTest::addColumn<QString>("name");
    QTest::newRow("known before anything is read") << u"i"_s;
    QTest::newRow("known when it is full") << u"i.zst"_s;
}

void TestReadWorker::refusesAFullDisk()
{
    QFETCH(const QString, name);
    const QTemporaryDir folder;
    const QByteArray point = QFile::encodeName(folder.path());
    if (::mount("tmpfs", point.constData(), "tmpfs", 0, "size=4m") != 0)
        QSKIP("needs the right to mount");
    const auto unmount = qScopeGuard([&point] { ::umount(point.constData()); });
    FailingBlockDevice drive(24_MiB);
    fill(drive);
    const auto outcome = read(drive, folder.filePath(name));
    QVERIFY(!outcome);
    QCOMPARE(outcome.error().code, ErrorCode::NoSpace);
    QCOMPARE(filesIn(folder.path()), QStringList());
}

void TestReadWorker::discardsWhatAKilledProgramLeft()
{
    const QTemporaryDir folder;
    for (const char *name : {"i.reading", "i.bmap.reading", "i.sha256.reading", "i.reading.txt"})
        QVERIFY(QFile(folder.filePath(QString::fromLatin1(name))).open(QIODevice::WriteOnly));
    FailingBlockDevice drive(1_MiB);
    ReadWorker({u"a"_s, folder.filePath(u"i"_s)}, opening(drive)).discard();
    QCOMPARE(filesIn(folder.path()), QStringList{u"i.reading.txt"_s});
}

void TestReadWorker::leavesTheFileOfAnotherJobAlone()
{
    const QTemporaryDir folder;
    const auto other = openFile(folder.filePath(u"i.reading"_s), O_RDWR | O_CREAT);
    QVERIFY(other);
    QCOMPARE(::flock(other->get(), LOCK_EX | LOCK_NB), 0);
    FailingBlockDevice drive(1_MiB);
    const auto outcome = read(drive, folder.filePath(u"i"_s));
    QVERIFY(!outcome);
    QCOMPARE(outcome.error().code, ErrorCode::Busy);
    ReadWorker({u"a"_s, folder.filePath(u"i"_s)}, opening(drive)).discard();
    QCOMPARE(filesIn(folder.path()), QStringList{u"i.reading"_s});
}

QTEST_GUILESS_MAIN(TestReadWorker)
#include "tst_readworker.moc"
