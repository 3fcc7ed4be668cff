#include "tests/server/dialects/randomwork.h"

using namespace std::chrono_literals;
using namespace Qt::StringLiterals;
using core::JobId;
using tests::HubBench;

namespace {

/// A client of the gateway that keeps the last message about each download, also while it is away.
class Listener
{
public:
    QMap<QString, QByteArray> last; // by download_id

    explicit Listener(core::Principal who)
        : m_who(std::move(who))
    { }
    [[nodiscard]] const core::Principal &who() const { return m_who; }
    [[nodiscard]] bool isConnected() const { return m_client.socket != nullptr; }
    [[nodiscard]] bool wasClosed() const { return m_client.record->closeCode.has_value(); }
    void connect(HubBench &hub) { m_client = hub.connect(m_who, {}, u"/ws"_s); }
    /// The connection breaks; `lost` messages of those on the way never arrive.
    void disconnect(qsizetype lost)
    {
        auto &sent = m_client.record->sent;
        sent.resize(std::max<qsizetype>(0, sent.size() - lost));
        read();
        m_client.socket->hangUp();
        m_client.socket = nullptr;
    }
    void setUnsent(qint64 bytes) { m_client.record->unsent = bytes; }
    void read()
    {
        for (const QByteArray &message : std::exchange(m_client.record->sent, {})) {
            const QJsonObject object = QJsonDocument::fromJson(message).object();
            last.insert(object.value("download_id"_L1).toString(), message);
        }
    }

private:
    core::Principal m_who;
    HubBench::Client m_client;
};

void disturb(Listener &listener, HubBench &hub, QRandomGenerator &random)
{
    if (!listener.isConnected()) {
        if (random.bounded(3) == 0)
            listener.connect(hub);
        return;
    }
    if (listener.wasClosed() || random.bounded(20) == 0) {
        listener.disconnect(random.bounded(5));
        return;
    }
    if (random.bounded(10) == 0)
        listener.setUnsent(random.bounded(3) == 0 ? 2 << 20 : random.bounded(2) * (300 << 10));
    if (random.bounded(2))
        listener.read();
}

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
    QTest::addColumn<quint32>("seed");
    for (quint32 seed = 1; seed <= 12; ++seed)
        QTest::addRow("seed %u", seed) << seed;
}

void MessageMirrorTest::whatWasToldLastIsTrue()
{
    QFETCH(quint32, seed);
    QRandomGenerator random(seed);
    HubBench hub;
    std::vector<Listener> listeners{Listener(core::Principal::localUser()),
                                    Listener(HubBench::who(u"local"_s, core::DefaultScopes)),
                                    Listener(HubBench::who(u"eve"_s, core::DefaultScopes))};
    QSet<QString> evesJobs;
    for (int step = 0; step < 400; ++step) {
        tests::doSomething(hub, random);
        for (const core::JobSnapshot &job : hub.registry.snapshots())
            if (job.owner == "eve"_L1)
                evesJobs.insert(job.id.toString());
        for (Listener &listener : listeners)
            disturb(listener, hub, random);
        hub.clock.advance(std::chrono::milliseconds(random.bounded(200)));
        QCoreApplication::processEvents();
    }
    for (Listener &listener : listeners) {
        if (listener.isConnected() && listener.wasClosed())
            listener.disconnect(0);
        if (!listener.isConnected())
            listener.connect(hub);
        listener.setUnsent(0);
    }
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
