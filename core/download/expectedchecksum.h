#pragma once
#include "core/base/filehash.h"
#include "core/download/downloadspec.h"
#include "core/download/remoteidentity.h"

namespace core {

/// A checksum a download has to fit, and who says so.
struct ExpectedChecksum {
    Checksum checksum;
    /// For messages: a header or a URL; empty when the user gave it.
    QString origin;

    /// How a file differs from it: `ChecksumMismatch` naming algorithm, expected and found.
    /// `found` has the algorithm.
    [[nodiscard]] std::optional<Error> mismatch(const FileHash::Digests &found) const;
    /// What a job tells when the file fits; may be nothing.
    [[nodiscard]] QString praise() const;

    [[nodiscard]] static std::optional<ExpectedChecksum> givenBy(const DownloadSpec &spec);
    /// What the server's own headers said.
    [[nodiscard]] static std::optional<ExpectedChecksum>
    announcedBy(const RemoteIdentity &identity);
};

} // namespace core
