#include "app/drayctl/outputlines.h"

#include <QTest>

using namespace Qt::StringLiterals;

class TestOutputLines : public QObject
{
    Q_OBJECT
private slots:
    void lastLineAndPercentage_data()
    {
        QTest::addColumn<QByteArrayList>("pieces");
        QTest::addColumn<QString>("line");
        QTest::addColumn<double>("percent"); // -1: none
        const auto row = [](const char *name, const QByteArrayList &pieces, const QString &line,
                            double percent = -1) {
            QTest::newRow(name) << pieces << line << percent;
        };
        row("nothing", {}, QString());
        row("one line", {"Packing\n"}, u"Packing"_s);
        row("a line that is not ended counts", {"a\nPassword:"}, u"Password:"_s);
        row("blank lines do not", {"a\n \n\n"}, u"a"_s);
        row("a line in two pieces", {"Pack", "ing\n"}, u"Packing"_s);
        row("a character in two pieces", {"gr\xc3", "\xbc\xc3\x9f\n"}, u"grüß"_s);
        row("redrawn in place", {"\r 5% a", "\r50% b"}, u"50% b"_s, 50);
        row("the percentage stays", {"45 %\nwriting\n"}, u"writing"_s, 45);
        row("a fraction", {"12.5%\n"}, u"12.5%"_s, 12.5);
        row("a comma", {"12,5 %\n"}, u"12,5 %"_s, 12.5);
        row("the last of a line", {"part 100%, all 30%\n"}, u"part 100%, all 30%"_s, 30);
        row("more than all is none", {"CPU 380%\n"}, u"CPU 380%"_s);
        row("a year is none", {"12026%\n"}, u"12026%"_s);
        row("colours are left out", {"\x1b[1;32m70%\x1b[0m \x1b]0;title\x07ok\n"}, u"70% ok"_s, 70);
        row("not text at all", {QByteArray("\xff\x00%\n", 4)}, u"\ufffd%"_s);
    }
    void lastLineAndPercentage()
    {
        QFETCH(QByteArrayList, pieces);
        app::OutputLines lines;
        for (const QByteArray &piece : pieces)
            lines.take(piece);
        QTEST(lines.lastLine(), "line");
        QTEST(lines.percent().value_or(-1), "percent");
    }

    void aLineWithoutAnEndIsNotKept()
    {
        app::OutputLines lines;
        for (int i = 0; i < 100; ++i)
            lines.take(QByteArray(1000, 'a'));
        QCOMPARE(lines.lastLine().size(), app::OutputLines::LongestLine);
        lines.take("\nb\n");
        QCOMPARE(lines.lastLine(), u"b"_s);
    }
};

QTEST_GUILESS_MAIN(TestOutputLines)
#include "tst_outputlines.moc"
