#include "core/download/connectioncount.h"

#include "core/base/units.h"
#include "core/download/rangeplanner.h"

#include <QUrl>

#include <algorithm>
#include <limits>

namespace core {
namespace {

using namespace Qt::StringLiterals;

constexpr int UsualFirst = 2;
constexpr int Single = 1;
constexpr int HttpPort = 80;
constexpr int HttpsPort = 443;
constexpr qint64 SmallestLease = 1_MiB;
constexpr qint64 LargestLease = 64_MiB;

QString hostOf(const QUrl &url)
{
    const int port = url.port(url.scheme() == "https"_L1 ? HttpsPort : HttpPort);
    return u"%1:%2"_s.arg(url.host()).arg(port);
}

} // namespace

ConnectionCount::ConnectionCount(const std::shared_ptr<ConnectionBudget> &budget,
                                 const QUrl &url,
                                 Wish wish,
                                 const TransferTuning &tuning)
    : m_refusalEpoch(tuning.refusalEpoch)
    , m_share(budget ? budget->share(hostOf(url), wish.most) : nullptr)
    , m_known(m_share ? m_share->known() : std::nullopt)
    , m_ramp(rampFor(wish, m_known, tuning))
{
    if (m_share)
        m_share->setWanted(m_ramp.most());
}

ConnectionCount::~ConnectionCount()
{
    if (!m_share || !m_ramp.isSettled())
        return;
    using enum ConnectionBudget::Refused;
    const int target = m_ramp.target();
    if (m_ramp.wasRefused())
        m_share->remember({target, Yes});
    else if (target > Single && (!m_known || m_known->connections < target))
        m_share->remember({target, No});
}

ConnectionRamp ConnectionCount::rampFor(const Wish &wish,
                                        std::optional<ConnectionBudget::Known> known,
                                        const TransferTuning &tuning)
{
    if (wish.missingBytes < tuning.smallestShared)
        return {Single, Single};
    if (wish.missingBytes < tuning.smallestAtOnce)
        return {wish.most, Single};
    if (!known)
        return {wish.most, UsualFirst};
    const bool isCapped = known->refused == ConnectionBudget::Refused::Yes;
    return {isCapped ? std::min(wish.most, known->connections) : wish.most, known->connections};
}

int ConnectionCount::allowed(Milliseconds now) const
{
    return m_ramp.mayOpen(now) ? useful() : Single;
}

/// Shares of what is left, so that all requests end at about the same time.
qint64 ConnectionCount::leaseBytes(qint64 remaining) const
{
    if (useful() == Single)
        return RangePlanner::UnknownSize;
    return std::clamp(remaining / (2 * useful()), SmallestLease, LargestLease);
}

int ConnectionCount::bearable() const
{
    if (m_ramp.isAlone())
        return Single;
    return m_share ? m_share->allowed() : std::numeric_limits<int>::max();
}

bool ConnectionCount::sample(Milliseconds now, qint64 bytes, int opening)
{
    const bool isChange = m_ramp.sample(now, bytes, opening);
    if (m_share && (m_ramp.isSettled() || m_ramp.isAlone()))
        m_share->setWanted(m_ramp.target());
    return isChange;
}

void ConnectionCount::onRefused(Milliseconds now, Milliseconds retryAfter)
{
    m_ramp.onRefused(now, std::max(m_refusalEpoch, retryAfter));
    if (m_share)
        m_share->setWanted(m_ramp.target());
}

} // namespace core
