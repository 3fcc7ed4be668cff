#include "core/workflows/workflowplanjson.h"
#include "tests/server/dialects/hubbench.h"

#include <QDeadlineTimer>
#include <QJsonArray>

#include <malloc.h>

#include <algorithm>

using namespace std::chrono_literals;
using namespace Qt::StringLiterals;
using namespace tests;
using core::JobState;
using core::WorkflowId;

namespace {

const core::Principal Me = core::Principal::localUser();
constexpr qsizetype TogetherInATurn = 10;
constexpr int MessagesEach = 10;
constexpr int TasksInATurn = 40;
constexpr core::Milliseconds ChangeInterval{25}; // 50 a second are the most
/// Longer than anything of what happened is kept in memory.
constexpr std::chrono::hours UntilForgotten{25};
/// After so many events all that is bounded by bytes is full: it is the conversations that take longest.
constexpr quint64 UntilSaturated = 100'000;
/// More than the ring keeps.
constexpr quint64 UntilFull = 10'000;

/// Bytes that are in use, of all threads.
qint64 heapBytes()
{
    const struct mallinfo2 heap = mallinfo2();
    return qint64(heap.uordblks + heap.hblkhd);
}

/// The hub with work that comes, moves, ends and is removed; with clients that read, and others that
/// named themselves and dropped.
class BusyHub
{
public:
    BusyHub()
    {
        m_steady = add(1).constFirst();
        report(m_steady, {.state = JobState::Running});
        connectAll();
    }

    [[nodiscard]] quint64 events() const { return m_hub.feed.position().seq; }
    void run(quint64 count)
    {
        for (const quint64 end = events() + count; events() < end;)
            turn();
    }
    /// How much is in use when all that is kept for a time is new.
    [[nodiscard]] qint64 bytesWhenFull()
    {
        hangUpAll();
        m_hub.clock.advance(UntilForgotten);
        m_hub.dialects.tick();
        connectAll();
        run(UntilFull);
        hangUpAll();
        settle();
        const qint64 bytes = heapBytes();
        connectAll();
        return bytes;
    }
    /// Of those that read.
    [[nodiscard]] bool isAnyoneClosed() const
    {
        return m_native.record->closeCode || m_rooms.record->closeCode
            || m_program.record->closeCode;
    }

private:
    static void settle()
    {
        QCoreApplication::processEvents();
        QCoreApplication::sendPostedEvents(nullptr, QEvent::DeferredDelete);
    }
    static void waitUntil(const std::function<bool()> &condition)
    {
        const QDeadlineTimer deadline(20'000);
        while (!condition() && !deadline.hasExpired())
            QCoreApplication::processEvents(QEventLoop::WaitForMoreEvents); // timers wake it
        if (!condition())
            qFatal("it did not happen");
    }

    HubClient connect(const QString &path, const QString &query)
    {
        const auto match = m_hub.router.matchSocket(path);
        server::Request request{.path = path,
                                .query = QUrlQuery(query),
                                .peer = QHostAddress::LocalHost,
                                .principal = Me};
        request.captures = match.captures;
        return m_hub.connect(std::move(request), path);
    }
    HubClient connectNative()
    {
        HubClient client = m_hub.connect();
        (void)client.ask("session.hello",
                         R"({"client":{"name":"t","version":"1","kind":"cli"},"topics":[)"
                         R"({"topic":"jobs"},{"topic":"workflows"},{"topic":"agents"},)"
                         R"({"topic":"coordinator"},{"topic":"system"}]})");
        return client;
    }
    HubClient connectRooms(const QString &clientId)
    {
        return connect(u"/ws/workflow/"_s + m_steady.toString(), u"client_id="_s + clientId);
    }
    void connectAll()
    {
        m_native = connectNative();
        m_rooms = connectRooms(u"reads"_s);
        m_program = connect(u"/socket.io/"_s, u"EIO=4&transport=websocket"_s);
        m_program.say("40{\"sid\":\"admin\"}");
        for (HubClient dropped : {connectNative(), connectRooms(u"dropped"_s)})
            dropped.socket->hangUp();
        settle();
    }
    void hangUpAll()
    {
        for (const HubClient *client : {&m_native, &m_rooms, &m_program})
            client->socket->hangUp();
        settle();
    }
    /// They read everything, and say that they are there.
    void read()
    {
        m_native.say(R"({"jsonrpc":"2.0","method":"session.pong","params":{}})");
        m_rooms.say(R"({"type":"ping"})");
        m_program.say("3");
        m_hub.dialects.tick();
        for (const HubClient *client : {&m_native, &m_rooms, &m_program})
            client->record->sent.clear();
    }

    /// Workflows of one step, whose jobs are there.
    QList<WorkflowId> add(qsizetype count)
    {
        const QJsonObject step{{u"name"_s, u"work"_s}, {u"kind"_s, u"report"_s}};
        const auto plan = core::workflowPlanFromJson({{u"steps"_s, QJsonArray{step}}});
        QList<WorkflowId> added;
        for (qsizetype number = 0; number < count; ++number)
            m_hub.workflows.add(Me, *plan, [&](const auto &answer) { added.append(answer->id); });
        waitUntil([&] {
            return added.size() == count
                && std::ranges::all_of(added, [&](WorkflowId id) { return jobOf(id).value > 0; });
        });
        return added;
    }
    [[nodiscard]] core::JobId jobOf(WorkflowId id) const
    {
        return m_hub.workflows.get(Me, id)->steps.constFirst().job;
    }
    /// One change, which every listener is told.
    void report(WorkflowId id, core::JobReport report)
    {
        report.job = jobOf(id).toString();
        m_hub.clock.advance(ChangeInterval);
        m_hub.service.externalJobs().report(Me, report, [](const auto &answer) {
            if (!answer)
                qFatal("%s", qPrintable(answer.error().context));
        });
        settle();
    }
    void remove(const QList<core::JobId> &jobs)
    {
        qsizetype removed = 0;
        for (const core::JobId job : jobs)
            m_hub.service.remove(Me, job, core::RemoveFiles::No,
                                 [&](const auto &answer) { removed += answer ? 1 : 0; });
        waitUntil([&] { return removed == jobs.size(); });
    }

    void turn()
    {
        ++m_turns;
        const QList<WorkflowId> ids = add(TogetherInATurn);
        for (int number = 0; number < MessagesEach; ++number)
            for (const WorkflowId id : ids)
                report(id, {.message = u"message %1"_s.arg(number), .done = number, .total = 100});
        report(m_steady, {.state = m_turns % 2 == 0 ? JobState::Running : JobState::Paused});
        converse();
        askOnce();
        end(ids);
        read();
    }
    void end(const QList<WorkflowId> &ids)
    {
        qsizetype removed = 0;
        for (const WorkflowId id : ids) {
            report(id, {.state = JobState::Succeeded});
            m_hub.workflows.remove(Me, id, [&](const auto &answer) { removed += answer ? 1 : 0; });
        }
        waitUntil([&] { return removed == ids.size(); });
    }
    /// A program tells of tasks, each in a conversation of its own.
    void converse()
    {
        for (int task = 0; task < TasksInATurn; ++task) {
            const QByteArray number = QByteArray::number(++m_tasks);
            const QByteArray names =
                "\"task_id\":\"t" + number + "\",\"conversation_id\":\"c" + number + '"';
            for (const QByteArray type : {"plan", "working", "complete"}) {
                m_hub.clock.advance(ChangeInterval);
                m_program.say("42[\"ai_progress\",{\"type\":\"" + type + "\"," + names
                              + ",\"message\":\"m\",\"total_steps\":2}]");
                settle();
            }
        }
        QList<core::JobId> tasks;
        for (const core::JobSnapshot &job : m_hub.registry.snapshots())
            if (job.source.startsWith(u't'))
                tasks.append(job.id);
        remove(tasks);
    }
    /// A job with a key, which is remembered for a day.
    void askOnce()
    {
        const QByteArray number = QByteArray::number(m_turns);
        m_native.record->sent.clear();
        m_native.call("job.add",
                      R"({"kind":"download","url":"http://example.test/a","paused":true,"idem":"k)"
                          + number + "\"}");
        std::optional<core::JobId> job;
        waitUntil([&] {
            for (const core::JobSnapshot &one : m_hub.registry.snapshots())
                if (one.kind == core::JobKind::Download)
                    job = one.id;
            return job && m_native.record->sent.join().contains("\"id\":1,");
        });
        (void)m_hub.service.cancel(Me, *job);
        waitUntil([&] { return m_hub.registry.find(*job)->state == JobState::Canceled; });
        remove({*job});
    }

    HubBench m_hub;
    WorkflowId m_steady;
    HubClient m_native;
    HubClient m_rooms;
    HubClient m_program;
    int m_turns = 0;
    int m_tasks = 0;
};

} // namespace

/// What a hub that runs for months keeps of what is over.
class GrowthTest final : public QObject
{
    Q_OBJECT
private slots:
    void aHundredThousandEventsLeaveNothingBehind()
    {
        BusyHub hub;
        constexpr qint64 MostBytes = qint64(256) << 10; // what leaks 3 bytes an event fails
        hub.run(UntilSaturated);
        const qint64 early = hub.bytesWhenFull();
        const quint64 earlyEvents = hub.events();
        hub.run(90'000);
        const qint64 late = hub.bytesWhenFull();
        QVERIFY(!hub.isAnyoneClosed());
        QVERIFY(hub.events() - earlyEvents >= 100'000);
        const qint64 growth = late - early;
        qInfo("%lld bytes after %llu events, %lld more after %llu", static_cast<long long>(early),
              static_cast<unsigned long long>(earlyEvents), static_cast<long long>(growth),
              static_cast<unsigned long long>(hub.events()));
        QVERIFY2(growth <= MostBytes, qPrintable(QString::number(growth)));
    }
};

QTEST_GUILESS_MAIN(GrowthTest)
#include "tst_growth.moc"
