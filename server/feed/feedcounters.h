#pragma once
#include <QtGlobal>

#include <array>
#include <chrono>

namespace server {

/// How long events took from the registry to a reader's socket buffer.
struct LatencyHistogram {
    using Seconds = std::chrono::duration<double>;
    static constexpr std::array Bounds{0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1};

    std::array<qint64, Bounds.size()> counts{}; // not cumulative
    qint64 count = 0;
    Seconds sum{0};

    void add(Seconds latency)
    {
        for (size_t i = 0; i < Bounds.size(); ++i) {
            if (latency.count() <= Bounds[i]) {
                ++counts[i];
                break;
            }
        }
        ++count;
        sum += latency;
    }
    LatencyHistogram &operator+=(const LatencyHistogram &other)
    {
        for (size_t i = 0; i < counts.size(); ++i)
            counts[i] += other.counts[i];
        count += other.count;
        sum += other.sum;
        return *this;
    }
};

/// What a feed counted since it started, for /metrics.
struct FeedCounters {
    qint64 events = 0; // sent, once per reader
    qint64 progressFrames = 0;
    qint64 bytes = 0; // of both
    qint64 conflated = 0; // values that a newer one replaced unsent
    qint64 skipped = 0; // progress held back from a slow reader
    qint64 slowClosed = 0;
    qint64 resumed = 0; // by replay
    qint64 lost = 0; // a position was too old; a snapshot instead
    LatencyHistogram latency;

    FeedCounters &operator+=(const FeedCounters &other)
    {
        events += other.events;
        progressFrames += other.progressFrames;
        bytes += other.bytes;
        conflated += other.conflated;
        skipped += other.skipped;
        slowClosed += other.slowClosed;
        resumed += other.resumed;
        lost += other.lost;
        latency += other.latency;
        return *this;
    }
};

} // namespace server
