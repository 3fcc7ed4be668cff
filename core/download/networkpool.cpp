#include "core/download/networkpool.h"

#include <QNetworkCookieJar>
#include <QThread>

#include <algorithm>

namespace core {

NetworkPool::~NetworkPool()
{
    destroy(std::move(m_idle));
}

std::unique_ptr<CountingAccess> NetworkPool::take(const QString &host)
{
    std::unique_ptr<CountingAccess> manager;
    {
        const std::lock_guard lock(m_mutex);
        // The one that rested for the shortest time has the freshest connections.
        const auto found = std::find_if(m_idle.rbegin(), m_idle.rend(),
                                        [&host](const Idle &idle) { return idle.host == host; });
        if (found == m_idle.rend())
            return nullptr;
        manager = std::move(found->manager);
        m_idle.erase(std::next(found).base());
    }
    manager->moveToThread(QThread::currentThread());
    return manager;
}

void NetworkPool::give(const QString &host, std::unique_ptr<CountingAccess> manager)
{
    if (!manager->wasOneAtATime()) // its idle connections prove nothing of another's
        return;
    auto jar = std::make_unique<QNetworkCookieJar>();
    manager->setCookieJar(jar.release()); // the manager owns it
    manager->moveToThread(nullptr);
    const auto now = std::chrono::steady_clock::now();
    std::list<Idle> old;
    {
        const std::lock_guard lock(m_mutex);
        m_idle.push_back({host, now, std::move(manager)});
        old = takeOld(now);
    }
    destroy(std::move(old));
}

std::list<NetworkPool::Idle> NetworkPool::takeOld(Time now)
{
    std::list<Idle> old;
    while (!m_idle.empty() && (m_idle.size() > MostIdle || now - m_idle.front().since > IdleTime))
        old.splice(old.end(), m_idle, m_idle.begin());
    return old;
}

/// An object is destroyed on its own thread only.
void NetworkPool::destroy(std::list<Idle> idle)
{
    for (const Idle &entry : idle)
        entry.manager->moveToThread(QThread::currentThread());
}

} // namespace core
