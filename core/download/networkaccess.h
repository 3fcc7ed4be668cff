#pragma once
#include "core/download/retrypolicy.h"

#include <QNetworkAccessManager>
#include <QNetworkCookieJar>

#include <memory>
#include <vector>

namespace core {

/// The network managers of one job. A manager opens at most six connections to a host, so there is
/// one for every six requests; they share the job's cookies.
/// Threads: made, used and destroyed on the job's thread. A pool of managers that outlives the job
/// would take the place of this class and nothing else.
class NetworkAccess
{
public:
    static constexpr int ConnectionsPerManager = 6;

    NetworkAccess();
    ~NetworkAccess();
    Q_DISABLE_COPY_MOVE(NetworkAccess)

    /// The manager for a job's connection number `connection`, counted from 0.
    [[nodiscard]] QNetworkAccessManager &managerFor(int connection);

private:
    QNetworkCookieJar m_cookies;
    std::vector<std::unique_ptr<QNetworkAccessManager>> m_managers;
};

} // namespace core
