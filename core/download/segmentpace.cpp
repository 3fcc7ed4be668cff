#include "core/download/segmentpace.h"

#include <algorithm>
#include <cmath>

namespace core {
namespace {

constexpr double MemoryMs = 1000;
constexpr std::chrono::milliseconds ShortestSample{40};

} // namespace

void SegmentPace::add(qint64 bytes, Milliseconds now)
{
    if (!m_requestCost) {
        m_requestCost = now - m_startedAt;
        m_sampledAt = now;
    }
    m_lastByteAt = now;
    m_bytesSinceSample += bytes;
}

void SegmentPace::sample(Milliseconds now)
{
    const auto elapsed = now - m_sampledAt;
    if (!m_requestCost || elapsed < ShortestSample)
        return;
    const double elapsedMs = double(elapsed.count());
    const double measured = double(m_bytesSinceSample) * 1000 / elapsedMs;
    const double weight = 1 - std::exp(-elapsedMs / MemoryMs);
    const double before = m_bytesPerSecond.value_or(measured);
    m_bytesPerSecond = before + (measured - before) * weight;
    m_bytesSinceSample = 0;
    m_sampledAt = now;
}

std::optional<double> SegmentPace::lastBytesPerSecond() const
{
    if (m_bytesPerSecond || m_bytesSinceSample == 0)
        return m_bytesPerSecond;
    const auto elapsed = std::max(m_lastByteAt - m_sampledAt, Milliseconds(1));
    return double(m_bytesSinceSample) * 1000 / double(elapsed.count());
}

} // namespace core
