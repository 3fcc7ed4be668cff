#include "tests/ui/support/samplejobs.h"
#include "ui/text/formatting.h"
#include "ui/text/totals.h"

#include <QLocale>
#include <QTest>

using namespace core;
using namespace Qt::StringLiterals;

class TestFormatting : public QObject
{
    Q_OBJECT
private slots:
    void initTestCase() { QLocale::setDefault(QLocale::c()); }

    void bytes_data()
    {
        QTest::addColumn<qint64>("bytes");
        QTest::addColumn<QString>("text");
        QTest::newRow("unknown is nothing") << qint64(-1) << QString();
        QTest::newRow("zero") << qint64(0) << u"0 B"_s;
        QTest::newRow("largest without a unit") << qint64(1023) << u"1023 B"_s;
        QTest::newRow("smallest KiB") << qint64(1024) << u"1.0 KiB"_s;
        QTest::newRow("never 1024.0 KiB") << qint64(1048575) << u"1.0 MiB"_s;
        QTest::newRow("one and a half GiB") << qint64(1610612736) << u"1.5 GiB"_s;
        QTest::newRow("the largest") << std::numeric_limits<qint64>::max() << u"8.0 EiB"_s;
    }
    void bytes()
    {
        QFETCH(qint64, bytes);
        QTEST(ui::formatBytes(bytes), "text");
    }

    void speedHasItsUnit() { QCOMPARE(ui::formatRate(12'900'000), u"12.3 MiB/s"_s); }

    void decimalSignIsTheUsers()
    {
        QLocale::setDefault(QLocale(QLocale::German));
        QCOMPARE(ui::formatBytes(1536), u"1,5 KiB"_s);
        QLocale::setDefault(QLocale::c());
    }

    void duration_data()
    {
        QTest::addColumn<qint64>("seconds");
        QTest::addColumn<QString>("text");
        QTest::newRow("unknown is nothing") << qint64(-1) << QString();
        QTest::newRow("seconds") << qint64(59) << u"59 s"_s;
        QTest::newRow("minutes") << qint64(125) << u"2 min 5 s"_s;
        QTest::newRow("hours") << qint64(3 * 3600 + 12 * 60 + 40) << u"3 h 12 min"_s;
        QTest::newRow("days") << qint64(2 * 86400 + 4 * 3600) << u"2 d 4 h"_s;
    }
    void duration()
    {
        QFETCH(qint64, seconds);
        QTEST(ui::formatDuration(seconds), "text");
    }

    void percent_data()
    {
        QTest::addColumn<int>("state");
        QTest::addColumn<qint64>("done");
        QTest::addColumn<qint64>("total");
        QTest::addColumn<QString>("text");
        const auto row = [](const char *name, JobState state, qint64 done, qint64 total) -> auto &
        {
            return QTest::newRow(name) << int(state) << done << total;
        };
        row("rounded down", JobState::Running, 999, 1000) << u"99 %"_s;
        row("all bytes here, but not checked", JobState::Running, 1000, 1000) << u"99 %"_s;
        row("done", JobState::Succeeded, 1000, 1000) << u"100 %"_s;
        row("unknown total", JobState::Running, 5, -1) << QString();
        row("empty file", JobState::Running, 0, 0) << u"0 %"_s;
        row("one byte short of a huge file", JobState::Running, (1LL << 62) - 1, 1LL << 62)
            << u"99 %"_s;
        row("more than promised", JobState::Running, 1200, 1000) << u"99 %"_s;
    }
    void percent()
    {
        QFETCH(int, state);
        QFETCH(qint64, done);
        QFETCH(qint64, total);
        JobSnapshot job;
        job.state = JobState(state);
        job.progress = {.done = done, .total = total};
        QTEST(ui::formatPercent(job), "text");
    }

    void totalsCountAndSayIt()
    {
        ui::Totals totals;
        for (const JobSnapshot &job : tests::sampleJobs())
            totals.add(job);
        QCOMPARE(ui::countsText(totals), u"3 running · 1 waiting · 1 paused"_s);
        QCOMPARE(ui::tooltipText(totals), u"Dray: 3 running · 1 waiting · 1 paused · 49.0 MiB/s"_s);
        for (const JobSnapshot &job : tests::sampleJobs())
            totals.subtract(job);
        QCOMPARE(totals, ui::Totals());
        QCOMPARE(ui::tooltipText(totals), u"Dray: Nothing to do"_s);
    }
};

QTEST_GUILESS_MAIN(TestFormatting)
#include "tst_formatting.moc"
