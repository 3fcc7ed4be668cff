#include "server/http/jwtkey.h"

#include <QFile>

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/pem.h>

namespace server {
namespace {

using namespace Qt::StringLiterals;
using core::ErrorCode;

constexpr qint64 MostKeyFileBytes = 16 * 1024;

core::Result<QByteArray> contentOf(QFile &file)
{
    if (!file.open(QIODevice::ReadOnly))
        return core::fail(ErrorCode::FileAccess,
                          u"%1: %2"_s.arg(file.fileName(), file.errorString()));
    return file.read(MostKeyFileBytes);
}

const unsigned char *bytesOf(const QByteArray &bytes)
{
    return reinterpret_cast<const unsigned char *>(bytes.constData());
}

QByteArray hmacSha256(const QByteArray &secret, const QByteArray &text)
{
    QByteArray digest(EVP_MAX_MD_SIZE, Qt::Uninitialized);
    unsigned int size = 0;
    HMAC(EVP_sha256(), secret.constData(), int(secret.size()), bytesOf(text), size_t(text.size()),
         reinterpret_cast<unsigned char *>(digest.data()), &size);
    digest.resize(qsizetype(size));
    return digest;
}

} // namespace

core::Result<JwtKey> JwtKey::fromSecretFile(const QString &path)
{
    QFile file(path);
    auto secret = contentOf(file);
    if (!secret)
        return core::fail(secret.error());
    if (file.permissions() & (QFile::ReadGroup | QFile::ReadOther))
        return core::fail(ErrorCode::FileAccess,
                          u"%1: others may read it; chmod 600 keeps it a secret"_s.arg(path));
    while (secret->endsWith('\n') || secret->endsWith('\r'))
        secret->chop(1);
    if (secret->size() < LeastSecretBytes)
        return core::fail(ErrorCode::InvalidArgument,
                          u"%1: a secret of %2 bytes; HS256 needs at least %3"_s.arg(path)
                              .arg(secret->size())
                              .arg(LeastSecretBytes));
    JwtKey key;
    key.m_secret = std::move(*secret);
    return key;
}

core::Result<JwtKey> JwtKey::fromPublicKeyFile(const QString &path)
{
    QFile file(path);
    const auto text = contentOf(file);
    if (!text)
        return core::fail(text.error());
    const std::unique_ptr<BIO, decltype(&BIO_free)> source(
        BIO_new_mem_buf(text->constData(), int(text->size())), &BIO_free);
    JwtKey key;
    key.m_publicKey = {PEM_read_bio_PUBKEY(source.get(), nullptr, nullptr, nullptr),
                       &EVP_PKEY_free};
    if (!key.m_publicKey || EVP_PKEY_get_base_id(key.m_publicKey.get()) != EVP_PKEY_ED25519)
        return core::fail(ErrorCode::InvalidArgument,
                          u"%1: not an Ed25519 public key as PEM"_s.arg(path));
    return key;
}

QLatin1StringView JwtKey::algorithm() const
{
    return m_publicKey ? "EdDSA"_L1 : "HS256"_L1;
}

bool JwtKey::verifies(const QByteArray &text, const QByteArray &signature) const
{
    if (!m_publicKey) {
        const QByteArray right = hmacSha256(m_secret, text);
        return right.size() == signature.size()
            && CRYPTO_memcmp(right.constData(), signature.constData(), size_t(right.size())) == 0;
    }
    const std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> context(EVP_MD_CTX_new(),
                                                                          &EVP_MD_CTX_free);
    return EVP_DigestVerifyInit(context.get(), nullptr, nullptr, nullptr, m_publicKey.get()) == 1
        && EVP_DigestVerify(context.get(), bytesOf(signature), size_t(signature.size()),
                            bytesOf(text), size_t(text.size()))
        == 1;
}

} // namespace server
