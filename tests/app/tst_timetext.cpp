#include "app/drayctl/timetext.h"

#include <QTest>

using namespace Qt::StringLiterals;

class TestTimeText : public QObject
{
    Q_OBJECT
private slots:
    void timesAreLocal_data()
    {
        QTest::addColumn<QString>("text");
        QTest::addColumn<QDateTime>("time"); // invalid: refused
        const auto at = [](int day, int hour, int minute) {
            return QDateTime(QDate(2030, 1, day), QTime(hour, minute));
        };
        QTest::newRow("later today") << u"23:30"_s << at(10, 23, 30);
        QTest::newRow("tomorrow") << u"6:15"_s << at(11, 6, 15);
        QTest::newRow("exact") << u"2030-01-31T23:30"_s << at(31, 23, 30);
        QTest::newRow("with a space") << u"2030-01-31 23:30"_s << at(31, 23, 30);
        QTest::newRow("no time of day") << u"2030-01-31"_s << QDateTime();
        QTest::newRow("words") << u"soon"_s << QDateTime();
        QTest::newRow("not an hour") << u"25:00"_s << QDateTime();
    }
    void timesAreLocal()
    {
        QFETCH(QString, text);
        QFETCH(QDateTime, time);
        const auto read = app::timeFrom(text, QDateTime(QDate(2030, 1, 10), QTime(12, 0)));
        QCOMPARE(read.has_value(), time.isValid());
        if (read)
            QCOMPARE(*read, time);
        else
            QVERIFY(read.error().context.contains(text));
    }
};

QTEST_GUILESS_MAIN(TestTimeText)
#include "tst_timetext.moc"
