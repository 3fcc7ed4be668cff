#include "tests/server/dialects/jobmirror.h"
#include "tests/server/dialects/randomwork.h"

using namespace std::chrono_literals;
using namespace Qt::StringLiterals;
using core::JobId;
using core::JobState;
using tests::HubBench;
using tests::JobMirror;

namespace {

/// A client that knows only what came over the wire, by the rules of PROTOCOL.md §1.
class Mirror final : public tests::RandomReader
{
public:
    using RandomReader::RandomReader;
    JobMirror mirror;
    bool isWhole = false;
    int recoveries = 0;
    int snapshots = 0;

    void connect(HubBench &hub) override
    {
        m_client = hub.connect(who());
        isWhole = false;
        m_looksAt.clear();
        QByteArray params = R"({"topics":[{"topic":"jobs"},{"topic":"system"}])";
        if (!m_epoch.isEmpty())
            params += R"(,"resume":{"epoch":")" + m_epoch.toLatin1() + R"(","seq":)"
                + QByteArray::number(m_seq) + '}';
        m_client.call("session.hello", params + '}');
    }
    void read() override
    {
        for (const QJsonObject &message : m_client.record->take()) {
            const QJsonObject params = message.value("params"_L1).toObject();
            if (message.contains("result"_L1))
                takeAnswer(message.value("result"_L1).toObject());
            else if (message.value("method"_L1) == "event"_L1)
                takeEvent(params);
            else if (message.value("method"_L1) == "progress"_L1)
                mirror.takeProgress(params);
        }
        if (!m_next.isEmpty()) {
            const QByteArray before = std::exchange(m_next, {}).toLatin1();
            m_client.call("job.list", R"({"limit":50,"before":")" + before + R"("})");
            read();
        }
    }

    /// Opens a job, looks at one it knows at another rate, or closes one; now and then all jobs come at
    /// another rate.
    void lookAround(const HubBench &hub, QRandomGenerator &random)
    {
        const auto jobs = hub.registry.snapshots();
        if (!isConnected() || wasClosed() || jobs.isEmpty() || random.bounded(10) > 0)
            return;
        if (!m_looksAt.isEmpty() && random.bounded(2) == 0)
            return lookAwayFrom(random.bounded(m_looksAt.size()));
        const QByteArray rate = QByteArray::number(0.2 * (1 + random.bounded(50)));
        const QByteArray id = jobs.at(random.bounded(jobs.size())).id.toString().toLatin1();
        const QByteArray topic = random.bounded(4) == 0 ? "jobs" : "job:" + id;
        m_client.call("topic.subscribe",
                      R"({"snapshot":false,"topic":")" + topic + R"(","rateHz":)" + rate + '}', 2);
        if (topic != "jobs" && !m_looksAt.contains(topic))
            m_looksAt.append(topic);
    }
    /// Closes all that is open: it looks at the list alone.
    void lookAway()
    {
        while (isConnected() && !wasClosed() && !m_looksAt.isEmpty())
            lookAwayFrom(0);
    }

private:
    void lookAwayFrom(qsizetype index)
    {
        const QByteArray topic = m_looksAt.takeAt(index);
        m_client.call("topic.unsubscribe", R"({"topic":")" + topic + R"("})", 2);
    }
    void takeAnswer(const QJsonObject &result)
    {
        if (result.contains("session"_L1))
            takeHello(result);
        else if (result.contains("jobs"_L1))
            takePage(result);
    }
    void takeHello(const QJsonObject &hello)
    {
        const QString known = std::exchange(m_epoch, hello.value("epoch"_L1).toString());
        m_seq = hello.value("seq"_L1).toInteger();
        isWhole = hello.value("recovered"_L1).toBool();
        QVERIFY(!isWhole || known == m_epoch);
        if (isWhole) {
            ++recoveries;
            return;
        }
        ++snapshots;
        mirror.jobs.clear();
        takePage(hello.value("topics"_L1).toArray().at(0).toObject());
    }
    void takePage(const QJsonObject &page)
    {
        mirror.takePage(page);
        m_next = page.value("next"_L1).toString();
        isWhole = m_next.isEmpty();
    }
    void takeEvent(const QJsonObject &event)
    {
        QCOMPARE(event.value("prev"_L1).toInteger(), m_seq); // nothing was missed
        m_seq = event.value("seq"_L1).toInteger();
        mirror.takeEvent(event);
    }

    QString m_epoch;
    qint64 m_seq = 0;
    QString m_next;
    QByteArrayList m_looksAt; // topics of one job
};

} // namespace

/// More than is kept for who comes back.
void overflowRing(HubBench &hub)
{
    for (int i = 0; i < 9000; ++i)
        hub.feed.notice(server::EventFeed::NoticeLevel::Message, u"n"_s);
}

/// The hub ends under its readers and begins again with its jobs, in another epoch.
std::unique_ptr<HubBench>
begunAnew(std::unique_ptr<HubBench> before, std::vector<Mirror> &mirrors, QRandomGenerator &random)
{
    const auto jobs = before->registry.snapshots();
    for (Mirror &mirror : mirrors)
        if (mirror.isConnected())
            mirror.disconnect(random.bounded(5));
    const QString epoch = before->epoch + u'+';
    before.reset();
    auto hub = std::make_unique<HubBench>(epoch);
    for (const core::JobSnapshot &job : jobs)
        hub->registry.restore(job);
    return hub;
}

/// Random work, random readers, random accidents: in the end every mirror is the registry.
class MirrorTest final : public QObject
{
    Q_OBJECT
private slots:
    void everyMirrorEndsAsTheRegistry_data();
    void everyMirrorEndsAsTheRegistry();
    void ringOverflowGivesASnapshot();
};

void MirrorTest::everyMirrorEndsAsTheRegistry_data()
{
    tests::addSeeds();
}

void MirrorTest::everyMirrorEndsAsTheRegistry()
{
    QFETCH(quint32, seed);
    QRandomGenerator random(seed);
    auto hub = std::make_unique<HubBench>();
    std::vector<Mirror> mirrors;
    for (const core::Principal &who : tests::differentReaders())
        mirrors.emplace_back(who);
    const int overflowsAt = random.bounded(20, 380);
    const int endsAt = random.bounded(20, 380);
    for (int step = 0; step < 400; ++step) {
        if (step == overflowsAt)
            overflowRing(*hub);
        if (step == endsAt)
            hub = begunAnew(std::move(hub), mirrors, random);
        tests::doSomething(*hub, random);
        for (Mirror &mirror : mirrors) {
            mirror.disturb(*hub, random);
            mirror.lookAround(*hub, random);
        }
        hub->clock.advance(std::chrono::milliseconds(random.bounded(200)));
        QCoreApplication::processEvents();
    }
    for (Mirror &mirror : mirrors) {
        mirror.lookAway();
        mirror.recover(*hub);
    }
    const auto isSame = [&](Mirror &mirror) {
        hub->clock.advance(200ms);
        hub->feed.tick();
        mirror.read();
        return mirror.isWhole && mirror.mirror.jobs == JobMirror::truth(*hub, mirror.who());
    };
    for (Mirror &mirror : mirrors)
        QTRY_VERIFY2(isSame(mirror), qPrintable(mirror.who().name));
    if (QTest::currentTestFailed())
        return;
    for (const Mirror &mirror : mirrors)
        QVERIFY(mirror.snapshots > 0);
}

void MirrorTest::ringOverflowGivesASnapshot()
{
    HubBench hub;
    const core::Principal who = core::Principal::localUser();
    Mirror mirror(who);
    hub.add(u"local"_s, JobState::Paused);
    mirror.connect(hub);
    mirror.read();
    mirror.disconnect(0);
    overflowRing(hub);
    hub.add(u"local"_s, JobState::Paused);
    mirror.connect(hub);
    mirror.read();
    QCOMPARE(mirror.snapshots, 2);
    QCOMPARE(mirror.recoveries, 0);
    QCOMPARE(mirror.mirror.jobs, JobMirror::truth(hub, who));
}

QTEST_GUILESS_MAIN(MirrorTest)
#include "tst_mirror.moc"
