#include "tests/server/dialects/hubbench.h"

#include <QJsonArray>

using namespace std::chrono_literals;
using namespace Qt::StringLiterals;
using namespace tests;
using core::JobId;
using core::JobState;

/// The progress lane and back-pressure, as a client of the native socket sees them.
class NativeFeedTest final : public QObject
{
    Q_OBJECT
private slots:
    void progressIsConflated();
    void progressKeepsTheRateAsked();
    void aFasterRateTellsWhatWaitedForTheSlowOne();
    void whatTheTopicOfOneJobHadNotToldComesWithAllJobs_data();
    void whatTheTopicOfOneJobHadNotToldComesWithAllJobs();
    void detailsComeForOneJobOnly();
    void noProgressFollowsTheEnd();
    void slowReadersGetNoProgressButTheNewestLater();
    void readersWithAMegabyteUnreadAreClosed();
    void whatNoTurnSaysIsTooMuchAtOnce();
    void readersThatStallAreClosed();
    void whatALeavingReaderSetsOffComesAfterwards();
    void noticesReachTheUsersPrograms();
};

void NativeFeedTest::progressIsConflated()
{
    HubBench hub;
    auto client = hub.connect();
    client.ask("topic.subscribe", R"({"topic":"jobs","rateHz":1})");
    const JobId id = hub.add();
    const auto order = hub.switchOf(id);
    QTRY_COMPARE(hub.registry.find(id)->state, JobState::Running);
    QTRY_VERIFY(hasProgress(*client.record)); // the first is due at once
    client.record->sent.clear();
    for (const qint64 done : {100, 200, 300}) {
        order->done = done;
        QTRY_COMPARE(hub.registry.find(id)->progress.done, done);
    }
    QVERIFY(only(client.record->take(), "progress"_L1).isEmpty());
    hub.clock.advance(1s);
    hub.feed.tick();
    const auto frames = only(client.record->take(), "progress"_L1);
    QCOMPARE(frames.size(), 1);
    const QJsonArray row = frames.at(0).value("jobs"_L1).toArray().at(0).toArray();
    QCOMPARE(row.size(), 7);
    QCOMPARE(row.at(0), u"1"_s);
    QCOMPARE(row.at(2), 300);
    QCOMPARE(row.at(3), 1000);
    QCOMPARE(row.at(6), u"transferring"_s);
    QVERIFY(hub.feed.counters().conflated >= 2);
}

void NativeFeedTest::progressKeepsTheRateAsked()
{
    HubBench hub;
    auto fast = hub.connect();
    auto slow = hub.connect();
    fast.ask("topic.subscribe", R"({"topic":"jobs"})");
    slow.ask("topic.subscribe", R"({"topic":"jobs","rateHz":0.2})");
    const JobId id = hub.add();
    QTRY_VERIFY(hasProgress(*slow.record));
    slow.record->sent.clear();
    fast.record->sent.clear();
    int fastFrames = 0;
    int slowFrames = 0;
    for (int i = 1; i <= 20; ++i) {
        hub.clock.advance(250ms);
        hub.switchOf(id)->done = i;
        QTRY_COMPARE(hub.registry.find(id)->progress.done, i);
        fastFrames += int(only(fast.record->take(), "progress"_L1).size());
        slowFrames += int(only(slow.record->take(), "progress"_L1).size());
    }
    QVERIFY(fastFrames >= 19);
    QVERIFY(slowFrames <= 2);
}

void NativeFeedTest::aFasterRateTellsWhatWaitedForTheSlowOne()
{
    HubBench hub;
    auto client = hub.connect();
    client.ask("topic.subscribe", R"({"topic":"jobs","rateHz":0.2})");
    const JobId id = hub.add();
    QTRY_VERIFY(hasProgress(*client.record));
    hub.switchOf(id)->done = 700;
    QTRY_COMPARE(hub.registry.find(id)->progress.done, 700);
    client.record->sent.clear();
    client.ask("topic.subscribe", R"({"topic":"jobs","rateHz":10})");
    QTRY_VERIFY_WITH_TIMEOUT(hasProgress(*client.record), 3000); // it waited for 4.5 s
}

void NativeFeedTest::whatTheTopicOfOneJobHadNotToldComesWithAllJobs_data()
{
    QTest::addColumn<QByteArray>("rateHz"); // asked for before it ends
    QTest::newRow("ended") << QByteArray();
    QTest::newRow("slower, then ended") << QByteArray("0.2");
    QTest::newRow("faster, then ended") << QByteArray("10");
}
void NativeFeedTest::whatTheTopicOfOneJobHadNotToldComesWithAllJobs()
{
    QFETCH(QByteArray, rateHz);
    HubBench hub;
    const JobId id = hub.add();
    auto client = hub.connect();
    client.ask("topic.subscribe", R"({"topic":"jobs","rateHz":10})");
    client.ask("topic.subscribe", R"({"topic":"job:1","rateHz":0.5})");
    QTRY_VERIFY(hasProgress(*client.record));
    hub.switchOf(id)->done = 700;
    QTRY_COMPARE(hub.registry.find(id)->progress.done, 700);
    client.record->sent.clear();
    if (!rateHz.isEmpty())
        client.call("topic.subscribe", R"({"topic":"job:1","rateHz":)" + rateHz + '}');
    client.call("topic.unsubscribe", R"({"topic":"job:1"})");
    QTRY_VERIFY_WITH_TIMEOUT(hasProgress(*client.record), 3000); // it does not move again
    const auto frames = only(client.record->take(), "progress"_L1);
    const QJsonArray row = frames.at(0).value("jobs"_L1).toArray().at(0).toArray();
    QCOMPARE(row.size(), 7);
    QCOMPARE(row.at(2), 700);
}

void NativeFeedTest::detailsComeForOneJobOnly()
{
    HubBench hub;
    const JobId id = hub.registry.add({.owner = u"local"_s,
                                       .state = JobState::Paused,
                                       .details = {.title = u"x"_s, .segments = {{0, 10, 5}}}});
    auto client = hub.connect();
    client.ask("topic.subscribe", R"({"topic":"jobs"})");
    client.ask("topic.subscribe", R"({"topic":"job:1"})");
    QVERIFY(hub.registry.resume(id));
    QTRY_VERIFY(hasProgress(*client.record));
    const auto frames = only(client.record->take(), "progress"_L1);
    const QJsonArray row = frames.at(0).value("jobs"_L1).toArray().at(0).toArray();
    QCOMPARE(row.size(), 8);
    QCOMPARE(row.at(7).toObject().value("segments"_L1).toArray().size(), 1);
}

void NativeFeedTest::noProgressFollowsTheEnd()
{
    HubBench hub;
    auto client = hub.connect();
    client.ask("topic.subscribe", R"({"topic":"jobs","rateHz":0.2})");
    const JobId id = hub.add();
    QTRY_VERIFY(hasProgress(*client.record));
    client.record->sent.clear();
    hub.switchOf(id)->done = 700;
    QTRY_COMPARE(hub.registry.find(id)->progress.done, 700);
    hub.switchOf(id)->order = 1;
    QTRY_COMPARE(hub.registry.find(id)->state, JobState::Succeeded);
    const QJsonObject last = only(client.record->take(), "event"_L1).constLast();
    const QJsonObject patch = last.value("patch"_L1).toObject();
    QCOMPARE(patch.value("state"_L1), u"succeeded"_s);
    QCOMPARE(patch.value("done"_L1), 700); // absolute, though it moved on the skipped lane
    QCOMPARE(patch.value("total"_L1), 1000);
    QVERIFY(patch.value("etaSeconds"_L1).isNull());
    hub.clock.advance(1min);
    hub.feed.tick();
    QVERIFY(only(client.record->take(), "progress"_L1).isEmpty());
}

void NativeFeedTest::slowReadersGetNoProgressButTheNewestLater()
{
    HubBench hub;
    auto client = hub.connect();
    client.ask("topic.subscribe", R"({"topic":"jobs"})");
    const JobId id = hub.add();
    QTRY_COMPARE(hub.registry.find(id)->state, JobState::Running);
    client.record->unsent = server::EventFeed::SlowBytes + 1;
    client.record->take();
    hub.clock.advance(1s);
    hub.switchOf(id)->done = 500;
    QTRY_COMPARE(hub.registry.find(id)->progress.done, 500);
    QVERIFY(client.record->sent.isEmpty());
    const JobId other = hub.add(u"local"_s, JobState::Paused); // events still come
    QCOMPARE(only(client.record->take(), "event"_L1).constLast().value("id"_L1), other.toString());
    client.record->unsent = 0;
    hub.clock.advance(1s);
    hub.feed.tick();
    const auto frames = only(client.record->take(), "progress"_L1);
    QCOMPARE(frames.size(), 1);
    QCOMPARE(frames.at(0).value("jobs"_L1).toArray().at(0).toArray().at(2), 500);
}

void NativeFeedTest::readersWithAMegabyteUnreadAreClosed()
{
    HubBench hub;
    auto client = hub.connect();
    client.ask("topic.subscribe", R"({"topic":"jobs"})");
    client.record->unsent = server::EventFeed::TooSlowBytes + 1;
    hub.add(u"local"_s, JobState::Paused);
    waitFor(hub, 1s);
    QVERIFY(!client.record->closeCode); // it may have been said in this very turn
    client.record->unsent = server::EventFeed::TooSlowBytes;
    waitFor(hub, 1s);
    client.record->unsent = server::EventFeed::TooSlowBytes + 1;
    waitFor(hub, 1s);
    QVERIFY(!client.record->closeCode);
    waitFor(hub, 1s);
    QCOMPARE(client.record->closeCode, std::optional(4008));
    QCOMPARE(paramsOf(client.record->take().constLast()).value("reconnect"_L1), true);
    QCOMPARE(hub.feed.counters().slowClosed, 1);
    hub.add(u"local"_s, JobState::Paused);
    QVERIFY(client.record->sent.isEmpty());
}

/// Makes another event of the first one that it gets.
struct Echo final : server::FeedReader {
    explicit Echo(server::EventFeed &events)
        : feed(events)
    { }
    [[nodiscard]] const core::Principal &principal() const override { return who; }
    [[nodiscard]] qint64 unsentBytes() const override { return 0; }
    void takeEvent(quint64 seq, const server::Frame &) override
    {
        seqs.append(seq);
        if (seqs.size() == 1)
            feed.notice(server::EventFeed::NoticeLevel::Message, u"one more"_s);
    }
    void takeProgress(const server::Frame &) override { }

    server::EventFeed &feed;
    core::Principal who = core::Principal::localUser();
    QList<quint64> seqs;
};

void NativeFeedTest::whatALeavingReaderSetsOffComesAfterwards()
{
    HubBench hub;
    std::array<Echo, 3> readers{Echo(hub.feed), Echo(hub.feed), Echo(hub.feed)};
    for (Echo &reader : readers) {
        hub.feed.join(reader);
        for (const server::Topic &topic : {server::Topic::jobs(), server::Topic::system()})
            QVERIFY(hub.feed.subscribe(reader, topic, 1));
    }
    hub.add(u"local"_s, JobState::Paused);
    const quint64 first = readers[0].seqs.value(0);
    for (Echo &reader : readers) {
        QCOMPARE(reader.seqs, (QList<quint64>{first, first + 1, first + 2, first + 3}));
        hub.feed.leave(reader);
    }
}

void NativeFeedTest::whatNoTurnSaysIsTooMuchAtOnce()
{
    HubBench hub;
    auto client = hub.connect();
    client.ask("topic.subscribe", R"({"topic":"jobs"})");
    client.record->unsent = server::EventFeed::TooSlowAtOnceBytes;
    hub.add(u"local"_s, JobState::Paused);
    QVERIFY(!client.record->closeCode);
    client.record->unsent = server::EventFeed::TooSlowAtOnceBytes + 1;
    hub.add(u"local"_s, JobState::Paused);
    QCOMPARE(client.record->closeCode, std::optional(4008));
    QCOMPARE(hub.feed.counters().slowClosed, 1);
}

void NativeFeedTest::readersThatStallAreClosed()
{
    HubBench hub;
    auto stalled = hub.connect();
    auto slow = hub.connect();
    stalled.record->unsent = slow.record->unsent = 1000;
    for (int i = 0; i < 29; ++i) {
        waitFor(hub, 1s);
        emit stalled.socket->heard();
        emit slow.socket->heard();
    }
    emit slow.socket->drained();
    QVERIFY(!stalled.record->closeCode);
    waitFor(hub, 1s);
    QCOMPARE(stalled.record->closeCode, std::optional(4008));
    QVERIFY(!slow.record->closeCode);
}

void NativeFeedTest::noticesReachTheUsersPrograms()
{
    HubBench hub;
    auto client = hub.connect();
    auto eve = hub.connect(HubBench::who(u"eve"_s, core::DefaultScopes));
    client.ask("topic.subscribe", R"({"topic":"system"})");
    eve.ask("topic.subscribe", R"({"topic":"system"})");
    hub.feed.notice(server::EventFeed::NoticeLevel::Error, u"disk \"full\""_s);
    const QJsonObject event = only(client.record->take(), "event"_L1).constLast();
    QCOMPARE(event.value("type"_L1), u"system.notice"_s);
    QCOMPARE(event.value("object"_L1).toObject(),
             (QJsonObject{{u"level"_s, u"error"_s}, {u"text"_s, u"disk \"full\""_s}}));
    QVERIFY(eve.record->sent.isEmpty());
}

QTEST_GUILESS_MAIN(NativeFeedTest)
#include "tst_nativefeed.moc"
