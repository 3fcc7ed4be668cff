#include "server/http/jwt.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>

#include <algorithm>

namespace server {
namespace {

using namespace Qt::StringLiterals;
using std::chrono::seconds;

constexpr qsizetype MostTokenBytes = 8 * 1024;
constexpr qsizetype MostSubjectCharacters = 64;
/// Clocks of two machines differ.
constexpr seconds Leeway{60};

tl::unexpected<core::Error> wrong(const QString &why)
{
    return core::fail(core::ErrorCode::Unauthorized, u"JWT: "_s + why);
}

/// Base64url without padding (RFC 7515 §2); null when it is something else.
QByteArray decoded(const QByteArray &part)
{
    const auto bytes = QByteArray::fromBase64Encoding(
        part, QByteArray::Base64UrlEncoding | QByteArray::AbortOnBase64DecodingErrors);
    return bytes && !part.contains('=') ? *bytes : QByteArray();
}

QJsonObject objectIn(const QByteArray &part)
{
    return QJsonDocument::fromJson(decoded(part)).object();
}

bool isForUs(const QJsonValue &audience)
{
    const QString us(JwtAudience);
    return audience.isArray() ? audience.toArray().contains(us) : audience == us;
}

/// A time in seconds since 1970 (RFC 7519 §2); nullopt when it is none.
std::optional<core::Milliseconds> timeOf(const QJsonValue &value)
{
    constexpr double MostSeconds = 1e11;
    const double time = value.toDouble(-1);
    if (!value.isDouble() || time < 0 || time > MostSeconds)
        return std::nullopt;
    return core::Milliseconds(qint64(time * 1000));
}

core::Result<core::Milliseconds> endOf(const QJsonObject &claims, core::Milliseconds now)
{
    const auto end = timeOf(claims["exp"_L1]);
    if (!end)
        return wrong(u"no exp"_s);
    if (*end <= now)
        return wrong(u"exp is over"_s);
    if (*end - now > LongestJwtLife)
        return wrong(u"exp is more than 24 hours away"_s);
    const auto begin = timeOf(claims["nbf"_L1]);
    if (claims.contains("nbf"_L1) && (!begin || *begin > now + Leeway))
        return wrong(u"nbf has not come"_s);
    return *end;
}

bool isName(const QString &subject)
{
    return !subject.isEmpty() && subject.size() <= MostSubjectCharacters
        && std::ranges::all_of(subject, [](QChar c) { return c.isPrint() && !c.isSpace(); });
}

core::Result<Grant> grantOfClaims(const QJsonObject &claims, core::Milliseconds now)
{
    if (!isForUs(claims["aud"_L1]))
        return wrong(u"aud is not \"%1\""_s.arg(JwtAudience));
    const auto end = endOf(claims, now);
    if (!end)
        return core::fail(end.error());
    const QString subject = claims["sub"_L1].toString();
    if (!isName(subject))
        return wrong(u"sub is no name of 1 to %1 characters"_s.arg(MostSubjectCharacters));
    const QStringList names = claims["scope"_L1].toString().split(u' ', Qt::SkipEmptyParts);
    const auto scopes = core::scopesFromNames(names);
    if (!scopes || names.isEmpty())
        return wrong(u"scope names none, or one that does not exist"_s);
    return Grant{.principal = {.name = subject, .owner = subject, .scopes = *scopes},
                 .tokenId = QString(JwtTokenId),
                 .expiresAt = end->count()};
}

/// The key that the header may name; extensions that must be understood are not (RFC 7515 §4.1.11).
const JwtKey *keyFor(const QJsonObject &header, std::span<const JwtKey> keys)
{
    if (header.contains("crit"_L1))
        return nullptr;
    const auto found = std::ranges::find_if(
        keys, [&header](const JwtKey &key) { return header["alg"_L1] == key.algorithm(); });
    return found == keys.end() ? nullptr : &*found;
}

} // namespace

bool looksLikeJwt(const QByteArray &token)
{
    return token.count('.') == 2;
}

core::Result<Grant>
grantOfJwt(const QByteArray &token, std::span<const JwtKey> keys, core::Milliseconds wallTime)
{
    if (!looksLikeJwt(token) || token.size() > MostTokenBytes)
        return wrong(u"not three parts of at most 8 KiB"_s);
    const QList<QByteArray> parts = token.split('.');
    const JwtKey *key = keyFor(objectIn(parts[0]), keys);
    if (!key)
        return wrong(u"alg is not one that a key is configured for"_s);
    if (!key->verifies(parts[0] + '.' + parts[1], decoded(parts[2])))
        return wrong(u"the signature does not match"_s);
    return grantOfClaims(objectIn(parts[1]), wallTime);
}

} // namespace server
