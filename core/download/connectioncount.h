#pragma once
#include "core/download/connectionbudget.h"
#include "core/download/connectionramp.h"
#include "core/download/transfertuning.h"

#include <algorithm>

class QUrl;

namespace core {

/// How many requests one download may have open: what the ramp finds useful, within what the budget
/// gives, beginning where the host was known to go well and below what it refused.
/// Threads: used on the job's thread.
class ConnectionCount
{
public:
    using Milliseconds = std::chrono::milliseconds;
    struct Wish {
        int most = 1;
        /// Bytes to fetch; small ones are fetched with one request.
        qint64 missingBytes = 0;
    };

    /// `budget` null: nobody else counts.
    ConnectionCount(const std::shared_ptr<ConnectionBudget> &budget,
                    const QUrl &url,
                    Wish wish,
                    const TransferTuning &tuning);
    /// Remembers what the host was found to bear.
    ~ConnectionCount();
    Q_DISABLE_COPY_MOVE(ConnectionCount)

    /// From 1; a request may be opened while fewer are open.
    [[nodiscard]] int allowed(Milliseconds now) const;
    /// From 1; how many the file is shared among.
    [[nodiscard]] int useful() const { return std::min(m_ramp.target(), bearable()); }
    /// How many of `remaining` bytes one request takes at a time.
    [[nodiscard]] qint64 leaseBytes(qint64 remaining) const;
    /// From 1; more than these are to be closed.
    [[nodiscard]] int bearable() const;
    /// As the ramp's; true when more or fewer are useful.
    [[nodiscard]] bool sample(Milliseconds now, qint64 bytes, int opening);
    void onRefused(Milliseconds now, Milliseconds retryAfter);

private:
    [[nodiscard]] static ConnectionRamp rampFor(const Wish &wish,
                                                std::optional<ConnectionBudget::Known> known,
                                                const TransferTuning &tuning);

    const Milliseconds m_refusalEpoch;
    std::unique_ptr<ConnectionBudget::Share> m_share;
    std::optional<ConnectionBudget::Known> m_known;
    ConnectionRamp m_ramp;
};

} // namespace core
