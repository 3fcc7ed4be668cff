#include "server/http/memorytokens.h"

#include "core/base/digest.h"

#include <QRandomGenerator>

#include <openssl/crypto.h>

#include <algorithm>

namespace server {

using namespace Qt::StringLiterals;

namespace {

constexpr core::Scopes PageScopes = core::DefaultScopes | core::Scope::Settings;

/// 256 random bits of the system as base64url, 43 characters.
QByteArray randomToken()
{
    std::array<quint32, 8> words{};
    QRandomGenerator::system()->fillRange(words.data(), qsizetype(words.size()));
    return QByteArray(reinterpret_cast<const char *>(words.data()), sizeof words)
        .toBase64(QByteArray::Base64UrlEncoding | QByteArray::OmitTrailingEquals);
}

QByteArray digestOf(const QByteArray &token)
{
    return core::Sha256::of({token.constData(), size_t(token.size())});
}

bool isEqual(const QByteArray &a, const QByteArray &b)
{
    return a.size() == b.size()
        && CRYPTO_memcmp(a.constData(), b.constData(), size_t(a.size())) == 0;
}

} // namespace

MemoryTokens::MemoryTokens(const core::Clock &clock)
    : m_clock(clock)
    , m_adminToken(randomToken())
    , m_adminDigest(digestOf(m_adminToken))
{ }

const MemoryTokens::Entry *MemoryTokens::search(const Entries &entries,
                                                const QByteArray &token) const
{
    const QByteArray digest = digestOf(token);
    const Entry *found = nullptr;
    for (const Entry &entry : entries) // all of them: the time says nothing about which one
        if (isEqual(entry.digest, digest) && entry.expiresAt > now())
            found = &entry;
    return found;
}

QByteArray MemoryTokens::issue(Entries &entries, Entry entry)
{
    std::erase_if(entries, [this](const Entry &old) { return old.expiresAt <= now(); });
    if (entries.size() >= Capacity)
        entries.erase(entries.begin());
    const QByteArray token = randomToken();
    entry.digest = digestOf(token);
    entries.push_back(std::move(entry));
    return token;
}

QByteArray MemoryTokens::makeOneTimeToken()
{
    return issue(m_oneTime, {.expiresAt = now() + OneTimeLife.count()});
}

std::optional<MemoryTokens::PageSession> MemoryTokens::exchange(const QByteArray &oneTimeToken)
{
    const Entry *entry = search(m_oneTime, oneTimeToken);
    if (!entry)
        return std::nullopt;
    m_oneTime.erase(m_oneTime.begin() + (entry - m_oneTime.data()));
    const Grant grant{
        .principal = {.name = u"page"_s, .owner = QString(core::LocalOwner), .scopes = PageScopes},
        .tokenId = u"page-%1"_s.arg(++m_sessionsMade),
        .expiresAt = now() + PageSessionLife.count()};
    return PageSession{issue(m_sessions, {.expiresAt = grant.expiresAt, .grant = grant}), grant};
}

std::optional<Grant> MemoryTokens::find(const QByteArray &token) const
{
    if (isEqual(digestOf(token), m_adminDigest))
        return Grant{.principal = core::Principal::localUser(), .tokenId = u"admin"_s};
    const Entry *entry = search(m_sessions, token);
    return entry ? std::optional(entry->grant) : std::nullopt;
}

QByteArray MemoryTokens::makeTicket(const QString &path, const Grant &grant)
{
    return issue(m_tickets,
                 {.expiresAt = now() + TicketLife.count(), .grant = grant, .path = path});
}

std::optional<Grant> MemoryTokens::findTicket(const QByteArray &ticket, const QString &path) const
{
    const Entry *entry = search(m_tickets, ticket);
    const bool isValid = entry && entry->path == path
        && (entry->grant.expiresAt == 0 || entry->grant.expiresAt > now());
    return isValid ? std::optional(entry->grant) : std::nullopt;
}

void MemoryTokens::forget(const QString &tokenId)
{
    const auto isIts = [&tokenId](const Entry &entry) { return entry.grant.tokenId == tokenId; };
    std::erase_if(m_sessions, isIts);
    std::erase_if(m_tickets, isIts);
}

} // namespace server
