#include "core/base/units.h"
#include "core/download/fileassembly.h"

#include <QFile>
#include <QTemporaryDir>
#include <QTest>

#include <sys/stat.h>

using namespace core;
using namespace Qt::StringLiterals;

namespace {

constexpr qint64 FileBytes = 40_MiB;

/// A record of a file that is here up to `end`.
JournalRecord recordUpTo(qint64 end)
{
    JournalRecord record;
    record.jobKey = u"hub/1"_s;
    record.url = QUrl(u"http://example.test/f"_s);
    record.identity = {FileBytes, "\"v1\"", {}};
    record.done = ByteRanges({{0, end}});
    return record;
}

/// A part that cannot be made durable: fdatasync(2) fails for a pipe.
Result<PartFile> brokenPart(const QString &target)
{
    if (::mkfifo(QFile::encodeName(PartFile::pathFor(target)).constData(), 0600) != 0)
        return fail(fileError(errno, target));
    return PartFile::open(target);
}

/// A part with some bytes.
Result<PartFile> soundPart(const QString &target)
{
    auto part = PartFile::create(target);
    if (part)
        if (const auto written = part->write(0, QByteArray(1000, 'x')); !written)
            return fail(written.error());
    return part;
}

} // namespace

/// The journal never claims a byte that is not on the medium.
class TestCheckpointer : public QObject
{
    Q_OBJECT
private slots:
    void nothingIsWrittenAfterAFailedSync_data()
    {
        QTest::addColumn<bool>("hasThread");
        QTest::newRow("beside the transfer") << true;
        QTest::newRow("without a thread") << false;
    }
    void nothingIsWrittenAfterAFailedSync()
    {
        QFETCH(bool, hasThread);
        const QTemporaryDir folder;
        auto part = brokenPart(folder.filePath(u"broken"_s));
        auto sound = soundPart(folder.filePath(u"sound"_s));
        QVERIFY(part && sound);
        const QString journal = folder.filePath(u"journal"_s);
        QVERIFY(writeJournal(journal, recordUpTo(100)));
        Checkpointer checkpointer(*part, journal);
        if (hasThread)
            checkpointer.submit(recordUpTo(200));
        const auto failed = hasThread ? checkpointer.flush() : checkpointer.flush(recordUpTo(200));
        QVERIFY(!failed);

        *part = std::move(*sound); // as after a writeback error, which the next fdatasync conceals
        const auto again = checkpointer.flush(recordUpTo(300));
        QVERIFY(!again);
        QCOMPARE(again.error().context, failed.error().context);
        const auto kept = readJournal(journal);
        QVERIFY(kept);
        QCOMPARE(kept->done.prefixEnd(), 100);
    }

    void whoWaitsForARecordThatIsNotWrittenGoesOn()
    {
        const QTemporaryDir folder;
        const auto part = brokenPart(folder.filePath(u"broken"_s));
        QVERIFY(part);
        Checkpointer checkpointer(*part, folder.filePath(u"journal"_s));
        checkpointer.submit(recordUpTo(100));
        QVERIFY(!checkpointer.flush());
        checkpointer.submit(recordUpTo(200));
        checkpointer.waitUntilTaken();
        QVERIFY(!checkpointer.flush());
    }

    void forgottenBytesAreNeverLeftInTheJournal()
    {
        const QTemporaryDir folder;
        auto part = PartFile::create(folder.filePath(u"f"_s));
        QVERIFY(part);
        const QString journal = folder.filePath(u"f.part.journal"_s);
        const QByteArray piece(1_MiB, 'x');
        {
            ProgressCell progress;
            JournalRecord none = recordUpTo(0);
            none.done.clear();
            FileAssembly assembly(*part, journal, none, progress);
            const auto lease = assembly.planner().lease(FileBytes);
            QVERIFY(lease);
            QVERIFY(assembly.write(lease->id, piece));
            QVERIFY(assembly.flush());
            for (qint64 bytes = 0; bytes < Checkpointer::MaxBytes; bytes += piece.size())
                QVERIFY(assembly.write(lease->id, piece)); // the last one begins a checkpoint
            const qint64 end = assembly.planner().done().prefixEnd();
            QVERIFY(assembly.forget(ByteRanges({{piece.size(), end}})));
        } // waits for the checkpoint that was begun
        const auto kept = readJournal(journal);
        QVERIFY(kept);
        QCOMPARE(kept->done.prefixEnd(), piece.size());
    }
};

QTEST_GUILESS_MAIN(TestCheckpointer)
#include "tst_checkpointer.moc"
