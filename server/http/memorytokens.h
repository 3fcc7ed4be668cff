#pragma once
#include "core/base/clock.h"
#include "server/http/grant.h"

#include <QByteArray>

#include <optional>
#include <vector>

namespace server {

/// Tokens that live as long as the server: the admin token of endpoint.json, one-time tokens that open
/// the page, the page's sessions, and tickets. 256 random bits each, written as base64url; only the
/// admin token is kept in clear, of the others the SHA-256.
///
/// Threads: the hub thread.
class MemoryTokens
{
public:
    static constexpr core::Milliseconds OneTimeLife = std::chrono::seconds(60);
    static constexpr core::Milliseconds TicketLife = std::chrono::seconds(30);
    static constexpr core::Milliseconds PageSessionLife = std::chrono::hours(24 * 7);
    /// Of each kind; the oldest goes when there are more.
    static constexpr size_t Capacity = 1024;

    explicit MemoryTokens(const core::Clock &clock);

    /// Scope admin, owner local, until the server ends.
    [[nodiscard]] QByteArray adminToken() const { return m_adminToken; }

    /// Opens one page session within OneTimeLife.
    [[nodiscard]] QByteArray makeOneTimeToken();

    struct PageSession {
        QByteArray token;
        Grant grant;
    };
    /// The session a one-time token opens; nullopt when it is unknown, used or too old.
    [[nodiscard]] std::optional<PageSession> exchange(const QByteArray &oneTimeToken);

    /// The grant of the admin token or a page session.
    [[nodiscard]] std::optional<Grant> find(const QByteArray &token) const;

    /// A ticket that lets its bearer GET `path` (decoded, without query) as `grant` says.
    [[nodiscard]] QByteArray makeTicket(const QString &path, const Grant &grant);
    [[nodiscard]] std::optional<Grant> findTicket(const QByteArray &ticket,
                                                  const QString &path) const;

    void forget(const QString &tokenId);

private:
    struct Entry {
        QByteArray digest;
        qint64 expiresAt = 0; // milliseconds since 1970
        Grant grant;
        QString path; // tickets only
    };
    using Entries = std::vector<Entry>;

    [[nodiscard]] qint64 now() const { return m_clock.wallTime().count(); }
    [[nodiscard]] const Entry *search(const Entries &entries, const QByteArray &token) const;
    /// Adds a token with `entry`'s rights and gives its text.
    [[nodiscard]] QByteArray issue(Entries &entries, Entry entry);

    const core::Clock &m_clock;
    QByteArray m_adminToken;
    QByteArray m_adminDigest;
    Entries m_oneTime;
    Entries m_sessions;
    Entries m_tickets;
    int m_sessionsMade = 0;
};

} // namespace server
