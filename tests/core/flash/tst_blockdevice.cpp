#include "core/base/units.h"
#include "core/flash/alignedbuffer.h"
#include "core/flash/linuxblockdevice.h"
#include "tests/core/flash/loopdevice.h"
#include "tests/support/failingblockdevice.h"

#include <QRandomGenerator>
#include <QTemporaryDir>
#include <QTest>

#include <fcntl.h>

#include <algorithm>
#include <cerrno>
#include <optional>

using namespace core;
using namespace tests;
using namespace Qt::StringLiterals;
using Kind = DriveFault::Kind;

Q_DECLARE_METATYPE(tests::DriveFault)
Q_DECLARE_METATYPE(std::optional<core::ErrorCode>)

namespace {

AlignedBuffer randomBytes(qint64 bytes)
{
    AlignedBuffer buffer(bytes);
    QRandomGenerator random(7);
    for (char &byte : buffer.all())
        byte = char(random.generate());
    return buffer;
}

bool areEqual(const AlignedBuffer &a, const AlignedBuffer &b)
{
    return std::ranges::equal(a.first(a.size()), b.first(b.size()));
}

Result<void> makeFile(const QString &path, qint64 bytes)
{
    const auto fd = openFile(path, O_RDWR | O_CREAT);
    if (!fd)
        return fail(fd.error());
    if (::posix_fallocate(fd->get(), 0, bytes) != 0)
        return fail(ErrorCode::NoSpace, path);
    return {};
}

} // namespace

class TestBlockDevice : public QObject
{
    Q_OBJECT
private slots:
    void faultsAreContinuedOrNamed_data()
    {
        QTest::addColumn<DriveFault>("fault");
        QTest::addColumn<std::optional<ErrorCode>>("code");
        const std::optional<ErrorCode> none;
        const std::optional failed = ErrorCode::DeviceFailed;
        const qint64 end = 16_MiB;
        QTest::newRow("no fault") << DriveFault{Kind::WriteError, 0, 0} << none;
        QTest::newRow("short writes are continued") << DriveFault{Kind::ShortWrite} << none;
        QTest::newRow("short reads are continued") << DriveFault{Kind::ShortRead} << none;
        QTest::newRow("interrupted write is repeated")
            << DriveFault{Kind::WriteError, 0, end, 3, EINTR} << none;
        QTest::newRow("interrupted read is repeated")
            << DriveFault{Kind::ReadError, 0, end, 3, EINTR} << none;
        QTest::newRow("interrupted flush is repeated")
            << DriveFault{Kind::FlushError, 0, end, 3, EINTR} << none;
        QTest::newRow("write error") << DriveFault{Kind::WriteError} << failed;
        QTest::newRow("read error") << DriveFault{Kind::ReadError} << failed;
        QTest::newRow("flush error") << DriveFault{Kind::FlushError} << failed;
        QTest::newRow("drive ends early")
            << DriveFault{Kind::WriteError, 0, end, 1, ENOSPC} << std::optional(ErrorCode::NoSpace);
        for (const int error : {ENODEV, ENXIO, ENOMEDIUM})
            QTest::addRow("unplugged, errno %d", error)
                << DriveFault{Kind::WriteError, 0, end, 1, error}
                << std::optional(ErrorCode::DeviceGone);
    }
    void faultsAreContinuedOrNamed()
    {
        QFETCH(const DriveFault, fault);
        QFETCH(const std::optional<ErrorCode>, code);
        FailingBlockDevice device(4_MiB);
        device.add(fault);
        const AlignedBuffer written = randomBytes(1_MiB);
        AlignedBuffer read(1_MiB);
        const auto result = device.write(1_MiB, written.first(1_MiB))
                                .and_then([&] { return device.flush(); })
                                .and_then([&] { return device.read(1_MiB, read.all()); });
        QCOMPARE(result.has_value(), !code.has_value());
        if (code)
            QCOMPARE(result.error().code, *code);
        else
            QVERIFY(areEqual(written, read));
    }
    void errorNamesDriveAndOffset()
    {
        FailingBlockDevice device(4_MiB);
        device.add({Kind::WriteError, 2_MiB, 3_MiB});
        const AlignedBuffer bytes = randomBytes(1_MiB);
        QVERIFY(device.write(1_MiB, bytes.first(1_MiB)));
        const auto result = device.write(2_MiB, bytes.first(1_MiB));
        QVERIFY(!result);
        QCOMPARE(result.error().context,
                 u"fake drive: write at byte 2097152: Input/output error"_s);
    }
    void inputOutputErrorOfVanishedDriveIsNamedGone()
    {
        FailingBlockDevice device(4_MiB);
        device.vanishAfter(1_MiB + 4096);
        const AlignedBuffer bytes = randomBytes(1_MiB);
        QVERIFY(device.write(0, bytes.first(1_MiB)));
        const auto result = device.write(1_MiB, bytes.first(1_MiB));
        QVERIFY(!result);
        QCOMPARE(result.error().code, ErrorCode::DeviceGone);
        QCOMPARE(device.content().mid(1_MiB, 4096), QByteArray(bytes.first(4096).data(), 4096));
        QCOMPARE(device.content().mid(1_MiB + 4096, 1), QByteArray("\x5a"));
    }
    void onlyFlushMakesDurable()
    {
        FailingBlockDevice device(1_MiB);
        const QByteArray before = device.durable();
        const AlignedBuffer bytes = randomBytes(1_MiB);
        QVERIFY(device.write(0, bytes.first(1_MiB)));
        QCOMPARE(device.durable(), before);
        QVERIFY(device.flush());
        QCOMPARE(device.durable(), device.content());
        device.lieAboutFlush();
        QVERIFY(device.write(0, AlignedBuffer(4096).first(4096)));
        QVERIFY(device.flush());
        QVERIFY(device.durable() != device.content());
    }

    void plainFileIsADrive()
    {
        const QTemporaryDir folder;
        const QString path = folder.filePath(u"drive"_s);
        QVERIFY(makeFile(path, 3_MiB + 100));
        auto fd = openFile(path, O_RDWR);
        QVERIFY(fd);
        const auto device = LinuxBlockDevice::fromDescriptor(std::move(*fd), path);
        QVERIFY(device);
        QCOMPARE((*device)->size(), 3_MiB); // whole blocks only
        QCOMPARE((*device)->name(), path);
        keepsBytes(**device);
    }
    void loopDevice_data()
    {
        QTest::addColumn<int>("sector");
        QTest::newRow("512") << 512;
        QTest::newRow("4096") << 4096;
    }
    void loopDevice()
    {
        QFETCH(const int, sector);
        const QTemporaryDir folder;
        QVERIFY(makeFile(folder.filePath(u"drive"_s), 8_MiB));
        const LoopDevice loop(folder.filePath(u"drive"_s), sector);
        if (!loop.isAttached())
            QSKIP(loop.why().constData());
        auto fd = loop.open();
        QVERIFY(fd);
        const auto device = LinuxBlockDevice::fromDescriptor(std::move(*fd), loop.path());
        QVERIFY(device);
        QCOMPARE((*device)->size(), 8_MiB);
        QCOMPARE((*device)->blockBytes(), qint64(sector));
        QVERIFY((*device)->isDirect());
        keepsBytes(**device);
    }
    void otherFilesAreRefused()
    {
        auto null = openFile(u"/dev/null"_s, O_RDWR);
        QVERIFY(null);
        const auto device = LinuxBlockDevice::fromDescriptor(std::move(*null), u"/dev/null"_s);
        QVERIFY(!device);
        QCOMPARE(device.error().code, ErrorCode::Unsupported);
    }
    void writingBeyondTheEndFails()
    {
        const QTemporaryDir folder;
        QVERIFY(makeFile(folder.filePath(u"drive"_s), 2_MiB));
        const LoopDevice loop(folder.filePath(u"drive"_s), 512);
        if (!loop.isAttached())
            QSKIP(loop.why().constData());
        auto fd = loop.open();
        QVERIFY(fd);
        const auto device = LinuxBlockDevice::fromDescriptor(std::move(*fd), loop.path());
        QVERIFY(device);
        const AlignedBuffer bytes = randomBytes(1_MiB);
        const auto result = (*device)->write(2_MiB - 4096, bytes.first(1_MiB));
        QVERIFY(!result);
        QCOMPARE(result.error().code, ErrorCode::NoSpace);
    }

private:
    static void keepsBytes(BlockDevice &device)
    {
        const AlignedBuffer written = randomBytes(1_MiB);
        AlignedBuffer read(1_MiB);
        const qint64 offset = device.size() - 1_MiB;
        QVERIFY(device.write(offset, written.first(1_MiB)));
        QVERIFY(device.flush());
        device.dropCache();
        QVERIFY(device.read(offset, read.all()));
        QVERIFY(areEqual(written, read));
    }
};
QTEST_GUILESS_MAIN(TestBlockDevice)
#include "tst_blockdevice.moc"
