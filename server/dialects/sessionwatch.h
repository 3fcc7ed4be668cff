#pragma once
#include "core/base/clock.h"
#include "server/dialects/ending.h"
#include "server/http/histogram.h"

#include <optional>

namespace server {

/// When one socket was heard, written to and drained, and what follows from that (PROTOCOL.md §1).
class SessionWatch
{
public:
    static constexpr core::Milliseconds SilenceLimit = std::chrono::seconds(45);

    explicit SessionWatch(const core::Clock &clock);

    void heard() { m_heardAt = m_clock.monotonicTime(); }
    void sent() { m_sentAt = m_clock.monotonicTime(); }
    void pinged() { m_pingedAt = m_clock.monotonicTime(); }
    /// Adds the time since the ping to `roundTrips`; only the first pong after it counts.
    void ponged(RoundTripHistogram &roundTrips);
    void drained() { m_drainedAt = m_clock.monotonicTime(); }

    /// Monotonic.
    [[nodiscard]] core::Milliseconds heardAt() const { return m_heardAt; }
    [[nodiscard]] core::Milliseconds age() const { return m_clock.monotonicTime() - m_openedAt; }
    [[nodiscard]] core::Milliseconds sinceSent() const
    {
        return m_clock.monotonicTime() - m_sentAt;
    }
    /// Why the session must end: nothing came for too long, or nothing was read, or too much is unread
    /// for the second time: what was said at once, as of ten thousand jobs, could not be read yet. Asked
    /// once a second.
    [[nodiscard]] std::optional<Ending> overdue(qint64 unsentBytes);
    /// Why it must end at once after something was written: more is unread than one turn says.
    [[nodiscard]] static std::optional<Ending> overfull(qint64 unsentBytes);

private:
    const core::Clock &m_clock;
    core::Milliseconds m_openedAt; // these are monotonic
    core::Milliseconds m_heardAt;
    core::Milliseconds m_sentAt;
    core::Milliseconds m_drainedAt;
    std::optional<core::Milliseconds> m_pingedAt; // monotonic, until the pong
    bool m_isOverfull = false; // a second ago
};

} // namespace server
