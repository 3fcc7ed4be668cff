#pragma once
#include "core/base/clock.h"
#include "core/jobs/jobtypes.h"

#include <QByteArrayList>

namespace server {

/// How a dialect without subscriptions tells of jobs: by messages that each stand alone. Every message
/// is made once for all readers. An empty list: the dialect has no words for that.
class MessageCodec
{
public:
    virtual ~MessageCodec() = default;
    /// Whether the dialect speaks of such jobs; the same for all of a job's life.
    [[nodiscard]] virtual bool covers(const core::JobSnapshot &job) const = 0;
    /// Whether a reader that connects at `wallTime` is told of the job.
    [[nodiscard]] virtual bool greetsWith(const core::JobSnapshot &job, core::Milliseconds) const
    {
        return !isFinal(job.state);
    }
    /// The job as it is, for who does not know it: it was added, or the reader connected.
    [[nodiscard]] virtual QByteArrayList introduce(const core::JobSnapshot &job) const = 0;
    /// A step, none of which is lost. Empty: only the numbers moved.
    [[nodiscard]] virtual QByteArrayList step(const core::JobSnapshot &before,
                                              const core::JobSnapshot &after) const = 0;
    /// The newest numbers, at most ten times a second.
    [[nodiscard]] virtual QByteArrayList numbers(const core::JobSnapshot &job) const = 0;
    [[nodiscard]] virtual QByteArrayList removed(core::JobId id) const = 0;
};

} // namespace server
