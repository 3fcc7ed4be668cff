#pragma once
#include "app/drayctl/jobwatch.h"

namespace app {

/// Knows when jobs that were told to pause or to cancel have done so: the hub's answer comes before that.
class StopWait
{
public:
    /// `verb` is pause or cancel; of another nothing is watched. Made before the jobs are told, so that
    /// nothing is missed. `hello` is the answer to session.hello.
    StopWait(HubConnection &hub,
             const QJsonObject &hello,
             const QString &verb,
             const QStringList &ids);

    /// The job of the hub's answer as it is when it has stopped; fails when it ended otherwise, and
    /// when the hub went away.
    [[nodiscard]] tl::expected<QJsonObject, Complaint> waitFor(const QJsonObject &job);

private:
    JobWatch m_watch;
    const QString m_wanted; // the state; empty: none
};

} // namespace app
