#include "core/base/urlpattern.h"

#include <QTest>

using namespace core;
using namespace Qt::StringLiterals;

class TestUrlPattern : public QObject
{
    Q_OBJECT
private slots:
    void standsForItsLinks_data()
    {
        QTest::addColumn<QString>("text");
        QTest::addColumn<QStringList>("links");
        const auto row = [](const char *name, const QString &text, const QStringList &links) {
            QTest::newRow(name) << text << links;
        };
        const auto itself = [](const char *name, const QString &text) {
            QTest::newRow(name) << text << QStringList{text};
        };
        row("numbers", u"http://h/f[1-3].zip"_s,
            {u"http://h/f1.zip"_s, u"http://h/f2.zip"_s, u"http://h/f3.zip"_s});
        row("numbers with zeros", u"f[08-10]"_s, {u"f08"_s, u"f09"_s, u"f10"_s});
        row("one number", u"f[7-7]"_s, {u"f7"_s});
        row("wider than the first", u"f[9-11]"_s, {u"f9"_s, u"f10"_s, u"f11"_s});
        row("small letters", u"[a-c]"_s, {u"a"_s, u"b"_s, u"c"_s});
        row("capital letters", u"[X-Z]x"_s, {u"Xx"_s, u"Yx"_s, u"Zx"_s});
        row("words", u"{one,two}.txt"_s, {u"one.txt"_s, u"two.txt"_s});
        row("an empty word", u"a{,.sig}"_s, {u"a"_s, u"a.sig"_s});
        row("two patterns: the last counts fastest", u"{a,b}[1-2]"_s,
            {u"a1"_s, u"a2"_s, u"b1"_s, u"b2"_s});
        row("IPv6 host and a pattern", u"http://[::1]:80/[1-2]"_s,
            {u"http://[::1]:80/1"_s, u"http://[::1]:80/2"_s});
        itself("no pattern", u"http://h/f.zip"_s);
        itself("empty", u""_s);
        itself("IPv6 host", u"http://[2001:db8::1-2]/f"_s);
        itself("brackets with one number", u"http://h/f[1].zip"_s);
        itself("braces with one word", u"http://h/{x}"_s);
        itself("mixed letters", u"[a-Z]"_s);
        itself("letter and number", u"[a-9]"_s);
        itself("not closed", u"f[1-3"_s);
    }
    void standsForItsLinks()
    {
        QFETCH(QString, text);
        QFETCH(QStringList, links);
        QCOMPARE(UrlPattern::expand(text), Result<QStringList>(links));
    }

    void refusesWhatCannotBe_data()
    {
        QTest::addColumn<QString>("text");
        QTest::newRow("numbers backwards") << u"f[3-1]"_s;
        QTest::newRow("letters backwards") << u"f[c-a]"_s;
        QTest::newRow("one too many") << u"f[0-10000]"_s;
        QTest::newRow("too many together") << u"[1-101][1-100]"_s;
        QTest::newRow("no number of ours") << u"[1-99999999999999999999]"_s;
    }
    void refusesWhatCannotBe()
    {
        QFETCH(QString, text);
        const auto links = UrlPattern::expand(text);
        QVERIFY(!links);
        QCOMPARE(links.error().code, ErrorCode::InvalidArgument);
        QVERIFY(links.error().context.contains(u'['));
    }

    void asManyAsAllowed()
    {
        QCOMPARE(UrlPattern::expand(u"[1-100][1-100]"_s)->size(), UrlPattern::MaxLinks);
    }
};

QTEST_APPLESS_MAIN(TestUrlPattern)
#include "tst_urlpattern.moc"
