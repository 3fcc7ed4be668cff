#include "tests/server/dialects/jobmirror.h"
#include "tests/server/dialects/randomwork.h"

using namespace std::chrono_literals;
using namespace Qt::StringLiterals;
using core::JobState;
using tests::FakeExchange;
using tests::HubBench;
using tests::JobMirror;

namespace {

/// Who reads the feed without a WebSocket, and to whom accidents happen.
class HttpReader
{
public:
    explicit HttpReader(core::Principal who)
        : m_who(std::move(who))
    { }
    virtual ~HttpReader()
    {
        if (m_exchange)
            m_exchange->hangUp();
    }
    Q_DISABLE_COPY_MOVE(HttpReader)

    [[nodiscard]] const core::Principal &who() const { return m_who; }
    [[nodiscard]] bool isAsking() const { return m_exchange != nullptr; }
    void ask(HubBench &hub)
    {
        hub.principal = m_who;
        QString target = u"/api/v1/events?topics=jobs,system&snapshot=true"_s + way();
        if (!m_cursor.isEmpty())
            target += u"&since="_s + m_cursor;
        m_exchange = hub.request("GET", target);
    }
    /// Takes in what came.
    virtual void read(HubBench &hub) = 0;
    /// The connection breaks; some of what is on the way never arrives.
    virtual void breakOff(HubBench &hub, QRandomGenerator &random) = 0;
    void disturb(HubBench &hub, QRandomGenerator &random)
    {
        if (!isAsking()) {
            if (random.bounded(3) == 0)
                ask(hub);
            return;
        }
        if (random.bounded(20) == 0)
            return breakOff(hub, random);
        if (random.bounded(10) == 0)
            m_exchange->unsent = random.bounded(3) == 0 ? 2 << 20 : random.bounded(2) * (300 << 10);
        if (random.bounded(2))
            read(hub);
    }
    /// Asks, with nothing unread, whatever happened before.
    void recover(HubBench &hub)
    {
        if (isAsking())
            m_exchange->drain();
        read(hub);
        if (!isAsking())
            ask(hub);
    }

    JobMirror mirror;
    bool isWhole = false;
    int recoveries = 0;
    int snapshots = 0;

protected:
    /// What the query says besides.
    [[nodiscard]] virtual QString way() const { return {}; }
    void noteBegin(const QJsonObject &message)
    {
        isWhole = message.value("recovered"_L1).toBool();
        ++(isWhole ? recoveries : snapshots);
        if (!isWhole)
            mirror.jobs.clear();
    }
    void hangUp()
    {
        m_exchange->hangUp();
        m_exchange.reset();
    }

    std::unique_ptr<FakeExchange> m_exchange;
    QString m_cursor;

private:
    core::Principal m_who;
};

/// Server-Sent Events as a browser reads them.
class StreamReader final : public HttpReader
{
public:
    using HttpReader::HttpReader;

    void read(HubBench &) override
    {
        if (!isAsking())
            return;
        const qsizetype end = m_exchange->body.lastIndexOf("\n\n"); // the rest is half a message
        const QByteArray whole = m_exchange->body.first(std::max<qsizetype>(0, end));
        m_exchange->body.remove(0, end < 0 ? 0 : end + 2);
        for (qsizetype begin = 0; begin < whole.size();) {
            const qsizetype next = whole.indexOf("\n\n", begin);
            take(whole.sliced(begin, (next < 0 ? whole.size() : next) - begin));
            begin = next < 0 ? whole.size() : next + 2;
        }
        if (m_exchange->isFinished)
            hangUp();
    }
    void breakOff(HubBench &hub, QRandomGenerator &random) override
    {
        m_exchange->body.chop(random.bounded(2000));
        read(hub);
        if (isAsking())
            hangUp();
    }

private:
    void take(const QByteArray &message)
    {
        QByteArray name;
        QJsonObject params;
        for (const QByteArray &line : message.split('\n')) {
            if (line.startsWith("id: "))
                m_cursor = QString::fromLatin1(line.sliced(4));
            else if (line.startsWith("event: "))
                name = line.sliced(7);
            else if (line.startsWith("data: "))
                params = QJsonDocument::fromJson(line.sliced(6)).object();
        }
        if (name == "hello")
            takeHello(params);
        else if (name == "snapshot")
            takeSnapshot(params);
        else if (name == "event")
            takeEvent(params);
        else if (name == "progress")
            mirror.takeProgress(params);
    }
    void takeHello(const QJsonObject &hello)
    {
        noteBegin(hello);
        m_seq = hello.value("seq"_L1).toInteger();
    }
    void takeSnapshot(const QJsonObject &page)
    {
        if (page.value("topic"_L1) != "jobs"_L1)
            return;
        mirror.takePage(page);
        isWhole = !page.contains("next"_L1);
    }
    void takeEvent(const QJsonObject &event)
    {
        QCOMPARE(event.value("prev"_L1).toInteger(), m_seq); // nothing was missed
        m_seq = event.value("seq"_L1).toInteger();
        mirror.takeEvent(event);
    }

    qint64 m_seq = 0;
};

/// One answer after the other.
class PollReader final : public HttpReader
{
public:
    using HttpReader::HttpReader;

    void read(HubBench &hub) override
    {
        if (!isAsking() || !m_exchange->answer)
            return;
        const QJsonObject answer =
            QJsonDocument::fromJson(std::exchange(m_exchange, nullptr)->answer->body).object();
        noteBegin(answer);
        m_cursor = answer.value("epoch"_L1).toString() + u':'
            + QString::number(answer.value("seq"_L1).toInteger());
        for (const QJsonValue &ack : answer.value("topics"_L1).toArray())
            if (ack.toObject().value("topic"_L1) == "jobs"_L1)
                takePages(hub, ack.toObject());
        for (const QJsonValue &event : answer.value("events"_L1).toArray())
            mirror.takeEvent(event.toObject());
        mirror.takeProgress(answer.value("progress"_L1).toObject());
    }
    void breakOff(HubBench &, QRandomGenerator &) override { hangUp(); }
    void hurry() { m_wait = 0; }

private:
    [[nodiscard]] QString way() const override { return u"&wait=%1"_s.arg(m_wait); }
    void takePages(HubBench &hub, QJsonObject page)
    {
        hub.principal = who();
        mirror.takePage(page);
        while (page.contains("next"_L1)) {
            const QString before = page.value("next"_L1).toString();
            const auto asked = hub.request("GET", u"/api/v1/jobs?before="_s + before);
            page = QJsonDocument::fromJson(asked->answer->body).object();
            mirror.takePage(page);
        }
        isWhole = true;
    }

    int m_wait = 25;
};

void overflow(HubBench &hub)
{
    for (int i = 0; i < 9000; ++i)
        hub.feed.notice(server::EventFeed::NoticeLevel::Message, u"n"_s);
}

} // namespace

/// As MirrorTest, for those who have no WebSocket: in the end every mirror is the registry.
class HttpMirrorTest final : public QObject
{
    Q_OBJECT
private slots:
    void everyMirrorEndsAsTheRegistry_data() { tests::addSeeds(); }
    void everyMirrorEndsAsTheRegistry()
    {
        QFETCH(quint32, seed);
        QRandomGenerator random(seed);
        HubBench hub;
        std::vector<std::unique_ptr<HttpReader>> readers;
        std::vector<PollReader *> polls;
        for (const core::Principal &who : tests::differentReaders()) {
            readers.push_back(std::make_unique<StreamReader>(who));
            auto poll = std::make_unique<PollReader>(who);
            polls.push_back(poll.get());
            readers.push_back(std::move(poll));
        }
        for (int step = 0; step < 400; ++step) {
            tests::doSomething(hub, random);
            if (step % 150 == 149)
                overflow(hub);
            for (const auto &reader : readers)
                reader->disturb(hub, random);
            hub.clock.advance(std::chrono::milliseconds(random.bounded(200)));
            hub.dialects.tick();
            QCoreApplication::processEvents();
        }
        for (PollReader *reader : polls)
            reader->hurry();
        const auto isSame = [&hub](HttpReader &reader) {
            hub.clock.advance(2s);
            reader.recover(hub);
            hub.feed.tick();
            hub.dialects.tick();
            QCoreApplication::processEvents();
            reader.read(hub);
            return reader.isWhole && reader.mirror.jobs == JobMirror::truth(hub, reader.who());
        };
        const auto becomesSame =
            [&isSame](HttpReader &reader) { // what still moves is heard of next
                int rounds = 0;
                while (rounds < 100 && !isSame(reader))
                    ++rounds;
                return rounds < 100;
            };
        int resumed = 0;
        for (const auto &reader : readers) {
            QVERIFY2(becomesSame(*reader), qPrintable(reader->who().name));
            QVERIFY(reader->snapshots > 0);
            resumed += reader->recoveries;
        }
        QVERIFY(resumed > 0);
    }

    void aSnapshotOfManyPagesIsWhole()
    {
        HubBench hub;
        const core::Principal who = core::Principal::localUser();
        for (int i = 0; i < 3000; ++i)
            hub.add(u"local"_s, JobState::Paused);
        StreamReader stream(who);
        PollReader poll(who);
        poll.hurry();
        for (HttpReader *reader : std::initializer_list<HttpReader *>{&stream, &poll}) {
            reader->ask(hub);
            reader->read(hub);
            QVERIFY(reader->isWhole);
            QCOMPARE(reader->mirror.jobs, JobMirror::truth(hub, who));
        }
    }
};

QTEST_GUILESS_MAIN(HttpMirrorTest)
#include "tst_httpmirror.moc"
