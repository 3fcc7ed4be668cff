#include "server/http/certificate.h"

#include "core/base/files.h"

#include <QDir>
#include <QFile>
#include <QHostInfo>
#include <QNetworkInterface>
#include <QSslCertificate>
#include <QSslCipher>
#include <QSslKey>
#include <QSslSocket>
#include <QUrl>

#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

#include <algorithm>
#include <memory>

namespace server {

using namespace Qt::StringLiterals;

namespace {

struct FreeOpenSsl {
    void operator()(EVP_PKEY *key) const { EVP_PKEY_free(key); }
    void operator()(X509 *certificate) const { X509_free(certificate); }
    void operator()(X509_EXTENSION *extension) const { X509_EXTENSION_free(extension); }
    void operator()(BIO *bio) const { BIO_free(bio); }
};
template<typename T>
using Owned = std::unique_ptr<T, FreeOpenSsl>;

constexpr long LifeSeconds = 10L * 365 * 24 * 3600;

core::Result<QByteArray> readFile(const QString &path)
{
    QFile file(path);
    if (!file.open(QIODevice::ReadOnly))
        return core::fail(core::ErrorCode::FileAccess, u"%1: %2"_s.arg(path, file.errorString()));
    return file.readAll();
}

/// Names and addresses the certificate is good for, as OpenSSL's configuration writes them.
QByteArray alternativeNames()
{
    QByteArrayList names{"DNS:localhost"};
    if (const QString host = QHostInfo::localHostName(); !host.isEmpty())
        names << "DNS:" + QUrl::toAce(host);
    for (QHostAddress address : QNetworkInterface::allAddresses()) {
        address.setScopeId({});
        names << "IP:" + address.toString().toLatin1();
    }
    return names.join(',');
}

bool addExtension(X509 *certificate, int id, const QByteArray &value)
{
    X509V3_CTX context;
    X509V3_set_ctx_nodb(&context);
    X509V3_set_ctx(&context, certificate, certificate, nullptr, nullptr, 0);
    const Owned<X509_EXTENSION> extension(
        X509V3_EXT_conf_nid(nullptr, &context, id, value.constData()));
    return extension && X509_add_ext(certificate, extension.get(), -1) == 1;
}

bool setSerial(X509 *certificate)
{
    std::array<unsigned char, 8> bytes{};
    if (RAND_bytes(bytes.data(), int(bytes.size())) != 1)
        return false;
    qint64 serial = 0;
    memcpy(&serial, bytes.data(), sizeof serial);
    return ASN1_INTEGER_set_int64(X509_get_serialNumber(certificate), serial & 0x7fffffffffffffff)
        == 1;
}

bool setSubject(X509 *certificate)
{
    X509_NAME *name = X509_get_subject_name(certificate);
    const auto *text = reinterpret_cast<const unsigned char *>("Dray on this computer");
    return X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC, text, -1, -1, 0) == 1
        && X509_set_issuer_name(certificate, name) == 1;
}

Owned<X509> makeCertificate(EVP_PKEY *key)
{
    Owned<X509> certificate(X509_new());
    const bool isMade = certificate && X509_set_version(certificate.get(), 2) == 1
        && setSerial(certificate.get()) && setSubject(certificate.get())
        && X509_gmtime_adj(X509_getm_notBefore(certificate.get()), -24 * 3600)
        && X509_gmtime_adj(X509_getm_notAfter(certificate.get()), LifeSeconds)
        && X509_set_pubkey(certificate.get(), key) == 1
        && addExtension(certificate.get(), NID_basic_constraints, "critical,CA:FALSE")
        && addExtension(certificate.get(), NID_key_usage, "critical,digitalSignature")
        && addExtension(certificate.get(), NID_ext_key_usage, "serverAuth")
        && addExtension(certificate.get(), NID_subject_alt_name, alternativeNames())
        && X509_sign(certificate.get(), key, EVP_sha256()) > 0;
    return isMade ? std::move(certificate) : nullptr;
}

QByteArray contentOf(BIO *bio)
{
    char *bytes = nullptr;
    const long size = BIO_get_mem_data(bio, &bytes);
    return QByteArray(bytes, qsizetype(size));
}

core::Result<void> makeOwn(const QString &certificatePath, const QString &keyPath)
{
    const Owned<EVP_PKEY> key(EVP_EC_gen("P-256"));
    const Owned<X509> certificate = key ? makeCertificate(key.get()) : nullptr;
    const Owned<BIO> keyText(BIO_new(BIO_s_mem()));
    const Owned<BIO> certificateText(BIO_new(BIO_s_mem()));
    const bool isWritten = certificate && keyText && certificateText
        && PEM_write_bio_PrivateKey(keyText.get(), key.get(), nullptr, nullptr, 0, nullptr, nullptr)
        && PEM_write_bio_X509(certificateText.get(), certificate.get());
    if (!isWritten)
        return core::fail(core::ErrorCode::TlsFailed, u"cannot make a certificate"_s);
    if (auto written = core::writeFileAtomically(keyPath, contentOf(keyText.get()), 0600); !written)
        return written;
    return core::writeFileAtomically(certificatePath, contentOf(certificateText.get()), 0644);
}

QSslKey readKey(const QByteArray &pem)
{
    for (const QSsl::KeyAlgorithm algorithm : {QSsl::Ec, QSsl::Rsa})
        if (const QSslKey key(pem, algorithm); !key.isNull())
            return key;
    return {};
}

/// Qt does not look, and would refuse each handshake.
bool belongTogether(const QByteArray &certificatePem, const QByteArray &keyPem)
{
    const Owned<BIO> certificateText(
        BIO_new_mem_buf(certificatePem.constData(), int(certificatePem.size())));
    const Owned<BIO> keyText(BIO_new_mem_buf(keyPem.constData(), int(keyPem.size())));
    const Owned<X509> certificate(
        PEM_read_bio_X509(certificateText.get(), nullptr, nullptr, nullptr));
    const Owned<EVP_PKEY> key(PEM_read_bio_PrivateKey(keyText.get(), nullptr, nullptr, nullptr));
    const bool isPair =
        certificate && key && X509_check_private_key(certificate.get(), key.get()) == 1;
    ERR_clear_error();
    return isPair;
}

/// Of TLS 1.3's ciphers, all of them safe, first the one that is fastest where the processor has AES.
QList<QSslCipher> fastestFirst(QList<QSslCipher> ciphers)
{
    const auto isFastest = [](const QSslCipher &cipher) {
        return cipher.name() == "TLS_AES_128_GCM_SHA256"_L1;
    };
    std::stable_partition(ciphers.begin(), ciphers.end(), isFastest);
    return ciphers;
}

} // namespace

core::Result<QSslConfiguration> loadCertificate(const QString &certificatePath,
                                                const QString &keyPath)
{
    if (!QSslSocket::supportsSsl())
        return core::fail(core::ErrorCode::TlsFailed, u"this Qt has no TLS"_s);
    const auto certificatePem = readFile(certificatePath);
    if (!certificatePem)
        return core::fail(certificatePem.error());
    const auto keyPem = readFile(keyPath);
    if (!keyPem)
        return core::fail(keyPem.error());
    const QList<QSslCertificate> chain = QSslCertificate::fromData(*certificatePem, QSsl::Pem);
    if (chain.isEmpty())
        return core::fail(core::ErrorCode::TlsFailed,
                          u"%1: no certificate in PEM"_s.arg(certificatePath));
    const QSslKey key = readKey(*keyPem);
    if (key.isNull())
        return core::fail(
            core::ErrorCode::TlsFailed,
            u"%1: no private key in PEM (EC or RSA, without a password)"_s.arg(keyPath));
    if (!belongTogether(*certificatePem, *keyPem))
        return core::fail(
            core::ErrorCode::TlsFailed,
            u"%1 is not the key of the certificate %2"_s.arg(keyPath, certificatePath));
    QSslConfiguration configuration = QSslConfiguration::defaultConfiguration();
    configuration.setLocalCertificateChain(chain);
    configuration.setPrivateKey(key);
    configuration.setProtocol(QSsl::TlsV1_2OrLater);
    configuration.setCiphers(fastestFirst(configuration.ciphers()));
    configuration.setPeerVerifyMode(QSslSocket::VerifyNone); // of clients; tokens say who they are
    return configuration;
}

core::Result<QSslConfiguration> ownCertificate(const QString &folder)
{
    const QString certificatePath = folder + u"/server.crt"_s;
    const QString keyPath = folder + u"/server.key"_s;
    if (!QDir().mkpath(folder))
        return core::fail(core::ErrorCode::FileAccess, u"%1: cannot make the folder"_s.arg(folder));
    if (!QFile::exists(certificatePath) || !QFile::exists(keyPath))
        if (const auto made = makeOwn(certificatePath, keyPath); !made)
            return core::fail(made.error());
    return loadCertificate(certificatePath, keyPath);
}

QString fingerprintOf(const QSslConfiguration &configuration)
{
    return QString::fromLatin1(
        configuration.localCertificate().digest(QCryptographicHash::Sha256).toHex(':'));
}

} // namespace server
