#include "core/download/digestheader.h"

#include <QList>

#include <algorithm>
#include <map>

namespace core {
namespace {

constexpr qsizetype LongestHeader = 4096;

using Members = std::map<QByteArray, QByteArray>;

std::optional<QByteArray> fromBase64(const QByteArray &text)
{
    const auto decoded =
        QByteArray::fromBase64Encoding(text, QByteArray::AbortOnBase64DecodingErrors);
    return decoded ? std::optional(decoded.decoded) : std::nullopt;
}

/// RFC 8941 §3.1.2: a lower-case letter or "*", then also digits, "_", "-" and ".".
bool isKey(const QByteArray &key)
{
    const auto isLetter = [](char c) { return (c >= 'a' && c <= 'z') || c == '*'; };
    return !key.isEmpty() && isLetter(key.front()) && std::ranges::all_of(key, [&](char c) {
        return isLetter(c) || (c >= '0' && c <= '9') || c == '_' || c == '-' || c == '.';
    });
}

/// RFC 8941 §3.3.5: Base64 between colons.
std::optional<QByteArray> byteSequence(const QByteArray &text)
{
    if (text.size() < 2 || !text.startsWith(':') || !text.endsWith(':'))
        return std::nullopt;
    return fromBase64(text.sliced(1, text.size() - 2));
}

std::optional<Checksum> bestOf(const Members &members)
{
    for (const DigestAlgorithm algorithm : {DigestAlgorithm::Sha256, DigestAlgorithm::Sha512}) {
        const auto found = members.find(digestAlgorithmName(algorithm).toLatin1());
        if (found != members.end() && found->second.size() == digestBytes(algorithm))
            return Checksum{algorithm, found->second};
    }
    return std::nullopt;
}

} // namespace

std::optional<Checksum> checksumFromReprDigest(const QByteArray &value)
{
    Members members;
    if (value.size() > LongestHeader)
        return std::nullopt;
    for (const QByteArray &part : value.split(',')) {
        const QByteArray member = part.trimmed();
        const qsizetype equals = member.indexOf('=');
        const QByteArray key = member.left(equals);
        const auto digest = byteSequence(member.sliced(equals + 1));
        if (equals < 0 || !isKey(key) || !digest)
            return std::nullopt;
        members[key] = *digest; // the last of several counts, RFC 8941 §4.2.2
    }
    return bestOf(members);
}

std::optional<Checksum> checksumFromDigest(const QByteArray &value)
{
    Members members;
    if (value.size() > LongestHeader)
        return std::nullopt;
    for (const QByteArray &part : value.split(',')) {
        const QByteArray member = part.trimmed();
        const qsizetype equals = member.indexOf('=');
        if (equals <= 0)
            return std::nullopt;
        const QByteArray name = member.first(equals).toLower();
        const auto digest = fromBase64(member.sliced(equals + 1));
        if (digest && !members.emplace(name, *digest).second && members[name] != *digest)
            return std::nullopt; // it contradicts itself
    }
    return bestOf(members);
}

} // namespace core
