#include "server/feed/journal.h"
#include "server/feed/topic.h"

#include <QTest>

using namespace server;
using namespace std::chrono_literals;
using namespace Qt::StringLiterals;
using core::Milliseconds;

namespace {

Journal filled(int events, qsizetype bytesEach = 10)
{
    Journal journal(u"e"_s);
    for (int i = 0; i < events; ++i)
        journal.append({.tail = QByteArray(bytesEach, 'x')}, 0ms);
    return journal;
}

} // namespace

class JournalTest final : public QObject
{
    Q_OBJECT
private slots:
    void everyEpochIsAnother();
    void sequenceHasNoGaps();
    void replayIsAllOrNothing_data();
    void replayIsAllOrNothing();
    void eventsOlderThan15MinutesAreForgotten();
    void whatIsAboutOneTopicIsFoundNewestFirstWithinBounds();
    void positionsAreReadBack();
    void topicNamesAreChecked_data();
    void topicNamesAreChecked();
};

void JournalTest::everyEpochIsAnother()
{
    const QString epoch = Journal::randomEpoch();
    QCOMPARE(epoch.size(), 16);
    QVERIFY(epoch != Journal::randomEpoch());
}

void JournalTest::sequenceHasNoGaps()
{
    Journal journal = filled(5);
    const auto all = journal.since({u"e"_s, 0}, 0ms);
    QVERIFY(all);
    QCOMPARE(all->size(), size_t(5));
    for (size_t i = 0; i < 5; ++i)
        QCOMPARE((*all)[i].seq, quint64(i + 1));
}

void JournalTest::replayIsAllOrNothing_data()
{
    QTest::addColumn<int>("events");
    QTest::addColumn<qsizetype>("bytesEach");
    QTest::addColumn<QString>("epoch");
    QTest::addColumn<quint64>("seq");
    QTest::addColumn<int>("replayed"); // -1: lost
    const auto row = [](const char *name, int events, qsizetype bytes, const QString &epoch,
                        quint64 seq, int replayed) {
        QTest::newRow(name) << events << bytes << epoch << seq << replayed;
    };
    row("nothing said yet", 0, 10, u"e"_s, 0, 0);
    row("nothing missed", 3, 10, u"e"_s, 3, 0);
    row("one missed", 3, 10, u"e"_s, 2, 1);
    row("all missed", 3, 10, u"e"_s, 0, 3);
    row("other epoch", 3, 10, u"f"_s, 3, -1);
    row("from the future", 3, 10, u"e"_s, 4, -1);
    row("ring by number: just inside", 8193, 10, u"e"_s, 1, 8192);
    row("ring by number: just outside", 8193, 10, u"e"_s, 0, -1);
    row("ring by bytes: just inside", 9, 512 * 1024, u"e"_s, 1, 8);
    row("ring by bytes: just outside", 9, 512 * 1024, u"e"_s, 0, -1);
    row("one event larger than the ring stays", 1, 8 * 1024 * 1024, u"e"_s, 0, 1);
}

void JournalTest::replayIsAllOrNothing()
{
    QFETCH(int, events);
    QFETCH(qsizetype, bytesEach);
    QFETCH(QString, epoch);
    QFETCH(quint64, seq);
    QFETCH(int, replayed);
    Journal journal = filled(events, bytesEach);
    const auto missed = journal.since({epoch, seq}, 0ms);
    QCOMPARE(missed ? int(missed->size()) : -1, replayed);
    if (!missed)
        QCOMPARE(missed.error().code, core::ErrorCode::PositionLost);
}

void JournalTest::eventsOlderThan15MinutesAreForgotten()
{
    Journal journal(u"e"_s);
    journal.append({.tail = "old"}, 0ms);
    journal.append({.tail = "new"}, 10min);
    QVERIFY(journal.since({u"e"_s, 0}, 15min));
    QVERIFY(!journal.since({u"e"_s, 0}, 15min + 1ms));
    QVERIFY(journal.since({u"e"_s, 1}, 15min + 1ms));
    QCOMPARE(journal.firstSeq(), quint64(2));
}

void JournalTest::whatIsAboutOneTopicIsFoundNewestFirstWithinBounds()
{
    Journal journal(u"e"_s);
    const Topic first = Topic::job(core::JobId{1});
    const Topic second = Topic::job(core::JobId{2});
    for (int i = 0; i < 6; ++i)
        journal.append({.topic = i % 2 ? second : first, .tail = "0123456789"}, 0ms);
    const auto numbers = [&](const Topic &topic, size_t count, qsizetype bytes) {
        QList<quint64> seqs;
        for (const JournalEntry &entry : journal.about(topic, count, bytes))
            seqs.append(entry.seq);
        return seqs;
    };
    QCOMPARE(numbers(first, 10, 1000), (QList<quint64>{1, 3, 5}));
    QCOMPARE(numbers(second, 2, 1000), (QList<quint64>{4, 6}));
    QCOMPARE(numbers(second, 10, 20), (QList<quint64>{4, 6}));
    QCOMPARE(numbers(second, 10, 19), (QList<quint64>{6}));
    QCOMPARE(numbers(Topic::system(), 10, 1000), QList<quint64>());
}

void JournalTest::positionsAreReadBack()
{
    const Position position{u"00ff"_s, 42};
    QCOMPARE(position.toString(), u"00ff:42"_s);
    QCOMPARE(Position::parse(u"00ff:42"_s), std::optional(position));
    for (const QString &text : {u""_s, u"42"_s, u":42"_s, u"a:"_s, u"a:-1"_s, u"a:b"_s})
        QVERIFY(!Position::parse(text));
}

void JournalTest::topicNamesAreChecked_data()
{
    QTest::addColumn<bool>("isTopic");
    for (const char *name : {"jobs", "job:17", "devices", "workflows", "workflow:w3", "agents",
                             "agent:my.agent_1-x", "coordinator", "system"})
        QTest::newRow(name) << true;
    for (const char *name : {"", "job", "job:", "job:x", "job:017", "job: 1", "jobs:1", "Jobs",
                             "nothing", "agent:a b", "agent:a/b", "workflow:\xc3\xa4"})
        QTest::newRow(name[0] ? name : "empty") << false;
    QTest::newRow(QByteArray("agent:" + QByteArray(64, 'a')).constData()) << true;
    QTest::newRow(QByteArray("agent:" + QByteArray(65, 'a')).constData()) << false;
}

void JournalTest::topicNamesAreChecked()
{
    QFETCH(bool, isTopic);
    const QString name = QString::fromUtf8(QTest::currentDataTag());
    const auto topic = Topic::parse(name == "empty"_L1 ? QString() : name);
    QCOMPARE(topic.has_value(), isTopic);
    if (topic)
        QCOMPARE(topic->name(), name);
}

QTEST_GUILESS_MAIN(JournalTest)
#include "tst_feedjournal.moc"
