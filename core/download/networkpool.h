#pragma once
#include "core/download/countingaccess.h"

#include <QString>

#include <chrono>
#include <list>
#include <memory>
#include <mutex>

namespace core {

/// Network managers between jobs, with the connections they have open, so that small files of one
/// host pay neither for a manager's thread nor for a handshake each.
///
/// Only managers that never saw credentials come here, and each goes with an empty cookie jar.
/// Threads: safe to call from any thread. A manager here belongs to no thread; take() gives it to
/// the caller's.
class NetworkPool
{
public:
    static constexpr size_t MostIdle = 16;
    static constexpr std::chrono::seconds IdleTime{30};

    NetworkPool() = default;
    ~NetworkPool();
    Q_DISABLE_COPY_MOVE(NetworkPool)

    /// A manager that talked to `host` (scheme, name, port and the way there) before, null when
    /// there is none.
    [[nodiscard]] std::unique_ptr<CountingAccess> take(const QString &host);
    /// Call on the thread the manager lives on, without a reply left.
    void give(const QString &host, std::unique_ptr<CountingAccess> manager);

private:
    using Time = std::chrono::steady_clock::time_point;
    struct Idle {
        QString host;
        Time since;
        std::unique_ptr<CountingAccess> manager;
    };
    [[nodiscard]] std::list<Idle> takeOld(Time now);
    static void destroy(std::list<Idle> idle);

    std::mutex m_mutex;
    std::list<Idle> m_idle; ///< guarded by m_mutex, the oldest first
};

} // namespace core
