#pragma once
#include "core/base/digest.h"

#include <optional>

namespace core {

/// What a file's bytes hash to: SHA-256 always, and what else was asked for, in one pass.
/// Threads: one object is used by one thread at a time.
class FileHash
{
public:
    struct Digests {
        /// Raw bytes; empty when the hashing was stopped.
        QByteArray sha256;
        /// Set when another algorithm than SHA-256 was asked for.
        std::optional<Checksum> other;

        /// The digest `algorithm` gave, raw; empty when it was not asked for.
        [[nodiscard]] QByteArray by(DigestAlgorithm algorithm) const;
    };

    explicit FileHash(std::optional<DigestAlgorithm> also = std::nullopt);

    void add(std::span<const char> bytes);
    /// The digests of all bytes added. The object starts anew afterwards.
    [[nodiscard]] Digests finish();

private:
    Sha256 m_sha256;
    std::optional<Digest> m_other;
};

} // namespace core
