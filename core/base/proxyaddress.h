#pragma once
#include "core/base/result.h"

#include <QString>
#include <QUrl>

namespace core {

/// A proxy, as users and curl(1) write it: "http://user:password@host:port" (the scheme may be left
/// out), "socks5://host:port", "socks5h://host:port", where the proxy looks names up, or "none".
/// Without a port it is 1080, as with curl. Pure.
struct ProxyAddress {
    enum class Kind { None, Http, Socks5, Socks5ByName };

    static constexpr quint16 DefaultPort = 1080;

    Kind kind = Kind::None;
    QString host; ///< IPv6 addresses without brackets
    quint16 port = 0;
    QString user;
    QString password;

    /// Fails with `InvalidArgument` saying what would be right; the text is not repeated, since it
    /// may hold a password.
    [[nodiscard]] static Result<ProxyAddress> parse(const QString &text);

    [[nodiscard]] bool isNone() const { return kind == Kind::None; }
    [[nodiscard]] bool hasLogin() const { return !user.isEmpty() || !password.isEmpty(); }
    /// Scheme, host and port, never the login; empty for none.
    [[nodiscard]] QUrl url() const;
    /// The same as text, "none" for none.
    [[nodiscard]] QString shown() const;

    friend bool operator==(const ProxyAddress &, const ProxyAddress &) = default;
};

} // namespace core
