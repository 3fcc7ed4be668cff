#pragma once
#include <QHostAddress>
#include <QString>

#include <optional>

namespace server {

/// The host and port a Host header or an Origin names (RFC 9110 §4.2, RFC 6454).
struct Authority {
    /// Lower case; an IPv6 address without brackets.
    QString host;
    quint16 port = 0;
    /// Set when the host is an address written out in full.
    std::optional<QHostAddress> address;
    friend bool operator==(const Authority &, const Authority &) = default;
};

/// Reads "host", "host:port", "1.2.3.4:port" or "[v6]:port"; nullopt for anything else, short and
/// hexadecimal IPv4 forms included. `defaultPort` holds where none is written.
[[nodiscard]] std::optional<Authority> parseAuthority(QByteArrayView text, quint16 defaultPort);

/// The same for an Origin of scheme `http` or `https`; nullopt for others, and for paths.
struct WebOrigin {
    QString scheme;
    Authority authority;
};
[[nodiscard]] std::optional<WebOrigin> parseOrigin(QByteArrayView text);

/// `address` as IPv4 when it is one mapped into IPv6.
[[nodiscard]] QHostAddress unmapped(const QHostAddress &address);
[[nodiscard]] bool isLoopback(const QHostAddress &address);

} // namespace server
