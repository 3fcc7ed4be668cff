#pragma once
#include "core/base/result.h"

#include <QByteArray>
#include <QLatin1StringView>

#include <memory>

struct evp_pkey_st;

namespace server {

/// A key that proves who made a JWT. Which algorithm it is for is part of it, so that a token never
/// chooses (RFC 8725 §3.1).
///
/// Threads: not changed after it was made; any thread may ask it.
class JwtKey
{
public:
    /// HS256 wants a secret at least as long as its digest (RFC 7518 §3.2).
    static constexpr qsizetype LeastSecretBytes = 32;

    /// HS256: the secret is what the file holds, without a line end behind it. Fails with `FileAccess`
    /// when others may read the file, and `InvalidArgument` when the secret is too short.
    [[nodiscard]] static core::Result<JwtKey> fromSecretFile(const QString &path);
    /// EdDSA: an Ed25519 public key as PEM (`openssl pkey -pubout`). Fails with `FileAccess` or
    /// `InvalidArgument`.
    [[nodiscard]] static core::Result<JwtKey> fromPublicKeyFile(const QString &path);

    /// What the token's header must name: "HS256" or "EdDSA".
    [[nodiscard]] QLatin1StringView algorithm() const;
    /// Whether `signature` (raw bytes) was made of `text` by the owner of this key.
    [[nodiscard]] bool verifies(const QByteArray &text, const QByteArray &signature) const;

private:
    JwtKey() = default;

    QByteArray m_secret; // of HS256
    std::shared_ptr<evp_pkey_st> m_publicKey; // of EdDSA
};

} // namespace server
