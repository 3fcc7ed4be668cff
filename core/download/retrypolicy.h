#pragma once
#include "core/base/result.h"

#include <chrono>
#include <functional>

namespace core {

/// When a failed request is sent again, as numbers.
struct RetryPolicy {
    /// Failures in a row, without a byte between them, after which the job fails.
    int maxTries = 5;
    /// The same when the name of the host cannot be found, which costs no server anything: eight
    /// minutes on average, as long as a router takes to start.
    int maxLookups = 40;
    std::chrono::milliseconds firstDelay{200};
    std::chrono::milliseconds longestDelay{30'000};
    /// How often `isOnline` is asked while it says no.
    std::chrono::milliseconds offlineCheck{1'000};
    /// Whether there is a network the target could be reached by; empty: always. Asked on the job's
    /// thread after a failure. While it says no, the job waits and no try is counted.
    std::function<bool()> isOnline;

    /// How long to wait after failure number `failures` (from 1): random within
    /// [0, min(longestDelay, firstDelay · 2^failures)] ("full jitter"), at least `retryAfter`.
    /// `random` is in [0, 1).
    [[nodiscard]] std::chrono::milliseconds
    delay(int failures, std::chrono::milliseconds retryAfter, double random) const;
};

/// Limits of one request, as numbers.
struct RequestTimeouts {
    /// Until the request is sent: name lookup, connect, TLS.
    std::chrono::milliseconds connect{30'000};
    /// Without a byte while we are ready to read.
    std::chrono::milliseconds stall{60'000};
};

/// Whether asking again may help: 408, 425, 429 and 5xx except 501 and 505.
[[nodiscard]] bool isTransientStatus(int status);

/// The failure a status without a file means: AuthenticationRequired (401, 407), NotFound (404,
/// 410), HttpStatus else. The context names status and URL.
[[nodiscard]] Error statusError(int status, const QString &url);

/// Whether the status, for a link that gave bytes of the file before, means that it expired: 401,
/// 403, 404 and 410.
[[nodiscard]] bool isLinkExpired(int status);

} // namespace core
