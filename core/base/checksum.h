#pragma once
#include "core/base/result.h"

#include <QByteArray>
#include <QString>

#include <optional>

namespace core {

enum class DigestAlgorithm { Md5, Sha1, Sha224, Sha256, Sha384, Sha512 };

/// "sha-256".
[[nodiscard]] QString digestAlgorithmName(DigestAlgorithm algorithm);
[[nodiscard]] std::optional<DigestAlgorithm> digestAlgorithmFromName(const QString &name);
/// Bytes of a digest.
[[nodiscard]] qsizetype digestBytes(DigestAlgorithm algorithm);
/// Whether somebody can make another file with the same digest: it finds damage, not forgery.
[[nodiscard]] bool isWeak(DigestAlgorithm algorithm);

/// The digest a file is expected to have.
struct Checksum {
    DigestAlgorithm algorithm = DigestAlgorithm::Sha256;
    /// digestBytes() raw bytes.
    QByteArray digest;

    /// "sha-256=9f86d0…", in lower case.
    [[nodiscard]] QString toText() const;
    /// Reads "ALGO=HEX", both in either case. Fails with `InvalidArgument` saying what would be
    /// right, with `Unsupported` when the crypto library does not offer the algorithm.
    [[nodiscard]] static Result<Checksum> parse(const QString &text);
    /// Reads a SHA-256 in hexadecimal that isSha256Hex() accepts.
    [[nodiscard]] static Checksum ofSha256(const QString &hex);
    friend bool operator==(const Checksum &, const Checksum &) = default;
};

} // namespace core
