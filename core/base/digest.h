#pragma once
#include "core/base/result.h"

#include <QByteArray>

#include <memory>
#include <span>
#include <stop_token>

struct evp_md_ctx_st;

namespace core {

/// A running SHA-256 through OpenSSL's EVP (1.8 GB/s where QCryptographicHash reaches 0.18).
/// Threads: one object is used by one thread at a time.
class Sha256
{
public:
    static constexpr int Size = 32;

    Sha256();
    ~Sha256();
    Sha256(Sha256 &&) noexcept;
    Sha256 &operator=(Sha256 &&) noexcept;
    Sha256(const Sha256 &) = delete;
    Sha256 &operator=(const Sha256 &) = delete;

    void add(std::span<const char> bytes);
    /// The digest of all bytes added, 32 raw bytes. The object starts anew afterwards.
    [[nodiscard]] QByteArray finish();

    [[nodiscard]] static QByteArray of(std::span<const char> bytes);

private:
    struct Free {
        void operator()(evp_md_ctx_st *context) const;
    };
    std::unique_ptr<evp_md_ctx_st, Free> m_context;
};

/// Whether `text` is a SHA-256 in hexadecimal (64 digits, either case).
[[nodiscard]] bool isSha256Hex(QStringView text);

} // namespace core
