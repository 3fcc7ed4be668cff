#include "server/dialects/rest/eventstream.h"

#include "server/dialects/json.h"
#include "server/dialects/native/jobpage.h"
#include "server/dialects/native/nativecodec.h"
#include "server/dialects/native/topicack.h"

namespace server {

EventStream::EventStream(Exchange &exchange, Surroundings surroundings, Wish wish)
    : EventReader(exchange, surroundings, std::move(wish))
    , m_sentAt(now())
    , m_drainedAt(now())
{
    connect(&exchange, &Exchange::drained, this, [this] {
        m_drainedAt = now();
        sendPages();
    });
}

void EventStream::tick()
{
    if (isFinished())
        return;
    if (hasExpired())
        return end();
    if (unsentBytes() == 0)
        m_drainedAt = now();
    sendPages();
    if (now() - m_drainedAt >= EventFeed::MaxStall) {
        surroundings().feed.countSlowClosed();
        end();
    } else if (now() - m_sentAt >= CommentAfter) {
        write(":\n\n");
    }
}

void EventStream::end()
{
    if (isFinished())
        return;
    exchange().finish();
    finish();
}

void EventStream::takeEvent(quint64 seq, const Frame &frame)
{
    const QByteArray id = m_nextPage ? QByteArray() : idLine(seq);
    write(id + "event: event\ndata: " + frame.params().toByteArray() + "\n\n");
}

void EventStream::takeProgress(const Frame &frame)
{
    write("event: progress\ndata: " + frame.params().toByteArray() + "\n\n");
}

void EventStream::begin(const Position &position)
{
    sendHello(idLine(position.seq), position.seq, wish().since ? "true" : "false");
}

void EventStream::beginWithSnapshot()
{
    sendHello({}, surroundings().feed.position().seq, "false");
    const TopicAcks acks{surroundings().service, surroundings().flashes, surroundings().feed,
                         principal()};
    for (const Topic &topic : wish().topics) {
        const TopicAck ack = acks.ack(topic, Snapshot::Yes, JobFilter::MaxBytes);
        write("event: snapshot\ndata: " + ack.object + "\n\n");
        if (ack.next)
            m_nextPage = ack.next;
    }
    if (m_nextPage)
        sendPages();
    else // a message without data gives the id and is no event
        write(idLine(surroundings().feed.position().seq) + '\n');
}

void EventStream::sendHello(const QByteArray &idLine, quint64 seq, const QByteArray &recovered)
{
    exchange().startStream(
        {.headers = {{"Content-Type", "text/event-stream"}, {"Cache-Control", "no-store"}}});
    const QByteArray epoch = surroundings().feed.position().epoch.toLatin1();
    const QByteArray columns = encode(QJsonArray::fromStringList(progressColumns()));
    write("retry: 1000\n" + idLine + "event: hello\ndata: {\"epoch\":\"" + epoch
          + "\",\"seq\":" + QByteArray::number(seq) + ",\"recovered\":" + recovered
          + ",\"columns\":" + columns + "}\n\n");
}

/// As many pages of the snapshot as the reader takes.
void EventStream::sendPages()
{
    while (m_nextPage && !isFinished() && unsentBytes() <= PageMark) {
        const core::JobId before = *m_nextPage;
        const JobPage page =
            pageOf(surroundings().service.list(principal()).value_or(QList<core::JobSnapshot>()),
                   {.before = before});
        m_nextPage = page.next;
        const quint64 seq = surroundings().feed.position().seq;
        write((page.next ? QByteArray() : idLine(seq)) + R"(event: snapshot
data: {"topic":"jobs","before":")"
              + QByteArray::number(before.value) + "\"," + page.members() + "}\n\n");
    }
}

void EventStream::write(const QByteArray &bytes)
{
    if (isFinished())
        return;
    m_sentAt = now();
    exchange().write(bytes);
    if (unsentBytes() <= EventFeed::TooSlowBytes)
        return;
    surroundings().feed.countSlowClosed();
    end();
}

QByteArray EventStream::idLine(quint64 seq) const
{
    return "id: " + Position{surroundings().feed.position().epoch, seq}.toString().toLatin1()
        + '\n';
}

} // namespace server
