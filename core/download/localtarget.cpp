#include "core/download/localtarget.h"

namespace core {

using namespace Qt::StringLiterals;

bool isLocalAddress(const QHostAddress &address)
{
    bool isFour = false; // or one mapped into IPv6
    const quint32 four = address.toIPv4Address(&isFour);
    // 0.0.0.0/8 is this machine (RFC 1122 §3.2.1.3).
    const bool isThisNetwork = isFour && four >> 24 == 0;
    return address.isLoopback() || address.isLinkLocal() || isThisNetwork
        || address == QHostAddress::AnyIPv6;
}

bool isLocalTarget(const QUrl &url)
{
    QString host = url.host();
    while (host.endsWith(u'.')) // the same name, written as absolute (RFC 1034 §3.1)
        host.chop(1);
    if (host == "localhost"_L1 || host.endsWith(".localhost"_L1))
        return true;
    return isLocalAddress(QHostAddress(host));
}

bool mayLeadTo(const QUrl &to, const QUrl &from, const QList<quint16> &ownPorts)
{
    if (!isLocalTarget(to))
        return true;
    const int port = to.port(to.scheme() == "https"_L1 ? 443 : 80);
    const bool isFromHere = from.isLocalFile() || isLocalTarget(from);
    return isFromHere && !ownPorts.contains(quint16(port));
}

} // namespace core
