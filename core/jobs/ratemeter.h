#pragma once
#include "core/base/clock.h"

#include <QtGlobal>

#include <deque>

namespace core {

/// Bytes per second over the last few seconds, and the time left at that speed. Pure: the caller
/// gives the time.
class RateMeter
{
public:
    static constexpr Milliseconds Window{4000};

    /// `done` is the count at `now`; both never go back until reset().
    void add(Milliseconds now, qint64 done);
    void reset() { m_samples.clear(); }

    /// 0 until two samples exist that differ in time.
    [[nodiscard]] qint64 bytesPerSecond() const;
    /// Seconds for `remaining` bytes, rounded up; -1 while the speed is 0 or `remaining` unknown (-1).
    [[nodiscard]] qint64 etaSeconds(qint64 remaining) const;

private:
    struct Sample {
        Milliseconds time;
        qint64 done;
    };
    std::deque<Sample> m_samples;
};

} // namespace core
