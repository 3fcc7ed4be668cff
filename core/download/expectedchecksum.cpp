#include "core/download/expectedchecksum.h"

namespace core {

using namespace Qt::StringLiterals;

std::optional<Error> ExpectedChecksum::mismatch(const FileHash::Digests &found) const
{
    const QByteArray digest = found.by(checksum.algorithm);
    if (digest == checksum.digest)
        return std::nullopt;
    const QString by = origin.isEmpty() ? QString() : u" by "_s + origin;
    return Error{ErrorCode::ChecksumMismatch,
                 u"%1: expected %2%3, found %4"_s.arg(digestAlgorithmName(checksum.algorithm),
                                                      QString::fromLatin1(checksum.digest.toHex()),
                                                      by, QString::fromLatin1(digest.toHex()))};
}

QString ExpectedChecksum::praise() const
{
    const QString name = digestAlgorithmName(checksum.algorithm);
    const QString fits =
        origin.isEmpty() ? u"%1 fits"_s.arg(name) : u"%1 fits %2"_s.arg(name, origin);
    if (isWeak(checksum.algorithm))
        return fits + u"; it does not protect against a forged file"_s;
    return origin.isEmpty() ? QString() : fits;
}

std::optional<ExpectedChecksum> ExpectedChecksum::givenBy(const DownloadSpec &spec)
{
    if (!spec.sha256.isEmpty())
        return ExpectedChecksum{Checksum::ofSha256(spec.sha256), {}};
    return spec.checksum ? std::optional(ExpectedChecksum{*spec.checksum, {}}) : std::nullopt;
}

std::optional<ExpectedChecksum> ExpectedChecksum::announcedBy(const RemoteIdentity &identity)
{
    if (!identity.checksum)
        return std::nullopt;
    return ExpectedChecksum{*identity.checksum, u"the digest header of %1"_s.arg(identity.host)};
}

} // namespace core
