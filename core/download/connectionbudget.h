#pragma once
#include "core/base/clock.h"

#include <QHash>
#include <QString>

#include <memory>
#include <mutex>
#include <optional>
#include <vector>

namespace core {

/// How many connections each download may have, over all that run.
///
/// Every host's connections are shared fairly among its jobs, and all connections among all jobs:
/// nobody gets more than asked for, what one does not want goes to the others, and everyone may
/// always have one. A job that is alone gets all it wants, up to the host's limit. What a host was
/// found to bear is remembered for a day.
/// Threads: safe to call from any thread; a Share belongs to one.
class ConnectionBudget : public std::enable_shared_from_this<ConnectionBudget>
{
public:
    struct Limits {
        int perHost = 32;
        int total = 96;
    };
    enum class Refused { No, Yes };
    struct Known {
        int connections = 0;
        /// Whether more were refused, not just useless.
        Refused refused = Refused::No;
    };
    static constexpr std::chrono::hours MemoryTime{24};
    static constexpr size_t MostHosts = 1000;

    /// A job's part of the budget, given back by the destructor.
    class Share
    {
    public:
        Share(std::shared_ptr<ConnectionBudget> budget, QString host, int wanted);
        ~Share();
        Q_DISABLE_COPY_MOVE(Share)

        /// Connections the job may have at this moment, from 1. Falls when others begin.
        [[nodiscard]] int allowed() const;
        void setWanted(int wanted);
        [[nodiscard]] std::optional<Known> known() const;
        void remember(Known known) const;

    private:
        const std::shared_ptr<ConnectionBudget> m_budget;
        const QString m_host;
    };

    explicit ConnectionBudget(Limits limits,
                              std::shared_ptr<const Clock> clock = std::make_shared<SystemClock>());

    /// `host` is "name:port".
    [[nodiscard]] std::unique_ptr<Share> share(const QString &host, int wanted);

private:
    struct Entry {
        const Share *owner = nullptr;
        QString host;
        int wanted = 1;
        int allowed = 1;
    };
    struct Memory {
        Known known;
        Milliseconds at{0};
    };
    void distribute();
    static void distribute(std::vector<Entry *> entries, int limit);

    const Limits m_limits;
    const std::shared_ptr<const Clock> m_clock;
    mutable std::mutex m_mutex;
    std::vector<Entry> m_entries; ///< guarded by m_mutex, as is all below
    QHash<QString, Memory> m_memory;
};

} // namespace core
