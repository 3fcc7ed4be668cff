#pragma once
#include "core/base/growingfile.h"
#include "core/download/connectionbudget.h"
#include "core/download/networkpool.h"
#include "core/download/proxyrule.h"
#include "core/download/retrypolicy.h"
#include "core/download/speedlimits.h"
#include "core/download/targetguard.h"
#include "core/download/transfertuning.h"

#include <QString>

#include <functional>

namespace core {

/// What a download needs besides its spec; made by JobService from settings and the job's snapshot.
struct DownloadPlace {
    /// Absolute folder the file goes to (the spec's `to` or the download folder); made when missing.
    QString folder;
    /// `details.target` of the snapshot: the path an earlier run chose; empty at the first run.
    QString target;
    /// Whether an earlier run of the job may have left files; looking for them takes time.
    bool mayHaveFiles = true;
    /// Names the job among all jobs that may ever write into this folder; stays the same over
    /// restarts of the program (an id of the data directory and the job's id).
    QString jobKey;
    /// Most requests at once, from 1; the spec's `connections` comes first when it is given.
    int connections = 8;
    /// User-Agent when the spec gives none.
    QString userAgent;
    /// The way requests go. An error: the job fails with it before its first request.
    Result<ProxyRule> proxy;
    /// The job's share of the speed all jobs may have; null: no limit.
    std::shared_ptr<SpeedLimits::Share> speed;
    /// Ports of our own listeners, which no redirect may lead to.
    QList<quint16> ownPorts;
    /// TargetGuard's; null: the system's.
    HostLookup lookup;
    /// Asked when a web page answers a job that has nothing yet. True: somebody else sees to it, and the
    /// run ends as stopped. Null: pages are files like others.
    std::function<bool()> givesPageAway;
    /// Told what is there of the file; what is waited for is fetched first, then what comes first in the
    /// file. Its end is told by others. Null: nobody reads along.
    std::shared_ptr<GrowingFile> reader;
    RetryPolicy retry;
    RequestTimeouts timeouts;
    TransferTuning tuning;
    /// Shared by all downloads; null: this one is alone.
    std::shared_ptr<ConnectionBudget> budget;
    std::shared_ptr<NetworkPool> networks;
};

} // namespace core
