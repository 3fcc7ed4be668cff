#include "core/download/tailrescue.h"

#include <algorithm>

namespace core {
namespace {

std::chrono::milliseconds elapsed(const QElapsedTimer &clock)
{
    return std::chrono::milliseconds(clock.elapsed());
}

} // namespace

TailRescue::TailRescue(DownloadSource &source, TransferPlan &plan, const QElapsedTimer &clock)
    : m_source(source)
    , m_plan(plan)
    , m_clock(clock)
{ }

TailRescue::~TailRescue() = default;

void TailRescue::start(int connection,
                       int original,
                       const RangePlanner::Lease &lease,
                       const RemoteIdentity &known)
{
    AskedRange asked{{lease.position, lease.end}, false, true};
    auto request = m_source.fetch(connection, asked, &known);
    asked.isConditional = request->isConditional();
    auto fetch = std::make_unique<TailFetch>(std::move(request), asked, known);
    connect(fetch.get(), &TailFetch::bytesReceived, this, [this, connection](qint64 count) {
        m_plan.onBytes(connection, count, elapsed(m_clock));
    });
    connect(fetch.get(), &TailFetch::completed, this,
            [this, connection] { emit completed(connection); });
    connect(fetch.get(), &TailFetch::failed, this, [this, connection] { emit failed(connection); });
    connect(fetch.get(), &TailFetch::changed, this,
            [this](const ResponseHead &head) { emit changed(head); });
    connect(fetch.get(), &TailFetch::differed, this, [this] { emit differed(); });
    m_plan.onCopyStarted(connection, original, elapsed(m_clock));
    m_copies.emplace(connection, Copy{original, std::move(fetch)}).first->second.fetch->start();
}

std::span<const char> TailRescue::bytesFrom(int connection, qint64 position) const
{
    return m_copies.at(connection).fetch->bytesFrom(position);
}

bool TailRescue::agrees(int original, std::span<const char> bytes)
{
    return std::ranges::all_of(m_copies, [original, bytes](auto &entry) {
        return entry.second.original != original || entry.second.fetch->addFirst(bytes);
    });
}

void TailRescue::drop(int connection)
{
    const auto it = m_copies.find(connection);
    if (it == m_copies.end())
        return;
    m_plan.onEnded(connection);
    it->second.fetch->disconnect(this);
    it->second.fetch->abort();
    m_dropped.push_back(std::move(it->second.fetch));
    m_copies.erase(it);
}

void TailRescue::dropCopyOf(int original)
{
    const auto it = std::ranges::find_if(
        m_copies, [original](const auto &entry) { return entry.second.original == original; });
    if (it != m_copies.end())
        drop(it->first);
}

} // namespace core
