#include "core/download/fileproof.h"

#include "core/base/shownurl.h"

namespace core {

using namespace Qt::StringLiterals;

FileProof::FileProof(const DownloadSpec &spec)
    : m_spec(spec)
    , m_given(ExpectedChecksum::givenBy(spec))
{ }

std::optional<ExpectedChecksum> FileProof::expected(const RemoteIdentity &identity) const
{
    return m_given ? m_given : ExpectedChecksum::announcedBy(identity);
}

std::optional<DigestAlgorithm> FileProof::algorithm(const RemoteIdentity &identity) const
{
    const auto checksum = expected(identity);
    return checksum ? std::optional(checksum->checksum.algorithm) : std::nullopt;
}

Result<ByteRanges> FileProof::damaged(const PartFile &part,
                                      const RemoteIdentity &identity,
                                      const FileHash::Digests &digests,
                                      const std::stop_token &stop) const
{
    // Only whoever gave the hashes of the pieces can make them needless: a server that sends wrong bytes
    // may announce their checksum too.
    const auto given = ExpectedChecksum::givenBy(m_spec);
    const bool isGood = given && !given->mismatch(digests);
    if (isGood || !m_spec.pieces || !m_spec.pieces->fit(identity.size))
        return ByteRanges();
    const auto read = [&part](qint64 offset, std::span<char> buffer) {
        return part.read(offset, buffer);
    };
    return damagedPieces(*m_spec.pieces, identity.size, read, stop);
}

std::optional<Error> FileProof::mismatch(const RemoteIdentity &identity,
                                         const FileHash::Digests &digests) const
{
    if (m_spec.size >= 0 && identity.size != m_spec.size)
        return wrongSize(shownUrl(m_spec.url), identity.size, m_spec.size);
    const auto checksum = expected(identity);
    auto wrong = checksum ? checksum->mismatch(digests) : std::nullopt;
    const bool isGiven = ExpectedChecksum::givenBy(m_spec).has_value();
    if (wrong || isGiven || !m_spec.pieces || m_spec.pieces->fit(identity.size))
        return wrong;
    return Error{ErrorCode::ChecksumMismatch,
                 u"%1 bytes are not %2 pieces of %3 bytes"_s.arg(identity.size)
                     .arg(m_spec.pieces->count())
                     .arg(m_spec.pieces->pieceBytes)};
}

QString FileProof::praise(const RemoteIdentity &identity) const
{
    if (const auto checksum = expected(identity))
        return checksum->praise();
    return m_spec.checksumFrom.isEmpty()
        ? QString()
        : u"no checksum was found beside the file; it is not verified"_s;
}

Error wrongSize(const QString &url, qint64 found, qint64 wanted)
{
    return {ErrorCode::ChecksumMismatch,
            u"%1 has %2 bytes; the file has %3"_s.arg(url).arg(found).arg(wanted)};
}

Error damageError(const ByteRanges &damaged)
{
    return {ErrorCode::ChecksumMismatch,
            u"%1 bytes from byte %2 on do not fit the hashes of their pieces"_s.arg(damaged.bytes())
                .arg(damaged.list().constFirst().begin)};
}

} // namespace core
