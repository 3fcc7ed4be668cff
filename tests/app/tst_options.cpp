#include "app/options.h"

#include <QTest>

using namespace app;
using namespace Qt::StringLiterals;

class TestOptions : public QObject
{
    Q_OBJECT
private slots:
    void defaultsAreSafe()
    {
        const auto options = parseHubOptions({u"drayd"_s}, {});
        QVERIFY(options);
        QVERIFY(options->listen.isEmpty());
        QCOMPARE(options->dataDir, defaultDataDir());
        QVERIFY(!options->trustLocal);
        QVERIFY(!options->allowLoopDevices);
    }

    void takesWhatItIsTold()
    {
        const auto options = parseHubOptions(
            {u"dray"_s, u"--listen"_s, u"127.0.0.1:0"_s, u"--listen"_s, u"[::1]:9000"_s,
             u"--data-dir"_s, u"/tmp/x"_s, u"--allow-origin"_s, u"http://127.0.0.1:3000"_s,
             u"--trust-local"_s, u"--allow-loop-devices"_s, u"http://example.test/a"_s},
            {});
        QVERIFY(options);
        QCOMPARE(options->listen, (QStringList{u"127.0.0.1:0"_s, u"[::1]:9000"_s}));
        QCOMPARE(options->dataDir, u"/tmp/x"_s);
        QCOMPARE(options->allowOrigins, QStringList{u"http://127.0.0.1:3000"_s});
        QVERIFY(options->trustLocal);
        QCOMPARE(options->arguments, QStringList{u"http://example.test/a"_s});
    }

    void badValuesAreNamed_data()
    {
        QTest::addColumn<QStringList>("arguments");
        QTest::addColumn<QString>("named");
        QTest::newRow("no port") << QStringList{u"--listen"_s, u"127.0.0.1"_s} << u"127.0.0.1"_s;
        QTest::newRow("port too large")
            << QStringList{u"--listen"_s, u"127.0.0.1:99999"_s} << u"99999"_s;
        QTest::newRow("a name is no address")
            << QStringList{u"--listen"_s, u"localhost:1"_s} << u"localhost:1"_s;
        QTest::newRow("origin with a path")
            << QStringList{u"--allow-origin"_s, u"http://a.test/x"_s} << u"http://a.test/x"_s;
        QTest::newRow("origin without scheme")
            << QStringList{u"--allow-origin"_s, u"a.test"_s} << u"a.test"_s;
        QTest::newRow("connections") << QStringList{u"--max-connections"_s, u"0"_s} << u"\"0\""_s;
        QTest::newRow("certificate without key")
            << QStringList{u"--tls-cert"_s, u"/c"_s} << u"--tls-key"_s;
        QTest::newRow("log level") << QStringList{u"--log-level"_s, u"loud"_s} << u"loud"_s;
        QTest::newRow("unknown option") << QStringList{u"--frobnicate"_s} << u"frobnicate"_s;
    }
    void badValuesAreNamed()
    {
        QFETCH(QStringList, arguments);
        QFETCH(QString, named);
        const auto options = parseHubOptions(QStringList{u"drayd"_s} + arguments, {});
        QVERIFY(!options);
        QVERIFY2(options.error().context.contains(named), qPrintable(options.error().context));
    }
};
QTEST_GUILESS_MAIN(TestOptions)
#include "tst_options.moc"
