#pragma once
#include "core/base/clock.h"
#include "core/base/ratelimiter.h"
#include "core/jobs/jobtypes.h"

#include <memory>
#include <mutex>
#include <vector>

namespace core {

/// How fast all downloads together and each of them may be, changeable while they run.
///
///   time earns bytes ─► shared evenly among the jobs that lately asked; what one cannot take
///                       (its own limit, its allowance is full) goes to the others
///   Share::take()    ─► the least of the allowance and the job's own limit
///
/// Threads: any; each call takes a mutex for some hundred instructions. Lives as long as its shares.
class SpeedLimits : public std::enable_shared_from_this<SpeedLimits>
{
public:
    /// A job that has not asked for this long takes no part in sharing.
    static constexpr Milliseconds AskInterval{500};

    /// One job's part. Threads: any.
    class Share
    {
    public:
        Share(std::shared_ptr<SpeedLimits> limits, JobId job, qint64 bytesPerSecond);
        ~Share();
        Share(const Share &) = delete;
        Share &operator=(const Share &) = delete;

        /// How many of `most` bytes may be read at once; they count as read.
        [[nodiscard]] qint64 take(qint64 most);
        /// Bytes that were taken and not read.
        void giveBack(qint64 bytes);
        /// Whether take() may have to be called again later for bytes that are there.
        [[nodiscard]] bool isLimited() const;

    private:
        friend class SpeedLimits;
        const std::shared_ptr<SpeedLimits> m_limits;
        const JobId m_job;
        RateLimiter m_own; // what follows is guarded by the mutex of m_limits
        qint64 m_allowance = 0;
        Milliseconds m_askedAt{-1};
    };

    /// `clock` must outlive this.
    explicit SpeedLimits(const Clock &clock);

    [[nodiscard]] std::shared_ptr<Share> join(JobId job, qint64 bytesPerSecond);
    /// Bytes per second of all jobs together, 0: no limit.
    void setTotal(qint64 bytesPerSecond);
    [[nodiscard]] qint64 total() const;
    /// Bytes per second of one job, 0: no limit. A job without a share is passed over.
    void setJob(JobId job, qint64 bytesPerSecond);

private:
    void refill(Milliseconds now);
    void distribute(Milliseconds now);

    const Clock &m_clock;
    mutable std::mutex m_mutex; // guards what follows
    std::vector<Share *> m_shares;
    qint64 m_total = 0;
    qint64 m_pot = 0; ///< earned and not given to a job
    qint64 m_thousandths = 0; ///< of a byte, earned beside m_pot
    Milliseconds m_filledAt{-1};
};

} // namespace core
