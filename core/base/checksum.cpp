#include "core/base/checksum.h"

#include "core/base/digest.h"
#include "core/base/names.h"

#include <algorithm>
#include <array>

namespace core {

using namespace Qt::StringLiterals;

namespace {

/// The names of RFC 9530's registry, as aria2 takes them too.
constexpr std::array Names = std::to_array<Name<DigestAlgorithm>>({
    {DigestAlgorithm::Md5, "md5"_L1},
    {DigestAlgorithm::Sha1, "sha-1"_L1},
    {DigestAlgorithm::Sha224, "sha-224"_L1},
    {DigestAlgorithm::Sha256, "sha-256"_L1},
    {DigestAlgorithm::Sha384, "sha-384"_L1},
    {DigestAlgorithm::Sha512, "sha-512"_L1},
});

bool isHex(QStringView text)
{
    return std::ranges::all_of(text, [](QChar c) {
        return (c >= u'0' && c <= u'9') || (c >= u'a' && c <= u'f') || (c >= u'A' && c <= u'F');
    });
}

} // namespace

QString digestAlgorithmName(DigestAlgorithm algorithm)
{
    return nameOf(Names, algorithm);
}

std::optional<DigestAlgorithm> digestAlgorithmFromName(const QString &name)
{
    return valueOf(Names, name);
}

qsizetype digestBytes(DigestAlgorithm algorithm)
{
    switch (algorithm) {
    case DigestAlgorithm::Md5:
        return 16;
    case DigestAlgorithm::Sha1:
        return 20;
    case DigestAlgorithm::Sha224:
        return 28;
    case DigestAlgorithm::Sha256:
        return 32;
    case DigestAlgorithm::Sha384:
        return 48;
    case DigestAlgorithm::Sha512:
        return 64;
    }
    return 0;
}

bool isWeak(DigestAlgorithm algorithm)
{
    return algorithm == DigestAlgorithm::Md5 || algorithm == DigestAlgorithm::Sha1;
}

QString Checksum::toText() const
{
    return digestAlgorithmName(algorithm) + u'=' + QString::fromLatin1(digest.toHex());
}

Result<Checksum> Checksum::parse(const QString &text)
{
    const qsizetype equals = text.indexOf(u'=');
    const auto algorithm = digestAlgorithmFromName(text.left(equals).trimmed().toLower());
    if (equals < 0 || !algorithm)
        return fail(ErrorCode::InvalidArgument,
                    u"\"%1\" is not ALGO=HEX with md5, sha-1, sha-224, sha-256, sha-384 or "
                    "sha-512"_s.arg(text));
    const QString hex = text.sliced(equals + 1).trimmed();
    if (hex.size() != 2 * digestBytes(*algorithm) || !isHex(hex))
        return fail(
            ErrorCode::InvalidArgument,
            u"\"%1\" is not %2= and %3 hexadecimal digits"_s.arg(
                text, nameOf(Names, *algorithm), QString::number(2 * digestBytes(*algorithm))));
    if (!Digest::isOffered(*algorithm))
        return fail(ErrorCode::Unsupported,
                    u"the crypto library of this system does not offer %1"_s.arg(
                        nameOf(Names, *algorithm)));
    return Checksum{*algorithm, QByteArray::fromHex(hex.toLatin1())};
}

Checksum Checksum::ofSha256(const QString &hex)
{
    return {DigestAlgorithm::Sha256, QByteArray::fromHex(hex.toLatin1())};
}

} // namespace core
