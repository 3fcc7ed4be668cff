#include "server/dialects/rest/longpoll.h"

#include "server/dialects/json.h"
#include "server/dialects/native/jobpage.h"
#include "server/dialects/native/nativecodec.h"
#include "server/dialects/native/topicack.h"

#include <algorithm>

namespace server {
namespace {

QByteArray headOf(const Position &position)
{
    return R"({"epoch":")" + position.epoch.toLatin1() + R"(","seq":)"
        + QByteArray::number(position.seq);
}

} // namespace

LongPoll::LongPoll(Exchange &exchange, Surroundings surroundings, Wish wish)
    : EventReader(exchange, surroundings, std::move(wish))
{ }

void LongPoll::begin(const Position &)
{
    m_answerAt = now() + wish().wait;
    if (wish().wait.count() == 0)
        answerSoon();
}

void LongPoll::beginWithSnapshot()
{
    const TopicAcks acks{surroundings().service, surroundings().flashes, surroundings().feed,
                         principal()};
    QList<QByteArray> encoded;
    for (const Topic &topic : wish().topics)
        encoded.append(acks.ack(topic, Snapshot::Yes, JobFilter::MaxBytes).object);
    exchange().respond(jsonResponse(headOf(surroundings().feed.position())
                                    + R"(,"recovered":false,"events":[],"topics":[)"
                                    + encoded.join(',') + "]}"));
    finish();
}

void LongPoll::tick()
{
    if (now() >= m_answerAt)
        answer();
}

void LongPoll::end()
{
    answer();
}

void LongPoll::takeEvent(quint64, const Frame &frame)
{
    m_events.append(frame.params().toByteArray());
    answerSoon();
}

void LongPoll::answerSoon()
{
    if (!std::exchange(m_isAnswering, true))
        QMetaObject::invokeMethod(this, &LongPoll::answer, Qt::QueuedConnection);
}

void LongPoll::answer()
{
    if (isFinished())
        return;
    QByteArray body = headOf(surroundings().feed.position()) + R"(,"recovered":true,"events":[)"
        + m_events.join(',') + ']';
    if (const QByteArray rows = progress(); !rows.isEmpty())
        body += R"(,"progress":)"
            + Frame::progress(surroundings().clock.wallTime(), rows).params().toByteArray();
    exchange().respond(jsonResponse(body + '}'));
    finish();
}

bool LongPoll::wantsProgressOf(const core::JobSnapshot &job) const
{
    const auto &topics = wish().topics;
    return job.state == core::JobState::Running
        && std::any_of(topics.begin(), topics.end(), [&job](const Topic &topic) {
               return topic.isJobs() || topic.jobId() == job.id;
           });
}

/// The newest numbers of what runs, as encoded rows.
QByteArray LongPoll::progress() const
{
    const auto jobs = surroundings().service.list(principal());
    QList<QByteArray> rows;
    for (const core::JobSnapshot &job : jobs.value_or(QList<core::JobSnapshot>())) {
        if (!wantsProgressOf(job))
            continue;
        const bool hasOwnTopic = wish().topics.contains(Topic::job(job.id));
        rows.append(progressRow(job, hasOwnTopic ? Columns::WithDetails : Columns::Numbers));
    }
    return rows.join(',');
}

} // namespace server
