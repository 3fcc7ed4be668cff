#include "server/dialects/looplag.h"

#include <algorithm>

namespace server {

LoopLag::LoopLag(const core::Clock &clock)
    : m_clock(clock)
    , m_lookedAt(clock.monotonicTime())
{
    // A coarse timer is up to 5 % late by itself. Started anew each time: one that repeats makes up
    // for a late turn with an early one.
    m_timer.setTimerType(Qt::PreciseTimer);
    m_timer.setSingleShot(true);
    QObject::connect(&m_timer, &QTimer::timeout, &m_timer, [this] { look(); });
    m_timer.start(Interval);
}

void LoopLag::look()
{
    const core::Milliseconds passed = m_clock.monotonicTime() - m_lookedAt;
    m_histogram.add(std::max(passed - Interval, core::Milliseconds(0)));
    m_lookedAt = m_clock.monotonicTime();
    m_timer.start(Interval);
}

} // namespace server
