#pragma once
#include "core/base/clock.h"
#include "core/jobs/jobtypes.h"

namespace core {

/// Work as an agent is told of it.
struct WorkOffer {
    QString id;
    JobId job;
    QString kind;
    /// Compact text of a JSON object.
    QByteArray spec;
    Milliseconds lease{0};
};

/// The connection of an agent, as Agents sees it.
class AgentLink
{
public:
    virtual ~AgentLink() = default;
    virtual void takeOffer(const WorkOffer &offer) = 0;
    /// Somebody canceled or paused the work, or time ran out; answers are refused.
    virtual void loseOffer(const QString &offer) = 0;
    /// The same agent is here on another connection, and this one is none any more.
    virtual void lose() = 0;
};

} // namespace core
