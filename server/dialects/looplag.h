#pragma once
#include "core/base/clock.h"
#include "server/http/histogram.h"

#include <QTimer>

namespace server {

struct LoopLagBounds { // seconds
    static constexpr std::array Values{0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0};
};
using LoopLagHistogram = Histogram<LoopLagBounds>;

/// How late a timer comes, once a second: what else the event loop was busy with at that moment.
///
/// Threads: measures the thread that makes it, the hub thread.
class LoopLag final
{
public:
    static constexpr core::Milliseconds Interval = std::chrono::seconds(1);

    explicit LoopLag(const core::Clock &clock);

    [[nodiscard]] const LoopLagHistogram &histogram() const { return m_histogram; }
    /// Counts the time since the last look beyond the interval. Called by a timer of its own.
    void look();

private:
    const core::Clock &m_clock;
    LoopLagHistogram m_histogram;
    core::Milliseconds m_lookedAt; // monotonic
    QTimer m_timer;
};

} // namespace server
