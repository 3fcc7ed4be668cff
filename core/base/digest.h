#pragma once
#include "core/base/checksum.h"

#include <QByteArray>

#include <memory>
#include <span>

struct evp_md_ctx_st;

namespace core {

/// A running digest through OpenSSL's EVP (SHA-256: 1.8 GB/s where QCryptographicHash reaches 0.18).
/// Threads: one object is used by one thread at a time.
class Digest
{
public:
    /// The algorithm must be offered; SHA-256 always is.
    explicit Digest(DigestAlgorithm algorithm);
    ~Digest();
    Digest(Digest &&) noexcept;
    Digest &operator=(Digest &&) noexcept;
    Digest(const Digest &) = delete;
    Digest &operator=(const Digest &) = delete;

    /// Whether the crypto library lets the algorithm be used: a strict policy may forbid MD5.
    [[nodiscard]] static bool isOffered(DigestAlgorithm algorithm);

    [[nodiscard]] DigestAlgorithm algorithm() const { return m_algorithm; }
    void add(std::span<const char> bytes);
    /// The digest of all bytes added, as raw bytes. The object starts anew afterwards.
    [[nodiscard]] QByteArray finish();

private:
    struct Free {
        void operator()(evp_md_ctx_st *context) const;
    };
    DigestAlgorithm m_algorithm;
    std::unique_ptr<evp_md_ctx_st, Free> m_context;
};

/// A running SHA-256. Threads: as Digest.
class Sha256
{
public:
    static constexpr int Size = 32;

    void add(std::span<const char> bytes) { m_digest.add(bytes); }
    /// The digest of all bytes added, 32 raw bytes. The object starts anew afterwards.
    [[nodiscard]] QByteArray finish() { return m_digest.finish(); }

    [[nodiscard]] static QByteArray of(std::span<const char> bytes);

private:
    Digest m_digest{DigestAlgorithm::Sha256};
};

/// Whether `text` is a SHA-256 in hexadecimal (64 digits, either case).
[[nodiscard]] bool isSha256Hex(QStringView text);

} // namespace core
