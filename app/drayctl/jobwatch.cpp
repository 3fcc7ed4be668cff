#include "app/drayctl/jobwatch.h"

#include "app/drayctl/printing.h"

#include <QSet>

namespace app {

using namespace Qt::StringLiterals;

namespace {

/// Prints jobs as they move. On a terminal the line of running jobs is redrawn in place; elsewhere a
/// line is written per change of state. With --json every move is a line.
class LivePrinter
{
public:
    LivePrinter(const Invocation &call, Terminal &terminal)
        : m_call(call)
        , m_terminal(terminal)
    { }

    void show(const QJsonObject &job)
    {
        if (m_call.json) {
            printJson(m_terminal, job);
            return;
        }
        const QString key = job[u"state"_s].toString() + job[u"stage"_s].toString();
        const bool isStep = std::exchange(m_last[job[u"id"_s].toString()], key) != key;
        if (m_terminal.isInteractive)
            m_terminal.out << "\r\x1b[K" << jobLine(job) << (isStep ? "\n" : "");
        else if (isStep)
            m_terminal.out << jobLine(job) << '\n';
        m_terminal.out.flush();
    }
    void clearLine()
    {
        if (m_terminal.isInteractive && !m_call.json)
            m_terminal.out << "\r\x1b[K";
    }

private:
    const Invocation &m_call;
    Terminal &m_terminal;
    QHash<QString, QString> m_last;
};

ExitCode exitCodeFor(const QList<QJsonObject> &ended)
{
    const auto succeeded = std::ranges::count_if(
        ended, [](const QJsonObject &job) { return job[u"state"_s] == u"succeeded"_s; });
    if (succeeded == ended.size())
        return ExitCode::Done;
    return succeeded == 0 ? ExitCode::Failed : ExitCode::Partly;
}

} // namespace

JobWatch::JobWatch(HubConnection &hub, const QJsonObject &hello)
    : m_hub(hub)
    , m_mirror(hello[u"columns"_s].toArray())
{ }

tl::expected<QStringList, Complaint> JobWatch::subscribe(const QString &topic)
{
    const auto ack = m_hub.call(u"topic.subscribe"_s, {{u"topic"_s, topic}, {u"snapshot"_s, true}});
    if (!ack)
        return tl::unexpected(complaintFor(ack.error()));
    QJsonArray jobs = (*ack)[u"jobs"_s].toArray();
    QJsonValue next = (*ack)[u"next"_s];
    while (!next.isUndefined()) {
        const auto page = m_hub.call(u"job.list"_s, {{u"before"_s, next}});
        if (!page)
            return tl::unexpected(complaintFor(page.error()));
        for (const QJsonValue &job : (*page)[u"jobs"_s].toArray())
            jobs.append(job);
        next = (*page)[u"next"_s];
    }
    m_mirror.addSnapshot(jobs);
    QStringList ids;
    for (const QJsonValue &job : std::as_const(jobs))
        ids.append(job[u"id"_s].toString());
    return ids;
}

tl::expected<QStringList, Complaint> JobWatch::next()
{
    const auto notification = m_hub.waitForNotification();
    if (!notification)
        return tl::unexpected(Complaint{ExitCode::NoHub, u"the hub closed the connection"_s});
    return m_mirror.apply(*notification);
}

CommandResult
waitForEnd(JobWatch &watch, const QStringList &ids, const Invocation &call, Terminal &terminal)
{
    LivePrinter printer(call, terminal);
    QSet<QString> open(ids.begin(), ids.end());
    QList<QJsonObject> ended;
    QStringList moved = ids;
    while (true) {
        for (const QString &id : std::as_const(moved)) {
            const QJsonObject job = watch.job(id);
            if (!open.contains(id))
                continue;
            const bool isGone = job.isEmpty();
            if (!isGone && !call.json)
                printer.show(job);
            if (!isGone && !isFinalState(job[u"state"_s].toString()))
                continue;
            open.remove(id);
            ended.append(job);
            printer.clearLine();
            if (!call.json)
                terminal.out << (isGone ? u"job %1: removed"_s.arg(id) : endLine(job)) << '\n';
        }
        if (open.isEmpty())
            break;
        const auto next = watch.next();
        if (!next)
            return tl::unexpected(next.error());
        moved = *next;
    }
    if (call.json) {
        QJsonArray jobs;
        for (const QJsonObject &job : std::as_const(ended))
            jobs.append(job);
        printJson(terminal, ids.size() == 1 ? QJsonValue(jobs.first()) : QJsonValue(jobs));
    }
    return exitCodeFor(ended);
}

CommandResult
showLive(JobWatch &watch, const QString &onlyId, const Invocation &call, Terminal &terminal)
{
    LivePrinter printer(call, terminal);
    const auto hasEnded = [&] {
        const QJsonObject job = watch.job(onlyId);
        return !onlyId.isEmpty() && (job.isEmpty() || isFinalState(job[u"state"_s].toString()));
    };
    while (!hasEnded()) {
        const auto moved = watch.next();
        if (!moved)
            return tl::unexpected(moved.error());
        for (const QString &id : *moved)
            if (const QJsonObject job = watch.job(id); !job.isEmpty())
                printer.show(job);
    }
    return exitCodeFor({watch.job(onlyId)});
}

} // namespace app
