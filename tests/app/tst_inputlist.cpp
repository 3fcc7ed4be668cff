#include "app/drayctl/inputlist.h"

#include <QTest>

using namespace app;
using namespace Qt::StringLiterals;

class TestInputList : public QObject
{
    Q_OBJECT
private slots:
    void readsLinksAndTheirOptions()
    {
        const QString digest(64, u'A');
        const auto entries =
            parseInputList(u"# mine\n\nhttp://h/a\r\n  out=b c.zip\n\tdir=/tmp/x\n"
                           "  checksum=sha-256=%1\n  # why\nhttp://h/d\n"_s.arg(digest));
        QVERIFY(entries);
        QCOMPARE(entries->size(), 2);
        QCOMPARE(entries->first().url, u"http://h/a"_s);
        QCOMPARE(entries->first().line, 3);
        QCOMPARE(entries->first().members,
                 (QJsonObject{{u"name"_s, u"b c.zip"_s},
                              {u"to"_s, u"/tmp/x"_s},
                              {u"checksum"_s, u"sha-256="_s + digest.toLower()}}));
        QCOMPARE(entries->last().url, u"http://h/d"_s);
        QCOMPARE(entries->last().line, 8);
        QVERIFY(entries->last().members.isEmpty());
    }

    void namesTheLineThatIsWrong_data()
    {
        QTest::addColumn<QString>("text");
        QTest::addColumn<QString>("line");
        QTest::newRow("an option before any link") << u"\n  out=a\nhttp://h/a"_s << u"line 2:"_s;
        QTest::newRow("an unknown option") << u"http://h/a\n  split=5"_s << u"line 2:"_s;
        QTest::newRow("no value") << u"http://h/a\n  out="_s << u"line 2:"_s;
        QTest::newRow("no option") << u"http://h/a\n http://h/b"_s << u"line 2:"_s;
        QTest::newRow("an unknown digest") << u"http://h/a\n\n checksum=crc32=00"_s << u"line 3:"_s;
        QTest::newRow("a short digest") << u"http://h/a\n checksum=sha-256=00"_s << u"line 2:"_s;
    }
    void namesTheLineThatIsWrong()
    {
        QFETCH(QString, text);
        QFETCH(QString, line);
        const auto entries = parseInputList(text);
        QVERIFY(!entries);
        QVERIFY2(entries.error().context.startsWith(line), qPrintable(entries.error().context));
    }
};

QTEST_APPLESS_MAIN(TestInputList)
#include "tst_inputlist.moc"
