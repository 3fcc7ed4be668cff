#include "tests/ui/support/sampleagents.h"
#include "ui/text/agenttext.h"

#include <QLocale>
#include <QTest>

using namespace core;
using namespace Qt::StringLiterals;

class TestAgentText : public QObject
{
    Q_OBJECT
private slots:
    void initTestCase() { QLocale::setDefault(QLocale::c()); }

    void numbers_data()
    {
        QTest::addColumn<double>("errorRate");
        QTest::addColumn<double>("seconds");
        QTest::addColumn<QString>("rate");
        QTest::addColumn<QString>("time");
        QTest::newRow("nothing ended yet") << 0.0 << 0.0 << QString() << QString();
        QTest::newRow("never failed") << 0.0 << 1.24 << u"0 %"_s << u"1.2 s"_s;
        QTest::newRow("failed at times") << 0.025 << 185.0 << u"2.5 %"_s << u"3 min 5 s"_s;
        QTest::newRow("always failed") << 1.0 << 59.94 << u"100 %"_s << u"59.9 s"_s;
    }
    void numbers()
    {
        QFETCH(double, errorRate);
        QFETCH(double, seconds);
        Agent agent;
        agent.metrics.errorRate = errorRate;
        agent.metrics.averageExecutionSeconds = seconds;
        QTEST(ui::errorRateText(agent), "rate");
        QTEST(ui::averageTimeText(agent), "time");
    }

    void anAgentIsToldInSentences()
    {
        const QList<Agent> agents = tests::sampleAgents();
        QCOMPARE(ui::agentSentences(agents[0]),
                 u"downloader: Working. Healthy.\nWorks on job 21.\nDoes: download, extract.\n"
                 "4 executions failed (2.5 %); one takes 1 min 33 s on average."_s);
        QVERIFY(ui::agentSentences(agents[1]).contains(
            u"Last work failed. Not healthy: its last three executions failed."_s));
        QVERIFY(ui::agentSentences(agents[2]).contains(u"Nothing has ended yet"_s));
        QVERIFY(ui::agentSentences(agents[4]).contains(
            u"Not connected. Not healthy: it is not connected."_s));
    }

    void theWholeIsCounted()
    {
        QCOMPARE(ui::coordinatorText({.totalMessages = 120,
                                      .totalWorkflows = 12,
                                      .registeredAgents = 5,
                                      .healthyAgents = 4,
                                      .activeWorkflows = 2}),
                 u"Agents: 5, healthy: 4 · Workflows: 12, under way: 2 · Messages: 120"_s);
    }
};

QTEST_GUILESS_MAIN(TestAgentText)
#include "tst_agenttext.moc"
