#pragma once
#include "core/agents/agent.h"
#include "core/agents/agentlink.h"
#include "core/jobs/workflow.h"
#include "server/dialects/workflow/room.h"

namespace server {

/// The server's words of PROTOCOL.md §3.4. `now` is the wall clock, written as ISO 8601 in UTC. Pure.
class RoomCodec
{
public:
    /// `etaSeconds` is -1 while it is unknown, which is written as null.
    [[nodiscard]] static QByteArray
    progress(const core::Workflow &workflow, qint64 etaSeconds, core::Milliseconds now);
    [[nodiscard]] static QByteArray agentStatus(const core::Agent &agent, core::Milliseconds now);
    [[nodiscard]] static QByteArray coordinatorMetrics(const core::CoordinatorCounts &counts,
                                                       core::Milliseconds now);
    /// `error_type` is `NotFound`, `PermissionDenied`, `LimitExceeded`, …: a name for programs.
    [[nodiscard]] static QByteArray error(const core::Error &error, core::Milliseconds now);

    /// `type` is "subscribed" or "unsubscribed". The coordinator's id is "coordinator".
    [[nodiscard]] static QByteArray ack(const QString &type, const Room &room);
    [[nodiscard]] static QByteArray pong();

    [[nodiscard]] static QByteArray registered(const QString &agent, core::Milliseconds lease);
    [[nodiscard]] static QByteArray taskOffer(const core::WorkOffer &offer);
    [[nodiscard]] static QByteArray taskCanceled(const QString &task);

    /// pending, running, paused, completed, failed, canceled.
    [[nodiscard]] static QLatin1StringView stateName(core::JobState state);
    [[nodiscard]] static QLatin1StringView targetName(Room::Target target);
};

} // namespace server
