#include "core/download/connectionramp.h"

#include <algorithm>

namespace core {
namespace {

constexpr int UsualFirst = 2;

} // namespace

ConnectionRamp::ConnectionRamp(int most, int first)
    : m_most(std::max(1, most))
    , m_target(std::clamp(first, 1, m_most))
    , m_before(m_target)
{ }

bool ConnectionRamp::sample(Milliseconds now, qint64 bytes, int opening)
{
    if (m_changedAt.count() < 0)
        m_changedAt = now;
    const bool isOpening = opening > 0 && now - m_changedAt < LongestOpening;
    if (m_windowBegin.count() < 0 || isOpening) {
        m_windowBegin = now;
        m_windowBytes = bytes;
    }
    const auto elapsed = now - m_windowBegin;
    if (elapsed < Window || m_isSettled)
        return false;
    const double bytesPerMs = double(bytes - m_windowBytes) / double(elapsed.count());
    const bool isChange = decide(bytesPerMs);
    m_windowBegin = isChange ? Milliseconds(-1) : now;
    m_windowBytes = bytes;
    if (isChange)
        m_changedAt = now;
    return isChange;
}

bool ConnectionRamp::decide(double bytesPerMs)
{
    const bool isFirst = m_bestBytesPerMs <= 0;
    if (m_isAlone || (isFirst && m_target <= UsualFirst))
        if (bytesPerMs * 1000.0 >= double(FastEnough)) {
            m_isAlone = true;
            return setTarget(1);
        }
    m_isAlone = false;
    if (!isFirst && bytesPerMs < m_bestBytesPerMs * NeededGain) {
        m_isSettled = true;
        return setTarget(m_before);
    }
    m_bestBytesPerMs = bytesPerMs;
    if (m_target >= m_most) {
        m_isSettled = true;
        return false;
    }
    m_before = m_target;
    return setTarget(std::min(m_most, m_target * 2));
}

void ConnectionRamp::onRefused(Milliseconds now, Milliseconds pause)
{
    const bool isSameEpoch = !mayOpen(now);
    m_openAfter = std::max(m_openAfter, now + pause);
    m_isSettled = true;
    if (!isSameEpoch)
        setTarget(std::max(1, m_target / 2));
}

bool ConnectionRamp::setTarget(int target)
{
    const bool isChange = target != m_target;
    m_target = target;
    return isChange;
}

} // namespace core
