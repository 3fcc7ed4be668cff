#include "core/targetrules.h"

#include <QDir>
#include <QHostAddress>

#include <algorithm>

namespace core {

using namespace Qt::StringLiterals;

namespace {

/// Whether the host is written as an address of this machine or its link (loopback, link-local).
bool isLocalTarget(const QUrl &url)
{
    QString host = url.host();
    while (host.endsWith(u'.')) // the same name, written as absolute (RFC 1034 §3.1)
        host.chop(1);
    if (host == "localhost"_L1 || host.endsWith(".localhost"_L1))
        return true;
    const QHostAddress address(host);
    return address.isLoopback() || address.isLinkLocal() || address == QHostAddress::AnyIPv4
        || address == QHostAddress::AnyIPv6;
}

} // namespace

bool isInside(const QString &path, const QString &folder)
{
    const QString clean = QDir::cleanPath(path);
    const QString root = QDir::cleanPath(folder);
    return clean == root || clean.startsWith(root.endsWith(u'/') ? root : root + u'/');
}

QString withoutSecrets(const QUrl &url)
{
    return url.toString(QUrl::RemoveUserInfo | QUrl::RemoveFragment);
}

bool TargetRules::isInFolders(const QString &path) const
{
    return std::ranges::any_of(folders,
                               [&path](const QString &folder) { return isInside(path, folder); });
}

Result<void> TargetRules::check(const Principal &who, const DownloadSpec &spec) const
{
    if (!who.has(Scope::Admin) && !isInFolders(spec.to))
        return fail(
            ErrorCode::Forbidden,
            u"the folder %1 is outside the download folder %2"_s.arg(spec.to, folders.value(0)));
    const bool runsCommand = std::ranges::any_of(spec.after, [](const AfterAction &action) {
        return action.kind == AfterAction::Kind::Run;
    });
    if (runsCommand && !who.has(Scope::Admin))
        return fail(ErrorCode::Forbidden,
                    u"\"%1\" lacks the scope admin, which a command to run needs"_s.arg(who.name));
    if (!isLocalTarget(spec.url))
        return {};
    if (who.isRemote)
        return fail(ErrorCode::Forbidden,
                    u"%1 is on this machine; a remote program may not fetch from it"_s.arg(
                        withoutSecrets(spec.url)));
    const int port = spec.url.port(spec.url.scheme() == "https"_L1 ? 443 : 80);
    if (ownPorts.contains(quint16(port)))
        return fail(ErrorCode::Forbidden,
                    u"%1 is Dray's own address"_s.arg(withoutSecrets(spec.url)));
    return {};
}

} // namespace core
