#include "core/fileopener.h"
#include "tests/support/fakeclock.h"
#include "tests/support/slowdisk.h"

#include <QFile>
#include <QTemporaryDir>
#include <QTest>

#include <dirent.h>

using namespace core;
using namespace Qt::StringLiterals;
using tests::SlowDisk;

namespace {

/// How many of our descriptors are `path`.
int descriptorsOf(const QString &path)
{
    int count = 0;
    DIR *folder = ::opendir("/proc/self/fd");
    while (const dirent *entry = ::readdir(folder))
        if (QFile::symLinkTarget(u"/proc/self/fd/"_s + QLatin1StringView(entry->d_name)) == path)
            ++count;
    ::closedir(folder);
    return count;
}

/// Two disks; one sleeps from the start.
struct Bench {
    QTemporaryDir folder;
    tests::FakeClock clock;
    std::shared_ptr<SlowDisk> asleep = std::make_shared<SlowDisk>();
    std::shared_ptr<SlowDisk> awake = std::make_shared<SlowDisk>();
    std::unique_ptr<FileOpener> opener = std::make_unique<FileOpener>(clock);
    std::unique_ptr<QObject> asker = std::make_unique<QObject>();
    QList<ErrorCode> failures;
    int opened = 0;

    Bench()
    {
        asleep->fallAsleep();
        QFile file(path());
        if (!file.open(QIODevice::WriteOnly) || file.write("12345") != 5)
            qFatal("cannot write a file");
    }
    ~Bench() { asleep->wake(); }
    [[nodiscard]] QString path() const { return folder.filePath(u"file"_s); }
    void ask(const std::shared_ptr<SlowDisk> &disk, const QString &ofFolder)
    {
        opener->open(
            ofFolder, [disk, path = path()] { return disk->open(path); }, *asker,
            [this](const Result<OpenFile> &file) {
                file ? void(++opened) : failures.append(file.error().code);
            });
    }
    void askOften(int times, const QString &ofFolder)
    {
        for (int i = 0; i < times; ++i)
            ask(asleep, ofFolder);
    }
};

class FileOpenerTest final : public QObject
{
    Q_OBJECT
private slots:
    void aFileIsOpenedAndDescribed()
    {
        Bench bench;
        const auto file = openRegularFile(bench.path());
        QVERIFY(file);
        QCOMPARE(file->size, 5);
        QCOMPARE(file->path, bench.path());
        QCOMPARE(openRegularFile(bench.folder.path()).error().code, ErrorCode::NotFound);
        QCOMPARE(openRegularFile(bench.path() + u'x').error().code, ErrorCode::NotFound);
    }

    void aDiskThatSleepsHoldsUpItsOwnFilesOnly()
    {
        Bench bench;
        bench.askOften(1000, u"/nas"_s);
        bench.ask(bench.awake, u"/home"_s);
        QTRY_COMPARE(bench.opened, 1);
        QTRY_COMPARE(bench.asleep->asked(), FileOpener::PerFolder);
        bench.asleep->wake();
        QTRY_COMPARE(bench.opened, 1001);
        QCOMPARE(bench.failures, QList<ErrorCode>());
        QCOMPARE(bench.asleep->asked(), 1000);
        QCOMPARE(bench.asleep->mostAtOnce(), FileOpener::PerFolder);
        bench.asleep->fallAsleep();
    }

    void thereAreNoMoreThreadsThanAllowed()
    {
        Bench bench;
        for (int i = 0; i < FileOpener::AtOnce; ++i)
            bench.askOften(2, u"/nas/%1"_s.arg(i));
        QTRY_COMPARE(bench.asleep->asked(), FileOpener::AtOnce);
        bench.askOften(1, u"/home"_s);
        bench.asleep->wake();
        QTRY_COMPARE(bench.opened, 2 * FileOpener::AtOnce + 1);
        QCOMPARE(bench.asleep->mostAtOnce(), FileOpener::AtOnce);
        bench.asleep->fallAsleep();
    }

    void whoWaitedTooLongIsTold()
    {
        Bench bench;
        bench.askOften(FileOpener::PerFolder + 1, u"/nas"_s);
        bench.clock.advance(FileOpener::Patience - Milliseconds(1));
        bench.opener->refuseOverdue();
        QCOMPARE(bench.failures.size(), 0);
        bench.clock.advance(Milliseconds(1));
        bench.opener->refuseOverdue();
        QCOMPARE(bench.failures, QList<ErrorCode>(FileOpener::PerFolder + 1, ErrorCode::Timeout));
        bench.ask(bench.asleep, u"/nas"_s); // has no turn while they hang
        QTRY_COMPARE(bench.asleep->asked(), FileOpener::PerFolder);
        bench.asleep->wake();
        QTRY_COMPARE(bench.opened, 1); // the last; the others have their answer
        QCOMPARE(bench.failures.size(), FileOpener::PerFolder + 1);
        QCOMPARE(bench.asleep->asked(), FileOpener::PerFolder + 1);
        QCOMPARE(descriptorsOf(bench.path()), 0);
        bench.asleep->fallAsleep();
    }

    void whoIsGoneIsNotAnswered()
    {
        Bench bench;
        bench.askOften(FileOpener::PerFolder, u"/nas"_s);
        QTRY_COMPARE(bench.asleep->asked(), FileOpener::PerFolder);
        bench.asker = std::make_unique<QObject>();
        const std::weak_ptr<SlowDisk> disk = bench.asleep;
        bench.asleep->wake();
        bench.asleep = bench.awake; // the bench wakes it once more
        QTRY_VERIFY(disk.expired()); // the threads are done
        bench.ask(bench.awake, u"/home"_s);
        QTRY_COMPARE(bench.opened, 1);
        QCOMPARE(descriptorsOf(bench.path()), 0);
    }

    void whoIsGoneGetsNoTurn()
    {
        Bench bench;
        bench.askOften(FileOpener::PerFolder + 10, u"/nas"_s);
        QTRY_COMPARE(bench.asleep->asked(), FileOpener::PerFolder);
        bench.asker = std::make_unique<QObject>();
        bench.ask(bench.asleep, u"/nas"_s);
        bench.asleep->wake();
        QTRY_COMPARE(bench.opened, 1);
        QCOMPARE(bench.asleep->asked(), FileOpener::PerFolder + 1);
        QCOMPARE(descriptorsOf(bench.path()), 0);
        bench.asleep->fallAsleep();
    }

    void theEndWaitsForNobody()
    {
        Bench bench;
        bench.askOften(FileOpener::PerFolder + 1, u"/nas"_s);
        QTRY_COMPARE(bench.asleep->asked(), FileOpener::PerFolder);
        const std::weak_ptr<SlowDisk> disk = bench.asleep;
        bench.opener.reset();
        bench.asleep->wake();
        bench.asleep = bench.awake; // the bench wakes it once more
        QTRY_VERIFY(disk.expired()); // the threads are done
        QCOMPARE(bench.opened + bench.failures.size(), 0);
        QCOMPARE(descriptorsOf(bench.path()), 0);
    }
};

} // namespace

QTEST_GUILESS_MAIN(FileOpenerTest)
#include "tst_fileopener.moc"
