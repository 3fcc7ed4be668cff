#pragma once
#include "core/download/expectedchecksum.h"
#include "core/download/partfile.h"

#include <stop_token>

namespace core {

/// What a finished file is measured by: the size, the checksum and the hashes of pieces that the spec
/// gives, a checksum found in a list, or what the server's own headers said.
class FileProof
{
public:
    /// `spec` must outlive this.
    explicit FileProof(const DownloadSpec &spec);

    /// A checksum that was found for the file.
    void give(std::optional<ExpectedChecksum> found) { m_given = std::move(found); }
    /// The checksum for the file `identity` describes; nullopt: nobody gave one.
    [[nodiscard]] std::optional<ExpectedChecksum> expected(const RemoteIdentity &identity) const;
    /// What has to be hashed beside SHA-256.
    [[nodiscard]] std::optional<DigestAlgorithm> algorithm(const RemoteIdentity &identity) const;

    /// The bytes of the pieces that are damaged; none when the checksum of the spec fits.
    /// Reads the file. Fails as PartFile::read() does.
    [[nodiscard]] Result<ByteRanges> damaged(const PartFile &part,
                                             const RemoteIdentity &identity,
                                             const FileHash::Digests &digests,
                                             const std::stop_token &stop) const;
    /// Why it is not the file that was asked for: `ChecksumMismatch` naming expected and found.
    [[nodiscard]] std::optional<Error> mismatch(const RemoteIdentity &identity,
                                                const FileHash::Digests &digests) const;
    /// What a job tells of a file that fits; may be nothing.
    [[nodiscard]] QString praise(const RemoteIdentity &identity) const;

private:
    const DownloadSpec &m_spec;
    std::optional<ExpectedChecksum> m_given;
};

/// The failure of a file that has `found` bytes and must have `wanted`.
[[nodiscard]] Error wrongSize(const QString &url, qint64 found, qint64 wanted);
/// The failure of a file with pieces that stayed damaged.
[[nodiscard]] Error damageError(const ByteRanges &damaged);

} // namespace core
