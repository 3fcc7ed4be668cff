#include "server/http/fileblocks.h"

#include <QSignalSpy>
#include <QTemporaryFile>
#include <QTest>

#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

using namespace server;
using namespace Qt::StringLiterals;

namespace {

/// Whether the first page of the file is in memory; mincore(2).
bool isCached(int file)
{
    void *page = ::mmap(nullptr, 1, PROT_READ, MAP_SHARED, file, 0);
    unsigned char residency = 0;
    const bool isKnown = page != MAP_FAILED && ::mincore(page, 1, &residency) == 0;
    if (page != MAP_FAILED)
        ::munmap(page, 1);
    return !isKnown || (residency & 1);
}

/// Of 300,000 bytes.
struct Bench {
    Bench()
    {
        for (int i = 0; i < 30'000; ++i)
            bytes += QByteArray::number(i).rightJustified(10);
        if (!file.open() || file.write(bytes) != bytes.size() || !file.flush())
            qFatal("cannot write a file");
    }
    [[nodiscard]] std::shared_ptr<const core::OpenFile> reader() const
    {
        auto opened = core::openRegularFile(file.fileName());
        if (!opened)
            qFatal("cannot read a file");
        return std::make_shared<const core::OpenFile>(std::move(*opened));
    }

    QByteArray bytes;
    QTemporaryFile file;
};

class FileBlocksTest : public QObject
{
    Q_OBJECT
private slots:
    void whatIsCachedComesAtOnce()
    {
        Bench bench;
        FileBlocks blocks(bench.reader());
        const auto block = blocks.at(1000, 5000);
        QVERIFY(block);
        QCOMPARE(**block, bench.bytes.sliced(1000, 5000));
        const auto last = blocks.at(bench.bytes.size() - 10, 5000);
        QCOMPARE(**last, bench.bytes.last(10));
    }

    void whatIsNotIsReadMeanwhile()
    {
        Bench bench;
        QCOMPARE(::fsync(bench.file.handle()), 0);
        QCOMPARE(::posix_fadvise(bench.file.handle(), 0, 0, POSIX_FADV_DONTNEED), 0);
        if (isCached(bench.file.handle()))
            QSKIP("this file system keeps all in memory");
        FileBlocks blocks(bench.reader());
        const QSignalSpy ready(&blocks, &FileBlocks::ready);
        QVERIFY(!blocks.at(0, 5000));
        QTRY_COMPARE(ready.count(), 1);
        const auto block = blocks.at(0, 5000);
        QVERIFY(block && *block);
        QCOMPARE(**block, bench.bytes.first((*block)->size()));
    }

    void whoGoesAwayDoesNotWait()
    {
        Bench bench;
        QCOMPARE(::fsync(bench.file.handle()), 0);
        for (int i = 0; i < 20; ++i) {
            QCOMPARE(::posix_fadvise(bench.file.handle(), 0, 0, POSIX_FADV_DONTNEED), 0);
            FileBlocks blocks(bench.reader());
            (void)blocks.at(0, 5000);
        }
    }

    void whatCannotBeReadFails()
    {
        Bench bench;
        FileBlocks blocks(bench.reader());
        const auto beyond = blocks.at(bench.bytes.size(), 10);
        QVERIFY(beyond);
        QCOMPARE(beyond->error().code, core::ErrorCode::FileAccess);
        core::OpenFile root{.descriptor = *core::openFile(u"/"_s, O_RDONLY | O_DIRECTORY)};
        FileBlocks folder(std::make_shared<const core::OpenFile>(std::move(root)));
        std::optional<core::Result<QByteArray>> none;
        QTRY_VERIFY(none || (none = folder.at(0, 10)).has_value());
        QCOMPARE(none->error().code, core::ErrorCode::FileAccess);
    }
};

} // namespace

QTEST_GUILESS_MAIN(FileBlocksTest)
#include "tst_fileblocks.moc"
