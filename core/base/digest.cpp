#include "core/base/digest.h"

#include <openssl/evp.h>

#include <algorithm>

namespace core {

void Sha256::Free::operator()(evp_md_ctx_st *context) const
{
    EVP_MD_CTX_free(context);
}

Sha256::Sha256()
    : m_context(EVP_MD_CTX_new())
{
    // Fails only when memory or the whole crypto library is missing: nothing a caller could do.
    if (!m_context || EVP_DigestInit_ex(m_context.get(), EVP_sha256(), nullptr) != 1)
        qFatal("OpenSSL offers no SHA-256");
}

Sha256::~Sha256() = default;
Sha256::Sha256(Sha256 &&) noexcept = default;
Sha256 &Sha256::operator=(Sha256 &&) noexcept = default;

void Sha256::add(std::span<const char> bytes)
{
    if (EVP_DigestUpdate(m_context.get(), bytes.data(), bytes.size()) != 1)
        qFatal("SHA-256 update failed");
}

QByteArray Sha256::finish()
{
    QByteArray digest(Size, Qt::Uninitialized);
    if (EVP_DigestFinal_ex(m_context.get(), reinterpret_cast<unsigned char *>(digest.data()),
                           nullptr)
            != 1
        || EVP_DigestInit_ex(m_context.get(), EVP_sha256(), nullptr) != 1)
        qFatal("SHA-256 could not be finished");
    return digest;
}

QByteArray Sha256::of(std::span<const char> bytes)
{
    Sha256 hash;
    hash.add(bytes);
    return hash.finish();
}

bool isSha256Hex(QStringView text)
{
    return text.size() == 2 * Sha256::Size && std::ranges::all_of(text, [](QChar c) {
               return (c >= u'0' && c <= u'9') || (c >= u'a' && c <= u'f')
                   || (c >= u'A' && c <= u'F');
           });
}

} // namespace core
