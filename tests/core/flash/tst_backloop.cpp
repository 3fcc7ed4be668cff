#include "core/flash/compareworker.h"
#include "core/flash/flashworker.h"
#include "core/flash/linuxblockdevice.h"
#include "core/flash/readworker.h"
#include "tests/core/flash/loopdevice.h"
#include "tests/core/flash/packing.h"

#include <QTest>

#include <fcntl.h>

using namespace core;
using namespace tests;
using namespace Qt::StringLiterals;

namespace {

constexpr qint64 DriveBytes = 20_MiB;

bool isSame(const QString &a, const QString &b)
{
    return QProcess::execute(u"cmp"_s, {a, b}) == 0;
}

OpenDrive opening(const LoopDevice &loop, int mode)
{
    return [&loop, mode](const QString &,
                         const std::stop_token &) -> Result<std::unique_ptr<BlockDevice>> {
        auto fd = openFile(loop.path(), mode | O_EXCL | O_DIRECT);
        if (!fd)
            return fail(fd.error());
        return LinuxBlockDevice::fromDescriptor(std::move(*fd), loop.path())
            .map([](auto device) -> std::unique_ptr<BlockDevice> { return device; });
    };
}

} // namespace

/// From a drive to an image and back, on the kernel's own block devices; cmp says whether it is the same.
class TestBackLoop : public QObject
{
    Q_OBJECT
private slots:
    void goesRound_data()
    {
        QTest::addColumn<int>("sector");
        QTest::addColumn<QString>("name");
        for (const int sector : {512, 4096})
            for (const char *name : {"i.img", "i.img.zst"})
                QTest::addRow("%s, sectors of %d", name, sector)
                    << sector << QString::fromLatin1(name);
    }
    void goesRound()
    {
        QFETCH(const int, sector);
        QFETCH(const QString, name);
        const QTemporaryDir folder;
        QByteArray content = imageBytes(DriveBytes);
        content.replace(2_MiB, 11_MiB, QByteArray(11_MiB, '\0'));
        for (const char *drive : {"first", "second"}) {
            QFile file(folder.filePath(QString::fromLatin1(drive)));
            QVERIFY(file.open(QIODevice::WriteOnly));
            QCOMPARE(file.write(drive[0] == 'f' ? content : QByteArray(DriveBytes, '\x33')),
                     DriveBytes);
        }
        const LoopDevice first(folder.filePath(u"first"_s), sector);
        const LoopDevice second(folder.filePath(u"second"_s), sector);
        if (!first.isAttached() || !second.isAttached())
            QSKIP((first.why() + second.why()).constData());
        const QString image = folder.filePath(name);
        ProgressCell cell;
        const auto read = ReadWorker({u"a"_s, image}, opening(first, O_RDONLY)).run({}, cell);
        QVERIFY2(read, qPrintable(read ? QString() : read.error().context));
        QCOMPARE(cell.read().done, DriveBytes);
        const CompareSpec asked{u"a"_s, image, {}};
        ProgressCell compared;
        QVERIFY(CompareWorker(asked, opening(first, O_RDONLY)).run({}, compared));
        ProgressCell differing;
        const auto other = CompareWorker(asked, opening(second, O_RDONLY)).run({}, differing);
        QCOMPARE(other.error().code, ErrorCode::VerificationFailed);
        ProgressCell flashed;
        const FlashSpec flash{.image = image, .drives = {u"b"_s}};
        QVERIFY(FlashWorker(flash, opening(second, O_RDWR)).run({}, flashed));
        QVERIFY(isSame(first.path(), second.path()));
    }
    void aDriveIsNotReadWhileAnotherWritesIt()
    {
        const QTemporaryDir folder;
        QFile file(folder.filePath(u"drive"_s));
        QVERIFY(file.open(QIODevice::WriteOnly) && file.resize(2_MiB));
        const LoopDevice loop(file.fileName(), 512);
        if (!loop.isAttached())
            QSKIP(loop.why().constData());
        const auto writer = loop.open();
        QVERIFY(writer);
        ProgressCell cell;
        QVERIFY(
            !ReadWorker({u"a"_s, folder.filePath(u"i"_s)}, opening(loop, O_RDONLY)).run({}, cell));
    }
};
QTEST_GUILESS_MAIN(TestBackLoop)
#include "tst_backloop.moc"
