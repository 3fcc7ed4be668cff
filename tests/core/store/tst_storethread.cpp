#include "tests/core/store/storebench.h"

#include <QSignalSpy>

using namespace core;
using namespace std::chrono_literals;
using namespace Qt::StringLiterals;
using tests::StoreBench;

namespace {

QString insertion(const QString &key)
{
    return u"INSERT INTO settings VALUES ('%1', 1)"_s.arg(key);
}

} // namespace

class TestStoreThread : public QObject
{
    Q_OBJECT
private slots:
    void doneComesOnTheHubThreadAfterTheCommit()
    {
        StoreBench bench;
        bench.open();
        QVariantList seen;
        QThread *thread = nullptr;
        bench.store.write(StoreBench::statement(insertion(u"a"_s)), this,
                          [&](const Result<void> &result) {
                              QVERIFY(result);
                              thread = QThread::currentThread();
                              seen = bench.committed(u"SELECT key FROM settings"_s);
                          });
        QTRY_COMPARE(seen, QVariantList{u"a"_s});
        QCOMPARE(thread, QThread::currentThread());
    }

    void whatIsQueuedTogetherIsCommittedTogetherInOrder()
    {
        StoreBench bench;
        bench.open();
        auto release = bench.holdThread();
        QStringList answers;
        QVariantList seenByFirst;
        for (int i = 0; i < 5; ++i)
            bench.store.write(StoreBench::statement(insertion(QString::number(i))), this,
                              [&, i](const Result<void> &result) {
                                  QVERIFY(result);
                                  if (answers.isEmpty())
                                      seenByFirst = bench.committed(u"SELECT key FROM settings"_s);
                                  answers.append(QString::number(i));
                              });
        QVERIFY(bench.committed(u"SELECT key FROM settings"_s).isEmpty());
        release.set_value();
        QTRY_COMPARE(answers, (QStringList{u"0"_s, u"1"_s, u"2"_s, u"3"_s, u"4"_s}));
        QCOMPARE(seenByFirst.size(), 5);
    }

    void aBadWriteDoesNotFailTheOthers()
    {
        StoreBench bench;
        bench.open();
        auto release = bench.holdThread();
        QStringList answers;
        for (const QString &key : {u"a"_s, u"b"_s, u"a"_s, u"c"_s})
            bench.store.write(StoreBench::statement(insertion(key)), this,
                              [&, key](const Result<void> &result) {
                                  answers.append(key + (result ? u" ok"_s : u" failed"_s));
                              });
        release.set_value();
        QTRY_COMPARE(answers, (QStringList{u"a ok"_s, u"b ok"_s, u"a failed"_s, u"c ok"_s}));
        QCOMPARE(bench.committed(u"SELECT key FROM settings ORDER BY key"_s),
                 (QVariantList{u"a"_s, u"b"_s, u"c"_s}));
    }

    void aListenerThatIsGoneIsNotCalled()
    {
        StoreBench bench;
        bench.open();
        auto listener = std::make_unique<QObject>();
        bool wasCalled = false;
        bench.store.write(StoreBench::statement(insertion(u"a"_s)), listener.get(),
                          [&](const Result<void> &) { wasCalled = true; });
        listener.reset();
        QVERIFY(bench.store.close(5s));
        QVERIFY(!wasCalled);
        QCOMPARE(bench.committed(u"SELECT key FROM settings"_s), QVariantList{u"a"_s});
    }

    void closeWritesWhatIsQueuedAndAnswersIt()
    {
        StoreBench bench;
        bench.open();
        int answered = 0;
        for (int i = 0; i < 1000; ++i)
            bench.store.write(StoreBench::statement(insertion(QString::number(i))), this,
                              [&](const Result<void> &result) { answered += result ? 1 : 0; });
        QVERIFY(bench.store.close(30s));
        QCOMPARE(answered, 1000);
        QCOMPARE(bench.committed(u"SELECT count(*) FROM settings"_s), QVariantList{1000});
    }

    void closeDoesNotWaitForADeadDisk()
    {
        StoreBench bench;
        bench.open();
        auto release = bench.holdThread();
        std::optional<Error> answer;
        bench.store.write(
            StoreBench::statement(insertion(u"a"_s)), this,
            [&](const Result<void> &result) { answer = result ? Error{} : result.error(); });
        QVERIFY(!bench.store.close(20ms));
        QVERIFY(answer);
        QCOMPARE(answer->code, ErrorCode::Timeout);
        release.set_value();
        // The thread that was left behind still does its work before the folder goes.
        QTRY_COMPARE(bench.committed(u"SELECT key FROM settings"_s), QVariantList{u"a"_s});
        QTRY_VERIFY(!QFile::exists(bench.path + u"-wal"_s));
    }

    void writingAfterCloseFails()
    {
        StoreBench bench;
        bench.open();
        QVERIFY(bench.store.close(5s));
        std::optional<Error> answer;
        bench.store.write(
            StoreBench::statement(insertion(u"a"_s)), this,
            [&](const Result<void> &result) { answer = result ? Error{} : result.error(); });
        QTRY_VERIFY(answer);
        QCOMPARE(answer->code, ErrorCode::StoreFailed);
        QVERIFY(!bench.store.runNow(StoreBench::statement(insertion(u"a"_s))));
    }

    void aDamagedDatabaseIsTold()
    {
        StoreBench bench;
        QFile file(bench.path);
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write(QByteArray(10000, 'x'));
        file.close();
        const auto opened = bench.store.open(bench.path);
        QVERIFY(opened);
        QVERIFY(opened->damagedPath.startsWith(bench.path + u".damaged-"_s));
        QVERIFY(QFile::exists(opened->damagedPath));
    }

    void aFailureToOpenIsTold()
    {
        StoreBench bench;
        const auto opened = bench.store.open(u"/nowhere/dray.db"_s);
        QVERIFY(!opened);
        QCOMPARE(opened.error().code, ErrorCode::FileAccess);
    }
};

QTEST_GUILESS_MAIN(TestStoreThread)
#include "tst_storethread.moc"
