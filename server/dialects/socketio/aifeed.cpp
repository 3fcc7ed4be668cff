#include "server/dialects/socketio/aifeed.h"

#include "server/feed/eventfeed.h"

#include <algorithm>

namespace server {

using core::Milliseconds;

namespace {

/// The Engine.IO packet of the event, the same bytes for every reader.
QByteArray packetOf(const QByteArray &json)
{
    return R"(42["ai_progress",)" + json + ']';
}

} // namespace

AiFeed::AiFeed(core::JobRegistry &registry, const core::Clock &clock, const QString &epoch)
    : m_registry(registry)
    , m_clock(clock)
    , m_conversations(epoch)
    , m_timer(this)
{
    m_timer.setSingleShot(true);
    m_timer.setTimerType(Qt::PreciseTimer);
    connect(&m_timer, &QTimer::timeout, this, &AiFeed::tick);
}

AiFeed::~AiFeed() = default;

/// Numbers of reported jobs are sampled more often while anyone looks.
void AiFeed::join(MessageReader &reader)
{
    if (m_seats.emplace(&reader, Seat{.reader = &reader}).second)
        m_registry.addViewer();
}

void AiFeed::leave(MessageReader &reader)
{
    if (m_seats.erase(&reader) > 0)
        m_registry.removeViewer();
}

/// Not an admin's ears either: this is one owner's talk with its own programs.
bool AiFeed::concerns(const MessageReader &reader, const QString &owner)
{
    return reader.principal().owner == owner && reader.principal().has(core::Scope::Read);
}

void AiFeed::tell(const Update &update)
{
    const auto receivedAt = std::chrono::steady_clock::now();
    m_conversations.add(update, Conversations::Kind::Words);
    const QByteArray packet = packetOf(update.json);
    for (const MessageReader *known : readers()) {
        const auto seat = m_seats.find(known);
        if (seat == m_seats.end() || !concerns(*known, update.owner))
            continue;
        seat->second.dirty.erase({update.owner, update.job});
        ++m_counters.events;
        m_counters.bytes += packet.size();
        seat->second.reader->takeMessage(packet);
    }
    m_counters.latency.add(std::chrono::steady_clock::now() - receivedAt);
}

void AiFeed::tellNumbers(const Update &update)
{
    m_conversations.add(update, Conversations::Kind::Numbers);
    const Key key{update.owner, update.job};
    bool isAwaited = false;
    for (auto &[reader, seat] : m_seats) {
        if (!concerns(*reader, update.owner))
            continue;
        isAwaited = true;
        m_counters.conflated += seat.dirty.insert(key).second ? 0 : 1;
    }
    if (!isAwaited)
        return;
    m_numbers[key] = packetOf(update.json);
    tick();
}

void AiFeed::tick()
{
    const Milliseconds now = m_clock.monotonicTime();
    for (const MessageReader *reader : readers())
        sendDue(reader, now);
    scheduleTick();
}

void AiFeed::sendDue(const MessageReader *reader, Milliseconds now)
{
    auto seat = m_seats.find(reader);
    if (seat == m_seats.end() || seat->second.dirty.empty() || now < seat->second.dueAt)
        return;
    // A sample that comes a little early counts, or every second one would wait for the next.
    seat->second.dueAt = now + Interval * 9 / 10;
    while (seat != m_seats.end() && !seat->second.dirty.empty()) {
        if (reader->unsentBytes() > EventFeed::SlowBytes) {
            ++m_counters.skipped;
            return;
        }
        const Key key = *seat->second.dirty.begin();
        seat->second.dirty.erase(seat->second.dirty.begin());
        const QByteArray packet = m_numbers.at(key);
        ++m_counters.progressFrames;
        m_counters.bytes += packet.size();
        seat->second.reader->takeMessage(packet);
        seat = m_seats.find(reader);
    }
}

/// Wakes us when the next reader is due.
void AiFeed::scheduleTick()
{
    std::optional<Milliseconds> next;
    for (const auto &[reader, seat] : m_seats)
        if (!seat.dirty.empty())
            next = std::min(next.value_or(seat.dueAt), seat.dueAt);
    if (!next) {
        m_numbers.clear();
        return m_timer.stop();
    }
    m_timer.start(std::max(*next - m_clock.monotonicTime(), Milliseconds{1}));
}

/// Those who are here, for loops in which they may leave.
std::vector<const MessageReader *> AiFeed::readers() const
{
    std::vector<const MessageReader *> list;
    list.reserve(m_seats.size());
    for (const auto &[reader, seat] : m_seats)
        list.push_back(reader);
    return list;
}

} // namespace server
