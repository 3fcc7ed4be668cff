#include "core/download/landing.h"

#include <QDir>
#include <QTemporaryDir>
#include <QTest>

#include <thread>

using namespace core;
using namespace Qt::StringLiterals;

namespace {

const QString Key = u"hub/17"_s;

JournalRecord sampleRecord()
{
    JournalRecord record;
    record.jobKey = Key;
    record.url = QUrl(u"https://h/a%20b?x=1&y=ü"_s);
    record.identity = {1000, "\"v 1\n\"", "Tue, 15 Nov 2022 08:12:31 GMT"};
    record.done = ByteRanges({{0, 100}, {500, 600}});
    return record;
}

QByteArray contentOf(const QString &path)
{
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray("<no file>");
}

void put(const QString &path, const QByteArray &bytes)
{
    QFile file(path);
    QVERIFY(file.open(QIODevice::WriteOnly));
    QCOMPARE(file.write(bytes), bytes.size());
}

} // namespace

class TestLanding : public QObject
{
    Q_OBJECT
    QTemporaryDir m_folder;
    QString path(const QString &name) const { return m_folder.filePath(name); }

private slots:
    void cleanup()
    {
        QDir dir(m_folder.path());
        for (const QString &name : dir.entryList(QDir::Files | QDir::Hidden))
            dir.remove(name);
    }

    void whatIsWrittenIsRead()
    {
        JournalRecord record = sampleRecord();
        QCOMPARE(decodeJournal(encodeJournal(record)), Result<JournalRecord>(record));
        record.finalTarget = u"/home/x/naïve plan.txt"_s;
        record.digest = QString(64, u'a');
        record.standing = JournalRecord::Standing::Void;
        QCOMPARE(decodeJournal(encodeJournal(record)), Result<JournalRecord>(record));
        QCOMPARE(decodeJournal(encodeJournal({})), Result<JournalRecord>(JournalRecord()));
    }

    void urlKeepsNoPassword()
    {
        JournalRecord record = sampleRecord();
        record.url = QUrl(u"https://me:secret@h/a"_s);
        QVERIFY(!encodeJournal(record).contains("secret"));
    }

    void tornOrChangedTextIsNeverBelieved()
    {
        const QByteArray text = encodeJournal(sampleRecord());
        for (qsizetype i = 0; i < text.size(); ++i) {
            QByteArray changed = text;
            changed[i] = char(changed[i] ^ 1);
            QVERIFY2(!decodeJournal(changed), qPrintable(QString::number(i)));
            QVERIFY2(!decodeJournal(text.first(i)), qPrintable(QString::number(i)));
            QVERIFY2(!decodeJournal(text.first(i) + QByteArray(text.size() - i, '\0')),
                     qPrintable(QString::number(i)));
        }
    }

    void journalIsPrivate()
    {
        const QString journal = path(u"a.part.journal"_s);
        QVERIFY(writeJournal(journal, sampleRecord()));
        QCOMPARE(QFile::permissions(journal) & (QFile::ReadGroup | QFile::ReadOther),
                 QFile::Permissions());
        QCOMPARE(readJournal(journal), Result<JournalRecord>(sampleRecord()));
        QCOMPARE(readJournal(path(u"none"_s)).error().code, ErrorCode::NotFound);
    }

    void claimedPartIsLockedAndFoundAgain()
    {
        {
            auto landing = Landing::claim(m_folder.path(), u"a.bin"_s, Landing::Naming::Derived,
                                          sampleRecord());
            QVERIFY(landing && landing->part()->truncate(sampleRecord().identity.size));
            QCOMPARE(Landing::find(m_folder.path(), Key).error().code, ErrorCode::Busy);
        }
        const auto found = Landing::find(m_folder.path(), Key);
        QVERIFY(found && *found);
        QCOMPARE((*found)->target(), path(u"a.bin"_s));
        QCOMPARE((*found)->record(), sampleRecord());
        const auto other = Landing::find(m_folder.path(), u"hub/18"_s);
        QVERIFY(other && !*other);
    }

    void takenNamesAreLeftAlone()
    {
        put(path(u"a.bin"_s), "mine");
        put(path(u"a (1).bin.part"_s), "foreign part");
        QVERIFY(QFile::link(u"/nowhere"_s, path(u"a (2).bin"_s)));
        const auto chosen =
            Landing::claim(m_folder.path(), u"a.bin"_s, Landing::Naming::Chosen, sampleRecord());
        QCOMPARE(chosen.error().code, ErrorCode::FileExists);
        const auto derived =
            Landing::claim(m_folder.path(), u"a.bin"_s, Landing::Naming::Derived, sampleRecord());
        QVERIFY(derived);
        QCOMPARE(derived->target(), path(u"a (3).bin"_s));
        QCOMPARE(contentOf(path(u"a (1).bin.part"_s)), QByteArray("foreign part"));
    }

    void emptyPartWithoutJournalIsTakenOver()
    {
        put(path(u"a.bin.part"_s), {});
        const auto landing =
            Landing::claim(m_folder.path(), u"a.bin"_s, Landing::Naming::Chosen, sampleRecord());
        QVERIFY(landing);
        QCOMPARE(landing->target(), path(u"a.bin"_s));
    }

    /// As when a job is added while one of the same link is canceled.
    void discardingLeavesAloneWhoTakesTheName()
    {
        constexpr int Rounds = 50;
        JournalRecord other = sampleRecord();
        other.jobKey = u"hub/18"_s;
        for (int round = 0; round < Rounds; ++round) {
            auto landing =
                Landing::claim(m_folder.path(), u"a"_s, Landing::Naming::Chosen, sampleRecord());
            QVERIFY(landing && landing->part()->write(0, QByteArrayView("123")));
            landing = fail(ErrorCode::Internal); // closes the part
            std::jthread canceling([this] { Landing::discard(m_folder.path(), Key); });
            const auto taken =
                Landing::claim(m_folder.path(), u"a"_s, Landing::Naming::Derived, other);
            canceling.join();
            QVERIFY2(taken, qPrintable(taken ? QString() : taken.error().context));
            QVERIFY(QFileInfo::exists(taken->part()->path()));
            QVERIFY(QFileInfo::exists(taken->journalPath()));
            Landing::discard(m_folder.path(), other.jobKey);
            QCOMPARE(QDir(m_folder.path()).entryList(QDir::Files | QDir::Hidden), QStringList());
        }
    }

    void voidPartIsRemoved()
    {
        JournalRecord record = sampleRecord();
        record.standing = JournalRecord::Standing::Void;
        put(path(u"a.bin.part"_s), "old");
        QVERIFY(writeJournal(path(u"a.bin.part.journal"_s), record));
        const auto found = Landing::find(m_folder.path(), Key);
        QVERIFY(found && !*found);
        QVERIFY(QDir(m_folder.path()).isEmpty());
    }

    void renameThatWasNotRecordedIsFound_data()
    {
        QTest::addColumn<qint64>("bytes");
        QTest::addColumn<bool>("isFound");
        QTest::newRow("the file is there") << qint64(4) << true;
        QTest::newRow("another file is there") << qint64(5) << false;
    }
    void renameThatWasNotRecordedIsFound()
    {
        QFETCH(qint64, bytes);
        QFETCH(bool, isFound);
        JournalRecord record = sampleRecord();
        record.identity.size = 4;
        record.done = ByteRanges({{0, 4}});
        record.finalTarget = path(u"a (1).bin"_s);
        put(record.finalTarget, QByteArray(bytes, 'x'));
        QVERIFY(writeJournal(path(u"a.bin.part.journal"_s), record));
        const auto found = Landing::find(m_folder.path(), Key);
        QVERIFY(found);
        QCOMPARE(found->has_value(), isFound);
        QCOMPARE(contentOf(record.finalTarget), QByteArray(bytes, 'x'));
    }

    void moveNeverReplaces()
    {
        auto landing =
            Landing::claim(m_folder.path(), u"a.bin"_s, Landing::Naming::Chosen, sampleRecord());
        QVERIFY(landing && landing->part()->write(0, QByteArrayView("part")));
        put(path(u"a.bin"_s), "rival");
        const auto moved = landing->moveToTarget(sampleRecord(), Landing::Naming::Derived);
        QCOMPARE(moved, Result<QString>(path(u"a (1).bin"_s)));
        QCOMPARE(contentOf(path(u"a.bin"_s)), QByteArray("rival"));
        QCOMPARE(contentOf(path(u"a (1).bin"_s)), QByteArray("part"));
        Landing::conclude(m_folder.path(), sampleRecord().jobKey, *moved);
        QCOMPARE(QDir(m_folder.path()).entryList(QDir::Files).size(), 2);
    }
    void aPartThatWasCutProvesOnlyWhatItHas()
    {
        JournalRecord record = sampleRecord();
        record.done.clear();
        record.done.add({0, 8});
        auto landing =
            Landing::claim(m_folder.path(), u"cut.bin"_s, Landing::Naming::Chosen, record);
        QVERIFY(landing && landing->part()->write(0, QByteArrayView("123")));
        landing = fail(ErrorCode::Internal); // closes the part
        const auto found = Landing::find(m_folder.path(), record.jobKey);
        QVERIFY(found && *found);
        QCOMPARE((*found)->record().done, ByteRanges({{0, 3}}));
    }
};

QTEST_GUILESS_MAIN(TestLanding)
#include "tst_landing.moc"
