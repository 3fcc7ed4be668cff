#include "core/download/connectionbudget.h"

#include <algorithm>

namespace core {

ConnectionBudget::ConnectionBudget(Limits limits, std::shared_ptr<const Clock> clock)
    : m_limits(limits)
    , m_clock(std::move(clock))
{ }

std::unique_ptr<ConnectionBudget::Share> ConnectionBudget::share(const QString &host, int wanted)
{
    return std::make_unique<Share>(shared_from_this(), host, wanted);
}

void ConnectionBudget::distribute()
{
    QHash<QString, std::vector<Entry *>> byHost;
    std::vector<Entry *> all;
    for (Entry &entry : m_entries) {
        entry.allowed = entry.wanted;
        byHost[entry.host].push_back(&entry);
        all.push_back(&entry);
    }
    for (const auto &entries : std::as_const(byHost))
        distribute(entries, m_limits.perHost);
    distribute(all, m_limits.total);
}

/// Max-min fairness: the modest first, each at most an equal part of what is left.
void ConnectionBudget::distribute(std::vector<Entry *> entries, int limit)
{
    std::ranges::stable_sort(entries, {}, &Entry::allowed);
    int left = limit;
    int others = int(entries.size());
    for (Entry *entry : entries) {
        entry->allowed = std::max(1, std::min(entry->allowed, left / others));
        left = std::max(0, left - entry->allowed);
        --others;
    }
}

ConnectionBudget::Share::Share(std::shared_ptr<ConnectionBudget> budget, QString host, int wanted)
    : m_budget(std::move(budget))
    , m_host(std::move(host))
{
    const std::lock_guard lock(m_budget->m_mutex);
    m_budget->m_entries.push_back({this, m_host, std::max(1, wanted)});
    m_budget->distribute();
}

ConnectionBudget::Share::~Share()
{
    const std::lock_guard lock(m_budget->m_mutex);
    std::erase_if(m_budget->m_entries, [this](const Entry &entry) { return entry.owner == this; });
    m_budget->distribute();
}

int ConnectionBudget::Share::allowed() const
{
    const std::lock_guard lock(m_budget->m_mutex);
    return std::ranges::find(m_budget->m_entries, this, &Entry::owner)->allowed;
}

void ConnectionBudget::Share::setWanted(int wanted)
{
    const std::lock_guard lock(m_budget->m_mutex);
    Entry &entry = *std::ranges::find(m_budget->m_entries, this, &Entry::owner);
    if (entry.wanted == std::max(1, wanted))
        return;
    entry.wanted = std::max(1, wanted);
    m_budget->distribute();
}

std::optional<ConnectionBudget::Known> ConnectionBudget::Share::known() const
{
    const std::lock_guard lock(m_budget->m_mutex);
    const auto it = m_budget->m_memory.constFind(m_host);
    const bool isFresh = it != m_budget->m_memory.constEnd()
        && m_budget->m_clock->monotonicTime() - it->at < MemoryTime;
    return isFresh ? std::optional(it->known) : std::nullopt;
}

void ConnectionBudget::Share::remember(Known known) const
{
    const std::lock_guard lock(m_budget->m_mutex);
    const Milliseconds now = m_budget->m_clock->monotonicTime();
    auto &memory = m_budget->m_memory;
    memory.removeIf([now](const auto &entry) { return now - entry.value().at >= MemoryTime; });
    if (size_t(memory.size()) >= MostHosts)
        memory.clear();
    memory.insert(m_host, {known, now});
}

} // namespace core
