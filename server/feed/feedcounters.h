#pragma once
#include "server/http/histogram.h"

namespace server {

struct LatencyBounds { // seconds
    static constexpr std::array Values{0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1};
};
/// How long events took from the registry to a reader's socket buffer.
using LatencyHistogram = Histogram<LatencyBounds>;

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
