#include "core/download/networkaccess.h"

#include <QNetworkProxy>

namespace core {

NetworkAccess::NetworkAccess(std::shared_ptr<NetworkPool> pool, const QUrl &url)
    : m_pool(url.userInfo().isEmpty() ? std::move(pool) : nullptr)
    , m_host(url.scheme() + u':' + url.authority())
{ }

NetworkAccess::~NetworkAccess()
{
    if (!m_pool)
        return;
    for (auto &manager : m_managers)
        m_pool->give(m_host, std::move(manager));
}

void NetworkAccess::setCookies(const QList<QNetworkCookie> &cookies)
{
    for (const QNetworkCookie &cookie : cookies)
        m_cookies.insertCookie(cookie); // false: it has expired
}

QNetworkAccessManager &NetworkAccess::managerFor(int connection)
{
    const auto index = size_t(connection / ConnectionsPerManager);
    while (m_managers.size() <= index) {
        auto manager = takeOrMake();
        manager->setCookieJar(&m_cookies);
        m_cookies.setParent(nullptr); // a manager takes the jar over; this object owns it
        m_managers.push_back(std::move(manager));
    }
    return *m_managers[index];
}

std::unique_ptr<QNetworkAccessManager> NetworkAccess::takeOrMake() const
{
    if (m_pool)
        if (auto manager = m_pool->take(m_host))
            return manager;
    auto manager = std::make_unique<QNetworkAccessManager>();
    manager->setProxy(QNetworkProxy::NoProxy);
    manager->setRedirectPolicy(QNetworkRequest::ManualRedirectPolicy);
    manager->setAutoDeleteReplies(false);
    return manager;
}

} // namespace core
