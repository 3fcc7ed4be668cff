#include "core/download/networkaccess.h"

#include <QNetworkProxy>

namespace core {

namespace {

QNetworkProxy networkProxy(const ProxyAddress &address)
{
    if (address.isNone())
        return QNetworkProxy::NoProxy;
    const bool isHttp = address.kind == ProxyAddress::Kind::Http;
    QNetworkProxy proxy(isHttp ? QNetworkProxy::HttpProxy : QNetworkProxy::Socks5Proxy,
                        address.host, address.port, address.user, address.password);
    if (address.kind == ProxyAddress::Kind::Socks5)
        proxy.setCapabilities(proxy.capabilities() & ~QNetworkProxy::HostNameLookupCapability);
    return proxy;
}

/// Asked for every request, so a redirect may go another way.
class ProxyChoice final : public QNetworkProxyFactory
{
public:
    explicit ProxyChoice(ProxyRule rule)
        : m_rule(std::move(rule))
    { }
    QList<QNetworkProxy> queryProxy(const QNetworkProxyQuery &query) override
    {
        return {networkProxy(m_rule.proxyFor(query.url()))};
    }

private:
    const ProxyRule m_rule;
};

} // namespace

NetworkAccess::NetworkAccess(std::shared_ptr<NetworkPool> pool, const QUrl &url, ProxyRule proxy)
    : m_pool(url.userInfo().isEmpty() && !proxy.hasLogin() ? std::move(pool) : nullptr)
    , m_proxy(std::move(proxy))
    , m_host(url.scheme() + u':' + url.authority() + u' ' + m_proxy.key())
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

CountingAccess &NetworkAccess::managerFor(int connection)
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

std::unique_ptr<CountingAccess> NetworkAccess::takeOrMake() const
{
    if (m_pool)
        if (auto manager = m_pool->take(m_host))
            return manager;
    auto manager = std::make_unique<CountingAccess>();
    manager->setProxyFactory(std::make_unique<ProxyChoice>(m_proxy).release()); // it owns it
    manager->setRedirectPolicy(QNetworkRequest::ManualRedirectPolicy);
    manager->setAutoDeleteReplies(false);
    return manager;
}

} // namespace core
