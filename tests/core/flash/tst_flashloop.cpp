#include "core/base/units.h"
#include "core/flash/flashwriter.h"
#include "core/flash/linuxblockdevice.h"
#include "core/flash/openimage.h"
#include "tests/core/flash/loopdevice.h"
#include "tests/core/flash/packing.h"

#include <QTest>

#include <fcntl.h>
#include <linux/loop.h>
#include <sys/ioctl.h>

using namespace core;
using namespace tests;
using namespace Qt::StringLiterals;

namespace {

bool makeFile(const QString &path, qint64 bytes)
{
    const auto fd = openFile(path, O_RDWR | O_CREAT);
    return fd && ::posix_fallocate(fd->get(), 0, bytes) == 0;
}

/// A tool that is not ours says whether the first bytes of the drive are the image.
bool isOnDrive(const QString &image, qint64 bytes, const QString &drive)
{
    return QProcess::execute(u"cmp"_s, {u"--bytes=%1"_s.arg(bytes), image, drive}) == 0;
}

} // namespace

/// The whole engine on the kernel's own block devices and on files of the real packers.
class TestFlashLoop : public QObject
{
    Q_OBJECT
private slots:
    void flashes_data()
    {
        QTest::addColumn<QString>("packer");
        QTest::addColumn<int>("sector");
        QTest::addColumn<qint64>("size");
        const char *packers[] = {
            "cat", "xz -T2 -1 --block-size=1MiB", "xz -T1", "gzip -1", "bzip2 -1", "zstd -q"};
        for (const char *packer : packers)
            for (const int sector : {512, 4096})
                for (const qint64 size : {4_MiB, 5_MiB + 513})
                    QTest::addRow("%s, sectors of %d, %lld bytes", packer, sector, size)
                        << QString::fromLatin1(packer) << sector << size;
    }
    void flashes()
    {
        QFETCH(const QString, packer);
        QFETCH(const int, sector);
        QFETCH(const qint64, size);
        const QTemporaryDir folder;
        QTemporaryDir packedFolder;
        const QByteArray image = imageBytes(size);
        const QString raw = fileWith(folder, image);
        const QString packed = fileWith(packedFolder, packedBy(packer, image));
        QVERIFY(makeFile(folder.filePath(u"drive"_s), 8_MiB));
        const LoopDevice loop(folder.filePath(u"drive"_s), sector);
        if (!loop.isAttached())
            QSKIP(loop.why().constData());
        ProgressCell cell;
        const auto outcome = flash(packed, {&loop}, cell);
        QVERIFY(outcome);
        QCOMPARE(*outcome, Outcome::Completed);
        QVERIFY(isOnDrive(raw, size, loop.path()));
        QVERIFY(isOnDrive(raw, size, folder.filePath(u"drive"_s)));
        QCOMPARE(cell.read().done, 2 * size);
    }
    void flashesTwoDrivesOfDifferentSectors()
    {
        const QTemporaryDir folder;
        const QByteArray image = imageBytes(6_MiB + 1);
        const QString raw = fileWith(folder, image);
        QVERIFY(makeFile(folder.filePath(u"a"_s), 8_MiB));
        QVERIFY(makeFile(folder.filePath(u"b"_s), 9_MiB));
        const LoopDevice a(folder.filePath(u"a"_s), 512);
        const LoopDevice b(folder.filePath(u"b"_s), 4096);
        if (!a.isAttached() || !b.isAttached())
            QSKIP((a.why() + b.why()).constData());
        ProgressCell cell;
        QVERIFY(flash(raw, {&a, &b}, cell));
        QVERIFY(isOnDrive(raw, image.size(), a.path()));
        QVERIFY(isOnDrive(raw, image.size(), b.path()));
    }
    void driveIsExclusiveWhileItIsOpen()
    {
        const QTemporaryDir folder;
        QVERIFY(makeFile(folder.filePath(u"drive"_s), 2_MiB));
        const LoopDevice loop(folder.filePath(u"drive"_s), 512);
        if (!loop.isAttached())
            QSKIP(loop.why().constData());
        const auto first = loop.open();
        QVERIFY(first);
        QVERIFY(!loop.open());
    }
    /// As a card that is swapped in its reader while we hold the reader open.
    void aMediumThatWasSwappedIsNeitherWrittenNorRead()
    {
        const QTemporaryDir folder;
        QVERIFY(makeFile(folder.filePath(u"first"_s), 2_MiB));
        QVERIFY(makeFile(folder.filePath(u"second"_s), 2_MiB));
        const LoopDevice loop(folder.filePath(u"first"_s), 512, LoopDevice::Access::ReadOnly);
        if (!loop.isAttached())
            QSKIP(loop.why().constData());
        auto fd = openFile(loop.path(), O_RDONLY);
        QVERIFY(fd);
        const int drive = fd->get();
        const auto device = LinuxBlockDevice::fromDescriptor(std::move(*fd), loop.path());
        QVERIFY(device);
        const AlignedBuffer block(4096);
        const auto before = (*device)->write(0, block.first(4096));
        QCOMPARE(before.error().code, ErrorCode::DeviceFailed); // the loop device is read-only
        const auto other = openFile(folder.filePath(u"second"_s), O_RDONLY);
        QVERIFY(other);
        QCOMPARE(::ioctl(drive, LOOP_CHANGE_FD, other->get()), 0);
        const auto after = (*device)->write(0, block.first(4096));
        QCOMPARE(after.error().code, ErrorCode::DeviceGone);
        AlignedBuffer seen(4096);
        const auto read = (*device)->read(0, seen.first(4096));
        QVERIFY(!read);
        QCOMPARE(read.error().code, ErrorCode::DeviceGone);
    }
    void flashesAPlainFile()
    {
        const QTemporaryDir folder;
        const QByteArray image = imageBytes(3_MiB + 77);
        const QString raw = fileWith(folder, image);
        const QString drive = folder.filePath(u"drive"_s);
        QVERIFY(makeFile(drive, 4_MiB));
        ProgressCell cell;
        const auto open = [](const QString &path, const std::stop_token &) {
            return opened(openFile(path, O_RDWR), path);
        };
        QVERIFY(FlashWriter(imageIn(raw), {}).run({drive}, open, {}, cell));
        QVERIFY(isOnDrive(raw, image.size(), drive));
    }

private:
    static OpenImage imageIn(const QString &path)
    {
        return [path](const DecodeLimits &limits) { return openImage(path, limits); };
    }
    static Result<std::unique_ptr<BlockDevice>> opened(Result<FileDescriptor> fd,
                                                       const QString &path)
    {
        if (!fd)
            return fail(fd.error());
        return LinuxBlockDevice::fromDescriptor(std::move(*fd), path);
    }
    static Result<Outcome>
    flash(const QString &image, const QList<const LoopDevice *> &loops, ProgressCell &cell)
    {
        QStringList ids;
        for (const LoopDevice *loop : loops)
            ids.append(loop->path());
        const auto open = [&](const QString &id, const std::stop_token &) {
            return opened(loops[ids.indexOf(id)]->open(), id);
        };
        return FlashWriter(imageIn(image), {}).run(ids, open, {}, cell);
    }
};
QTEST_GUILESS_MAIN(TestFlashLoop)
#include "tst_flashloop.moc"
