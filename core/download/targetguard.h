#pragma once
#include "core/base/result.h"

#include <QHostAddress>
#include <QList>
#include <QUrl>

#include <functional>

namespace core {

/// The addresses of a host, none when it is unknown. Blocks; called from any thread.
using HostLookup = std::function<QList<QHostAddress>(const QString &host)>;

/// Where the requests of a job may go, by the addresses that a host's name has: a name can lead to this
/// machine or its link as well as an address can (PROTOCOL.md §0.4, DNS rebinding).
struct TargetGuard {
    /// What the user gave. From there the web may not lead here.
    QUrl given;
    /// The job was added from another machine: it may not reach this one at all.
    bool isFromElsewhere = false;
    /// Ports of our own listeners, which nobody may reach.
    QList<quint16> ownPorts;
    /// Null: the system's. It must leave what it found where QNetworkAccessManager looks first, as
    /// QHostInfo::fromName() does for a minute, or the name could mean another address by then.
    HostLookup lookup;

    /// Whether it matters where `url` leads; else nobody waits for a lookup.
    [[nodiscard]] bool isConcerned(const QUrl &url) const;
    /// Fails with `Forbidden` saying where it leads. Blocks; call from any thread.
    [[nodiscard]] Result<void> check(const QUrl &url) const;

private:
    [[nodiscard]] bool leadsHere(const QUrl &url) const;
};

} // namespace core
