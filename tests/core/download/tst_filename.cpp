#include "core/download/filename.h"

#include <QTest>

using namespace core;
using namespace Qt::StringLiterals;

class TestFileName : public QObject
{
    Q_OBJECT
private slots:
    void nameFromDisposition_data()
    {
        QTest::addColumn<QByteArray>("header");
        QTest::addColumn<QString>("name");
        const auto row = [](const char *what, const QByteArray &header, const QString &name) {
            QTest::newRow(what) << header << name;
        };
        row("token", "attachment; filename=plan.txt", u"plan.txt"_s);
        row("quoted", "attachment; filename=\"my plan.txt\"", u"my plan.txt"_s);
        row("escapes", "attachment; filename=\"a\\\"b\\\\c.txt\"", u"a\"b\\c.txt"_s);
        row("semicolon in quotes", "attachment; filename=\"a;b.txt\"; size=3", u"a;b.txt"_s);
        row("filename* wins, in either order",
            "attachment; filename*=UTF-8''%e2%82%ac.txt; filename=\"EUR.txt\"", u"€.txt"_s);
        row("filename* in Latin-1", "attachment; filename*=iso-8859-1'en'%A3.txt", u"£.txt"_s);
        row("filename* in an unknown charset falls back",
            "attachment; filename=x.txt; filename*=koi8-r''%C1.txt", u"x.txt"_s);
        row("raw UTF-8", "attachment; filename=\"\xc3\xa9t\xc3\xa9.txt\"", u"été.txt"_s);
        row("raw Latin-1", "attachment; filename=\"\xe9t\xe9.txt\"", u"été.txt"_s);
        row("names in capitals", "ATTACHMENT; FILENAME=x.txt", u"x.txt"_s);
        row("garbage after the quote", "attachment; filename=\"x.txt\"garbage; a=b", u"x.txt"_s);
        row("quote never closed", "attachment; filename=\"x.txt", u"x.txt"_s);
        row("spaces without quotes", "attachment; filename=my plan.txt", u"my plan.txt"_s);
        row("spaces around =", "attachment; filename = x.txt", u"x.txt"_s);
        row("no type", "filename=x.txt", u"x.txt"_s);
        row("type only", "inline", {});
        row("empty", "", {});
        row("only semicolons", ";;;", {});
    }
    void nameFromDisposition()
    {
        QFETCH(QByteArray, header);
        QTEST(nameFromContentDisposition(header), "name");
    }

    void nameIsMadeSafe_data()
    {
        QTest::addColumn<QString>("name");
        QTest::addColumn<QString>("safe");
        const auto row = [](const char *what, const QString &name, const QString &safe) {
            QTest::newRow(what) << name << safe;
        };
        row("a plain name stays", u"Plan B (2).tar.gz"_s, u"Plan B (2).tar.gz"_s);
        row("path is cut off", u"../../etc/passwd"_s, u"passwd"_s);
        row("Windows path is cut off", u"C:\\Users\\x\\plan.txt"_s, u"plan.txt"_s);
        row("dots only", u".."_s, u"download"_s);
        row("hidden file", u".bashrc"_s, u"_bashrc"_s);
        row("trailing dots and spaces", u"plan.txt. . "_s, u"plan.txt"_s);
        row("control characters", u"a\nb\u0007c\u007f.txt"_s, u"abc.txt"_s);
        row("bidi override shows exe as txt", u"plan\u202etxt.exe"_s, u"plantxt.exe"_s);
        row("invisible characters", u"pl\u200ban\ufeff.txt"_s, u"plan.txt"_s);
        row("reserved by Windows", u"CON"_s, u"_CON"_s);
        row("reserved with an extension", u"lpt1.txt"_s, u"_lpt1.txt"_s);
        row("not reserved", u"console.txt"_s, u"console.txt"_s);
        row("characters Windows forbids", u"a:b*c?.txt"_s, u"a_b_c_.txt"_s);
        row("decomposed becomes NFC", u"e\u0301.txt"_s, u"é.txt"_s);
        row("emoji stay", u"🚚.txt"_s, u"🚚.txt"_s);
        row("half a surrogate goes", QString(QChar(0xd83d)) + u"x"_s, u"x"_s);
        row("nothing left", u"\u202e \n"_s, u"download"_s);
        row("empty", {}, u"download"_s);
    }
    void nameIsMadeSafe()
    {
        QFETCH(QString, name);
        QTEST(safeFileName(name), "safe");
    }

    void longNameKeepsItsExtension_data()
    {
        QTest::addColumn<QString>("name");
        QTest::addColumn<QString>("extension");
        QTest::newRow("one byte each") << QString(400, u'x') + u".iso"_s << u".iso"_s;
        QTest::newRow("three bytes each") << QString(400, u'€') + u".tar.gz"_s << u".tar.gz"_s;
        QTest::newRow("four bytes each") << u"🚚"_s.repeated(200) + u".zip"_s << u".zip"_s;
        QTest::newRow("no extension") << QString(400, u'x') << QString();
    }
    void longNameKeepsItsExtension()
    {
        QFETCH(QString, name);
        QFETCH(QString, extension);
        const QString safe = safeFileName(name);
        QVERIFY(safe.toUtf8().size() <= MaxFileNameBytes);
        QVERIFY(safe.toUtf8().size() > MaxFileNameBytes - 4);
        QVERIFY(safe.endsWith(extension));
        QVERIFY(safe.isValidUtf16());
    }

    void nameComesFromTheUrl_data()
    {
        QTest::addColumn<QString>("url");
        QTest::addColumn<QString>("name");
        QTest::newRow("last segment") << u"http://h/a/plan.txt?x=1#f"_s << u"plan.txt"_s;
        QTest::newRow("percent-encoded") << u"http://h/my%20plan%C3%A9.txt"_s << u"my plané.txt"_s;
        QTest::newRow("encoded slash") << u"http://h/a%2Fb%2F..%2Fc.txt"_s << u"c.txt"_s;
        QTest::newRow("folder") << u"http://h/a/"_s << u"download"_s;
        QTest::newRow("host only") << u"http://h"_s << u"download"_s;
    }
    void nameComesFromTheUrl()
    {
        QFETCH(QString, url);
        QTEST(downloadName({}, QUrl(url)), "name");
    }

    void numberComesBeforeTheExtension()
    {
        QCOMPARE(numberedName(u"a.tar.gz"_s, 1), u"a (1).tar.gz"_s);
        QCOMPARE(numberedName(u"a.iso"_s, 12), u"a (12).iso"_s);
        QCOMPARE(numberedName(u"README"_s, 1), u"README (1)"_s);
        QCOMPARE(numberedName(u".hidden"_s, 1), u".hidden (1)"_s);
        QCOMPARE(numberedName(u"a.iso"_s, 0), u"a.iso"_s);
    }
};

QTEST_GUILESS_MAIN(TestFileName)
#include "tst_filename.moc"
