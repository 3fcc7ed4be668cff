#include "core/agents/agentworkjson.h"

#include <QTest>

using namespace core;
using namespace Qt::StringLiterals;

class AgentWorkJsonTest final : public QObject
{
    Q_OBJECT
private slots:
    void workComesBackAsItWasStored()
    {
        const AgentWork work{.kind = u"transcode"_s,
                             .spec = "{\"size\":9007199254740993,\"name\":\"\xc3\xa4\"}",
                             .outputs = "{\"file\":\"/tmp/a b\"}",
                             .agent = u"encoder"_s,
                             .agentOwner = u"anna"_s,
                             .offer = u"7-2"_s};
        QCOMPARE(decodeAgentWork(encodeSpec(work)), work);
    }

    void whatIsLeftOutComesBackEmpty()
    {
        const AgentWork work{.kind = u"scan"_s, .spec = "{}", .outputs = {}};
        QCOMPARE(decodeAgentWork(encodeSpec(work)), work);
    }

    void otherSpecsHoldNoWork_data()
    {
        QTest::addColumn<QByteArray>("stored");
        QTest::newRow("nothing") << QByteArray();
        QTest::newRow("a reported job") << QByteArray("{\"type\":\"plan\"}");
        QTest::newRow("a download") << QByteArray("{\"url\":\"http://example.org/\"}");
        QTest::newRow("another shape") << QByteArray("{\"agentWork\":7}");
        QTest::newRow("cut off") << QByteArray("{\"agentWork\":{\"kind\":");
    }
    void otherSpecsHoldNoWork()
    {
        QFETCH(const QByteArray, stored);
        QVERIFY(!decodeAgentWork(stored));
    }

    void onlyAnExternalJobIsAnAgentsWork()
    {
        JobSnapshot job{.kind = JobKind::External,
                        .spec =
                            encodeSpec(AgentWork{.kind = u"scan"_s, .spec = "{}", .outputs = {}})};
        QVERIFY(isAgentWork(job));
        job.kind = JobKind::Download;
        QVERIFY(!isAgentWork(job));
        QVERIFY(!isAgentWork(JobSnapshot{.kind = JobKind::External, .spec = "{}"}));
    }
};

QTEST_GUILESS_MAIN(AgentWorkJsonTest)
#include "tst_agentworkjson.moc"
