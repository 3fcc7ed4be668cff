#include "core/base/queuehours.h"

#include <QDateTime>
#include <QTest>

using namespace core;
using namespace Qt::StringLiterals;

namespace {

Milliseconds timeAt(const QString &local)
{
    return Milliseconds(QDateTime::fromString(local, Qt::ISODate).toMSecsSinceEpoch());
}

} // namespace

class TestQueueHours : public QObject
{
    Q_OBJECT
private slots:
    void downloadsRunInsideTheHours_data()
    {
        QTest::addColumn<QString>("hours");
        QTest::addColumn<QString>("time");
        QTest::addColumn<QString>("opens"); // empty: it is open
        const auto row = [](const char *name, const QString &hours, const QString &time,
                            const QString &opens) {
            QTest::newRow(name) << hours << u"2030-01-15T"_s + time << opens;
        };
        const QString none;
        row("no hours: always", u" "_s, u"12:00"_s, none);
        row("inside", u"08:00-18:00"_s, u"12:00"_s, none);
        row("the first minute", u"08:00-18:00"_s, u"08:00"_s, none);
        row("the end is outside", u"08:00-18:00"_s, u"18:00"_s, u"2030-01-16T08:00"_s);
        row("before", u"08:00-18:00"_s, u"07:59:59"_s, u"2030-01-15T08:00"_s);
        row("over midnight: evening", u"23:00-07:00"_s, u"23:30"_s, none);
        row("over midnight: morning", u"23:00-07:00"_s, u"06:59"_s, none);
        row("over midnight: day", u"23:00-07:00"_s, u"07:00"_s, u"2030-01-15T23:00"_s);
        row("until midnight", u"20:00-00:00"_s, u"00:00"_s, u"2030-01-15T20:00"_s);
        row("the next of two", u"23:00-07:00, 12:00-13:00"_s, u"09:00"_s, u"2030-01-15T12:00"_s);
        row("the second of two", u"23:00-07:00,12:00-13:00"_s, u"12:30"_s, none);
    }
    void downloadsRunInsideTheHours()
    {
        QFETCH(QString, hours);
        QFETCH(QString, time);
        QFETCH(QString, opens);
        const auto parsed = QueueHours::parse(hours);
        QVERIFY(parsed);
        QCOMPARE(parsed->isOpenAt(timeAt(time)), opens.isEmpty());
        if (!opens.isEmpty())
            QCOMPARE(parsed->nextOpening(timeAt(time)), timeAt(opens));
    }

    void refusesWhatIsNoTimeOfDay_data()
    {
        QTest::addColumn<QString>("text");
        for (const char *text : {"23:00", "23-07", "25:00-07:00", "23:00-07:00 2M", "nights",
                                 "23:00-07:00,", "23:00-07:60"})
            QTest::newRow(text) << QString::fromLatin1(text);
    }
    void refusesWhatIsNoTimeOfDay()
    {
        QFETCH(QString, text);
        const auto parsed = QueueHours::parse(text);
        QVERIFY(!parsed);
        QCOMPARE(parsed.error().code, ErrorCode::InvalidArgument);
        QVERIFY(parsed.error().context.contains(u"23:00-07:00"_s));
    }
};

QTEST_GUILESS_MAIN(TestQueueHours)
#include "tst_queuehours.moc"
