#include "core/download/networkstate.h"

#include <QHostAddress>
#include <QNetworkInterface>

#include <algorithm>

namespace core {
namespace {

using namespace Qt::StringLiterals;

bool isUsable(const QNetworkInterface &interface)
{
    const auto flags = interface.flags();
    const bool isUp = flags.testFlag(QNetworkInterface::IsUp)
        && flags.testFlag(QNetworkInterface::IsRunning)
        && !flags.testFlag(QNetworkInterface::IsLoopBack);
    return isUp
        && std::ranges::any_of(interface.addressEntries(), [](const QNetworkAddressEntry &entry) {
               return !entry.ip().isLinkLocal();
           });
}

} // namespace

bool hasNetworkFor(const QString &host)
{
    if (host == "localhost"_L1 || host.endsWith(".localhost"_L1) || QHostAddress(host).isLoopback())
        return true;
    return std::ranges::any_of(QNetworkInterface::allInterfaces(), isUsable);
}

} // namespace core
