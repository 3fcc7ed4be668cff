#include "core/download/segmentpace.h"

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

} // namespace core
