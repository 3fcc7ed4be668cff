#include "core/download/connectionramp.h"

#include <algorithm>
#include <utility>

namespace core {

bool ConnectionRamp::sample(std::chrono::milliseconds now, qint64 bytes)
{
    if (m_windowBegin.count() < 0) {
        m_windowBegin = now;
        m_windowBytes = bytes;
    }
    const auto elapsed = now - m_windowBegin;
    if (elapsed < Window || m_isSettled)
        return false;
    const double bytesPerMs = double(bytes - m_windowBytes) / double(elapsed.count());
    m_windowBegin = now;
    m_windowBytes = bytes;
    // Before the first change there is nothing to compare with, so one window is enough there.
    const bool isFirst = m_target == 1;
    if (!isFirst && !std::exchange(m_isWarm, true))
        return false;
    return decide(bytesPerMs);
}

bool ConnectionRamp::decide(double bytesPerMs)
{
    if (m_target > 1 && bytesPerMs < m_bestBytesPerMs * NeededGain) {
        m_isSettled = true;
        return setTarget(m_before);
    }
    m_bestBytesPerMs = bytesPerMs;
    const bool isLimitHere = bytesPerMs * 1000.0 >= double(FastEnough);
    if (isLimitHere || m_target >= m_most) {
        m_isSettled = true;
        return false;
    }
    m_before = m_target;
    m_isWarm = false;
    return setTarget(std::min(m_most, m_target * 2));
}

void ConnectionRamp::onRefused(int stillOpen)
{
    m_isSettled = true;
    m_target = std::clamp(stillOpen, 1, m_target);
}

bool ConnectionRamp::setTarget(int target)
{
    const bool isChange = target != m_target;
    m_target = target;
    return isChange;
}

} // namespace core
