#pragma once
#include "app/drayctl/command.h"
#include "app/drayctl/jobmirror.h"

namespace app {

/// The live view of jobs that `watch` and `--wait` share: a mirror fed by a subscription.
class JobWatch
{
public:
    /// `hello` is the answer to session.hello.
    JobWatch(HubConnection &hub, const QJsonObject &hello);

    /// Subscribes to `topic` ("jobs" or "job:<id>") and takes its snapshot in.
    [[nodiscard]] tl::expected<QStringList, Complaint> subscribe(const QString &topic);
    /// Ids of the jobs that moved next; the complaint says the hub went away.
    [[nodiscard]] tl::expected<QStringList, Complaint> next();
    [[nodiscard]] QJsonObject job(const QString &id) const { return m_mirror.job(id); }
    /// A job object that came in an answer.
    void take(const QJsonObject &job) { m_mirror.take(job); }

private:
    HubConnection &m_hub;
    JobMirror m_mirror;
};

/// Shows jobs `ids` until all have ended. Done when all succeeded, Failed when none did, Partly else.
[[nodiscard]] CommandResult
waitForEnd(JobWatch &watch, const QStringList &ids, const Invocation &call, Terminal &terminal);
/// Shows whatever moves until the hub ends or, with `onlyId`, that job has ended; Failed when it did
/// not succeed.
[[nodiscard]] CommandResult
showLive(JobWatch &watch, const QString &onlyId, const Invocation &call, Terminal &terminal);

} // namespace app
