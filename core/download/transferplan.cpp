#include "core/download/transferplan.h"

#include <algorithm>
#include <limits>

namespace core {
namespace {

constexpr double CostWeight = 0.3; ///< of the newest request in the mean cost
constexpr int CostsToSave = 2;
constexpr int CostsToWait = 4;
constexpr double SlowTailShare = 0.5;
constexpr size_t EnoughForMedian = 2;

double secondsOf(std::chrono::milliseconds time)
{
    return std::chrono::duration<double>(time).count();
}

} // namespace

void TransferPlan::onStarted(int connection, RangePlanner::LeaseId lease, Milliseconds now)
{
    m_running.insert_or_assign(connection, Running{lease, SegmentPace(now), None, None, {}});
}

void TransferPlan::onAdopted(int connection, RangePlanner::LeaseId lease, Milliseconds now)
{
    onStarted(connection, lease, now);
    m_running.at(connection).pace.add(0, now);
}

void TransferPlan::onCopyStarted(int connection, int original, Milliseconds now)
{
    m_running.insert_or_assign(connection, Running{0, SegmentPace(now), original, None, {}});
    if (const auto it = m_running.find(original); it != m_running.end())
        it->second.copy = connection;
}

void TransferPlan::onBytes(int connection, qint64 bytes, Milliseconds now)
{
    const auto it = m_running.find(connection);
    if (it == m_running.end())
        return;
    SegmentPace &pace = it->second.pace;
    const bool isFirst = !pace.requestCost();
    pace.add(bytes, now);
    if (!isFirst)
        return;
    const double costMs = double(pace.requestCost()->count());
    m_costMs = m_costMs ? *m_costMs + (costMs - *m_costMs) * CostWeight : costMs;
}

void TransferPlan::onEnded(int connection)
{
    const auto it = m_running.find(connection);
    if (it == m_running.end())
        return;
    if (const auto speed = it->second.pace.lastBytesPerSecond(); speed && *speed > 0)
        m_lastSpeed = speed;
    for (auto &[number, other] : m_running) {
        if (other.copy == connection)
            other.copy = None;
    }
    m_running.erase(it);
}

void TransferPlan::sample(Milliseconds now)
{
    for (auto &[connection, running] : m_running)
        running.pace.sample(now);
    for (auto &[connection, running] : m_running) {
        const auto speed = running.pace.bytesPerSecond();
        const auto usual = speedOfOthers(connection);
        const bool isKnown = m_running.size() > EnoughForMedian && speed && usual;
        if (!isKnown || *speed >= *usual * m_tuning.slowShare)
            running.slowSince.reset();
        else if (!running.slowSince)
            running.slowSince = now;
    }
}

int TransferPlan::opening() const
{
    return int(std::ranges::count_if(
        m_running, [](const auto &entry) { return !entry.second.pace.requestCost(); }));
}

TransferPlan::Milliseconds TransferPlan::requestCost() const
{
    return m_costMs ? Milliseconds(qint64(*m_costMs)) : m_tuning.assumedRequestCost;
}

/// The median speed of all requests but one; what the last one that ended had when none is known.
std::optional<double> TransferPlan::speedOfOthers(int connection) const
{
    std::vector<double> speeds;
    for (const auto &[number, running] : m_running)
        if (const auto speed = running.pace.bytesPerSecond(); speed && number != connection)
            speeds.push_back(*speed);
    if (speeds.empty())
        return m_lastSpeed;
    const auto middle = speeds.begin() + std::ptrdiff_t(speeds.size() / 2);
    std::ranges::nth_element(speeds, middle);
    return *middle;
}

std::optional<TransferPlan::Split> TransferPlan::split(const RangePlanner &planner) const
{
    std::optional<RangePlanner::Lease> slowest;
    int connection = None;
    double longest = 0;
    for (const auto &[number, running] : m_running) {
        const auto lease = planner.find(running.lease);
        if (!lease || running.copy != None || lease->remaining() < 2 * m_tuning.smallestPart)
            continue;
        // Where no speed is known, the one with most bytes left takes longest.
        const double usual = speedOfOthers(number).value_or(1);
        const double speed = running.pace.bytesPerSecond().value_or(usual);
        const double seconds = double(lease->remaining()) / std::max(1.0, speed);
        if (seconds <= longest)
            continue;
        longest = seconds;
        slowest = lease;
        connection = number;
    }
    if (!slowest)
        return std::nullopt;
    return cut(*slowest, m_running.at(connection).pace.bytesPerSecond(), speedOfOthers(connection));
}

std::optional<TransferPlan::Split> TransferPlan::cut(const RangePlanner::Lease &lease,
                                                     std::optional<double> speed,
                                                     std::optional<double> newSpeed) const
{
    const double remaining = double(lease.remaining());
    const double own = std::max(1.0, speed.value_or(newSpeed.value_or(0)));
    const bool areBothKnown = speed && newSpeed && *newSpeed > 0;
    const double share = areBothKnown ? own / (own + *newSpeed) : 0.5;
    const bool isAnyKnown = speed || newSpeed;
    const double savedSeconds = remaining / own * (1 - share);
    const bool isWorthIt = isAnyKnown ? savedSeconds > CostsToSave * secondsOf(requestCost())
                                      : lease.remaining() >= m_tuning.smallestShared;
    if (!isWorthIt)
        return std::nullopt;
    const qint64 kept = std::clamp(qint64(remaining * share), m_tuning.smallestPart,
                                   lease.remaining() - m_tuning.smallestPart);
    return Split{lease.id, lease.position + kept};
}

std::optional<int> TransferPlan::stalledTail(const RangePlanner &planner, Milliseconds now) const
{
    const auto patience = std::max(m_tuning.tailPatience, CostsToSave * requestCost());
    for (const auto &[connection, running] : m_running) {
        const auto lease = planner.find(running.lease);
        if (!lease || running.copy != None || lease->remaining() >= m_tuning.largestTail)
            continue;
        if (running.pace.silence(now) > std::max(patience, CostsToWait * requestCost()))
            return connection;
        const auto speed = running.pace.bytesPerSecond();
        const auto usual = speedOfOthers(connection);
        const bool isSlow = speed && usual && *speed < *usual * SlowTailShare;
        const double secondsLeft = double(lease->remaining()) / std::max(1.0, speed.value_or(1));
        if (isSlow && secondsLeft > secondsOf(patience))
            return connection;
    }
    return std::nullopt;
}

std::vector<int> TransferPlan::stalled(Milliseconds now) const
{
    std::vector<int> found;
    for (const auto &entry : m_running)
        if (isStalled(entry, now))
            found.push_back(entry.first);
    return found;
}

/// A server that never answered is left to the request's own timeout, which counts as a failure;
/// while others get their bytes, the silent one is only asked again.
bool TransferPlan::isStalled(const RunningMap::value_type &entry, Milliseconds now) const
{
    const Running &running = entry.second;
    if (running.copy != None)
        return false;
    const auto patience = std::max(m_tuning.stallSilence, CostsToWait * requestCost());
    const bool wasHeard = running.pace.requestCost() || isAnyoneHeard(now);
    if (wasHeard && running.pace.silence(now) > patience)
        return true;
    return running.slowSince && now - *running.slowSince > m_tuning.slowPatience;
}

bool TransferPlan::isAnyoneHeard(Milliseconds now) const
{
    return std::ranges::any_of(m_running, [&](const auto &entry) {
        const SegmentPace &pace = entry.second.pace;
        return pace.requestCost() && pace.silence(now) < m_tuning.stallSilence;
    });
}

} // namespace core
