#pragma once
#include "core/base/units.h"

#include <chrono>

namespace core {

/// The numbers by which a transfer splits, repeats and gives up on its requests.
struct TransferTuning {
    using Milliseconds = std::chrono::milliseconds;

    /// A file with fewer missing bytes is fetched with one request.
    qint64 smallestShared = 2_MiB;
    /// One with fewer begins with one request: it may be there before another is answered.
    qint64 smallestAtOnce = 8_MiB;
    /// Neither part of a split lease is smaller.
    qint64 smallestPart = 64_KiB;
    /// A lease with fewer bytes left may be fetched twice.
    qint64 largestTail = 1_MiB;
    /// What a request costs until one was measured.
    Milliseconds assumedRequestCost{100};
    /// A tail is fetched twice when it is silent or would go on for longer than this.
    Milliseconds tailPatience{1000};
    /// A request that is silent for this long is asked again.
    Milliseconds stallSilence{10'000};
    /// One that stays below `slowShare` of the median speed for this long, too.
    Milliseconds slowPatience{15'000};
    double slowShare = 0.05;
    /// Refusals within this time count as one.
    Milliseconds refusalEpoch{1000};
};

} // namespace core
