#pragma once
#include <QtGlobal>

#include <chrono>
#include <optional>

namespace core {

/// How fast one request brings its bytes: an exponentially weighted mean over about a second. Pure;
/// the caller brings the time.
class SegmentPace
{
public:
    using Milliseconds = std::chrono::milliseconds;

    explicit SegmentPace(Milliseconds now)
        : m_startedAt(now)
        , m_lastByteAt(now)
        , m_sampledAt(now)
    { }

    void add(qint64 bytes, Milliseconds now);
    /// Folds what came since the last call into the mean; called at a steady rhythm.
    void sample(Milliseconds now);

    /// Unknown until the first sample after the first byte.
    [[nodiscard]] std::optional<double> bytesPerSecond() const { return m_bytesPerSecond; }
    /// As bytesPerSecond(), also for a request too short for a sample; called at its end.
    [[nodiscard]] std::optional<double> lastBytesPerSecond() const;
    /// From the request to its first byte, when that came.
    [[nodiscard]] std::optional<Milliseconds> requestCost() const { return m_requestCost; }
    /// Since the last byte, or the request when none came.
    [[nodiscard]] Milliseconds silence(Milliseconds now) const { return now - m_lastByteAt; }

private:
    Milliseconds m_startedAt;
    Milliseconds m_lastByteAt;
    Milliseconds m_sampledAt;
    qint64 m_bytesSinceSample = 0;
    std::optional<Milliseconds> m_requestCost;
    std::optional<double> m_bytesPerSecond;
};

} // namespace core
