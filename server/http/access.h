#pragma once
#include "server/http/grant.h"
#include "server/http/memorytokens.h"
#include "server/http/message.h"

#include <QMap>
#include <QObject>

#include <tl/expected.hpp>

#include <functional>

namespace server {

/// Where a request came in: the local end of its connection.
struct Door {
    QHostAddress address;
    quint16 port = 0;
    /// Spoken to by TLS; our own origin is then https.
    bool isTls = false;
    /// The listener is bound to a loopback address; only there --trust-local counts.
    bool isLoopback = true;
};

/// Rules 1 to 3 of PROTOCOL.md §0: from where and by whom the server may be asked.
///
/// Tokens are never logged, are compared in constant time, and failures are counted by reason.
/// Threads: the hub thread.
class Access : public QObject
{
    Q_OBJECT
public:
    enum class TrustLocal { No, Yes };
    enum class OriginVerdict { Absent, Allowed, UnpairedExtension, Refused };
    /// Where a token may stand besides the Authorization header.
    enum class TokenPlaces { HeaderOnly, QueryToo, QueryAndSidCookie };

    enum class AuthFailure { Missing, Wrong };

    /// What stays the same while the server runs.
    struct Options {
        /// Names given by --allow-host, without port.
        QStringList allowHosts;
        /// Origins given by --allow-origin, exact: scheme://host[:port].
        QStringList allowOrigins;
        TrustLocal trustLocal = TrustLocal::No;
        /// The grant of a stored token; nullopt for unknown, expired and revoked ones.
        std::function<std::optional<Grant>(const QByteArray &token)> lookUp;
        /// Whether that extension Origin was paired; unset: none is.
        std::function<bool(const QByteArray &origin)> isPaired;
    };

    Access(const core::Clock &clock, Options options);

    /// Rule 1: `host` is the value of the Host header.
    [[nodiscard]] bool allowsHost(QByteArrayView host, const Door &door) const;
    /// Rule 2. Our own origin is the Host the request was sent to (its host was allowed before), so a
    /// program that holds the same port of another loopback address is not us.
    [[nodiscard]] OriginVerdict judgeOrigin(const Request &request, const Door &door) const;
    /// Whether a token may be used from there: an extension that was not paired may only pair.
    [[nodiscard]] bool mayUseTokens(const QByteArray &origin) const;
    /// Rule 3. A token that is presented and wrong is a failure, also with --trust-local. Counts
    /// nothing: who lets the caller wait for a message does not call it a failure.
    [[nodiscard]] tl::expected<Grant, AuthFailure>
    whoAsks(const Request &request, const Door &door, TokenPlaces places) const;
    /// The grant of a token that came in a message (session.hello, session.auth, Socket.IO).
    [[nodiscard]] std::optional<Grant> grantOf(const QByteArray &token,
                                               const QHostAddress &peer) const;

    /// The token of endpoint.json, one-time tokens, page sessions and tickets.
    [[nodiscard]] MemoryTokens &memoryTokens() { return m_memoryTokens; }
    [[nodiscard]] QByteArray adminToken() const { return m_memoryTokens.adminToken(); }
    [[nodiscard]] QByteArray makeOneTimeToken() { return m_memoryTokens.makeOneTimeToken(); }

    /// Forgets page sessions and tickets of that token and tells everyone who holds connections of it.
    void revoke(const QString &tokenId);

    /// Reasons: "host", "origin", "token" (wrong or expired), "missing".
    [[nodiscard]] QMap<QByteArray, qint64> authFailures() const { return m_failures; }
    void countFailure(const QByteArray &reason) { ++m_failures[reason]; }
    void countFailure(AuthFailure failure);

signals:
    /// A session that has something to say before its end says it in this signal and closes with
    /// 4505; the server closes what is left in the next turn of the event loop.
    void revoked(const QString &tokenId);

private:
    [[nodiscard]] bool isNamed(const QByteArray &origin) const;
    [[nodiscard]] bool isTrusted(const Request &request, const Door &door) const;
    [[nodiscard]] std::optional<Grant> grantOfBearer(const QByteArray &token,
                                                     const QHostAddress &peer) const;

    Options m_options;
    MemoryTokens m_memoryTokens;
    QMap<QByteArray, qint64> m_failures;
};

/// A browser that loads something for another site sends no Origin with images and navigation, but says
/// so here (Fetch Metadata).
[[nodiscard]] bool isForAnotherSite(const Request &request);

/// Whether `origin` is one of a browser's extensions.
[[nodiscard]] bool isExtensionOrigin(const QByteArray &origin);

} // namespace server
