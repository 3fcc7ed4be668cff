#pragma once
#include "tests/server/dialects/hubbench.h"

#include <QRandomGenerator>

namespace tests {

/// One reader of a socket to whom accidents happen; who reads, and what, is the derived one's.
class RandomReader
{
public:
    explicit RandomReader(core::Principal who)
        : m_who(std::move(who))
    { }
    virtual ~RandomReader() = default;

    [[nodiscard]] const core::Principal &who() const { return m_who; }
    [[nodiscard]] bool isConnected() const { return m_client.socket != nullptr; }
    [[nodiscard]] bool wasClosed() const { return m_client.record->closeCode.has_value(); }
    virtual void connect(HubBench &hub) = 0;
    /// Takes in what came.
    virtual void read() = 0;
    /// The connection breaks; `lost` messages of those on the way never arrive.
    void disconnect(qsizetype lost)
    {
        auto &sent = m_client.record->sent;
        sent.resize(std::max<qsizetype>(0, sent.size() - lost));
        read();
        m_client.socket->hangUp();
        m_client.socket = nullptr;
    }
    /// How much it has not read, as the server sees it.
    void setUnsent(qint64 bytes) { m_client.record->unsent = bytes; }
    void disturb(HubBench &hub, QRandomGenerator &random)
    {
        if (!isConnected()) {
            if (random.bounded(3) == 0)
                connect(hub);
            return;
        }
        if (wasClosed() || random.bounded(20) == 0)
            return disconnect(random.bounded(5));
        if (random.bounded(10) == 0)
            setUnsent(random.bounded(3) == 0 ? 2 << 20 : random.bounded(2) * (300 << 10));
        if (random.bounded(2))
            read();
    }
    /// Connected, with nothing unread, whatever happened before.
    void recover(HubBench &hub)
    {
        if (isConnected() && wasClosed())
            disconnect(0);
        if (!isConnected())
            connect(hub);
        setUnsent(0);
    }

protected:
    HubBench::Client m_client;

private:
    core::Principal m_who;
};

/// The local user, a program of theirs, and one that is fenced to the jobs of eve.
[[nodiscard]] inline QList<core::Principal> differentReaders()
{
    return {core::Principal::localUser(),
            HubBench::who(QStringLiteral("local"), core::DefaultScopes),
            HubBench::who(QStringLiteral("eve"), core::DefaultScopes)};
}

/// The column `seed` of a test's data.
inline void addSeeds()
{
    QTest::addColumn<quint32>("seed");
    for (quint32 seed = 1; seed <= 12; ++seed)
        QTest::addRow("seed %u", seed) << seed;
}

/// Adds, commands, moves, ends or forgets a job, or says something; with little time between.
inline void doSomething(HubBench &hub, QRandomGenerator &random)
{
    const auto jobs = hub.registry.snapshots();
    const core::JobId id{jobs.isEmpty() ? 0 : jobs.at(random.bounded(jobs.size())).id.value};
    core::Result<void> result;
    switch (random.bounded(10)) {
    case 0:
    case 1:
        hub.add(random.bounded(3) ? QStringLiteral("local") : QStringLiteral("eve"),
                random.bounded(2) ? core::JobState::Paused : core::JobState::Queued);
        break;
    case 2:
        result = hub.registry.pause(id);
        break;
    case 3:
        result = hub.registry.resume(id);
        break;
    case 4:
        result = hub.registry.cancel(id);
        break;
    case 5:
        result = hub.registry.retry(id);
        break;
    case 6:
        result = hub.registry.remove(id);
        break;
    case 7:
        hub.switchOf(id)->order = 1 + random.bounded(2);
        break;
    case 8:
        hub.switchOf(id)->done += random.bounded(200);
        break;
    case 9:
        hub.feed.notice(server::EventFeed::NoticeLevel::Message, QStringLiteral("n"));
        break;
    }
    Q_UNUSED(result) // what the state forbids is no matter here
}

} // namespace tests
