#include "core/base/digest.h"

#include <openssl/evp.h>

#include <algorithm>

namespace core {
namespace {

const EVP_MD *methodOf(DigestAlgorithm algorithm)
{
    switch (algorithm) {
    case DigestAlgorithm::Md5:
        return EVP_md5();
    case DigestAlgorithm::Sha1:
        return EVP_sha1();
    case DigestAlgorithm::Sha224:
        return EVP_sha224();
    case DigestAlgorithm::Sha256:
        return EVP_sha256();
    case DigestAlgorithm::Sha384:
        return EVP_sha384();
    case DigestAlgorithm::Sha512:
        return EVP_sha512();
    }
    return nullptr;
}

} // namespace

void Digest::Free::operator()(evp_md_ctx_st *context) const
{
    EVP_MD_CTX_free(context);
}

Digest::Digest(DigestAlgorithm algorithm)
    : m_algorithm(algorithm)
    , m_context(EVP_MD_CTX_new())
{
    // Fails only when memory or the whole crypto library is missing: nothing a caller could do.
    if (!m_context || EVP_DigestInit_ex(m_context.get(), methodOf(algorithm), nullptr) != 1)
        qFatal("OpenSSL offers no digest %d", int(algorithm));
}

Digest::~Digest() = default;
Digest::Digest(Digest &&) noexcept = default;
Digest &Digest::operator=(Digest &&) noexcept = default;

bool Digest::isOffered(DigestAlgorithm algorithm)
{
    const std::unique_ptr<evp_md_ctx_st, Free> context(EVP_MD_CTX_new());
    return context && EVP_DigestInit_ex(context.get(), methodOf(algorithm), nullptr) == 1;
}

void Digest::add(std::span<const char> bytes)
{
    if (EVP_DigestUpdate(m_context.get(), bytes.data(), bytes.size()) != 1)
        qFatal("digest update failed");
}

QByteArray Digest::finish()
{
    QByteArray digest(digestBytes(m_algorithm), Qt::Uninitialized);
    if (EVP_DigestFinal_ex(m_context.get(), reinterpret_cast<unsigned char *>(digest.data()),
                           nullptr)
            != 1
        || EVP_DigestInit_ex(m_context.get(), methodOf(m_algorithm), nullptr) != 1)
        qFatal("the digest could not be finished");
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
