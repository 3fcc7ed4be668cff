#include "app/drayctl/stopwait.h"

#include "app/drayctl/workflowwatch.h"

namespace app {

using namespace Qt::StringLiterals;

namespace {

/// Of 10 that a connection may have (PROTOCOL.md §0.5).
constexpr qsizetype MostTopics = 8;

QString stateAfter(const QString &verb)
{
    return verb == "pause"_L1 ? u"paused"_s : verb == "cancel"_L1 ? u"canceled"_s : QString();
}

} // namespace

StopWait::StopWait(HubConnection &hub,
                   const QJsonObject &hello,
                   const QString &verb,
                   const QStringList &ids)
    : m_watch(hub, hello)
    , m_wanted(stateAfter(verb))
{
    QStringList topics;
    for (const QString &id : ids)
        if (!m_wanted.isEmpty() && !isWorkflowId(id))
            topics.append(u"job:"_s + id);
    if (topics.size() > MostTopics)
        topics = {u"jobs"_s};
    for (const QString &topic : std::as_const(topics))
        (void)m_watch.subscribe(topic); // of a job that is not there: the verb says so
}

tl::expected<QJsonObject, Complaint> StopWait::waitFor(const QJsonObject &job)
{
    const QString id = job[u"id"_s].toString();
    if (m_wanted.isEmpty() || id.isEmpty())
        return job;
    m_watch.take(job);
    const auto isOnItsWay = [&] {
        const QString state = m_watch.job(id)[u"state"_s].toString();
        // What a job that does not run left on disk is removed before it is canceled.
        const bool isIdle = state == "paused"_L1 || state == "queued"_L1;
        return state == "running"_L1 || (isIdle && m_wanted == "canceled"_L1);
    };
    while (isOnItsWay())
        if (const auto moved = m_watch.next(); !moved)
            return tl::unexpected(moved.error());
    const QJsonObject stopped = m_watch.job(id);
    const QString state = stopped[u"state"_s].toString(u"removed"_s);
    if (state == m_wanted)
        return stopped;
    return tl::unexpected(Complaint{
        ExitCode::Failed, u"job %1 is %2 and could not be %3"_s.arg(id, state, m_wanted)});
}

} // namespace app
