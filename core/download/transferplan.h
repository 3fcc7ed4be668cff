#pragma once
#include "core/download/rangeplanner.h"
#include "core/download/segmentpace.h"
#include "core/download/transfertuning.h"

#include <map>
#include <vector>

namespace core {

/// Decides what a free connection does when no byte is free, and which requests are not worth
/// waiting for. Pure; the caller brings the time and does what is decided.
///
///   the lease with the longest estimated time left is split so that both parts end together,
///     when that saves more than two requests cost
///   a lease too small for that, which is stalled, is fetched a second time
///   a request that is silent, or far slower than the others, is asked again
class TransferPlan
{
public:
    using Milliseconds = std::chrono::milliseconds;
    struct Split {
        RangePlanner::LeaseId lease = 0;
        qint64 at = 0; ///< the first byte of the second part
    };

    explicit TransferPlan(const TransferTuning &tuning)
        : m_tuning(tuning)
    { }

    void onStarted(int connection, RangePlanner::LeaseId lease, Milliseconds now);
    /// As onStarted(), of a request whose answer is there already: its cost is not known.
    void onAdopted(int connection, RangePlanner::LeaseId lease, Milliseconds now);
    /// The same bytes are asked for by `connection` that `original` fetches.
    void onCopyStarted(int connection, int original, Milliseconds now);
    void onBytes(int connection, qint64 bytes, Milliseconds now);
    void onEnded(int connection);
    /// Called at a steady rhythm.
    void sample(Milliseconds now);

    /// Requests that brought no byte yet.
    [[nodiscard]] int opening() const;
    [[nodiscard]] Milliseconds requestCost() const;

    [[nodiscard]] std::optional<Split> split(const RangePlanner &planner) const;
    /// The connection whose lease is to be fetched a second time.
    [[nodiscard]] std::optional<int> stalledTail(const RangePlanner &planner,
                                                 Milliseconds now) const;
    /// The connections that are to be asked again.
    [[nodiscard]] std::vector<int> stalled(Milliseconds now) const;

private:
    static constexpr int None = -1;
    struct Running {
        RangePlanner::LeaseId lease = 0; ///< 0 for a copy
        SegmentPace pace;
        int original = None; ///< whose copy it is
        int copy = None;
        std::optional<Milliseconds> slowSince;
    };
    using RunningMap = std::map<int, Running>;

    [[nodiscard]] bool isStalled(const RunningMap::value_type &entry, Milliseconds now) const;
    [[nodiscard]] bool isAnyoneHeard(Milliseconds now) const;
    [[nodiscard]] std::optional<double> speedOfOthers(int connection) const;
    [[nodiscard]] std::optional<Split> cut(const RangePlanner::Lease &lease,
                                           std::optional<double> speed,
                                           std::optional<double> newSpeed) const;

    const TransferTuning m_tuning;
    RunningMap m_running; ///< by connection
    std::optional<double> m_costMs;
    std::optional<double> m_lastSpeed; ///< of a request that ended, bytes per second
};

} // namespace core
