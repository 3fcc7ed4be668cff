#pragma once
#include "core/base/units.h"

#include <thread>

namespace core {

/// What unpacking may use.
struct DecodeLimits {
    int threads = std::max(1, int(std::thread::hardware_concurrency()));
    /// With more threads than one, no more memory than this; fewer threads are used then.
    qint64 threadedBytes = 256_MiB;
    /// Never more than this; an image that needs more fails with `Unsupported`.
    qint64 mostBytes = 1_GiB;
};

} // namespace core
