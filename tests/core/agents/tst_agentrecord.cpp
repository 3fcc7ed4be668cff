#include "core/agents/agentrecord.h"

#include <QTest>

using namespace core;
using namespace std::chrono_literals;

class AgentRecordTest final : public QObject
{
    Q_OBJECT
private slots:
    void nothingIsInvented()
    {
        const AgentMetrics metrics = AgentRecord().metrics(AgentRecord::Presence::Here);
        QCOMPARE(metrics, (AgentMetrics{.isHealthy = true}));
    }

    void executionsAreAveraged()
    {
        AgentRecord record;
        record.countSuccess(1min, 2s);
        record.countSuccess(1min, 3s);
        record.countSuccess(1min, 3s);
        record.countFailure(1min, 4s);
        record.countMessage(1min);
        const AgentMetrics metrics = record.metrics(AgentRecord::Presence::Here);
        QCOMPARE(metrics.messageCount, 1);
        QCOMPARE(metrics.errorCount, 1);
        QCOMPARE(metrics.errorRate, 0.25);
        QCOMPARE(metrics.averageExecutionSeconds, 3.0);
    }

    void threeFailuresInARowAreSick()
    {
        AgentRecord record;
        const auto isHealthy = [&record] {
            return record.metrics(AgentRecord::Presence::Here).isHealthy;
        };
        record.countFailure(0s, 1s);
        record.countFailure(0s, 1s);
        QVERIFY(isHealthy());
        record.countFailure(0s, 1s);
        QVERIFY(!isHealthy());
        record.countSuccess(0s, 1s);
        QVERIFY(isHealthy());
        QVERIFY(!record.metrics(AgentRecord::Presence::Away).isHealthy);
    }

    void minutesWithoutEventsHaveNoPoint()
    {
        AgentRecord record;
        record.countMessage(61s);
        record.countSuccess(119s, 1s);
        record.countFailure(5min + 1s, 1s);
        const std::deque<AgentPoint> expected{
            {.time = 1min, .messages = 1, .succeeded = 1},
            {.time = 5min, .failed = 1},
        };
        QCOMPARE(record.points(), expected);
    }

    void pointsAreKeptForADay()
    {
        AgentRecord record;
        for (int minute = 0; minute < 3000; ++minute)
            record.countMessage(std::chrono::minutes(minute));
        QCOMPARE(record.points().size(), size_t(24 * 60 + 1));
    }

    void aClockThatIsSetBackKeepsTheOrder()
    {
        AgentRecord record;
        record.countMessage(10min);
        record.countMessage(3min);
        QCOMPARE(record.points().size(), size_t(1));
        QCOMPARE(record.points().front().messages, 2);
    }
};

QTEST_GUILESS_MAIN(AgentRecordTest)
#include "tst_agentrecord.moc"
