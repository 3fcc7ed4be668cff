#include "server/dialects/metrics.h"

#include <QMap>

#include <algorithm>

namespace server {

using namespace Qt::StringLiterals;

namespace {

/// The values of a metric without label.
QMap<QByteArray, qint64> one(qint64 value)
{
    return {{{}, value}};
}

/// `labels` and their `values` as the text format has them: {a="x",b="y"}.
QByteArray labelText(const QByteArray &labels, const QByteArray &values)
{
    const QByteArrayList names = labels.split(' ');
    const QByteArrayList words = values.split(' ');
    QByteArrayList parts;
    for (qsizetype i = 0; i < names.size() && i < words.size() && !labels.isEmpty(); ++i)
        parts << names[i] + "=\"" + words[i] + '"';
    return parts.isEmpty() ? QByteArray() : '{' + parts.join(',') + '}';
}

/// In the text format; its buckets hold what the smaller ones do, too.
template<typename Bounds>
QByteArray
histogramText(const QByteArray &name, const QByteArray &help, const Histogram<Bounds> &histogram)
{
    QByteArray text = "# HELP " + name + ' ' + help + "\n# TYPE " + name + " histogram\n";
    qint64 atMost = 0;
    for (size_t i = 0; i < histogram.counts.size(); ++i) {
        atMost += histogram.counts[i];
        // Whole numbers of bytes as such: 1048576, not 1.04858e+06.
        text += name + "_bucket{le=\"" + QByteArray::number(Bounds::Values[i], 'g', 10) + "\"} "
            + QByteArray::number(atMost) + '\n';
    }
    const QByteArray count = QByteArray::number(histogram.count);
    text += name + "_bucket{le=\"+Inf\"} " + count + '\n';
    text += name + "_sum " + QByteArray::number(histogram.sum, 'g', 10) + '\n';
    return text + name + "_count " + count + '\n';
}

/// What an HTTP server counts by numbers, by their text.
QMap<QByteArray, qint64> byText(const QMap<int, qint64> &counts)
{
    QMap<QByteArray, qint64> values;
    for (auto count = counts.begin(); count != counts.end(); ++count)
        values.insert(QByteArray::number(count.key()), count.value());
    return values;
}

} // namespace

/// One metric: a number, or one number for each value of its labels.
struct Metrics::Family {
    QByteArray name;
    QByteArray type;
    QByteArray help;
    QByteArray labels; // a word each; empty: one number
    QMap<QByteArray, qint64> values; // by the labels' values, a word each as well
};

Metrics::Metrics(Sources sources)
    : m_sources(std::move(sources))
{ }

/// Sees the jobs of one owner other than the user's own programs.
static bool isFenced(const core::Principal &who)
{
    return !who.has(core::Scope::Admin) && who.owner != core::LocalOwner;
}

QJsonObject Metrics::object(const core::Principal &who) const
{
    QJsonObject object;
    for (const Family &family : families(who)) {
        QJsonObject values;
        for (auto value = family.values.begin(); value != family.values.end(); ++value)
            values.insert(QString::fromLatin1(value.key()), value.value());
        object.insert(QString::fromLatin1(family.name),
                      family.labels.isEmpty() ? QJsonValue(family.values.value({}))
                                              : QJsonValue(values));
    }
    return object;
}

QByteArray Metrics::text(const core::Principal &who) const
{
    QByteArray text;
    for (const Family &family : families(who)) {
        const QByteArray name = "dray_" + family.name;
        text +=
            "# HELP " + name + ' ' + family.help + "\n# TYPE " + name + ' ' + family.type + '\n';
        for (auto value = family.values.begin(); value != family.values.end(); ++value) {
            text += name + labelText(family.labels, value.key()) + ' '
                + QByteArray::number(value.value()) + '\n';
        }
    }
    return isFenced(who) ? text : text + histograms();
}

QList<Metrics::Family> Metrics::families(const core::Principal &who) const
{
    if (isFenced(who))
        return {jobFamily(who)};
    return QList<Family>{jobFamily(who), failureFamily()} + httpFamilies() + trafficFamilies()
        + feedFamilies() + agentFamilies();
}

QList<Metrics::Family> Metrics::httpFamilies() const
{
    const HttpCounters http = m_sources.http();
    const qint64 streams = m_sources.streams();
    Family requests{"http_requests_total",
                    "counter",
                    "Requests answered by route and status",
                    "route code",
                    {}};
    for (auto answer = http.answers.begin(); answer != http.answers.end(); ++answer) {
        const auto &[route, status] = answer.key();
        requests.values.insert(route + ' ' + QByteArray::number(status), answer.value());
    }
    const qint64 others = std::max<qint64>(http.connectionsOpen - http.socketsOpen - streams, 0);
    return {
        requests,
        {"connections",
         "gauge",
         "Open connections by kind",
         "kind",
         {{"websocket", m_sources.sessions().open}, {"stream", streams}, {"http", others}}},
        {"connections_refused_total",
         "counter",
         "Connections beyond the limit",
         {},
         one(http.connectionsRefused)},
        {"close_total", "counter", "Sockets closed by the server by close code", "code",
         byText(http.socketsClosedByCode)},
    };
}

QList<Metrics::Family> Metrics::trafficFamilies() const
{
    const FeedCounters feed = m_sources.feeds();
    const SessionCounters sessions = m_sources.sessions();
    return {
        {"subscriptions",
         "gauge",
         "Topics subscribed by all connections",
         {},
         one(m_sources.feed.subscriptionCount())},
        {"messages_sent_total",
         "counter",
         "Messages sent by lane",
         "lane",
         {{"event", feed.events}, {"progress", feed.progressFrames}, {"reply", sessions.replies}}},
        {"messages_received_total",
         "counter",
         "Messages received on sockets",
         {},
         one(sessions.received)},
        {"bytes_sent_total",
         "counter",
         "Bytes of messages sent by lane",
         "lane",
         {{"feed", feed.bytes}, {"reply", sessions.replyBytes}}},
        {"bytes_received_total",
         "counter",
         "Bytes of messages received on sockets",
         {},
         one(sessions.receivedBytes)},
        {"rate_limited_total",
         "counter",
         "Messages refused because there were too many",
         {},
         one(sessions.refused)},
    };
}

QList<Metrics::Family> Metrics::feedFamilies() const
{
    const FeedCounters feed = m_sources.feeds();
    return {
        {"conflated_total",
         "counter",
         "Progress values replaced by a newer one before sending",
         {},
         one(feed.conflated)},
        {"progress_skipped_total",
         "counter",
         "Times progress was held back from a slow reader",
         {},
         one(feed.skipped)},
        {"slow_closed_total",
         "counter",
         "Readers closed because they did not keep up",
         {},
         one(feed.slowClosed)},
        {"resume_total",
         "counter",
         "Readers that came back with a position",
         "result",
         {{"recovered", feed.resumed}, {"snapshot", feed.lost}}},
        {"journal_first_seq",
         "gauge",
         "Oldest event that can be replayed",
         {},
         one(qint64(m_sources.feed.journal().firstSeq()))},
        {"journal_last_seq",
         "gauge",
         "Newest event",
         {},
         one(qint64(m_sources.feed.position().seq))},
    };
}

QList<Metrics::Family> Metrics::agentFamilies() const
{
    using core::AgentStatus;
    Family agents{"agents", "gauge", "Agents by status", "status", {}};
    for (const AgentStatus status :
         {AgentStatus::Idle, AgentStatus::Busy, AgentStatus::Error, AgentStatus::Offline})
        agents.values.insert(QByteArray(core::agentStatusName(status).data()), 0);
    Family failures{
        "agent_failures_total", "counter", "Executions that failed by agent", "agent", {}};
    for (const core::Agent &agent : m_sources.agents.list()) {
        ++agents.values[QByteArray(core::agentStatusName(agent.status).data())];
        failures.values.insert(agent.name.toLatin1(), agent.metrics.errorCount);
    }
    const core::CoordinatorCounts counts = m_sources.agents.counts();
    return {agents,
            failures,
            {"agents_healthy", "gauge", "Agents that are healthy", {}, one(counts.healthyAgents)},
            {"agent_messages_total",
             "counter",
             "Messages of agents about their work",
             {},
             one(counts.totalMessages)},
            {"workflows",
             "gauge",
             "Workflows",
             "state",
             {{"active", counts.activeWorkflows},
              {"ended", counts.totalWorkflows - counts.activeWorkflows}}}};
}

Metrics::Family Metrics::jobFamily(const core::Principal &who) const
{
    using core::JobState;
    Family family{"jobs", "gauge", "Jobs by state", "state", {}};
    for (const JobState state : {JobState::Queued, JobState::Running, JobState::Paused,
                                 JobState::Succeeded, JobState::Failed, JobState::Canceled})
        family.values.insert(QByteArray(core::jobStateName(state).data()), 0);
    for (const core::JobSnapshot &job : m_sources.registry.snapshots())
        if (who.canSee(job.owner))
            ++family.values[QByteArray(core::jobStateName(job.state).data())];
    return family;
}

Metrics::Family Metrics::failureFamily() const
{
    Family family{"auth_failures_total", "counter", "Requests turned away by reason", "reason",
                  m_sources.access.authFailures()};
    family.values["session"] += m_sources.sessions().unauthorized;
    return family;
}

QByteArray Metrics::histograms() const
{
    const HttpCounters http = m_sources.http();
    RoundTripHistogram roundTrips = http.roundTrips;
    roundTrips += m_sources.sessions().roundTrips;
    return histogramText("dray_event_latency_seconds",
                         "From the registry to the socket, per event and reader",
                         m_sources.feeds().latency)
        + histogramText("dray_rtt_seconds", "From a ping on a socket to its pong", roundTrips)
        + histogramText("dray_send_buffer_bytes",
                        "Unsent bytes of each socket, looked at every few seconds", http.unsent)
        + histogramText("dray_eventloop_lag_seconds", "How late a timer of each second came",
                        m_sources.loopLag);
}

} // namespace server
