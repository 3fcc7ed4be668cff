#include "tests/server/dialects/randomwork.h"

using namespace std::chrono_literals;
using namespace Qt::StringLiterals;
using core::JobId;
using tests::HubBench;

namespace {

/// A client of the gateway that keeps the last message about each download, also while it is away.
class Listener final : public tests::RandomReader
{
public:
    using RandomReader::RandomReader;
    QMap<QString, QByteArray> last; // by download_id

    void connect(HubBench &hub) override { m_client = hub.connect(who(), {}, u"/ws"_s); }
    void read() override
    {
        for (const QByteArray &message : std::exchange(m_client.record->sent, {})) {
            const QJsonObject object = QJsonDocument::fromJson(message).object();
            last.insert(object.value("download_id"_L1).toString(), message);
        }
    }
};

/// The last word about every job that `who` may see.
QMap<QString, QByteArray> truth(const HubBench &hub, const core::Principal &who)
{
    const server::GatewayCodec codec;
    QMap<QString, QByteArray> jobs;
    for (const core::JobSnapshot &job : hub.registry.snapshots())
        if (who.canSee(job.owner))
            jobs.insert(job.id.toString(), codec.introduce(job).constLast());
    return jobs;
}

/// Whether `listener` knows all that is true. Of jobs that are gone it may know something still.
bool knowsAll(const Listener &listener, const HubBench &hub)
{
    const auto jobs = truth(hub, listener.who());
    return std::all_of(jobs.keyBegin(), jobs.keyEnd(), [&](const QString &id) {
        return listener.last.value(id) == jobs.value(id);
    });
}

/// Whether the workers' last numbers have reached the registry.
bool haveMoved(HubBench &hub)
{
    const QList<core::JobSnapshot> jobs = hub.registry.snapshots();
    return std::all_of(jobs.begin(), jobs.end(), [&hub](const core::JobSnapshot &job) {
        return job.state != core::JobState::Running
            || job.progress.done == hub.switchOf(job.id)->done;
    });
}

} // namespace

/// Random work, random readers, random accidents: what a reader was told last of each job is how it is.
class MessageMirrorTest final : public QObject
{
    Q_OBJECT
private slots:
    void whatWasToldLastIsTrue_data();
    void whatWasToldLastIsTrue();
};

void MessageMirrorTest::whatWasToldLastIsTrue_data()
{
    tests::addSeeds();
}

void MessageMirrorTest::whatWasToldLastIsTrue()
{
    QFETCH(quint32, seed);
    QRandomGenerator random(seed);
    HubBench hub;
    std::vector<Listener> listeners;
    for (const core::Principal &who : tests::differentReaders())
        listeners.emplace_back(who);
    QSet<QString> evesJobs;
    for (int step = 0; step < 400; ++step) {
        tests::doSomething(hub, random);
        for (const core::JobSnapshot &job : hub.registry.snapshots())
            if (job.owner == "eve"_L1)
                evesJobs.insert(job.id.toString());
        for (Listener &listener : listeners)
            listener.disturb(hub, random);
        hub.clock.advance(std::chrono::milliseconds(random.bounded(200)));
        QCoreApplication::processEvents();
    }
    for (Listener &listener : listeners)
        listener.recover(hub);
    for (const core::JobSnapshot &job : hub.registry.snapshots())
        hub.switchOf(job.id)->done += 50; // those that run move on
    const auto isTrue = [&](Listener &listener) {
        hub.clock.advance(200ms);
        listener.read();
        return haveMoved(hub) && knowsAll(listener, hub);
    };
    for (Listener &listener : listeners)
        QTRY_VERIFY2(isTrue(listener), qPrintable(listener.who().name));
    for (const QString &id : listeners.back().last.keys())
        QVERIFY2(evesJobs.contains(id), qPrintable(id));
}

QTEST_GUILESS_MAIN(MessageMirrorTest)
#include "tst_messagemirror.moc"
