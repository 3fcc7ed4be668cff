#include "core/jobs/ratemeter.h"

namespace core {

void RateMeter::add(Milliseconds now, qint64 done)
{
    m_samples.push_back({now, done});
    // One sample older than the window stays, so that the window is always covered.
    while (m_samples.size() > 2 && now - m_samples[1].time >= Window)
        m_samples.pop_front();
}

qint64 RateMeter::bytesPerSecond() const
{
    if (m_samples.size() < 2)
        return 0;
    const qint64 elapsed = (m_samples.back().time - m_samples.front().time).count();
    const qint64 bytes = m_samples.back().done - m_samples.front().done;
    return elapsed > 0 ? qint64(double(bytes) * 1000.0 / double(elapsed)) : 0;
}

qint64 RateMeter::etaSeconds(qint64 remaining) const
{
    const qint64 rate = bytesPerSecond();
    return rate > 0 && remaining >= 0 ? (remaining + rate - 1) / rate : -1;
}

} // namespace core
