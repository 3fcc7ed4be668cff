#include "core/download/targetguard.h"

#include "core/base/shownurl.h"
#include "core/download/localtarget.h"

#include <QHostInfo>

#include <algorithm>

namespace core {

using namespace Qt::StringLiterals;

static bool isOfOneOf(const QUrl &url, const QList<quint16> &ports)
{
    return ports.contains(quint16(url.port(url.scheme() == "https"_L1 ? 443 : 80)));
}

bool TargetGuard::isConcerned(const QUrl &url) const
{
    return isFromElsewhere || url.host() != given.host() || isOfOneOf(url, ownPorts);
}

bool TargetGuard::leadsHere(const QUrl &url) const
{
    if (isLocalTarget(url))
        return true;
    const QString host = url.host();
    const auto found = lookup ? lookup(host) : QHostInfo::fromName(host).addresses();
    return std::ranges::any_of(found, isLocalAddress);
}

Result<void> TargetGuard::check(const QUrl &url) const
{
    if (!isConcerned(url) || !leadsHere(url))
        return {};
    const QString text = shownUrl(url);
    if (isOfOneOf(url, ownPorts))
        return fail(ErrorCode::Forbidden, u"%1 is Dray's own address"_s.arg(text));
    if (isFromElsewhere)
        return fail(ErrorCode::Forbidden,
                    u"%1 is on this machine; a remote program may not fetch from it"_s.arg(text));
    if (url.host() != given.host() && !leadsHere(given))
        return fail(ErrorCode::Forbidden,
                    u"%1 leads to this machine: %2"_s.arg(shownUrl(given), text));
    return {};
}

} // namespace core
