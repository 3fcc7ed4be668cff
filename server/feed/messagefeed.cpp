#include "server/feed/messagefeed.h"

#include "server/feed/eventfeed.h"

namespace server {

using core::JobSnapshot;
using core::Milliseconds;

MessageFeed::MessageFeed(core::JobRegistry &registry,
                         const core::Clock &clock,
                         const MessageCodec &codec)
    : m_registry(registry)
    , m_clock(clock)
    , m_codec(codec)
    , m_timer(this)
{
    m_timer.setSingleShot(true);
    m_timer.setTimerType(Qt::PreciseTimer);
    connect(&registry, &core::JobRegistry::eventsReady, this, &MessageFeed::onEvents);
    connect(&m_timer, &QTimer::timeout, this, &MessageFeed::tick);
}

MessageFeed::~MessageFeed() = default;

void MessageFeed::join(MessageReader &reader)
{
    const bool isFirst = m_seats.empty();
    Seat &seat = m_seats[&reader];
    seat.reader = &reader;
    const QList<JobSnapshot> jobs = m_registry.snapshots();
    for (const JobSnapshot &job : jobs) {
        if (!m_codec.covers(job))
            continue;
        if (isFirst)
            m_covered.insert(job.id);
        if (reader.mayHear(job.owner) && m_codec.greetsWith(job, m_clock.wallTime()))
            seat.unmet.insert(job.id);
    }
    m_registry.addViewer();
    scheduleTick();
}

void MessageFeed::leave(MessageReader &reader)
{
    if (m_seats.erase(&reader) == 0)
        return;
    m_registry.removeViewer();
    if (m_seats.empty())
        m_covered.clear();
}

void MessageFeed::onEvents(const core::JobEvents &events)
{
    if (m_seats.empty())
        return;
    const auto receivedAt = std::chrono::steady_clock::now();
    const qint64 before = m_counters.events;
    for (const core::JobEvent &event : events) {
        if (const auto *added = std::get_if<core::JobAdded>(&event.change)) {
            if (!m_codec.covers(added->job))
                continue;
            m_covered.insert(added->job.id);
            tell(added->job.id, added->job.owner, m_codec.introduce(added->job));
        } else if (const auto *changed = std::get_if<core::JobChanged>(&event.change)) {
            onChanged(*changed);
        } else if (const auto *progressed = std::get_if<core::JobProgressed>(&event.change)) {
            mark(progressed->job);
        } else if (const auto *removed = std::get_if<core::JobRemoved>(&event.change)) {
            onRemoved(*removed);
        }
    }
    if (m_counters.events > before)
        m_counters.latency.add(std::chrono::steady_clock::now() - receivedAt);
    tick();
}

void MessageFeed::onChanged(const core::JobChanged &changed)
{
    const JobSnapshot &job = changed.job;
    if (!m_covered.contains(job.id))
        return;
    const QByteArrayList messages = m_codec.step(changed.before, job);
    if (messages.isEmpty() && !isFinal(job.state))
        mark(job);
    else
        tell(job.id, job.owner, messages);
}

void MessageFeed::onRemoved(const core::JobRemoved &removed)
{
    if (m_covered.remove(removed.id))
        tell(removed.id, removed.owner, m_codec.removed(removed.id));
}

/// What waited about the job is out of date with that.
void MessageFeed::tell(core::JobId id, const QString &owner, const QByteArrayList &messages)
{
    for (MessageReader *reader : readers()) {
        Seat *seat = seatOf(*reader);
        if (!seat || !reader->mayHear(owner))
            continue;
        seat->unmet.erase(id);
        seat->dirty.erase(id);
        for (const QByteArray &message : messages) {
            if (!seatOf(*reader)) // it left
                break;
            ++m_counters.events;
            m_counters.bytes += message.size();
            reader->takeMessage(message);
        }
    }
}

/// The numbers of `job` moved: whoever may see it gets the newest when it is due.
void MessageFeed::mark(const JobSnapshot &job)
{
    if (isFinal(job.state) || !m_covered.contains(job.id))
        return;
    for (auto &[reader, seat] : m_seats)
        if (reader->mayHear(job.owner) && !seat.unmet.contains(job.id))
            m_counters.conflated += seat.dirty.insert(job.id).second ? 0 : 1;
}

void MessageFeed::tick()
{
    m_numbers.clear();
    const Milliseconds now = m_clock.monotonicTime();
    for (MessageReader *reader : readers())
        sendDue(*reader, now);
    m_numbers.clear();
    scheduleTick();
}

void MessageFeed::sendDue(MessageReader &reader, Milliseconds now)
{
    Seat *seat = seatOf(reader);
    if (!seat || !seat->waits() || now < seat->dueAt)
        return;
    // A sample that comes a little early counts, or every second one would wait for the next.
    seat->dueAt = now + Interval * 9 / 10;
    bool goesOn = true;
    while (goesOn && reader.unsentBytes() <= EventFeed::SlowBytes) {
        goesOn = sendNext(*seat);
        seat = seatOf(reader);
        goesOn = goesOn && seat;
    }
    if (goesOn)
        ++m_counters.skipped;
}

/// Sends what waits about one job; false when nothing does.
bool MessageFeed::sendNext(Seat &seat)
{
    if (!seat.waits())
        return false;
    const bool isNew = !seat.unmet.empty();
    std::set<core::JobId> &waiting = isNew ? seat.unmet : seat.dirty;
    const JobSnapshot *job = m_registry.find(*waiting.begin());
    waiting.erase(waiting.begin());
    MessageReader &reader = *seat.reader;
    if (!job || !reader.mayHear(job->owner))
        return true;
    const QByteArrayList messages = isNew ? m_codec.introduce(*job) : numbersOf(*job);
    for (const QByteArray &message : messages) {
        if (!seatOf(reader)) // it left
            return false;
        ++m_counters.progressFrames;
        m_counters.bytes += message.size();
        reader.takeMessage(message);
    }
    return true;
}

/// Made once for all readers of a round.
const QByteArrayList &MessageFeed::numbersOf(const JobSnapshot &job)
{
    auto known = m_numbers.find(job.id);
    if (known == m_numbers.end())
        known = m_numbers.insert(job.id, m_codec.numbers(job));
    return *known;
}

/// Wakes us when the next reader is due.
void MessageFeed::scheduleTick()
{
    std::optional<Milliseconds> next;
    for (const auto &[reader, seat] : m_seats)
        if (seat.waits() && (!next || seat.dueAt < *next))
            next = seat.dueAt;
    if (!next) {
        m_timer.stop();
        return;
    }
    m_timer.start(std::max(*next - m_clock.monotonicTime(), Milliseconds{1}));
}

MessageFeed::Seat *MessageFeed::seatOf(const MessageReader &reader)
{
    const auto found = m_seats.find(&reader);
    return found == m_seats.end() ? nullptr : &found->second;
}

/// Those who are here, for loops in which they may leave.
std::vector<MessageReader *> MessageFeed::readers() const
{
    std::vector<MessageReader *> list;
    list.reserve(m_seats.size());
    for (const auto &[reader, seat] : m_seats)
        list.push_back(seat.reader);
    return list;
}

} // namespace server
