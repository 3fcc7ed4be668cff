#include "server/feed/eventfeed.h"

#include "server/feed/feedentry.h"

namespace server {
namespace {

using namespace Qt::StringLiterals;
using core::Milliseconds;

/// The most rows that one progress frame carries; the rest follows in the next.
constexpr size_t MaxRows = 1000;

QLatin1StringView levelName(EventFeed::NoticeLevel level)
{
    switch (level) {
    case EventFeed::NoticeLevel::Message:
        return "message"_L1;
    case EventFeed::NoticeLevel::Warning:
        return "warning"_L1;
    case EventFeed::NoticeLevel::Error:
        return "error"_L1;
    }
    return {};
}

} // namespace

EventFeed::EventFeed(core::JobRegistry &registry,
                     const core::Clock &clock,
                     const FeedCodec &codec,
                     QString epoch)
    : m_registry(registry)
    , m_clock(clock)
    , m_codec(codec)
    , m_journal(std::move(epoch))
    , m_timer(this)
{
    connect(&registry, &core::JobRegistry::eventsReady, this, &EventFeed::onEvents);
    m_timer.setSingleShot(true);
    m_timer.setTimerType(Qt::PreciseTimer);
    connect(&m_timer, &QTimer::timeout, this, &EventFeed::tick);
}

EventFeed::~EventFeed() = default;

void EventFeed::join(FeedReader &reader)
{
    m_seats.emplace(&reader,
                    std::make_unique<FeedSeat>(FeedSeat{&reader, m_journal.lastSeq(), {}}));
}

void EventFeed::leave(FeedReader &reader)
{
    FeedSeat *seat = seatOf(reader);
    if (!seat)
        return;
    seat->subscriptions.clear();
    updateViewer(*seat);
    m_seats.erase(&reader);
}

core::Result<void> EventFeed::subscribe(FeedReader &reader, const Topic &topic, double rateHz)
{
    FeedSeat *seat = seatOf(reader);
    Q_ASSERT(seat);
    if (!(rateHz >= MinRateHz && rateHz <= MaxRateHz))
        return core::fail(core::ErrorCode::InvalidArgument,
                          u"rateHz is not between %1 and %2"_s.arg(MinRateHz).arg(MaxRateHz));
    if (FeedSubscription *known = seat->find(topic)) {
        known->setRate(rateHz);
        if (!known->dirty.isEmpty())
            wakeAt(known->dueAt);
        return {};
    }
    if (seat->subscriptions.size() >= MaxSubscriptions)
        return core::fail(core::ErrorCode::LimitExceeded,
                          u"%1 topics are subscribed already"_s.arg(MaxSubscriptions));
    seat->subscriptions.emplace(topic.name(), FeedSubscription{topic, rateHz});
    updateViewer(*seat);
    return {};
}

core::Result<void> EventFeed::unsubscribe(FeedReader &reader, const Topic &topic)
{
    FeedSeat *seat = seatOf(reader);
    Q_ASSERT(seat);
    if (!seat->drop(topic))
        return core::fail(core::ErrorCode::NotFound,
                          u"topic \"%1\" is not subscribed"_s.arg(topic.name()));
    updateViewer(*seat);
    if (const auto due = seat->nextDue())
        wakeAt(*due);
    return {};
}

QList<EventFeed::Subscribed> EventFeed::subscriptions(const FeedReader &reader) const
{
    QList<Subscribed> list;
    if (const FeedSeat *seat = seatOf(reader))
        for (const auto &[name, subscription] : seat->subscriptions)
            list.append({subscription.topic, subscription.rateHz});
    return list;
}

qint64 EventFeed::subscriptionCount() const
{
    qint64 count = 0;
    for (const auto &[reader, seat] : m_seats)
        count += qint64(seat->subscriptions.size());
    return count;
}

core::Result<std::vector<JournalEntry>> EventFeed::missed(const FeedReader &reader,
                                                          const Position &position)
{
    FeedSeat *seat = seatOf(reader);
    Q_ASSERT(seat);
    auto entries = m_journal.since(position, m_clock.monotonicTime());
    if (!entries)
        return entries;
    std::erase_if(*entries, [seat](const JournalEntry &entry) { return !seat->wants(entry); });
    qint64 bytes = 0;
    for (const JournalEntry &entry : *entries)
        bytes += entry.tail.size();
    if (bytes > MaxReplayBytes)
        return core::fail(core::ErrorCode::PositionLost, position.toString());
    return entries;
}

void EventFeed::replay(FeedReader &reader,
                       const Position &position,
                       const std::vector<JournalEntry> &entries)
{
    if (FeedSeat *seat = seatOf(reader))
        seat->lastSeq = position.seq;
    ++m_counters.resumed;
    m_receivedAt = std::chrono::steady_clock::now();
    for (const JournalEntry &entry : entries)
        if (FeedSeat *seat = seatOf(reader)) // it may leave on the way
            deliver(*seat, entry);
    refreshProgress(reader);
}

void EventFeed::refreshProgress(FeedReader &reader)
{
    FeedSeat *seat = seatOf(reader);
    if (!seat)
        return;
    const QList<core::JobSnapshot> jobs = m_registry.snapshots();
    for (const core::JobSnapshot &job : jobs) {
        FeedSubscription *subscription = seat->findAbout(Topic::job(job.id));
        if (!subscription || isFinal(job.state) || !reader.mayHear(job.owner))
            continue;
        subscription->dirty.insert(job.id);
        wakeAt(subscription->dueAt);
    }
}

void EventFeed::tellDrives(const core::DriveEvents &events)
{
    m_receivedAt = std::chrono::steady_clock::now();
    for (const core::DriveEvent &event : events) {
        if (const auto *added = std::get_if<core::DriveAdded>(&event)) {
            JournalEntry entry = feedEntry(Topic::devices(), std::nullopt, "device.added"_L1,
                                           m_codec.driveId(added->drive.drive.id));
            addMember(entry, "object", m_codec.object(added->drive));
            publish(std::move(entry));
        } else if (const auto *changed = std::get_if<core::DriveChanged>(&event)) {
            const auto patch = m_codec.patch(changed->before, changed->drive);
            JournalEntry entry = feedEntry(Topic::devices(), std::nullopt, "device.changed"_L1,
                                           m_codec.driveId(changed->drive.drive.id));
            addMember(entry, "patch", patch.value_or("{}"));
            if (patch)
                publish(std::move(entry));
        } else if (const auto *removed = std::get_if<core::DriveRemoved>(&event)) {
            publish(feedEntry(Topic::devices(), std::nullopt, "device.removed"_L1,
                              m_codec.driveId(removed->id)));
        }
    }
}

void EventFeed::tell(JournalEntry entry)
{
    m_receivedAt = std::chrono::steady_clock::now();
    publish(std::move(entry));
}

void EventFeed::notice(NoticeLevel level, const QString &text)
{
    m_receivedAt = std::chrono::steady_clock::now();
    const QByteArray id = QByteArray::number(m_journal.lastSeq() + 1);
    JournalEntry entry{.owner = core::LocalOwner};
    entry.tail = R"("topic":"system","type":"system.notice","id":")" + id + '"';
    addMember(entry, "object", m_codec.notice(levelName(level), text));
    publish(std::move(entry));
}

void EventFeed::onEvents(const core::JobEvents &events)
{
    m_receivedAt = std::chrono::steady_clock::now();
    for (const core::JobEvent &event : events) {
        if (const auto *added = std::get_if<core::JobAdded>(&event.change))
            onAdded(*added);
        else if (const auto *changed = std::get_if<core::JobChanged>(&event.change))
            onChanged(*changed);
        else if (const auto *progressed = std::get_if<core::JobProgressed>(&event.change))
            mark(progressed->job);
        else if (const auto *removed = std::get_if<core::JobRemoved>(&event.change))
            onRemoved(*removed);
    }
    if (m_nextDue && *m_nextDue <= m_clock.monotonicTime())
        tick();
}

void EventFeed::onAdded(const core::JobAdded &added)
{
    JournalEntry entry = feedEntry(Topic::job(added.job.id), added.job.owner, "job.added"_L1);
    addMember(entry, "rev", QByteArray::number(added.job.rev));
    addMember(entry, "object", m_codec.object(added.job));
    publish(std::move(entry));
}

void EventFeed::onChanged(const core::JobChanged &changed)
{
    const core::JobSnapshot &job = changed.job;
    const auto patch = m_codec.patch(changed.before, job);
    if (!patch) {
        mark(job);
        return;
    }
    if (isFinal(job.state))
        forgetProgress(job.id);
    JournalEntry entry = feedEntry(Topic::job(job.id), job.owner, "job.changed"_L1);
    addMember(entry, "rev", QByteArray::number(job.rev));
    addMember(entry, "patch", *patch);
    publish(std::move(entry));
}

void EventFeed::onRemoved(const core::JobRemoved &removed)
{
    forgetProgress(removed.id);
    publish(feedEntry(Topic::job(removed.id), removed.owner, "job.removed"_L1));
}

/// Makes `entry` the next event and gives it to everyone who wants it. Who is given one may leave, which
/// makes another: that one waits until all have the one before it.
void EventFeed::publish(JournalEntry entry)
{
    entry.tail = R"(,"time":)" + QByteArray::number(qint64(m_clock.wallTime().count())) + ','
        + entry.tail + '}';
    m_published.append(m_journal.append(std::move(entry), m_clock.monotonicTime()));
    if (m_published.size() > 1)
        return;
    while (!m_published.isEmpty()) {
        deliverToAll(m_published.constFirst());
        m_published.removeFirst();
    }
}

/// Of its own: m_published grows meanwhile.
void EventFeed::deliverToAll(JournalEntry entry)
{
    for (FeedReader *reader : readers()) {
        FeedSeat *seat = seatOf(*reader);
        if (seat && seat->wants(entry))
            deliver(*seat, entry);
    }
}

void EventFeed::deliver(FeedSeat &seat, const JournalEntry &entry)
{
    const Frame frame = frameFor(entry, seat.lastSeq);
    seat.lastSeq = entry.seq;
    ++m_counters.events;
    m_counters.bytes += frame.message().size();
    seat.reader->takeEvent(entry.seq, frame); // may end the seat
    m_counters.latency.add(std::chrono::steady_clock::now() - m_receivedAt);
}

const Frame &EventFeed::frameFor(const JournalEntry &entry, quint64 prev)
{
    const bool isSame = m_lastEvent && m_lastEventSeq == entry.seq && m_lastEventPrev == prev;
    if (!isSame) {
        m_lastEvent = Frame::event(entry, prev);
        m_lastEventSeq = entry.seq;
        m_lastEventPrev = prev;
    }
    return *m_lastEvent;
}

/// The numbers of `job` moved: whoever wants them gets the newest when it is due.
void EventFeed::mark(const core::JobSnapshot &job)
{
    if (isFinal(job.state))
        return;
    const Topic topic = Topic::job(job.id);
    for (const auto &[reader, seat] : m_seats) {
        FeedSubscription *subscription = seat->findAbout(topic);
        if (!subscription || !reader->mayHear(job.owner))
            continue;
        const qsizetype before = subscription->dirty.size();
        subscription->dirty.insert(job.id);
        wakeAt(subscription->dueAt);
        m_counters.conflated += before == subscription->dirty.size() ? 1 : 0;
    }
}

void EventFeed::forgetProgress(core::JobId id)
{
    for (const auto &[reader, seat] : m_seats)
        for (auto &[name, subscription] : seat->subscriptions)
            subscription.dirty.remove(id);
}

void EventFeed::tick()
{
    m_lastProgress.reset();
    const Milliseconds now = m_clock.monotonicTime();
    for (FeedReader *reader : readers())
        if (FeedSeat *seat = seatOf(*reader))
            sendProgress(*seat, now);
    m_timer.stop();
    m_nextDue.reset();
    for (const auto &[reader, seat] : m_seats)
        if (const auto due = seat->nextDue())
            wakeAt(*due);
}

void EventFeed::sendProgress(FeedSeat &seat, Milliseconds now)
{
    if (seat.reader->unsentBytes() > SlowBytes) {
        m_counters.skipped += seat.postpone(now);
        return;
    }
    std::vector<ProgressRow> rows;
    for (const auto &[id, columns] : seat.takeDue(now, MaxRows)) {
        const core::JobSnapshot *job = m_registry.find(id);
        if (job && seat.reader->mayHear(job->owner))
            rows.push_back({id, job->rev, columns});
    }
    if (rows.empty())
        return;
    const Frame frame = progressFrame(rows);
    ++m_counters.progressFrames;
    m_counters.bytes += frame.message().size();
    seat.reader->takeProgress(frame); // may end the seat
}

const Frame &EventFeed::progressFrame(const std::vector<ProgressRow> &rows)
{
    if (m_lastProgress && m_lastRows == rows)
        return *m_lastProgress;
    QByteArray encoded;
    for (const ProgressRow &row : rows)
        encoded.append(encoded.isEmpty() ? "" : ",")
            .append(m_codec.row(*m_registry.find(row.id), row.columns));
    m_lastRows = rows;
    m_lastProgress = Frame::progress(m_clock.wallTime(), encoded);
    return *m_lastProgress;
}

/// A subscription has something to send then; tick() looks for the next one.
void EventFeed::wakeAt(Milliseconds due)
{
    if (m_nextDue && *m_nextDue <= due)
        return;
    m_nextDue = due;
    m_timer.start(std::max(due - m_clock.monotonicTime(), Milliseconds{1}));
}

FeedSeat *EventFeed::seatOf(const FeedReader &reader) const
{
    const auto found = m_seats.find(&reader);
    return found == m_seats.end() ? nullptr : found->second.get();
}

/// Those who are here, for loops in which they may leave.
std::vector<FeedReader *> EventFeed::readers() const
{
    std::vector<FeedReader *> list;
    list.reserve(m_seats.size());
    for (const auto &[reader, seat] : m_seats)
        list.push_back(seat->reader);
    return list;
}

/// The registry samples faster while someone looks at jobs.
void EventFeed::updateViewer(FeedSeat &seat)
{
    const bool looks = seat.wantsJobs();
    if (looks == std::exchange(seat.isViewer, looks))
        return;
    if (looks)
        m_registry.addViewer();
    else
        m_registry.removeViewer();
}

} // namespace server
