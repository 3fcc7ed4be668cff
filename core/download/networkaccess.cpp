#include "core/download/networkaccess.h"

#include <QNetworkProxy>

namespace core {

NetworkAccess::NetworkAccess() = default;
NetworkAccess::~NetworkAccess() = default;

QNetworkAccessManager &NetworkAccess::managerFor(int connection)
{
    const auto index = size_t(connection / ConnectionsPerManager);
    while (m_managers.size() <= index) {
        auto manager = std::make_unique<QNetworkAccessManager>();
        manager->setProxy(QNetworkProxy::NoProxy);
        manager->setRedirectPolicy(QNetworkRequest::ManualRedirectPolicy);
        manager->setAutoDeleteReplies(false);
        manager->setCookieJar(&m_cookies);
        m_cookies.setParent(nullptr); // a manager takes the jar over; this object owns it
        m_managers.push_back(std::move(manager));
    }
    return *m_managers[index];
}

} // namespace core
