#include "core/store/settings.h"
#include "tests/core/store/storebench.h"

#include <QSignalSpy>

using namespace core;
using namespace std::chrono_literals;
using namespace Qt::StringLiterals;
using tests::StoreBench;

class TestSettings : public QObject
{
    Q_OBJECT
private slots:
    void defaultsHoldUntilSomethingIsSet()
    {
        StoreBench bench;
        bench.open();
        Settings settings(bench.store);
        QVERIFY(settings.load());
        QCOMPARE(settings.value(u"download.connections"), 8);
        QCOMPARE(settings.value(u"download.folder"), QString());
        QCOMPARE(settings.value(u"queue.downloads"), 3);
        QCOMPARE(settings.value(u"window.closeToTray"), true);
        QVERIFY(!settings.contains(u"download.conections"));
        QCOMPARE(settings.entry(u"nothing").error().code, ErrorCode::NotFound);
        for (const Settings::Entry &entry : settings.all()) {
            QVERIFY(!entry.meaning.isEmpty());
            QVERIFY2(settings.set(entry.key, entry.defaultValue), qPrintable(entry.key));
        }
    }

    void accepts_data()
    {
        QTest::addColumn<QString>("key");
        QTest::addColumn<QVariant>("value");
        QTest::addColumn<QVariant>("kept");
        QTest::newRow("int") << u"download.connections"_s << QVariant(16) << QVariant(16LL);
        QTest::newRow("least") << u"download.connections"_s << QVariant(1LL) << QVariant(1LL);
        QTest::newRow("most") << u"download.connections"_s << QVariant(32) << QVariant(32LL);
        QTest::newRow("whole double") << u"queue.downloads"_s << QVariant(5.0) << QVariant(5LL);
        QTest::newRow("number as text")
            << u"queue.downloads"_s << QVariant(u"7"_s) << QVariant(7LL);
        QTest::newRow("bool") << u"notify.failed"_s << QVariant(false) << QVariant(false);
        QTest::newRow("bool as text")
            << u"notify.failed"_s << QVariant(u"false"_s) << QVariant(false);
        QTest::newRow("folder") << u"download.folder"_s << QVariant(u"/data/ü"_s)
                                << QVariant(u"/data/ü"_s);
        QTest::newRow("schedule") << u"limit.schedule"_s << QVariant(u"22:00-06:00 2M"_s)
                                  << QVariant(u"22:00-06:00 2M"_s);
        QTest::newRow("hours") << u"queue.hours"_s << QVariant(u"23:00-07:00"_s)
                               << QVariant(u"23:00-07:00"_s);
        QTest::newRow("text") << u"download.userAgent"_s << QVariant(u"Me/1 (ü)"_s)
                              << QVariant(u"Me/1 (ü)"_s);
        QTest::newRow("file") << u"download.netrc"_s << QVariant(u"/home/me/.netrc"_s)
                              << QVariant(u"/home/me/.netrc"_s);
        QTest::newRow("proxy") << u"download.proxy"_s << QVariant(u"socks5://h:1"_s)
                               << QVariant(u"socks5://h:1"_s);
        QTest::newRow("no proxy") << u"download.proxy"_s << QVariant(u"none"_s)
                                  << QVariant(u"none"_s);
        QTest::newRow("no folder") << u"download.folder"_s << QVariant(u""_s) << QVariant(u""_s);
    }
    void accepts()
    {
        QFETCH(QString, key);
        QFETCH(QVariant, value);
        QFETCH(QVariant, kept);
        StoreBench bench;
        bench.open();
        Settings settings(bench.store);
        bool isOnDisk = false;
        settings.set(key, value, this,
                     [&](const Result<void> &result) { isOnDisk = result.has_value(); });
        QCOMPARE(settings.value(key), kept);
        QTRY_VERIFY(isOnDisk);
        Settings later(bench.store);
        QVERIFY(later.load());
        QCOMPARE(later.value(key), kept);
        QCOMPARE(later.value(key).typeId(), kept.typeId());
    }

    void refuses_data()
    {
        QTest::addColumn<QString>("key");
        QTest::addColumn<QVariant>("value");
        QTest::addColumn<ErrorCode>("code");
        QTest::addColumn<QString>("context");
        const auto invalid = ErrorCode::InvalidArgument;
        const QString connections = u"download.connections"_s;
        const QString range = u"is not a whole number from 1 to 32"_s;
        QTest::newRow("unknown key") << u"a.b"_s << QVariant(1) << ErrorCode::NotFound << u"a.b"_s;
        QTest::newRow("too small") << connections << QVariant(0) << invalid << u"\"0\" "_s + range;
        QTest::newRow("too big") << connections << QVariant(33) << invalid << u"\"33\" "_s + range;
        QTest::newRow("fraction") << connections << QVariant(1.5) << invalid
                                  << u"\"1.5\" "_s + range;
        QTest::newRow("words") << connections << QVariant(u"many"_s) << invalid
                               << u"\"many\" "_s + range;
        QTest::newRow("bool as int")
            << connections << QVariant(true) << invalid << u"\"true\" "_s + range;
        QTest::newRow("nothing") << connections << QVariant() << invalid << u"nothing"_s;
        QTest::newRow("beyond 64 bits")
            << connections << QVariant(u"99999999999999999999"_s) << invalid << range;
        QTest::newRow("not a number") << connections << QVariant(qQNaN()) << invalid << range;
        QTest::newRow("infinite") << connections << QVariant(qInf()) << invalid << range;
        QTest::newRow("int as bool")
            << u"notify.failed"_s << QVariant(1) << invalid << u"true or false"_s;
        QTest::newRow("relative folder")
            << u"download.folder"_s << QVariant(u"here"_s) << invalid << u"absolute"_s;
        QTest::newRow("folder that no system takes")
            << u"download.folder"_s << QVariant(u'/' + QString(2048, u'ü')) << invalid
            << u"absolute"_s;
        QTest::newRow("two lines")
            << u"download.userAgent"_s << QVariant(u"a\nb"_s) << invalid << u"one line"_s;
        QTest::newRow("text as number")
            << u"download.userAgent"_s << QVariant(1) << invalid << u"one line"_s;
        QTest::newRow("relative file")
            << u"download.netrc"_s << QVariant(u".netrc"_s) << invalid << u"absolute"_s;
        QTest::newRow("proxy of an unknown kind")
            << u"download.proxy"_s << QVariant(u"ftp://h"_s) << invalid << u"socks5h"_s;
        QTest::newRow("proxy with a login, which is not repeated")
            << u"download.proxy"_s << QVariant(u"http://me:pw@h:1"_s) << invalid
            << u"download.proxy: this is not http://host:port"_s;
        QTest::newRow("schedule without a speed")
            << u"limit.schedule"_s << QVariant(u"08:00-18:00"_s) << invalid
            << u"\"08:00-18:00\" is not"_s;
        QTest::newRow("hours with a speed")
            << u"queue.hours"_s << QVariant(u"23:00-07:00 2M"_s) << invalid
            << u"is not times of day such as 23:00-07:00"_s;
        QTest::newRow("folder as number")
            << u"download.folder"_s << QVariant(3) << invalid << u"absolute"_s;
    }
    void refuses()
    {
        QFETCH(QString, key);
        QFETCH(QVariant, value);
        QFETCH(ErrorCode, code);
        QFETCH(QString, context);
        StoreBench bench;
        bench.open();
        Settings settings(bench.store);
        const QSignalSpy changed(&settings, &Settings::changed);
        const auto refused = settings.set(key, value);
        QVERIFY(!refused);
        QCOMPARE(refused.error().code, code);
        QVERIFY2(refused.error().context.contains(context), qPrintable(refused.error().context));
        QVERIFY2(refused.error().context.contains(key), qPrintable(refused.error().context));
        std::optional<Error> answer;
        settings.set(key, value, this,
                     [&](const Result<void> &result) { answer = result.error(); });
        QCOMPARE(answer, refused.error());
        QCOMPARE(changed.size(), 0);
    }

    void changedIsSaidOnlyWhenTheValueIsAnother()
    {
        StoreBench bench;
        bench.open();
        Settings settings(bench.store);
        const QSignalSpy changed(&settings, &Settings::changed);
        QVERIFY(settings.set(u"queue.downloads"_s, 3));
        QVERIFY(settings.set(u"queue.downloads"_s, 4));
        QVERIFY(settings.set(u"queue.downloads"_s, 4));
        QCOMPARE(changed.size(), 1);
        QCOMPARE(changed[0][0].toString(), u"queue.downloads"_s);
    }

    void aStoredValueThatDoesNotFitIsIgnored()
    {
        StoreBench bench;
        bench.open();
        QVERIFY(bench.store.runNow(StoreBench::statement(
            u"INSERT INTO settings VALUES ('queue.downloads', 5000), ('x.y', 1)"_s)));
        Settings settings(bench.store);
        QTest::ignoreMessage(QtWarningMsg, QRegularExpression(u"queue.downloads"_s));
        QTest::ignoreMessage(QtWarningMsg, QRegularExpression(u"x.y"_s));
        QVERIFY(settings.load());
        QCOMPARE(settings.value(u"queue.downloads"), 3);
    }

    void whatIsSetJustBeforeTheEndIsKept()
    {
        StoreBench bench;
        bench.open();
        Settings settings(bench.store);
        QVERIFY(settings.set(u"queue.downloads"_s, 9));
        QVERIFY(bench.store.close(5s));
        QCOMPARE(bench.committed(u"SELECT value FROM settings"_s), QVariantList{9});
    }
};

QTEST_GUILESS_MAIN(TestSettings)
#include "tst_settings.moc"
