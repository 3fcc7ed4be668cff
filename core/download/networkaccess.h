#pragma once
#include "core/download/networkpool.h"
#include "core/download/proxyrule.h"
#include "core/download/retrypolicy.h"

#include <QNetworkCookie>
#include <QNetworkCookieJar>
#include <QUrl>

#include <vector>

namespace core {

/// The network managers of one job. A manager opens at most six connections to a host, so there is
/// one for every six requests; they share the job's cookies. They come from the pool where it has
/// some and go back to it, with their connections, unless the job used credentials: a manager keeps
/// those.
/// Threads: made, used and destroyed on the job's thread.
class NetworkAccess
{
public:
    static constexpr int ConnectionsPerManager = 6;

    /// For a job that begins at `url`. `pool` null: nothing is shared.
    NetworkAccess(std::shared_ptr<NetworkPool> pool, const QUrl &url, ProxyRule proxy);
    ~NetworkAccess();
    Q_DISABLE_COPY_MOVE(NetworkAccess)

    /// The manager for a job's connection number `connection`, counted from 0.
    [[nodiscard]] CountingAccess &managerFor(int connection);
    /// Every request carries those of `cookies` that belong to its URL (RFC 6265 §5.4), also after a
    /// redirect. Those that expired are left out. Call before the first request.
    void setCookies(const QList<QNetworkCookie> &cookies);
    /// What the managers know is nobody else's business.
    void keepPrivate() { m_pool.reset(); }

private:
    [[nodiscard]] std::unique_ptr<CountingAccess> takeOrMake() const;

    std::shared_ptr<NetworkPool> m_pool;
    const ProxyRule m_proxy;
    const QString m_host; ///< and the way to it
    QNetworkCookieJar m_cookies;
    std::vector<std::unique_ptr<CountingAccess>> m_managers;
};

} // namespace core
