#pragma once
#include "core/base/result.h"
#include "core/download/downloadspec.h"

namespace core {

/// Same scheme, host and port (RFC 6454 §4).
[[nodiscard]] bool isSameOrigin(const QUrl &a, const QUrl &b);

/// The hand-set headers that may go to another origin: those that say what is wanted, none that may
/// say who asks.
[[nodiscard]] QList<HeaderLine> headersForOtherOrigin(const QList<HeaderLine> &headers);

/// One request on its way through redirects (RFC 9110 §15.4). Pure.
struct RedirectTrail {
    static constexpr int MaxHops = 20;

    QUrl url;
    QList<HeaderLine> headers;
    int hops = 0;
    /// Ports of our own listeners on this machine.
    QList<quint16> ownPorts;

    /// Goes on to `location`, relative to the URL it came from. User and password of the URL, and
    /// headers that may be credentials stay behind when the origin changes. Fails with
    /// `RedirectLoop` after MaxHops, with `UnsupportedScheme` or `InvalidUrl` for a target that is
    /// not http(s), with `Forbidden` for one on this machine that was asked for elsewhere or is our
    /// own, and with `ProtocolViolation` when credentials were given and the way leads from https
    /// to http; each names the URL.
    [[nodiscard]] Result<void> follow(const QByteArray &location);
};

} // namespace core
